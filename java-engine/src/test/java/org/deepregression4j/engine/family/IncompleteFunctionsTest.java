package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepregression4j.engine.family.HighPrecision.ONE;
import static org.deepregression4j.engine.family.HighPrecision.exp;
import static org.deepregression4j.engine.family.HighPrecision.lbeta;
import static org.deepregression4j.engine.family.HighPrecision.lgamma;
import static org.deepregression4j.engine.family.HighPrecision.log;
import static org.deepregression4j.engine.family.HighPrecision.log1p;
import static org.deepregression4j.engine.family.HighPrecision.of;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;
import org.junit.jupiter.api.Test;

/** Regularised incomplete gamma and beta functions of small and large parameters, both tails. */
class IncompleteFunctionsTest {
  private static final double RELATIVE = 1e-12;
  private static final MathContext DIGITS = new MathContext(40);

  private static final double[] DEVIATIONS = {-30, -8, -3, -1, -0.01, 0, 1e-3, 0.8, 2, 6, 30};

  /** The smaller tail and on which side it is. */
  private record Tail(BigDecimal probability, boolean isLower) {
    BigDecimal lower() {
      return isLower ? probability : ONE.subtract(probability);
    }

    BigDecimal upper() {
      return isLower ? ONE.subtract(probability) : probability;
    }
  }

  private static BigDecimal div(BigDecimal a, BigDecimal b) {
    return a.divide(b, DIGITS);
  }

  private static BigDecimal mul(BigDecimal a, BigDecimal b) {
    return a.multiply(b, DIGITS);
  }

  private static boolean isSettled(BigDecimal change) {
    return change.abs().compareTo(new BigDecimal("1e-25")) < 0;
  }

  /** By its power series below the mean, by Legendre's continued fraction above. */
  private static Tail gamma(BigDecimal a, BigDecimal x) {
    BigDecimal front = exp(a.multiply(log(x)).subtract(x).subtract(lgamma(a)));
    if (x.compareTo(a.add(ONE)) < 0) {
      BigDecimal term = div(ONE, a);
      BigDecimal sum = term;
      for (int k = 1; !isSettled(div(term, sum)); k++) {
        term = div(mul(term, x), a.add(of(k)));
        sum = sum.add(term, DIGITS);
      }
      return new Tail(mul(front, sum), true);
    }
    BigDecimal b = x.add(ONE).subtract(a);
    IntFunction<BigDecimal> tops = i -> a.subtract(of(i)).multiply(of(i));
    BigDecimal fraction = fraction(b, tops, i -> b.add(of(2L * i)));
    return new Tail(div(front, fraction), false);
  }

  /** b0 + a1 / (b1 + a2 / (b2 + ...)) by Lentz's method. */
  private static BigDecimal fraction(
      BigDecimal first, IntFunction<BigDecimal> tops, IntFunction<BigDecimal> bottoms) {
    BigDecimal value = first;
    BigDecimal c = first;
    BigDecimal d = BigDecimal.ZERO;
    for (int i = 1; i < 5_000_000; i++) {
      BigDecimal top = tops.apply(i);
      BigDecimal bottom = bottoms.apply(i);
      d = div(ONE, bottom.add(mul(top, d), DIGITS));
      c = bottom.add(div(top, c), DIGITS);
      BigDecimal factor = mul(c, d);
      value = mul(value, factor);
      if (isSettled(factor.subtract(ONE))) {
        return value;
      }
    }
    throw new IllegalStateException("the fraction does not converge");
  }

  /** I_x(a, b), from the side on which the continued fraction converges fast. */
  private static Tail beta(BigDecimal a, BigDecimal b, BigDecimal logX, BigDecimal logRest) {
    BigDecimal x = exp(logX);
    BigDecimal n = a.add(b);
    if (x.multiply(n.add(of(2))).compareTo(a.add(ONE)) > 0) {
      return new Tail(beta(b, a, logRest, logX).probability(), false);
    }
    BigDecimal front = exp(a.multiply(logX).add(b.multiply(logRest)).subtract(lbeta(a, b)));
    IntFunction<BigDecimal> tops =
        i -> {
          BigDecimal m = of(i / 2);
          BigDecimal am = a.add(of(i));
          BigDecimal top =
              i % 2 == 0 ? m.multiply(b.subtract(m)) : a.add(m).multiply(n.add(m)).negate();
          BigDecimal next = i % 2 == 0 ? am.subtract(ONE) : am.add(BigDecimal.ZERO);
          BigDecimal other = i % 2 == 0 ? am : am.subtract(ONE);
          return div(mul(top, x), next.multiply(other));
        };
    return new Tail(div(front, mul(a, fraction(ONE, tops, i -> ONE))), true);
  }

  private static List<double[]> gammaPoints() {
    List<double[]> out = new ArrayList<>();
    for (double a : new double[] {0.1, 0.5, 3, 50, 999, 1001, 1e4, 1e6, 1e9}) {
      for (double k : DEVIATIONS) {
        out.add(new double[] {a, a + k * Math.sqrt(a)});
      }
      out.add(new double[] {a, a * 0.7});
      out.add(new double[] {a, a * 1.3});
      out.add(new double[] {a, 1e-5});
    }
    out.removeIf(point -> point[1] <= 0);
    return out;
  }

