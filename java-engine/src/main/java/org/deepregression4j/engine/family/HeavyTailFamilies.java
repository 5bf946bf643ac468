package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.PositiveFamilies.exponentialQuantile;
import static org.deepregression4j.engine.family.RealFamilies.above;
import static org.deepregression4j.engine.family.SpecialFunctions.digamma;
import static org.deepregression4j.engine.family.SpecialFunctions.expm1;
import static org.deepregression4j.engine.family.SpecialFunctions.lgamma;
import static org.deepregression4j.engine.family.SpecialFunctions.log1p;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.exp;
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
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.List;
import org.deepregression4j.onnx.graph.Value;

/** Families on a half-line with polynomial tails, and the inverse Gaussian. */
final class HeavyTailFamilies {
  private static final double INF = Double.POSITIVE_INFINITY;

  private HeavyTailFamilies() {}

  static List<Family> rows() {
    return List.of(
        Family.named("half_cauchy")
            .parameter("loc", Link.IDENTITY)
            .parameter("scale", Link.EXP)
            .movingSupport()
            .logDensity((y, p) -> halfCauchy(y, p.get(0), p.get(1)))
            .moments(
                p -> add(RealFamilies.zeros(p.get(0)), INF),
                p -> add(RealFamilies.zeros(p.get(0)), INF))
            .start(m -> new double[] {m.min(), m.mean() - m.min()})
            .cdf(
                (y, p) -> halfCauchyCdf(RealFamilies.standardise(y, p.get(0), p.get(1))),
                (u, p) -> RealFamilies.spread(halfCauchyQuantile(u), p))
            .heavyTails()
            .mode(p -> p.get(0).value())
            .entropy(p -> add(p.get(1).log(), Math.log(2 * Math.PI)))
            .build(),
        Family.named("inverse_gamma")
            .parameter("concentration", Link.EXP)
            .parameter("scale", Link.EXP)
            .support(Support.POSITIVE)
            .logDensity((y, p) -> inverseGamma(y, p.get(0).value(), p.get(1).log()))
            .moments(
                p -> inverseGammaMean(p.get(0), p.get(1).value()),
                p -> inverseGammaStddev(p.get(0), p.get(1).value()))
            .start(m -> inverseGammaStart(m))
            .cdf((y, p) -> IncompleteGamma.upper(p.get(0).value(), div(p.get(1).value(), y)))
            .survival((y, p) -> IncompleteGamma.lower(p.get(0).value(), div(p.get(1).value(), y)))
            .distances(inverseGammaDistances(p -> p.get(0).value(), p -> p.get(1).value()))
            .heavyTails()
            .mode(p -> div(p.get(1).value(), add(p.get(0).value(), 1.0)))
            .entropy(p -> inverseGammaEntropy(p.get(0).value(), p.get(1).log()))
            .build(),
        Family.named("inverse_gamma_ls")
            .parameter("mode", Link.EXP)
            .parameter("concentration", Link.EXP_NEG)
            .support(Support.POSITIVE)
            .logDensity((y, p) -> inverseGamma(y, p.get(1).value(), logScale(p)))
            .moments(
                p -> inverseGammaMean(p.get(1), exp(logScale(p))),
                p -> inverseGammaStddev(p.get(1), exp(logScale(p))))
            .start(m -> modeStart(m))
            .cdf((y, p) -> IncompleteGamma.upper(p.get(1).value(), div(exp(logScale(p)), y)))
            .survival((y, p) -> IncompleteGamma.lower(p.get(1).value(), div(exp(logScale(p)), y)))
            .distances(inverseGammaDistances(p -> p.get(1).value(), p -> exp(logScale(p))))
            .heavyTails()
            .mode(p -> p.get(0).value())
            .entropy(p -> inverseGammaEntropy(p.get(1).value(), logScale(p)))
            .build(),
        Family.named("gamma_gamma")
            .parameter("concentration", Link.EXP)
            .parameter("mixing_concentration", Link.EXP)
            .parameter("mixing_rate", Link.EXP)
            .support(Support.POSITIVE)
            .logDensity((y, p) -> gammaGamma(y, p))
            .moments(p -> gammaGammaMean(p), p -> gammaGammaStddev(p))
            .start(m -> new double[] {2, 3, m.mean()})
            .cdf((y, p) -> gammaGammaCdf(y, p))
            .survival((y, p) -> gammaGammaSurvival(y, p))
            .heavyTails()
            .mode(
                p ->
                    div(
                        mul(p.get(2).value(), relu(sub(p.get(0).value(), 1.0))),
                        add(p.get(1).value(), 1.0)))
            .entropy(p -> gammaGammaEntropy(p))
            .build(),
        Family.named("inverse_gaussian")
            .parameter("loc", Link.EXP)
            .parameter("concentration", Link.EXP)
            .support(Support.POSITIVE)
            .logDensity((y, p) -> inverseGaussian(y, p.get(0), p.get(1)))
            .moments(
                p -> p.get(0).value(),
                p -> mul(p.get(0).value(), sqrt(mul(p.get(0).value(), p.get(1).reciprocal()))))
            .start(m -> new double[] {m.mean(), Math.pow(m.mean(), 3) / m.variance()})
            .cdf((y, p) -> inverseGaussianCdf(y, p.get(0), p.get(1)))
            .mode(p -> inverseGaussianMode(p.get(0), p.get(1)))
            .entropy(p -> inverseGaussianEntropy(p.get(0), p.get(1)))
            .build(),
        Family.named("pareto")
            .parameter("concentration", Link.EXP)
            .parameter("scale", Link.EXP_NEG)
            .support(Support.POSITIVE)
            .movingSupport()
            .logDensity((y, p) -> pareto(y, p.get(0), p.get(1)))
            .moments(
                p -> mul(p.get(0).value(), lomaxMean(p.get(0), p.get(1).value())),
                p -> lomaxStddev(p.get(0), p.get(1).value()))
            .start(m -> paretoStart(m))
            .cdf(
                (y, p) -> paretoCdf(y, p),
                (u, p) ->
                    exp(add(mul(exponentialQuantile(u), p.get(0).reciprocal()), p.get(1).log())))
            .survival((y, p) -> exp(neg(mul(p.get(0).value(), paretoDistance(y, p)))))
            .heavyTails()
            .mode(p -> p.get(1).value())
            .entropy(p -> paretoEntropy(p.get(0), p.get(1)))
            .build(),
        Family.named("pareto_ls")
            .parameter("scale", Link.EXP)
            .parameter("concentration", Link.EXP_NEG)
            .support(Support.NON_NEGATIVE)
            .logDensity((y, p) -> lomax(y, p.get(0), p.get(1)))
            .moments(
                p -> lomaxMean(p.get(1), p.get(0).value()),
                p -> lomaxStddev(p.get(1), p.get(0).value()))
            .start(m -> new double[] {2 * m.mean(), 3})
            .cdf(
                (y, p) -> lomaxCdf(y, p),
                (u, p) ->
                    mul(
                        expm1(mul(exponentialQuantile(u), p.get(1).reciprocal())),
                        p.get(0).value()))
            .survival((y, p) -> exp(neg(lomaxDepth(y, p))))
            .heavyTails()
            .mode(p -> RealFamilies.zeros(p.get(0)))
            .entropy(p -> paretoEntropy(p.get(1), p.get(0)))
            .build());
  }

