package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.RealFamilies.normalCdf;
import static org.deepregression4j.engine.family.RealFamilies.spread;
import static org.deepregression4j.engine.family.RealFamilies.standardise;
import static org.deepregression4j.engine.family.SpecialFunctions.boundedExp;
import static org.deepregression4j.engine.family.SpecialFunctions.digamma;
import static org.deepregression4j.engine.family.SpecialFunctions.expm1;
import static org.deepregression4j.engine.family.SpecialFunctions.lgamma;
import static org.deepregression4j.engine.family.SpecialFunctions.lgammaDifference;
import static org.deepregression4j.engine.family.SpecialFunctions.log1p;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.pow;
import static org.deepregression4j.onnx.graph.Ops.relu;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.List;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** Families on the positive half-line whose moments all exist. */
final class PositiveFamilies {
  private static final double LOG_2 = Math.log(2);
  private static final double EULER = 0.57721566490153286061;

  private PositiveFamilies() {}

  static List<Family> rows() {
    return List.of(
        Family.named("log_normal")
            .parameter("loc", Link.IDENTITY)
            .parameter("scale", Link.EXP)
            .support(Support.POSITIVE)
            .logDensity((y, p) -> sub(RealFamilies.normal(log(y), p.get(0), p.get(1)), log(y)))
            .moments(p -> logNormalMean(p), p -> logNormalStddev(p))
            .start(m -> new double[] {m.logMean(), Math.sqrt(m.logVariance())})
            .cdf(
                (y, p) -> normalCdf(standardise(log(y), p.get(0), p.get(1))),
                (u, p) -> exp(spread(NormalQuantile.of(u), p)))
            .survival((y, p) -> normalCdf(neg(standardise(log(y), p.get(0), p.get(1)))))
            .mode(p -> exp(sub(p.get(0).value(), square(p.get(1).value()))))
            .entropy(
                p ->
                    add(add(p.get(0).value(), p.get(1).log()), SpecialFunctions.LOG_SQRT_2PI + 0.5))
            .build(),
        Family.named("gamma")
            .parameter("concentration", Link.EXP)
            .parameter("rate", Link.EXP)
            .support(Support.POSITIVE)
            .logDensity((y, p) -> gamma(y, p.get(0).value(), p.get(1).log()))
            .moments(
                p -> mul(p.get(0).value(), p.get(1).reciprocal()),
                p -> mul(sqrt(p.get(0).value()), p.get(1).reciprocal()))
            .start(m -> new double[] {m.mean() * m.mean() / m.variance(), m.mean() / m.variance()})
            .cdf((y, p) -> IncompleteGamma.lower(p.get(0).value(), mul(y, p.get(1).value())))
            .survival((y, p) -> IncompleteGamma.upper(p.get(0).value(), mul(y, p.get(1).value())))
            .distances(gammaDistances(p -> p.get(0).value(), p -> p.get(1).reciprocal()))
            .mode(p -> mul(relu(sub(p.get(0).value(), 1.0)), p.get(1).reciprocal()))
            .entropy(p -> sub(gammaEntropy(p.get(0).value()), p.get(1).log()))
            .build(),
        Family.named("gammar")
            .parameter("mu", Link.EXP)
            .parameter("sigma", Link.EXP)
            .support(Support.POSITIVE)
            .logDensity((y, p) -> meanGamma(y, p.get(0), p.get(1)))
            .moments(p -> p.get(0).value(), p -> mul(p.get(0).value(), p.get(1).value()))
            .start(m -> new double[] {m.mean(), m.stddev() / m.mean()})
            .cdf(
                (y, p) ->
                    IncompleteGamma.lower(
                        square(p.get(1).reciprocal()), mul(y, exp(meanLogRate(p)))))
            .survival(
                (y, p) ->
                    IncompleteGamma.upper(
                        square(p.get(1).reciprocal()), mul(y, exp(meanLogRate(p)))))
            .distances(
                gammaDistances(p -> square(p.get(1).reciprocal()), p -> exp(neg(meanLogRate(p)))))
            .mode(p -> mul(p.get(0).value(), relu(sub(1.0, square(p.get(1).value())))))
            .entropy(p -> sub(gammaEntropy(square(p.get(1).reciprocal())), meanLogRate(p)))
            .build(),
        Family.named("exponential")
            .parameter("rate", Link.EXP)
            .support(Support.NON_NEGATIVE)
            .logDensity((y, p) -> sub(p.get(0).log(), mul(y, p.get(0).value())))
            .moments(p -> p.get(0).reciprocal(), p -> p.get(0).reciprocal())
            .start(m -> new double[] {1 / m.mean()})
            .cdf(
                (y, p) -> neg(expm1(neg(mul(y, p.get(0).value())))),
                (u, p) -> mul(exponentialQuantile(u), p.get(0).reciprocal()))
            .survival((y, p) -> exp(neg(mul(y, p.get(0).value()))))
            .mode(p -> mul(p.get(0).eta(), 0.0))
            .entropy(p -> sub(1.0, p.get(0).log()))
            .build(),
        Family.named("weibull")
            .parameter("concentration", Link.EXP)
            .parameter("scale", Link.EXP)
            .support(Support.POSITIVE)
            .logDensity((y, p) -> weibull(y, p.get(0), p.get(1)))
            .moments(p -> weibullMean(p), p -> weibullStddev(p))
            .start(m -> weibullStart(m))
            .cdf(
                (y, p) -> neg(expm1(neg(exp(weibullLog(y, p))))),
                (u, p) ->
                    exp(
                        add(
                            mul(log(exponentialQuantile(u)), p.get(0).reciprocal()),
                            p.get(1).log())))
            .survival((y, p) -> exp(neg(exp(weibullLog(y, p)))))
            .mode(p -> weibullMode(p))
            .entropy(p -> weibullEntropy(p))
            .build(),
        Family.named("chi2")
            .parameter("df", Link.EXP)
            .support(Support.POSITIVE)
            .logDensity((y, p) -> gamma(y, halfDf(p), scalar(y, -LOG_2)))
            .moments(p -> p.get(0).value(), p -> sqrt(mul(p.get(0).value(), 2.0)))
            .start(m -> new double[] {m.mean()})
            .cdf((y, p) -> IncompleteGamma.lower(halfDf(p), mul(y, 0.5)))
            .survival((y, p) -> IncompleteGamma.upper(halfDf(p), mul(y, 0.5)))
            .distances(gammaDistances(p -> halfDf(p), p -> scalar(halfDf(p), 2)))
            .mode(p -> relu(sub(p.get(0).value(), 2.0)))
            .entropy(p -> add(gammaEntropy(halfDf(p)), LOG_2))
            .build(),
        Family.named("chi")
            .parameter("df", Link.EXP)
            .support(Support.POSITIVE)
            .logDensity((y, p) -> chi(y, halfDf(p)))
            .moments(p -> chiMean(p), p -> sqrt(sub(p.get(0).value(), square(chiMean(p)))))
            .start(m -> new double[] {m.mean() * m.mean() + m.variance()})
            .cdf((y, p) -> IncompleteGamma.lower(halfDf(p), mul(square(y), 0.5)))
            .mode(p -> sqrt(relu(sub(p.get(0).value(), 1.0))))
            .entropy(p -> chiEntropy(halfDf(p)))
            .build(),
        Family.named("half_normal")
            .parameter("scale", Link.EXP)
            .support(Support.NON_NEGATIVE)
            .logDensity((y, p) -> halfNormal(y, p.get(0)))
            .moments(
                p -> mul(p.get(0).value(), Math.sqrt(2 / Math.PI)),
                p -> mul(p.get(0).value(), Math.sqrt(1 - 2 / Math.PI)))
            .start(m -> new double[] {m.mean() * Math.sqrt(Math.PI / 2)})
            .cdf(
                (y, p) ->
                    IncompleteGamma.lower(
                        scalar(y, 0.5), mul(square(mul(y, p.get(0).reciprocal())), 0.5)),
                (u, p) ->
                    mul(
                        NormalQuantile.of(mul(add(u, 1.0), 0.5), mul(sub(1.0, u), 0.5)),
                        p.get(0).value()))
            .mode(p -> mul(p.get(0).eta(), 0.0))
            .entropy(p -> add(p.get(0).log(), 0.5 + 0.5 * Math.log(Math.PI / 2)))
            .build());
  }

