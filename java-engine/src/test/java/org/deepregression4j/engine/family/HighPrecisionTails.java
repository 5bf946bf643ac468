package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.HighPrecision.DIGITS;
import static org.deepregression4j.engine.family.HighPrecision.HALF;
import static org.deepregression4j.engine.family.HighPrecision.ONE;
import static org.deepregression4j.engine.family.HighPrecision.PI;
import static org.deepregression4j.engine.family.HighPrecision.div;
import static org.deepregression4j.engine.family.HighPrecision.exp;
import static org.deepregression4j.engine.family.HighPrecision.log;
import static org.deepregression4j.engine.family.HighPrecision.log1p;
import static org.deepregression4j.engine.family.HighPrecision.mul;
import static org.deepregression4j.engine.family.HighPrecision.of;
import static org.deepregression4j.engine.family.HighPrecision.series;
import static org.deepregression4j.engine.family.HighPrecision.sqrt;

import java.math.BigDecimal;

/**
 * Distribution functions and Bessel functions of 40 digits and more, as an oracle, by series of
 * positive terms and, far out, asymptotic ones.
 */
final class HighPrecisionTails {
  private HighPrecisionTails() {}

  /** log φ(x). */
  private static BigDecimal logNormalDensity(BigDecimal x) {
    BigDecimal square = x.multiply(x).multiply(HALF);
    return square.negate().subtract(log(PI.multiply(of(2))).multiply(HALF));
  }

  /** log Φ(x): above zero from the upper tail, so that it keeps its digits next to 0. */
  static BigDecimal logNormalCdf(BigDecimal x) {
    if (x.signum() > 0) {
      return log1p(exp(logNormalCdf(x.negate())).negate());
    }
    BigDecimal z = x.negate();
    return logNormalDensity(z).add(log(millsRatio(z)), DIGITS);
  }

  /** log(Φ(a + width) − Φ(a)), from the tail in which the middle is. */
  static BigDecimal logNormalMass(BigDecimal a, BigDecimal width) {
    BigDecimal b = a.add(width);
    boolean isUpper = a.add(b).signum() > 0;
    BigDecimal high = logNormalCdf(isUpper ? a.negate() : b);
    BigDecimal low = logNormalCdf(isUpper ? b.negate() : a);
    return high.add(log(HighPrecision.expm1(low.subtract(high)).negate()));
  }

  /** φ(x) / Φ(x). */
  static BigDecimal normalHazard(BigDecimal x) {
    if (x.signum() <= 0) {
      return div(ONE, millsRatio(x.negate()));
    }
    return div(exp(logNormalDensity(x)), exp(logNormalCdf(x)));
  }

  /** (1 − Φ(z)) / φ(z) by its power series, which loses 4 digits, or its continued fraction. */
  private static BigDecimal millsRatio(BigDecimal z) {
    if (z.compareTo(of(4)) > 0) {
      BigDecimal fraction = z;
      for (int k = 300; k > 0; k--) {
        fraction = z.add(div(of(k), fraction), DIGITS);
      }
      return div(ONE, fraction);
    }
    BigDecimal square = z.multiply(z);
    BigDecimal[] term = {ONE};
    BigDecimal odd = series(k -> term[0] = k == 0 ? z : div(mul(term[0], square), of(2 * k + 1)));
    BigDecimal half = sqrt(PI.multiply(HALF));
    return mul(half, exp(square.multiply(HALF))).subtract(odd, DIGITS);
  }

  /** log I_v(x), v = 0 or 1. */
  static BigDecimal logBesselI(int v, BigDecimal x) {
    if (x.compareTo(of(200)) > 0) {
      return x.add(logScaledFar(v, x));
    }
    BigDecimal square = x.multiply(x).multiply(new BigDecimal("0.25"));
    BigDecimal[] term = {ONE};
    BigDecimal rest =
        series(k -> term[0] = div(mul(term[0], square), of((double) (k + 1) * (k + 1 + v))));
    BigDecimal front = v == 0 ? BigDecimal.ZERO : log(x.multiply(HALF));
    return front.add(log1p(rest));
  }

  /** log I_v(x) − x. */
  static BigDecimal logScaledBesselI(int v, BigDecimal x) {
    return x.compareTo(of(200)) > 0 ? logScaledFar(v, x) : logBesselI(v, x).subtract(x);
  }

  /** Hankel's expansion. */
  private static BigDecimal logScaledFar(int v, BigDecimal x) {
    BigDecimal term = ONE;
    BigDecimal sum = BigDecimal.ZERO;
    for (int k = 1; k < 100; k++) {
      sum = sum.add(term, DIGITS);
      double odd = 2 * k - 1;
      term = div(mul(term, of(odd * odd - 4.0 * v * v)), x.multiply(of(8L * k)));
    }
    return log(sum).subtract(log(PI.multiply(x).multiply(of(2))).multiply(HALF), DIGITS);
  }

  /** I1(x) / I0(x). */
  static BigDecimal besselRatio(BigDecimal x) {
    return exp(logScaledBesselI(1, x).subtract(logScaledBesselI(0, x)));
  }
}
