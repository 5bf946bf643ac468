package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Student's t from almost no degrees of freedom up to the normal limit, by closed forms. */
class StudentFamiliesTest {
  private static final double RELATIVE = 1e-12;
  private static final double[] PLACES = {0, 1e-9, 0.01, 0.3, 1, 2.6, 7, 25, 300, 1e8, 1e120};

  /** Log degrees of freedom, up to 1e26. */
  private static final double[] ETAS = {-4.6, -2, 0, 1, 3, 7, 14, 30, 45, 60, 600};

  private static final FamilyGraph.Store GRAPHS = new FamilyGraph.Store();

  @AfterAll
  static void closeGraphs() {
    GRAPHS.close();
  }

  /** The tail at −t and t, both against the form, which must not cancel. */
  private static void check(double df, double eta, DoubleUnaryOperator tail) {
    double[] minus = new double[PLACES.length];
    for (int i = 0; i < PLACES.length; i++) {
      minus[i] = -PLACES[i];
    }
    double[] below = GRAPHS.of("student_t").runAt("cdf", minus, eta);
    double[] above = GRAPHS.of("student_t").runAt("survival", PLACES, eta);
    for (int i = 0; i < PLACES.length; i++) {
      double expected = tail.applyAsDouble(PLACES[i]);
      double tolerance = RELATIVE * expected + Double.MIN_NORMAL;
      assertThat(below[i]).as("F(%s), df %s", minus[i], df).isCloseTo(expected, within(tolerance));
      assertThat(above[i]).isEqualTo(below[i]);
    }
  }

  @Test
  void oneDegreeOfFreedomIsCauchy() {
    check(1, 0, t -> t == 0 ? 0.5 : Math.atan2(1, t) / Math.PI);
  }

  @Test
  void twoAndFourDegreesOfFreedom() {
    check(2, Math.log(2), t -> 1 / (Math.hypot(t, Math.sqrt(2)) * sum(t, Math.sqrt(2))));
    // (2 + s) (1 − s)² / 4 for s = t / √(4 + t²).
    check(
        4,
        Math.log(4),
        t -> {
          double root = Math.hypot(t, 2);
          double rest = 4 / root / (root + t);
          return (2 + t / root) / 4 * rest * rest;
        });
  }

  private static double sum(double t, double a) {
    return Math.hypot(t, a) + t;
  }

  @Test
  void manyDegreesOfFreedomAreNormal() {
    for (double eta : new double[] {60, 80, 600}) {
      check(
          Math.exp(eta),
          eta,
          t -> {
            BigDecimal log = HighPrecisionTails.logNormalCdf(new BigDecimal(-Math.min(t, 60)));
            return t > 60 ? 0 : HighPrecision.exp(log).doubleValue();
          });
    }
  }

  @Test
  void quantilesInvertTails() {
    double[] levels = {1e-30, 1e-9, 0.003, 0.2, 0.5, 0.75, 1 - 1e-12};
    for (double eta : ETAS) {
      double[] q = GRAPHS.of("student_t").runAt("quantile", levels, eta);
      double[] p = GRAPHS.of("student_t").runAt("cdf", q, eta);
      for (int i = 0; i < levels.length; i++) {
        if (!Double.isInfinite(q[i])) {
          assertThat(p[i])
              .as("F(q(%s)) at eta %s", levels[i], eta)
              .isCloseTo(levels[i], within(1e-12 * levels[i]));
        } else {
          assertThat(eta).as("q(%s) is infinite", levels[i]).isLessThan(0);
        }
      }
    }
  }

  /** ½ log(2 π e) is the limit; next to it, 1 / ν more. */
  @Test
  void entropyReachesTheNormalOne() {
    double limit = 0.5 * Math.log(2 * Math.PI * Math.E);
    for (double eta : new double[] {12, 20, 30, 60, 600}) {
      double expected = limit + Math.exp(-eta);
      assertThat(GRAPHS.of("student_t").property("entropy", eta)[0])
          .as("eta %s", eta)
          .isCloseTo(expected, within(2 * Math.exp(-2 * eta) + 2e-13));
    }
  }
}