  private static Value halfCauchy(Value y, LinkedValue loc, LinkedValue scale) {
    Value density = add(RealFamilies.cauchy(y, loc, scale), Math.log(2));
    return where(less(y, loc.value()), scalar(y, -INF), density);
  }

  /** With t = log(scale / y): a t − exp(t) − lgamma(a) − log y. */
  private static Value inverseGamma(Value y, Value a, Value logScale) {
    Value t = sub(logScale, log(y));
    return sub(sub(mul(a, t), exp(t)), add(lgamma(a), log(y)));
  }

  private static Value inverseGammaMean(LinkedValue a, Value scale) {
    return above(a, 1, div(scale, sub(a.value(), 1.0)), INF);
  }

  private static Value inverseGammaStddev(LinkedValue a, Value scale) {
    Value finite = div(div(scale, sub(a.value(), 1.0)), sqrt(sub(a.value(), 2.0)));
    return above(a, 2, finite, INF);
  }

  /** The scale is mode · (concentration + 1). */
  private static Value logScale(List<LinkedValue> p) {
    return add(p.get(0).log(), log1p(p.get(1).value()));
  }

  private static double[] inverseGammaStart(Moments m) {
    double a = 2 + m.mean() * m.mean() / m.variance();
    return new double[] {a, m.mean() * (a - 1)};
  }

