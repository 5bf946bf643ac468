package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepregression4j.engine.family.HighPrecision.ONE;
import static org.deepregression4j.engine.family.HighPrecision.PI;
import static org.deepregression4j.engine.family.HighPrecision.div;
import static org.deepregression4j.engine.family.HighPrecision.exp;
import static org.deepregression4j.engine.family.HighPrecision.expm1;
import static org.deepregression4j.engine.family.HighPrecision.lgammaDifference;
import static org.deepregression4j.engine.family.HighPrecision.log;
import static org.deepregression4j.engine.family.HighPrecision.log1p;
import static org.deepregression4j.engine.family.HighPrecision.of;
import static org.deepregression4j.engine.family.HighPrecision.sqrt;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Extreme values through shape zero, against arithmetic of 70 digits. */
class ExtremeFamiliesTest {
  private static final double RELATIVE = 1e-12;

  private static final double[] SHAPES =
      DoubleStream.of(
              0, 1e-300, 1e-30, 1e-15, 1e-8, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.019, 0.021, 0.05,
              0.0999, 0.1001, 0.3)
          .flatMap(shape -> DoubleStream.of(shape, -shape))
          .toArray();

  /** Where the mean, and the standard deviation, still are finite, and far below. */
  private static final double[] FAR = {-3.3, -1, -0.5, 0.45, 0.4999, 0.7, 0.99, 0.9999};

  private static final double[] PLACES = {-3, -0.4, -1e-9, 0, 1e-9, 0.5, 2.5, 30, 700, 1e6};
  private static final double[] LEVELS = {1e-300, 1e-9, 0.2, 0.5, 0.9, 1 - 1e-12};
  private static final double LOC = 0.3;
  private static final double LOG_SCALE = -0.2;
  private static final BigDecimal SCALE = exp(of(LOG_SCALE));
  private static final BigDecimal EULER = HighPrecision.digamma(ONE).negate();

  private static final FamilyGraph.Store GRAPHS = new FamilyGraph.Store();

  private final List<String> wrong = new ArrayList<>();

  @AfterAll
  static void closeGraphs() {
    GRAPHS.close();
  }

  private void compare(String what, double got, BigDecimal expected, double floor) {
    double value = expected.doubleValue();
    if (!(Math.abs(got - value) <= RELATIVE * Math.max(Math.abs(value), floor))) {
      wrong.add(what + ": " + got + ", not " + value);
    }
  }

  /** log(1 + ξ z) / ξ. */
  private static BigDecimal depth(BigDecimal z, BigDecimal shape) {
    return shape.signum() == 0 ? z : div(log1p(shape.multiply(z)), shape);
  }

  /** (exp(ξ w) − 1) / ξ. */
  private static BigDecimal rise(BigDecimal w, BigDecimal shape) {
    return shape.signum() == 0 ? w : div(expm1(shape.multiply(w)), shape);
  }

  private static BigDecimal survival(BigDecimal rate) {
    return expm1(rate.negate()).negate();
  }

