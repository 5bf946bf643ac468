package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.SpecialFunctions.expm1;
import static org.deepregression4j.engine.family.SpecialFunctions.log1p;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.equal;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.greater;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.relu;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sin;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.unsqueeze;
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
        .distances(
            Distances.of(
                (y, p) -> Claims.of(p, power).distance(y), p -> Claims.of(p, power).spread()))
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

    /**
     * E|Y − y| as Σ_j p(j; λ) E|G_j − y|, where E|G − y| of a gamma of shape a is γ ((x − a) (2
     * P(a, x) − 1) + 2 x^a e^−x / Γ(a)) for x = y / γ.
     */
    Value distance(Value y) {
      Value x = add(div(relu(y), scale), mul(rate, 0.0));
      Value none = mul(x, exp(neg(rate)));
      List<Value> start = List.of(add(mul(x, 0.0), 1.0), none);
      List<Value> end =
          Repeat.untilSettled("tweedie_distance", LONGEST, start, s -> distanceTrip(s, x));
      return add(mul(end.get(1), scale), relu(neg(y)));
    }

    private Repeat.Next distanceTrip(List<Value> s, Value x) {
      Value j = s.get(0);
      Value a = mul(j, shape);
      Value weight = exp(CountFamilies.poisson(j, log(rate)));
      Value sides = sub(mul(IncompleteGamma.lower(a, x), 2.0), 1.0);
      Value part = add(mul(sub(x, a), sides), mul(exp(IncompleteGamma.logFront(a, x)), 2.0));
      Value sum = add(s.get(1), mul(weight, part));
      Value left = where(less(j, rate), scalar(j, 1), div(mul(weight, add(a, x)), sum));
      return new Repeat.Next(List.of(add(j, 1.0), sum), left);
    }

    /**
     * ½ E|Y − Y′| = γ / π ∫ (1 − |φ(u)|²) / u² du, where log |φ(u)|² is 2 λ (Re (1 − i u)^−α − 1).
     */
    Value spread() {
      DoubleExponential rule = DoubleExponential.fineHalfLine();
      int axis = rate.shape().rank();
      Value length = div(1.0, add(sqrt(mul(rate, shape * (shape + 1))), 1.0));
      Value u = mul(unsqueeze(length, axis), rule.nodes());
      Value s = square(u);
      Value lessOne = expm1(mul(log1p(s), -0.5 * shape));
      Value half = sin(mul(Arctangent.of(u), 0.5 * shape));
      Value real = sub(lessOne, mul(mul(add(lessOne, 1.0), square(half)), 2.0));
      Value change = neg(expm1(mul(real, unsqueeze(mul(rate, 2.0), axis))));
      return mul(mul(rule.sum(div(change, s)), mul(length, 1 / Math.PI)), scale);
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
