package org.deepregression4j.engine.family;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.function.IntFunction;

/**
 * Elementary and gamma functions of 50 digits and more, as an oracle: by power series and, for
 * gamma, Stirling's. Digits are relative, also next to zeros. Exact sums stand where a difference
 * would lose them, so that 1 + 1e-300 has its 300 digits.
 */
final class HighPrecision {
  static final MathContext DIGITS = new MathContext(70, RoundingMode.HALF_EVEN);
  static final BigDecimal ONE = BigDecimal.ONE;
  static final BigDecimal HALF = new BigDecimal("0.5");

  private static final BigDecimal SMALLEST = new BigDecimal("1e-72");
  private static final BigDecimal LOG_2 = atanhSeries(div(ONE, of(3))).multiply(of(2));
  private static final BigDecimal LOG_10 =
      LOG_2.multiply(of(3)).add(atanhSeries(div(ONE, of(9))).multiply(of(2)));
  private static final int STIRLING_FROM = 40;
  private static final BigDecimal[] BERNOULLI = bernoulli(44);
  static final BigDecimal PI = machin();

  private HighPrecision() {}

  static BigDecimal of(double x) {
    return new BigDecimal(x);
  }

  static BigDecimal mul(BigDecimal a, BigDecimal b) {
    return a.multiply(b, DIGITS);
  }

  static BigDecimal div(BigDecimal a, BigDecimal b) {
    return a.divide(b, DIGITS);
  }

  static BigDecimal sqrt(BigDecimal x) {
    return x.sqrt(DIGITS);
  }