  private static double[] modeStart(Moments m) {
    double[] start = inverseGammaStart(m);
    return new double[] {start[1] / (start[0] + 1), start[0]};
  }

  /**
   * Gamma whose rate is gamma: with t = log(y / b), c t − (c + a) log(1 + y / b) − log B − log y.
   */
  private static Value gammaGamma(Value y, List<LinkedValue> p) {
    Value c = p.get(0).value();
    Value a = p.get(1).value();
    Value t = sub(log(y), p.get(2).log());
    Value main = sub(mul(c, t), mul(add(c, a), log1p(exp(t))));
    return sub(main, add(SpecialFunctions.lbeta(c, a), log(y)));
  }

  private static Value gammaGammaMean(List<LinkedValue> p) {
    return mul(p.get(0).value(), lomaxMean(p.get(1), p.get(2).value()));
  }

  /** b / (a − 1) · √(c (c + a − 1) / (a − 2)). */
  private static Value gammaGammaStddev(List<LinkedValue> p) {
    Value c = p.get(0).value();
    Value a = p.get(1).value();
    Value ratio = div(mul(c, sub(add(c, a), 1.0)), sub(a, 2.0));
    return above(p.get(1), 2, mul(div(p.get(2).value(), sub(a, 1.0)), sqrt(ratio)), INF);
  }

  /** log b + log B(c, a) − (c − 1) ψ(c) + (c + a) ψ(c + a) − (1 + a) ψ(a). */
  private static Value gammaGammaEntropy(List<LinkedValue> p) {
    Value c = p.get(0).value();
    Value a = p.get(1).value();
    Value total = add(c, a);
    Value head = add(p.get(2).log(), SpecialFunctions.lbeta(c, a));
    Value slopes = sub(mul(total, digamma(total)), mul(sub(c, 1.0), digamma(c)));
    return add(head, sub(slopes, mul(add(a, 1.0), digamma(a))));
  }

  /** ½ log(2 π e μ³ / λ) − 3/2 exp(x) E1(x) for x = 2 λ / μ. */
  private static Value inverseGaussianEntropy(LinkedValue loc, LinkedValue concentration) {
    Value logs = sub(mul(loc.log(), 1.5), mul(concentration.log(), 0.5));
    Value x = mul(mul(concentration.value(), loc.reciprocal()), 2.0);
    Value integral = exp(ExponentialIntegral.logScaled(x));
    return sub(add(logs, SpecialFunctions.LOG_SQRT_2PI + 0.5), mul(integral, 1.5));
  }

  private static Value inverseGaussian(Value y, LinkedValue loc, LinkedValue concentration) {
    Value deviation = sub(mul(y, loc.reciprocal()), 1.0);
    Value quadratic = mul(div(concentration.value(), y), square(deviation));
    Value logs = sub(concentration.log(), mul(log(y), 3.0));
    return sub(mul(sub(logs, quadratic), 0.5), SpecialFunctions.LOG_SQRT_2PI);
  }

  private static Value pareto(Value y, LinkedValue concentration, LinkedValue scale) {
    Value a = concentration.value();
    Value distance = sub(log(y), scale.log());
    Value density = sub(sub(concentration.log(), mul(a, distance)), log(y));
    return where(less(y, scale.value()), scalar(y, -INF), density);
  }

  /** A little below the smallest response, which rounding would otherwise leave outside. */
  private static double[] paretoStart(Moments m) {
    double scale = m.min() * 0.999;
    return new double[] {1 / (m.logMean() - Math.log(scale)), scale};
  }

  /** Pareto of y + scale, starting at zero (Lomax). */
  private static Value lomax(Value y, LinkedValue scale, LinkedValue concentration) {
    Value distance = log1p(mul(y, scale.reciprocal()));
    Value main = sub(concentration.log(), scale.log());
    return sub(main, mul(add(concentration.value(), 1.0), distance));
  }

  private static Value lomaxMean(LinkedValue a, Value scale) {
    return above(a, 1, div(scale, sub(a.value(), 1.0)), INF);
  }