  private static Value logNormalMean(List<LinkedValue> p) {
    return exp(add(p.get(0).value(), mul(square(p.get(1).value()), 0.5)));
  }

  private static Value logNormalStddev(List<LinkedValue> p) {
    return mul(logNormalMean(p), sqrt(expm1(square(p.get(1).value()))));
  }

  /** With t = log(rate · y): a t − exp(t) − lgamma(a) − log y. */
  static Value gamma(Value y, Value concentration, Value logRate) {
    Value t = add(logRate, log(y));
    Value main = sub(mul(concentration, t), exp(t));
    return sub(main, add(lgamma(concentration), log(y)));
  }

  private static Distances gammaDistances(Family.Statistic shape, Family.Statistic scale) {
    return new PearsonDistances(
        (y, p) -> mul(y, scale.at(p)),
        p -> mul(PearsonDistances.inverseBeta(shape.at(p)), scale.at(p)));
  }

  /** The quantile of the gamma of rate one. */
  static Value gammaQuantile(Value u, Value a) {
    return Inversion.continuous(
        Support.POSITIVE,
        add(u, mul(a, 0.0)),
        a,
        x -> IncompleteGamma.lower(a, x),
        x -> exp(gamma(x, a, scalar(x, 0))));
  }

  /** Gamma with mean mu and coefficient of variation sigma: concentration 1 / sigma². */
  private static Value meanGamma(Value y, LinkedValue mu, LinkedValue sigma) {
    Value logRate = neg(add(mu.log(), mul(sigma.log(), 2.0)));
    return gamma(y, square(sigma.reciprocal()), logRate);
  }

