package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.deepregression4j.engine.family.HighPrecision.ONE;
import static org.deepregression4j.engine.family.HighPrecision.div;
import static org.deepregression4j.engine.family.HighPrecision.exp;
import static org.deepregression4j.engine.family.HighPrecision.log;
import static org.deepregression4j.engine.family.HighPrecision.mul;
import static org.deepregression4j.engine.family.HighPrecision.of;

import java.math.BigDecimal;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Upper tails of counts, far below what 1 − F keeps, as sums of 70 digits. */
class CountTailsTest {
  private static final double RELATIVE = 1e-12;
  private static final double[] COUNTS = {0, 1, 7, 60, 250};

  /** Σ p(k) from the count after y on, by the ratios p(k + 1) / p(k). */
  private static double beyond(double y, BigDecimal first, IntFunction<BigDecimal> ratios) {
    BigDecimal p = first;
    BigDecimal sum = BigDecimal.ZERO;
    for (int k = 0; k < 3000; k++) {
      p = mul(p, ratios.apply(k));
      sum = k >= y ? sum.add(p) : sum;
    }
    return sum.doubleValue();
  }

  private static void check(
      String key, BigDecimal first, IntFunction<BigDecimal> ratios, double... eta) {
    try (FamilyGraph graph = new FamilyGraph(FamilyCases.named(key))) {
      double[] got = graph.runAt("survival", COUNTS, eta);
      for (int i = 0; i < COUNTS.length; i++) {
        double expected = beyond(COUNTS[i], first, ratios);
        assertThat(got[i])
            .as("%s beyond %s", key, COUNTS[i])
            .isCloseTo(expected, within(RELATIVE * expected));
      }
    }
  }

  @Test
  void poisson() {
    BigDecimal rate = exp(of(1.1));
    check("poisson", exp(rate.negate()), k -> div(rate, of(k + 1)), 1.1);
  }

  @ParameterizedTest
  @CsvSource({"1.1, 0.4", "1.1, 18", "2, 46"})
  void negativeBinomial(double logMean, double logSize) {
    BigDecimal mean = exp(of(logMean));
    BigDecimal size = exp(of(logSize));
    BigDecimal share = div(mean, mean.add(size));
    BigDecimal none = exp(size.multiply(log(ONE.subtract(share))));
    IntFunction<BigDecimal> ratios = k -> div(size.add(of(k)).multiply(share), of(k + 1));
    check("negbinom_ls", none, ratios, logMean, logSize);
  }
}
