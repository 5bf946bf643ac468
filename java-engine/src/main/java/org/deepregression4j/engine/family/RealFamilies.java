package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.SpecialFunctions.LOG_SQRT_2PI;
import static org.deepregression4j.engine.family.SpecialFunctions.boundedExp;
import static org.deepregression4j.engine.family.SpecialFunctions.expm1;
import static org.deepregression4j.engine.family.SpecialFunctions.log1p;
import static org.deepregression4j.engine.family.SpecialFunctions.sigmoid;
import static org.deepregression4j.onnx.graph.Ops.abs;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.greater;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.relu;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.List;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** Families on the whole line, most of them of location and scale. */
final class RealFamilies {
  private static final double EULER = 0.57721566490153286061;
  private static final double LOG_PI = Math.log(Math.PI);

  private RealFamilies() {}

  static List<Family> rows() {
    return List.of(
        locScale("normal")
            .logDensity((y, p) -> normal(y, p.get(0), p.get(1)))
            .moments(p -> p.get(0).value(), p -> p.get(1).value())
            .start(m -> new double[] {m.mean(), m.stddev()})
            .cdf(
                (y, p) -> normalCdf(standardise(y, p.get(0), p.get(1))),
                (u, p) -> spread(NormalQuantile.of(u), p))
            .survival((y, p) -> normalCdf(neg(standardise(y, p.get(0), p.get(1)))))
            .distances(
                new PearsonDistances(
                    (y, p) -> square(p.get(1).value()),
                    p -> mul(p.get(1).value(), 1 / Math.sqrt(Math.PI))))
            .mode(p -> p.get(0).value())
            .entropy(p -> add(p.get(1).log(), LOG_SQRT_2PI + 0.5))
            .build(),
        locScale("cauchy")
            .logDensity((y, p) -> cauchy(y, p.get(0), p.get(1)))
            .moments(p -> undefined(p.get(0)), p -> undefined(p.get(0)))
            .start(m -> new double[] {m.mean(), m.stddev() / 2})
            .cdf(
                (y, p) -> Arctangent.cauchyCdf(standardise(y, p.get(0), p.get(1))),
                (u, p) -> spread(Arctangent.cauchyQuantile(u), p))
            .survival((y, p) -> Arctangent.cauchyCdf(neg(standardise(y, p.get(0), p.get(1)))))
            .heavyTails()
            .mode(p -> p.get(0).value())
            .entropy(p -> add(p.get(1).log(), Math.log(4 * Math.PI)))
            .build(),
        Family.named("horseshoe")
            .parameter("scale", Link.EXP)
            .logDensity((y, p) -> horseshoe(y, p.get(0)))
            .moments(p -> undefined(p.get(0)), p -> undefined(p.get(0)))
            .start(m -> new double[] {m.stddev() / 2})
            .mode(p -> zeros(p.get(0)))
            .sampler(Sampler.perColumn(2, (u, p) -> drawHorseshoe(u, p.get(0).value())))
            .build(),
        locScale("gumbel")
            .logDensity((y, p) -> gumbel(y, p.get(0), p.get(1)))
            .moments(
                p -> add(p.get(0).value(), mul(p.get(1).value(), EULER)),
                p -> mul(p.get(1).value(), Math.PI / Math.sqrt(6)))
            .start(m -> gumbelStart(m))
            .cdf(
                (y, p) -> exp(neg(exp(neg(standardise(y, p.get(0), p.get(1)))))),
                (u, p) -> spread(neg(log(neg(log(u)))), p))
            .survival((y, p) -> neg(expm1(neg(exp(neg(standardise(y, p.get(0), p.get(1))))))))
            .mode(p -> p.get(0).value())
            .entropy(p -> add(p.get(1).log(), EULER + 1))
            .build(),
        locScale("laplace")
            .logDensity((y, p) -> laplace(y, p.get(0), p.get(1)))
            .kinked()
            .moments(p -> p.get(0).value(), p -> mul(p.get(1).value(), Math.sqrt(2)))
            .start(m -> new double[] {m.mean(), m.stddev() / Math.sqrt(2)})
            .cdf(
                (y, p) -> laplaceCdf(standardise(y, p.get(0), p.get(1))),
                (u, p) -> spread(laplaceQuantile(u), p))
            .survival((y, p) -> laplaceCdf(neg(standardise(y, p.get(0), p.get(1)))))
            .distances(Distances.ofScale(z -> add(abs(z), exp(neg(abs(z)))), 0.75))
            .mode(p -> p.get(0).value())
            .entropy(p -> add(p.get(1).log(), 1 + Math.log(2)))
            .build(),
        locScale("logistic")
            .logDensity((y, p) -> logistic(y, p.get(0), p.get(1)))
            .moments(p -> p.get(0).value(), p -> mul(p.get(1).value(), Math.PI / Math.sqrt(3)))
            .start(m -> new double[] {m.mean(), m.stddev() * Math.sqrt(3) / Math.PI})
            .cdf(
                (y, p) -> sigmoid(standardise(y, p.get(0), p.get(1))),
                (u, p) -> spread(logit(u), p))
            .survival((y, p) -> sigmoid(neg(standardise(y, p.get(0), p.get(1)))))
            .mode(p -> p.get(0).value())
            .entropy(p -> add(p.get(1).log(), 2.0))
            .build(),
        locScale("skew_normal")
            .parameter("skewness", Link.IDENTITY)
            .logDensity((y, p) -> skewNormal(y, p))
            .moments(p -> skewMean(p), p -> skewStddev(p))
            .start(m -> skewStart(m))
            .cdf((y, p) -> skewNormalCdf(standardise(y, p.get(0), p.get(1)), p.get(2).value()))
            .build(),
        Family.named("uniform")
            .parameter("low", Link.IDENTITY)
            .parameter("high", Link.IDENTITY)
            .movingSupport()
            .logDensity((y, p) -> uniform(y, p.get(0).value(), p.get(1).value()))
            .moments(
                p -> mul(add(p.get(0).value(), p.get(1).value()), 0.5),
                p -> mul(sub(p.get(1).value(), p.get(0).value()), 1 / Math.sqrt(12)))
            .start(m -> new double[] {m.min(), m.max()})
            .cdf((y, p) -> uniformCdf(y, p), (u, p) -> uniformQuantile(u, p))
            .entropy(p -> log(sub(p.get(1).value(), p.get(0).value())))
            .build(),
        Family.named("mse")
            .parameter("mean", Link.IDENTITY)
            .logDensity((y, p) -> sub(-LOG_SQRT_2PI, mul(square(sub(y, p.get(0).value())), 0.5)))
            .moments(p -> p.get(0).value(), p -> add(zeros(p.get(0)), 1.0))
            .start(m -> new double[] {m.mean()})
            .cdf(
                (y, p) -> normalCdf(sub(y, p.get(0).value())),
                (u, p) -> add(NormalQuantile.of(u), p.get(0).value()))
            .mode(p -> p.get(0).value())
            .entropy(p -> add(zeros(p.get(0)), LOG_SQRT_2PI + 0.5))
            .build(),
        locScale("mvr")
            .sandwich()
            .logDensity((y, p) -> mvr(y, p.get(0), p.get(1)))
            .moments(p -> p.get(0).value(), p -> p.get(1).value())
            .start(m -> new double[] {m.mean(), m.stddev()})
            .build());
  }