  /** With t = k log(y / scale): log k + t − log y − exp(t). */
  private static Value weibull(Value y, LinkedValue concentration, LinkedValue scale) {
    Value t = mul(concentration.value(), sub(log(y), scale.log()));
    return sub(add(concentration.log(), sub(t, boundedExp(t))), log(y));
  }

  private static Value weibullMean(List<LinkedValue> p) {
    return mul(p.get(1).value(), exp(lgamma(add(p.get(0).reciprocal(), 1.0))));
  }

  private static Value weibullStddev(List<LinkedValue> p) {
    Value r = p.get(0).reciprocal();
    Value first = lgamma(add(r, 1.0));
    Value ratio = sub(lgamma(add(mul(r, 2.0), 1.0)), mul(first, 2.0));
    return mul(weibullMean(p), sqrt(expm1(ratio)));
  }

  /** log y is Gumbel for minima: sd π / (k √6), mean log scale − γ / k. */
  private static double[] weibullStart(Moments m) {
    double k = Math.PI / Math.sqrt(6 * m.logVariance());
    return new double[] {k, Math.exp(m.logMean() + 0.5772 / k)};
  }

  private static Value halfDf(List<LinkedValue> p) {
    return mul(p.get(0).value(), 0.5);
  }

  /** y² is chi-squared: 2 h log y − y² / 2 − (h − 1) log 2 − lgamma(h) − log y for h = df / 2. */
  private static Value chi(Value y, Value half) {
    Value t = sub(mul(log(y), 2.0), LOG_2);
    Value main = sub(mul(half, t), mul(square(y), 0.5));
    return sub(add(main, LOG_2), add(lgamma(half), log(y)));
  }

  private static Value chiMean(List<LinkedValue> p) {
    Value half = halfDf(p);
    return mul(exp(lgammaDifference(half, scalar(half, 0.5))), Math.sqrt(2));
  }

  private static Value halfNormal(Value y, LinkedValue scale) {
    Value z = mul(y, scale.reciprocal());
    return sub(sub(LOG_2 - SpecialFunctions.LOG_SQRT_2PI, scale.log()), mul(square(z), 0.5));
  }

  /** −log(1 − u). */
  static Value exponentialQuantile(Value u) {
    Value isLast = Ops.equal(u, scalar(u, 1));
    Value inside = where(isLast, scalar(u, 0), u);
    return where(isLast, scalar(u, Double.POSITIVE_INFINITY), neg(log1p(neg(inside))));
  }

  /** a + lgamma(a) + (1 − a) ψ(a), for rate one. */
  private static Value gammaEntropy(Value a) {
    return add(add(a, lgamma(a)), mul(sub(1.0, a), digamma(a)));
  }

  /** lgamma(h) + h − (h − ½) ψ(h) − log 2 / 2 for h = df / 2. */
  private static Value chiEntropy(Value half) {
    Value head = add(lgamma(half), half);
    return sub(sub(head, mul(sub(half, 0.5), digamma(half))), LOG_2 / 2);
  }

  private static Value meanLogRate(List<LinkedValue> p) {
    return neg(add(p.get(0).log(), mul(p.get(1).log(), 2.0)));
  }

  /** log (y / scale)^k. */
  static Value weibullLog(Value y, List<LinkedValue> p) {
    return mul(p.get(0).value(), sub(log(y), p.get(1).log()));
  }

  private static Value weibullMode(List<LinkedValue> p) {
    Value r = p.get(0).reciprocal();
    return mul(p.get(1).value(), pow(relu(sub(1.0, r)), r));
  }

  private static Value weibullEntropy(List<LinkedValue> p) {
    Value head = mul(sub(1.0, p.get(0).reciprocal()), EULER);
    return add(add(head, sub(p.get(1).log(), p.get(0).log())), 1.0);
  }
}