  private static Value lomaxStddev(LinkedValue a, Value scale) {
    Value ratio = sqrt(div(a.value(), sub(a.value(), 2.0)));
    return above(a, 2, mul(div(scale, sub(a.value(), 1.0)), ratio), INF);
  }

  private static Value halfCauchyCdf(Value z) {
    return mul(Arctangent.of(relu(z)), 2 / Math.PI);
  }

  /** tan(π u / 2). */
  static Value halfCauchyQuantile(Value u) {
    return div(sin(mul(u, Math.PI / 2)), sin(mul(sub(1.0, u), Math.PI / 2)));
  }

  /** a + log(scale) + lgamma(a) − (1 + a) ψ(a). */
  private static Value inverseGammaEntropy(Value a, Value logScale) {
    Value head = add(add(a, logScale), lgamma(a));
    return sub(head, mul(add(a, 1.0), digamma(a)));
  }

  /** 2 β / ((α − 1) (2 α − 1) B(½, α)) for the distance of two, y² / (α − 1) for the kernel. */
  private static Distances inverseGammaDistances(Family.Statistic shape, Family.Statistic scale) {
    return new PearsonDistances(
        (y, p) -> div(square(y), sub(shape.at(p), 1.0)),
        p -> {
          Value a = shape.at(p);
          Value below = mul(sub(a, 1.0), sub(mul(a, 2.0), 1.0));
          return div(mul(mul(scale.at(p), 2.0), PearsonDistances.inverseBeta(a)), below);
        });
  }

  /** y / (y + b) is beta. */
  private static Value gammaGammaCdf(Value y, List<LinkedValue> p) {
    Value t = sub(log(y), p.get(2).log());
    return gammaGamma(p.get(0).value(), p.get(1).value(), t);
  }

  private static Value gammaGammaSurvival(Value y, List<LinkedValue> p) {
    Value t = sub(p.get(2).log(), log(y));
    return gammaGamma(p.get(1).value(), p.get(0).value(), t);
  }

  private static Value gammaGamma(Value a, Value b, Value logOdds) {
    Value logX = neg(SpecialFunctions.exactSoftplus(neg(logOdds)));
    Value logRest = neg(SpecialFunctions.exactSoftplus(logOdds));
    return IncompleteBeta.of(a, b, logX, logRest);
  }

  /** Φ(r (y / μ − 1)) + exp(2 λ / μ) Φ(−r (y / μ + 1)) for r = √(λ / y). */
  private static Value inverseGaussianCdf(Value y, LinkedValue loc, LinkedValue concentration) {
    Value r = sqrt(div(concentration.value(), y));
    Value ratio = mul(y, loc.reciprocal());
    Value first = RealFamilies.normalCdf(mul(r, sub(ratio, 1.0)));
    Value tail = SpecialFunctions.logNormalCdf(neg(mul(r, add(ratio, 1.0))));
    Value shift = mul(mul(concentration.value(), loc.reciprocal()), 2.0);
    return add(first, exp(add(shift, tail)));
  }

  /** μ (√(1 + k²) − k) for k = 3 μ / (2 λ), without cancelling. */
  private static Value inverseGaussianMode(LinkedValue loc, LinkedValue concentration) {
    Value k = mul(mul(loc.value(), concentration.reciprocal()), 1.5);
    return div(loc.value(), add(sqrt(add(square(k), 1.0)), k));
  }

  private static Value paretoDistance(Value y, List<LinkedValue> p) {
    return relu(sub(log(y), p.get(1).log()));
  }

  private static Value paretoCdf(Value y, List<LinkedValue> p) {
    return neg(expm1(neg(mul(p.get(0).value(), paretoDistance(y, p)))));
  }

  private static Value lomaxDepth(Value y, List<LinkedValue> p) {
    return mul(p.get(1).value(), log1p(mul(y, p.get(0).reciprocal())));
  }

  private static Value lomaxCdf(Value y, List<LinkedValue> p) {
    return neg(expm1(neg(lomaxDepth(y, p))));
  }

  /** log(scale / a) + 1 / a + 1. */
  private static Value paretoEntropy(LinkedValue a, LinkedValue scale) {
    return add(add(sub(scale.log(), a.log()), a.reciprocal()), 1.0);
  }
}