  @Test
  void gammaKeepsBothTails() {
    List<double[]> points = gammaPoints();
    double[][] columns = columns(points);
    List<double[]> got =
        run(
            columns,
            in ->
                List.of(
                    IncompleteGamma.lower(in.get(0), in.get(1)),
                    IncompleteGamma.upper(in.get(0), in.get(1))));
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      Tail tail = gamma(of(columns[0][i]), of(columns[1][i]));
      String at = "(" + columns[0][i] + ", " + columns[1][i] + ")";
      compare(wrong, "P" + at, got.get(0)[i], tail.lower(), 1);
      compare(wrong, "Q" + at, got.get(1)[i], tail.upper(), 1);
    }
    assertThat(wrong).as("of %d", 2 * points.size()).isEmpty();
  }

  private static List<double[]> betaPoints() {
    List<double[]> out = new ArrayList<>();
    double[] sizes = {0.3, 0.5, 2, 40, 990, 1e5, 1e8};
    for (double a : sizes) {
      for (double b : sizes) {
        double n = a + b;
        double deviation = Math.sqrt(a / n * (b / n) / n);
        for (double k : DEVIATIONS) {
          double x = a / n + k * deviation;
          double rest = b / n - k * deviation;
          if (x > 0 && rest > 0 && Math.min(a, b) < 1e7) {
            double logX = x < 0.5 ? Math.log(x) : Math.log1p(-rest);
            out.add(new double[] {a, b, logX, rest < 0.5 ? Math.log(rest) : Math.log1p(-x)});
          }
        }
      }
    }
    out.removeIf(p -> Math.min(p[0], p[1]) < 0.5 && Math.max(p[0], p[1]) > 1e6);
    return out;
  }

  /** The logarithms are rounded themselves, which a density of width 1 / √n feels. */
  @Test
  void betaKeepsTheSmallerTail() {
    List<double[]> points = betaPoints();
    double[][] columns = columns(points);
    double[] got =
        run(columns, in -> List.of(IncompleteBeta.of(in.get(0), in.get(1), in.get(2), in.get(3))))
            .get(0);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      double[] p = points.get(i);
      boolean isSmall = p[2] < p[3];
      BigDecimal logX = isSmall ? of(p[2]) : log1p(exp(of(p[3])).negate());
      BigDecimal logRest = isSmall ? log1p(exp(of(p[2])).negate()) : of(p[3]);
      Tail tail = beta(of(p[0]), of(p[1]), logX, logRest);
      String at = "I(" + p[0] + ", " + p[1] + ", " + p[2] + ")";
      double condition = 1 + 1e-3 * Math.sqrt(Math.min(p[0], p[1])) * 35;
      compare(wrong, at, got[i], tail.lower(), condition);
    }
    assertThat(wrong).as("of %d", points.size()).isEmpty();
  }

  /** Beyond what a fraction can say, of which the limit is that of the Poisson distribution. */
  @Test
  void betaReachesItsLimit() {
    List<double[]> points = new ArrayList<>();
    for (double a : new double[] {1e20, 1e26}) {
      for (double mean : new double[] {0.3, 6.2, 40, 1e4}) {
        for (double count : new double[] {0.5, 1, 8, 41, 1e4}) {
          points.add(new double[] {a, count, -mean / a, Math.log(mean / a)});
        }
      }
    }
    double[][] columns = columns(points);
    double[] got =
        run(columns, in -> List.of(IncompleteBeta.of(in.get(0), in.get(1), in.get(2), in.get(3))))
            .get(0);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      double[] p = points.get(i);
      BigDecimal rate = exp(of(p[3])).multiply(of(p[0]));
      String at = "I(" + p[0] + ", " + p[1] + "), mean " + rate.doubleValue();
      compare(wrong, at, got[i], gamma(of(p[1]), rate).upper(), 1);
    }
    assertThat(wrong).as("of %d", points.size()).isEmpty();
  }

  private static void compare(
      List<String> wrong, String at, double got, BigDecimal expected, double condition) {
    double value = expected.doubleValue();
    double tolerance = RELATIVE * condition * Math.abs(value) + Double.MIN_NORMAL;
    if (!(Math.abs(got - value) <= tolerance)) {
      wrong.add("%s: %s, not %s (%.1e)".formatted(at, got, value, Math.abs(got / value - 1)));
    }
  }

  private static double[][] columns(List<double[]> points) {
    double[][] out = new double[points.get(0).length][points.size()];
    for (int i = 0; i < points.size(); i++) {
      for (int j = 0; j < out.length; j++) {
        out[j][i] = points.get(i)[j];
      }
    }
    return out;
  }

  private interface Functions {
    List<Value> of(List<Value> inputs);
  }

  private static List<double[]> run(double[][] columns, Functions functions) {
    List<Value> inputs = new ArrayList<>();
    Map<String, Value> in = new java.util.LinkedHashMap<>();
    Map<String, Tensor> tensors = new java.util.LinkedHashMap<>();
    for (int j = 0; j < columns.length; j++) {
      Value x = Ops.input("x" + j, ElementType.FLOAT64, Shape.rows("n", 1));
      inputs.add(x);
      in.put("x" + j, x);
      tensors.put("x" + j, Tensor.copyOf(ElementType.FLOAT64, columns[j], columns[j].length, 1));
    }
    List<Value> values = functions.of(inputs);
    Map<String, Value> out = new java.util.LinkedHashMap<>();
    values.forEach(v -> out.put("f" + out.size(), v));
    try (OnnxSession session = OnnxSession.open(OnnxWriter.toBytes(Graph.of("f", in, out)))) {
      Map<String, Tensor> got = session.run(tensors, Set.copyOf(out.keySet()));
      return Stream.iterate(0, i -> i + 1)
          .limit(values.size())
          .map(i -> got.get("f" + i).toDoubles())
          .toList();
    }
  }
}
