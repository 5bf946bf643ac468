package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.equal;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.greater;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.List;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * Sums of a Poisson number of gammas, exact zeros included: variance dispersion · mu^power, 1 &lt;
 * power &lt; 2. Source: Dunn and Smyth (2005).
 */
final class TweedieFamily {
  private TweedieFamily() {}

  static Family of(double power) {
    if (!(power > 1 && power < 2)) {
      throw new FamilyException(
          "family 'tweedie': expected a power strictly between 1 and 2, got " + power);
    }
    TweedieSeries series = new TweedieSeries((2 - power) / (power - 1));
    return Family.named("tweedie")
        .parameter("mu", Link.EXP)
        .parameter("dispersion", Link.EXP)
        .support(Support.ZERO_OR_POSITIVE)
        .logDensity((y, p) -> density(y, p, power, series))
        .moments(
            p -> p.get(0).value(),
            p -> exp(mul(add(mul(p.get(0).log(), power), p.get(1).log()), 0.5)))
        .start(m -> new double[] {m.mean(), m.variance() / Math.pow(m.mean(), power)})
        .cdf((y, p) -> Claims.of(p, power).cdf(y), (u, p) -> quantile(u, p, power, series))
        .cdfBelow((y, p) -> below(y, p, power))
        .distances(CdfDistances.of(Support.ZERO_OR_POSITIVE))
        .sampler(Sampler.perColumn(2, (u, p) -> Claims.of(p, power).draw(u)))
        .build();
  }

  private static Value below(Value y, List<LinkedValue> p, double power) {
    Value isPositive = greater(y, scalar(y, 0));
    return where(isPositive, Claims.of(p, power).cdf(y), scalar(y, 0));
  }

  /**
   * A Poisson number of gammas.
   *
   * @param rate of the Poisson
   * @param shape of one gamma
   * @param scale of one gamma
   */
  private record Claims(Value rate, double shape, Value scale) {
    private static final int LONGEST = 100_000;

    static Claims of(List<LinkedValue> p, double power) {
      Value logMu = p.get(0).log();
      Value logDispersion = p.get(1).log();
      Value rate = div(exp(sub(mul(logMu, 2 - power), logDispersion)), 2 - power);
      Value scale = mul(exp(add(logDispersion, mul(logMu, power - 1))), power - 1);
      return new Claims(rate, (2 - power) / (power - 1), scale);
    }

    /** e^−λ + Σ_j p(j; λ) P(j α, y / γ), term by term until what is left is rounding. */
    Value cdf(Value y) {
      Value x = add(div(y, scale), mul(rate, 0.0));
      Value none = exp(neg(add(rate, mul(x, 0.0))));
      Value first = add(mul(x, 0.0), 1.0);
      List<Value> start = List.of(first, none);
      return Repeat.untilSettled("tweedie", LONGEST, start, s -> trip(s, x)).get(1);
    }

    private Repeat.Next trip(List<Value> s, Value x) {
      Value j = s.get(0);
      Value weight = exp(CountFamilies.poisson(j, log(rate)));
      Value sum = add(s.get(1), mul(weight, IncompleteGamma.lower(mul(j, shape), x)));
      Value isRising = less(j, rate);
      Value left = where(isRising, scalar(j, 1), div(weight, sum));
      return new Repeat.Next(List.of(add(j, 1.0), sum), left);
    }

    /** The number from the first uniform, their sum from the second. */
    Value draw(Value u) {
      Value count =
          Inversion.count(Sampler.part(u, 0, 2), k -> IncompleteGamma.poissonCdf(k, rate));
      Value isNone = equal(count, scalar(count, 0));
      Value number = where(isNone, scalar(count, 1), count);
      Value sum = PositiveFamilies.gammaQuantile(Sampler.part(u, 1, 2), mul(number, shape));
      return where(isNone, scalar(u, 0), mul(sum, scale));
    }
  }

  /** Zero up to its probability, beyond by inversion. */
  private static Value quantile(Value u, List<LinkedValue> p, double power, TweedieSeries series) {
    Claims claims = Claims.of(p, power);
    Value zero = exp(neg(claims.rate));
    Value isZero = Ops.apply(Op.LESS_OR_EQUAL, u, zero);
    Value level = where(isZero, mul(add(zero, 1.0), 0.5), u);
    Value y =
        Inversion.continuous(
            Support.POSITIVE,
            level,
            p.get(0).value(),
            claims::cdf,
            v -> exp(density(v, p, power, series)));
    return where(isZero, scalar(u, 0), y);
  }

  /** −rate at zero; beyond, (y θ − κ) / dispersion + log of the series − log y. */
  private static Value density(Value y, List<LinkedValue> p, double power, TweedieSeries series) {
    LinkedValue mu = p.get(0);
    LinkedValue dispersion = p.get(1);
    Value isZero = equal(y, scalar(y, 0));
    Value at = where(isZero, scalar(y, 1), y);
    Value kappa = div(exp(mul(mu.log(), 2 - power)), 2 - power);
    Value theta = div(exp(mul(mu.log(), 1 - power)), 1 - power);
    Value precision = dispersion.reciprocal();
    Value main = mul(sub(mul(at, theta), kappa), precision);
    Value tail = sub(logSeries(log(at), dispersion.log(), power, series), log(at));
    return where(isZero, neg(mul(kappa, precision)), add(main, tail));
  }

  /** log Σ_j z^j / (j! Γ(j a)), a = (2 − p) / (p − 1). */
  private static Value logSeries(
      Value logY, Value logDispersion, double power, TweedieSeries series) {
    double a = (2 - power) / (power - 1);
    double constant = -a * Math.log(power - 1) - Math.log(2 - power);
    return series.log(add(sub(mul(logY, a), mul(logDispersion, 1 + a)), constant));
  }
}