  /** Values of an output against a function of the standardised place and the shape. */
  private void checkPlaces(
      String key, String output, double floor, BinaryOperator<BigDecimal> expected) {
    boolean isGev = key.equals("gev");
    for (double shape : SHAPES) {
      BigDecimal xi = of(shape);
      double[] y =
          Arrays.stream(PLACES)
              .map(z -> z * SCALE.doubleValue() + (isGev ? LOC : 0))
              .filter(v -> isGev || v >= 0)
              .filter(v -> standardised(v, isGev).multiply(xi).compareTo(of(-0.999)) > 0)
              .toArray();
      double[] eta = isGev ? new double[] {LOC, LOG_SCALE, shape} : new double[] {LOG_SCALE, shape};
      double[] got = GRAPHS.of(key).runAt(output, y, eta);
      for (int i = 0; i < y.length; i++) {
        BigDecimal value = expected.apply(standardised(y[i], isGev), xi);
        compare(key + " " + output + " at " + y[i] + ", shape " + shape, got[i], value, floor);
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static BigDecimal standardised(double y, boolean isGev) {
    return div(isGev ? of(y).subtract(of(LOC)) : of(y), SCALE);
  }

  private static BigDecimal rate(BigDecimal z, BigDecimal shape) {
    return exp(depth(z, shape).negate());
  }

  @Test
  void maxima() {
    checkPlaces(
        "gev",
        "log_density",
        1,
        (z, shape) ->
            depth(z, shape)
                .multiply(shape.add(ONE))
                .add(rate(z, shape))
                .add(of(LOG_SCALE))
                .negate());
    checkPlaces("gev", "cdf", 0, (z, shape) -> exp(rate(z, shape).negate()));
    checkPlaces("gev", "survival", 0, (z, shape) -> survival(rate(z, shape)));
  }

  @Test
  void exceedances() {
    checkPlaces(
        "gpd",
        "log_density",
        1,
        (z, shape) -> depth(z, shape).multiply(shape.add(ONE)).add(of(LOG_SCALE)).negate());
    checkPlaces("gpd", "cdf", 0, (z, shape) -> survival(depth(z, shape)));
    checkPlaces("gpd", "survival", 0, (z, shape) -> rate(z, shape));
  }

  @Test
  void quantiles() {
    for (double shape : SHAPES) {
      double[] gev = GRAPHS.of("gev").runAt("quantile", LEVELS, LOC, LOG_SCALE, shape);
      double[] gpd = GRAPHS.of("gpd").runAt("quantile", LEVELS, LOG_SCALE, shape);
      for (int i = 0; i < LEVELS.length; i++) {
        BigDecimal u = of(LEVELS[i]);
        BigDecimal w = log(log(u).negate()).negate();
        BigDecimal maximum = rise(w, of(shape)).multiply(SCALE).add(of(LOC));
        compare("gev quantile " + LEVELS[i] + ", " + shape, gev[i], maximum, 1);
        BigDecimal exceedance = rise(log1p(u.negate()).negate(), of(shape)).multiply(SCALE);
        compare("gpd quantile " + LEVELS[i] + ", " + shape, gpd[i], exceedance, 0);
      }
    }
    assertThat(wrong).isEmpty();
  }

  private void checkProperty(String key, String output, UnaryOperator<BigDecimal> expected) {
    for (double shape : DoubleStream.concat(Arrays.stream(SHAPES), Arrays.stream(FAR)).toArray()) {
      boolean isGev = key.equals("gev");
      double[] eta = isGev ? new double[] {LOC, LOG_SCALE, shape} : new double[] {LOG_SCALE, shape};
      double got = GRAPHS.of(key).property(output, eta)[0];
      if (output.equals("stddev") && shape >= 0.5) {
        assertThat(got).isInfinite();
      } else {
        compare(key + " " + output + ", shape " + shape, got, expected.apply(of(shape)), 1);
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** log Γ(1 − ξ), with digits next to ξ = 0. */
  private static BigDecimal logGamma(BigDecimal shape) {
    return lgammaDifference(ONE, shape.negate());
  }

  @Test
  void momentsOfMaxima() {
    checkProperty(
        "gev",
        "mean",
        shape ->
            (shape.signum() == 0 ? EULER : div(expm1(logGamma(shape)), shape))
                .multiply(SCALE)
                .add(of(LOC)));
    checkProperty("gev", "stddev", shape -> deviation(shape).multiply(SCALE));
    checkProperty(
        "gev",
        "mode",
        shape ->
            shape.compareTo(ONE.negate()) > 0
                ? rise(log1p(shape).negate(), shape).multiply(SCALE).add(of(LOC))
                : div(SCALE.negate(), shape).add(of(LOC)));
    checkProperty("gev", "entropy", s -> EULER.multiply(s.add(ONE)).add(ONE).add(of(LOG_SCALE)));
  }

  /** √(Γ(1 − 2 ξ) − Γ(1 − ξ)²) / |ξ|; where that has no digits, its limit is as near as 1e-20. */
  private static BigDecimal deviation(BigDecimal shape) {
    if (shape.abs().compareTo(new BigDecimal("1e-20")) < 0) {
      return div(PI, sqrt(of(6)));
    }
    BigDecimal twice = logGamma(shape).multiply(of(2));
    BigDecimal excess = expm1(logGamma(shape.multiply(of(2))).subtract(twice));
    return div(exp(logGamma(shape)).multiply(sqrt(excess)), shape.abs());
  }

  @Test
  void momentsOfExceedances() {
    checkProperty("gpd", "mean", shape -> div(SCALE, ONE.subtract(shape)));
    checkProperty(
        "gpd",
        "stddev",
        shape ->
            div(SCALE, ONE.subtract(shape).multiply(sqrt(ONE.subtract(shape.multiply(of(2)))))));
    checkProperty("gpd", "entropy", shape -> shape.add(ONE).add(of(LOG_SCALE)));
  }

  /** Beyond the upper end nothing is left, however steep the fall to it. */
  @Test
  void nothingLiesBeyondTheEnd() {
    double shape = -3;
    double end = LOC - SCALE.doubleValue() / shape;
    double[] y = {end * 1.0001, 2 * end, 1e9};
    assertThat(GRAPHS.of("gev").runAt("cdf", y, LOC, LOG_SCALE, shape)).containsOnly(1);
    assertThat(GRAPHS.of("gev").runAt("survival", y, LOC, LOG_SCALE, shape)).containsOnly(0);
    assertThat(GRAPHS.of("gpd").runAt("cdf", y, LOG_SCALE, shape)).containsOnly(1);
    assertThat(GRAPHS.of("gpd").runAt("survival", y, LOG_SCALE, shape)).containsOnly(0);
    double[] below = GRAPHS.of("gev").runAt("cdf", new double[] {-5, -1e9}, LOC, LOG_SCALE, 0.5);
    assertThat(below).containsOnly(0);
  }
}