  private static FamilyBuilder locScale(String name) {
    return Family.named(name).parameter("loc", Link.IDENTITY).parameter("scale", Link.EXP);
  }

  /** Zeros of the parameter's shape. */
  static Value zeros(LinkedValue parameter) {
    return mul(parameter.eta(), 0.0);
  }

  /** What has no value. */
  static Value undefined(LinkedValue parameter) {
    return add(zeros(parameter), Double.NaN);
  }

  /** {@code value} where the parameter exceeds the bound, otherwise a number. */
  static Value above(LinkedValue parameter, double bound, Value value, double otherwise) {
    Value h = parameter.value();
    return where(greater(h, scalar(h, bound)), value, scalar(h, otherwise));
  }

  /** (y − loc) / scale. */
  static Value standardise(Value y, LinkedValue loc, LinkedValue scale) {
    return mul(sub(y, loc.value()), scale.reciprocal());
  }

  /** The normal log-density. */
  static Value normal(Value y, LinkedValue loc, LinkedValue scale) {
    // (log(1/σ²) − (μ − y)²/σ² − log 2π)/2 in the order in which the gradient finds all its parts.
    Value logPrecision = mul(scale.log(), -2);
    Value residual = sub(loc.value(), y);
    Value squares = mul(residual, mul(residual, exp(logPrecision)));
    return mul(sub(sub(logPrecision, squares), 2 * LOG_SQRT_2PI), 0.5);
  }

  /** The Cauchy log-density. */
  static Value cauchy(Value y, LinkedValue loc, LinkedValue scale) {
    Value z = standardise(y, loc, scale);
    return sub(sub(-LOG_PI, scale.log()), log(add(square(z), 1.0)));
  }

  /**
   * Normal with half-Cauchy standard deviation: exp(x) E1(x) / (scale √(2π³)) for x = (y / scale)²
   * / 2, kept off its pole at 0. Source: Carvalho, Polson and Scott (2010).
   */
  private static Value horseshoe(Value y, LinkedValue scale) {
    Value half = mul(square(mul(y, scale.reciprocal())), 0.5);
    Value x = max(half, scalar(y, Float.MIN_NORMAL));
    Value constant = sub(-0.5 * (Math.log(2) + 3 * LOG_PI), scale.log());
    return add(constant, ExponentialIntegral.logScaled(x));
  }

  private static Value drawHorseshoe(Value u, Value scale) {
    Value deviation = HeavyTailFamilies.halfCauchyQuantile(Sampler.part(u, 0, 2));
    return mul(mul(NormalQuantile.of(Sampler.part(u, 1, 2)), deviation), scale);
  }

