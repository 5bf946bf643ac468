package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepregression4j.engine.family.HighPrecision.HALF;
import static org.deepregression4j.engine.family.HighPrecision.ONE;
import static org.deepregression4j.engine.family.HighPrecision.div;
import static org.deepregression4j.engine.family.HighPrecision.exp;
import static org.deepregression4j.engine.family.HighPrecision.log;
import static org.deepregression4j.engine.family.HighPrecision.mul;
import static org.deepregression4j.engine.family.HighPrecision.of;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Zipf's distribution over many decades of counts, against arithmetic of 70 digits. */
class ZipfTest {
  private static final double RELATIVE = 1e-12;
  private static final double[] EXCESSES = {1e-9, 1e-3, 0.05, 0.6, 1.5, 4, 13.7, 60, 400};
  private static final double[] COUNTS = {1, 2, 3, 10, 11, 12, 13, 500, 1e5, 5.9e9, 1e18, 1e100};

  private static final FamilyGraph.Store GRAPHS = new FamilyGraph.Store();

  @AfterAll
  static void closeGraphs() {
    GRAPHS.close();
  }

  private static Offset<Double> digits(double expected) {
    return within(RELATIVE * Math.abs(expected));
  }

  /** k^−s. */
  private static BigDecimal power(BigDecimal k, BigDecimal s) {
    return exp(mul(log(k), s).negate());
  }

  /** Σ k^−s from a place on: 60 terms and the Euler-Maclaurin formula. */
  private static BigDecimal tail(BigDecimal e, BigDecimal from) {
    BigDecimal s = e.add(ONE);
    BigDecimal n = from.add(of(60));
    BigDecimal sum = div(power(n, e), e).add(power(n, s).multiply(HALF));
    for (int k = 0; k < 60; k++) {
      sum = sum.add(power(from.add(of(k)), s));
    }
    BigDecimal rising = div(mul(s, power(n, s)), n);
    for (int j = 1; j <= 20; j++) {
      BigDecimal factorial = exp(HighPrecision.lgamma(of(2 * j + 1)));
      sum = sum.add(div(mul(HighPrecision.bernoulliNumber(2 * j), rising), factorial));
      rising = mul(rising, s.add(of(2 * j - 1)).multiply(s.add(of(2 * j))));
      rising = div(rising, n.multiply(n));
    }
    return sum;
  }

  private static BigDecimal partial(BigDecimal e, double last) {
    if (last > 500) {
      return tail(e, ONE).subtract(tail(e, of(last).add(ONE)));
    }
    BigDecimal sum = BigDecimal.ZERO;
    for (int k = 1; k <= last; k++) {
      sum = sum.add(power(of(k), e.add(ONE)));
    }
    return sum;
  }

  @Test
  void zetaHasItsKnownValues() {
    double[] e = {1, 2, 3, 0.5, 1e-8, 5, 1e200};
    double[] expected = {
      Math.PI * Math.PI / 6,
      1.2020569031595942854,
      Math.pow(Math.PI, 4) / 90,
      2.6123753486854883433,
      1e8 + 0.57721566490153286061,
      Math.pow(Math.PI, 6) / 945,
      1
    };
    Value x = Ops.input("e", ElementType.FLOAT64, Shape.rows("n", 1));
    Graph graph = Graph.of("zeta", Map.of("e", x), Map.of("zeta", Zeta.of(x)));
    try (OnnxSession session = OnnxSession.open(OnnxWriter.toBytes(graph))) {
      Tensor in = Tensor.copyOf(ElementType.FLOAT64, e, e.length, 1);
      double[] got = session.run(Map.of("e", in), Set.of("zeta")).get("zeta").toDoubles();
      for (int i = 0; i < e.length; i++) {
        assertThat(got[i]).as("zeta(1 + %s)", e[i]).isCloseTo(expected[i], within(2e-15 * got[i]));
      }
    }
  }

  @Test
  void bothTailsKeepTheirDigits() {
    for (double excess : EXCESSES) {
      double eta = Math.log(excess);
      BigDecimal e = of(Math.exp(eta));
      BigDecimal zeta = tail(e, ONE);
      double[] p = GRAPHS.of("zipf").runAt("cdf", COUNTS, eta);
      double[] s = GRAPHS.of("zipf").runAt("survival", COUNTS, eta);
      for (int i = 0; i < COUNTS.length; i++) {
        double below = div(partial(e, COUNTS[i]), zeta).doubleValue();
        double above = div(tail(e, of(COUNTS[i]).add(ONE)), zeta).doubleValue();
        String at = "at " + COUNTS[i] + ", excess " + excess;
        assertThat(p[i]).as("F " + at).isCloseTo(below, digits(below));
        assertThat(s[i]).as("1 - F " + at).isCloseTo(above, digits(above));
      }
    }
  }

  /** The first count that reaches a level, far beyond what a sum could walk. */
  @Test
  void quantilesReachFar() {
    double[] levels = {1e-4, 0.3, 0.9, 0.999999, 1 - 1e-9};
    for (double excess : new double[] {0.05, 0.6, 1.5, 4}) {
      double eta = Math.log(excess);
      double[] q = GRAPHS.of("zipf").runAt("quantile", levels, eta);
      double[] p = GRAPHS.of("zipf").runAt("cdf", q, eta);
      for (int i = 0; i < levels.length; i++) {
        double before = q[i] < 1e15 ? q[i] - 1 : q[i] * (1 - 1e-12);
        double below = GRAPHS.of("zipf").runAt("cdf", new double[] {before}, eta)[0];
        String at = levels[i] + ", excess " + excess + ": " + q[i];
        assertThat(p[i]).as(at).isGreaterThanOrEqualTo(levels[i] * (1 - 2e-14));
        assertThat(below).as(at).isLessThan(levels[i]);
      }
    }
  }

  @Test
  void momentsKeepTheirDigits() {
    for (double excess : new double[] {1.0001, 1.5, 2.0001, 4, 13.7, 60}) {
      double eta = Math.log(excess);
      BigDecimal e = of(Math.exp(eta));
      BigDecimal zeta = tail(e, ONE);
      double mean = div(tail(e.subtract(ONE), ONE), zeta).doubleValue();
      assertThat(GRAPHS.of("zipf").property("mean", eta)[0]).isCloseTo(mean, digits(mean));
      if (excess > 2) {
        BigDecimal square = div(tail(e.subtract(of(2)), ONE), zeta);
        BigDecimal first = div(tail(e.subtract(ONE), ONE), zeta);
        double stddev = Math.sqrt(square.subtract(first.pow(2)).doubleValue());
        assertThat(GRAPHS.of("zipf").property("stddev", eta)[0])
            .as("stddev, excess %s", excess)
            .isCloseTo(stddev, digits(stddev));
      }
    }
  }
}