  /** Σ terms until one no longer counts; they fall. */
  static BigDecimal series(IntFunction<BigDecimal> terms) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int k = 0; k < 100_000; k++) {
      BigDecimal term = terms.apply(k);
      sum = sum.add(term, DIGITS);
      if (term.abs().compareTo(sum.abs().multiply(SMALLEST)) <= 0) {
        return sum;
      }
    }
    throw new IllegalStateException("the series does not converge");
  }

  /** exp(x), 0 below 1e-800, by multiples of log 2. */
  static BigDecimal exp(BigDecimal x) {
    if (x.compareTo(of(-1842)) < 0) {
      return BigDecimal.ZERO;
    }
    BigDecimal turns = x.divide(LOG_2, DIGITS).setScale(0, RoundingMode.HALF_EVEN);
    BigDecimal rest = x.subtract(turns.multiply(LOG_2));
    BigDecimal power = of(2).pow(turns.intValueExact(), DIGITS);
    return expSeries(rest).add(ONE).multiply(power, DIGITS);
  }

  static BigDecimal expm1(BigDecimal x) {
    return x.abs().compareTo(ONE) < 0 ? expSeries(x) : exp(x).subtract(ONE);
  }

  /** Σ x^k / k! from 1 on. */
  private static BigDecimal expSeries(BigDecimal x) {
    BigDecimal[] term = {ONE};
    return series(k -> term[0] = mul(term[0], div(x, of(k + 1))));
  }

  static BigDecimal log(BigDecimal x) {
    if (x.signum() <= 0) {
      throw new ArithmeticException("log of " + x.toEngineeringString());
    }
    BigDecimal distance = x.subtract(ONE);
    if (distance.abs().compareTo(new BigDecimal("0.1")) < 0) {
      return log1pSeries(distance);
    }
    int tens = x.precision() - x.scale() - 1;
    BigDecimal mantissa = x.scaleByPowerOfTen(-tens).round(DIGITS);
    BigDecimal guess = new BigDecimal(Math.log(mantissa.doubleValue()));
    BigDecimal rest = log1pSeries(mantissa.multiply(exp(guess.negate())).subtract(ONE));
    return guess.add(rest).add(LOG_10.multiply(of(tens)), DIGITS);
  }

  static BigDecimal log1p(BigDecimal x) {
    return x.abs().compareTo(new BigDecimal("0.1")) < 0 ? log1pSeries(x) : log(x.add(ONE));
  }

  private static BigDecimal log1pSeries(BigDecimal x) {
    return atanhSeries(div(x, x.add(of(2)))).multiply(of(2), DIGITS);
  }

  private static BigDecimal atanhSeries(BigDecimal x) {
    BigDecimal square = x.multiply(x, DIGITS);
    BigDecimal[] power = {x};
    return series(
        k -> {
          BigDecimal term = div(power[0], of(2 * k + 1));
          power[0] = mul(power[0], square);
          return term;
        });
  }

  /** π = 16 atan(1/5) − 4 atan(1/239). */
  private static BigDecimal machin() {
    return atan(5).multiply(of(16)).subtract(atan(239).multiply(of(4)), DIGITS);
  }

  private static BigDecimal atan(int inverse) {
    BigDecimal x = div(ONE, of(inverse));
    return series(
        k -> div(x.pow(2 * k + 1, DIGITS), of(2 * k + 1)).multiply(of(k % 2 == 0 ? 1 : -1)));
  }

  /** B_2, B_4, ...: from Σ binomial(m + 1, k) B_k = 0. */
  private static BigDecimal[] bernoulli(int count) {
    MathContext exact = new MathContext(200);
    BigDecimal[] b = new BigDecimal[2 * count + 1];
    for (int m = 0; m < b.length; m++) {
      BigDecimal sum = BigDecimal.ZERO;
      BigDecimal choose = ONE;
      for (int k = 0; k < m; k++) {
        sum = sum.add(choose.multiply(b[k], exact), exact);
        choose = choose.multiply(of(m + 1 - k)).divide(of(k + 1), exact);
      }
      b[m] = m == 0 ? ONE : sum.negate().divide(of(m + 1), exact);
    }
    BigDecimal[] even = new BigDecimal[count];
    for (int k = 1; k <= count; k++) {
      even[k - 1] = b[2 * k];
    }
    return even;
  }

  private static int shift(BigDecimal x) {
    return Math.max(0, STIRLING_FROM - (int) Math.min(x.doubleValue(), STIRLING_FROM));
  }

  static BigDecimal lgamma(BigDecimal x) {
    int shift = shift(x);
    BigDecimal z = x.add(of(shift));
    BigDecimal main = z.subtract(HALF).multiply(log(z)).subtract(z).add(halfLogTwoPi());
    BigDecimal product = ONE;
    for (int k = 0; k < shift; k++) {
      product = product.multiply(x.add(of(k)), new MathContext(400));
    }
    return main.add(stirling(z)).subtract(log(product));
  }

  private static BigDecimal halfLogTwoPi() {
    return log(PI.multiply(of(2))).multiply(HALF);
  }

  static BigDecimal bernoulliNumber(int twoK) {
    return BERNOULLI[twoK / 2 - 1];
  }

  /** Σ B_2k x_k z^−2k from k = 1 on. */
  private static BigDecimal bernoulliSeries(BigDecimal z, IntFunction<BigDecimal> factors) {
    BigDecimal square = z.multiply(z);
    BigDecimal[] power = {ONE};
    return series(
        i -> {
          power[0] = div(power[0], square);
          return mul(mul(BERNOULLI[i], power[0]), factors.apply(i + 1));
        });
  }

  private static BigDecimal stirling(BigDecimal z) {
    return bernoulliSeries(z, k -> div(z, of(2L * k * (2 * k - 1))));
  }

  /** log Γ(x + h) − log Γ(x), each part as a difference in h. */
  static BigDecimal lgammaDifference(BigDecimal x, BigDecimal h) {
    int shift = shift(x);
    BigDecimal z = x.add(of(shift));
    BigDecimal step = log1p(div(h, z));
    BigDecimal sum = mul(z.subtract(HALF), step);
    sum = sum.add(mul(h, log(z.add(h)).subtract(ONE)));
    IntFunction<BigDecimal> changes =
        k -> div(mul(z, expm1(step.multiply(of(1 - 2 * k)))), of(2L * k * (2 * k - 1)));
    sum = sum.add(bernoulliSeries(z, changes));
    for (int k = 0; k < shift; k++) {
      sum = sum.subtract(log1p(div(h, x.add(of(k)))), DIGITS);
    }
    return sum;
  }

  /** log Γ(a) + log Γ(b) − log Γ(a + b). */
  static BigDecimal lbeta(BigDecimal a, BigDecimal b) {
    BigDecimal small = a.min(b);
    return lgamma(small).subtract(lgammaDifference(a.max(b), small), DIGITS);
  }

  /** log of n! / (k! (n − k)!). */
  static BigDecimal lchoose(BigDecimal n, BigDecimal k) {
    BigDecimal rest = lgamma(k.add(ONE));
    return lgammaDifference(n.subtract(k).add(ONE), k).subtract(rest, DIGITS);
  }

  static BigDecimal logAddExp(BigDecimal a, BigDecimal b) {
    return a.max(b).add(log1p(exp(a.subtract(b).abs().negate())));
  }

  static BigDecimal digamma(BigDecimal x) {
    int shift = shift(x);
    BigDecimal z = x.add(of(shift));
    BigDecimal sum = log(z).subtract(div(HALF, z), DIGITS);
    sum = sum.subtract(bernoulliSeries(z, k -> div(ONE, of(2 * k))), DIGITS);
    for (int k = 0; k < shift; k++) {
      sum = sum.subtract(div(ONE, x.add(of(k))), DIGITS);
    }
    return sum;
  }

  static BigDecimal trigamma(BigDecimal x) {
    int shift = shift(x);
    BigDecimal z = x.add(of(shift));
    BigDecimal sum = div(ONE, z).add(div(HALF, z.pow(2, DIGITS)), DIGITS);
    sum = sum.add(bernoulliSeries(z, k -> div(ONE, z)), DIGITS);
    for (int k = 0; k < shift; k++) {
      sum = sum.add(div(ONE, x.add(of(k)).pow(2, DIGITS)), DIGITS);
    }
    return sum;
  }
}