  private static Value gumbel(Value y, LinkedValue loc, LinkedValue scale) {
    Value minusZ = neg(standardise(y, loc, scale));
    return sub(sub(minusZ, boundedExp(minusZ)), scale.log());
  }

  private static double[] gumbelStart(Moments m) {
    double scale = m.stddev() * Math.sqrt(6) / Math.PI;
    return new double[] {m.mean() - EULER * scale, scale};
  }

  private static Value laplace(Value y, LinkedValue loc, LinkedValue scale) {
    return sub(sub(-Math.log(2), scale.log()), abs(standardise(y, loc, scale)));
  }

  /** −log s − 2 log(2 cosh(z / 2)); |z| is taken out of cosh, where it cancels in derivatives. */
  private static Value logistic(Value y, LinkedValue loc, LinkedValue scale) {
    Value half = mul(standardise(y, loc, scale), 0.5);
    Value m = abs(half);
    Value rest = log(add(exp(sub(half, m)), exp(neg(add(half, m)))));
    return sub(mul(add(m, rest), -2.0), scale.log());
  }

  /**
   * The width is kept positive in the branch that is not taken, where NaN would spoil gradients.
   */
  private static Value uniform(Value y, Value low, Value high) {
    Value isOutside = Ops.apply(Op.OR, less(y, low), greater(y, high));
    Value width = max(sub(high, low), scalar(y, Float.MIN_NORMAL));
    return where(isOutside, scalar(y, Double.NEGATIVE_INFINITY), neg(log(width)));
  }

  /** log 2 + log φ(z) + log Φ(skewness z) − log scale. Source: Azzalini (1985). */
  private static Value skewNormal(Value y, List<LinkedValue> p) {
    Value z = standardise(y, p.get(0), p.get(1));
    Value tilt = SpecialFunctions.logNormalCdf(mul(p.get(2).value(), z));
    Value main = sub(sub(Math.log(2) - LOG_SQRT_2PI, p.get(1).log()), mul(square(z), 0.5));
    return add(main, tilt);
  }

  /** √(2 / π) δ for δ = a / √(1 + a²): the mean of the standard form. */
  private static Value skewShift(List<LinkedValue> p) {
    Value a = p.get(2).value();
    return mul(div(a, sqrt(add(square(a), 1.0))), Math.sqrt(2 / Math.PI));
  }

  private static Value skewMean(List<LinkedValue> p) {
    return add(p.get(0).value(), mul(p.get(1).value(), skewShift(p)));
  }

  private static Value skewStddev(List<LinkedValue> p) {
    return mul(p.get(1).value(), sqrt(sub(1.0, square(skewShift(p)))));
  }

  /**
   * By moments, but never without skewness: the likelihood has a stationary point there, whatever
   * the responses.
   */
  private static double[] skewStart(Moments m) {
    double size = Math.pow(Math.min(Math.abs(m.skewness()), 0.9), 2.0 / 3);
    double share = size / (size + Math.pow((4 - Math.PI) / 2, 2.0 / 3));
    double most = Math.max(Math.sqrt(Math.PI / 2 * share), 0.5);
    double delta = m.skewness() < 0 ? -most : most;
    double scale = m.stddev() / Math.sqrt(1 - 2 * delta * delta / Math.PI);
    double loc = m.mean() - scale * delta * Math.sqrt(2 / Math.PI);
    return new double[] {loc, scale, delta / Math.sqrt(1 - delta * delta)};
  }

  /** Mean-variance regression: the concomitant scale criterion. */
  private static Value mvr(Value y, LinkedValue loc, LinkedValue scale) {
    Value z = standardise(y, loc, scale);
    return mul(mul(add(square(z), 1.0), -0.5), scale.value());
  }

  /** Φ(z). */
  static Value normalCdf(Value z) {
    return exp(SpecialFunctions.logNormalCdf(z));
  }

  /** loc + scale · z for families whose first two parameters these are. */
  static Value spread(Value z, List<LinkedValue> p) {
    return add(p.get(0).value(), mul(p.get(1).value(), z));
  }

  private static Value laplaceCdf(Value z) {
    Value tail = mul(exp(neg(abs(z))), 0.5);
    return where(less(z, scalar(z, 0)), tail, sub(1.0, tail));
  }

  private static Value laplaceQuantile(Value u) {
    Value size = log(mul(min(u, sub(1.0, u)), 2.0));
    return where(less(u, scalar(u, 0.5)), size, neg(size));
  }

  private static Value logit(Value u) {
    return sub(log(u), log1p(neg(u)));
  }

  private static Value skewNormalCdf(Value z, Value skewness) {
    return OwenT.skewNormalCdf(z, skewness);
  }

  private static Value uniformCdf(Value y, List<LinkedValue> p) {
    Value low = p.get(0).value();
    Value share = div(sub(y, low), sub(p.get(1).value(), low));
    return min(relu(share), scalar(share, 1));
  }

  private static Value uniformQuantile(Value u, List<LinkedValue> p) {
    return add(mul(p.get(0).value(), sub(1.0, u)), mul(p.get(1).value(), u));
  }
}
