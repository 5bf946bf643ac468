package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.RealFamilies.spread;
import static org.deepregression4j.engine.family.RealFamilies.standardise;
import static org.deepregression4j.engine.family.SpecialFunctions.boundedExp;
import static org.deepregression4j.engine.family.SpecialFunctions.expm1;
import static org.deepregression4j.engine.family.SpecialFunctions.lgamma;
import static org.deepregression4j.engine.family.SpecialFunctions.log1p;
import static org.deepregression4j.engine.family.SpecialFunctions.polynomial;
import static org.deepregression4j.onnx.graph.Ops.abs;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.relu;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.List;
import java.util.stream.IntStream;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * Extreme values: maxima (gev) and exceedances (gpd); the shape may be zero. Source: Coles (2001).
 */
final class ExtremeFamilies {
  private static final double EULER = 0.57721566490153286061;
  private static final double NEAR = 0.02;

  /** Shapes up to which moments are series: beyond, less than two digits cancel. */
  private static final double NEAR_ZERO = 0.1;

  private ExtremeFamilies() {}

  static List<Family> rows() {
    return List.of(
        Family.named("gev")
            .parameter("loc", Link.IDENTITY)
            .parameter("scale", Link.EXP)
            .parameter("shape", Link.IDENTITY)
            .movingSupport()
            .logDensity((y, p) -> gev(y, p))
            .moments(p -> gevMean(p), p -> gevStddev(p))
            .cdf((y, p) -> exp(neg(gevRate(y, p))), (u, p) -> rise(neg(log(neg(log(u)))), p))
            .survival((y, p) -> neg(expm1(neg(gevRate(y, p)))))
            .mode(
                p ->
                    rise(
                        neg(
                            log1p(
                                max(p.get(2).value(), scalar(p.get(2).eta(), Math.nextUp(-1.0))))),
                        p))
            .entropy(p -> add(add(p.get(1).log(), mul(p.get(2).value(), EULER)), EULER + 1))
            .heavyTails()
            .start(m -> gevStart(m))
            .build(),
        Family.named("gpd")
            .parameter("scale", Link.EXP)
            .parameter("shape", Link.IDENTITY)
            .support(Support.NON_NEGATIVE)
            .movingSupport()
            .logDensity((y, p) -> gpd(y, p.get(0), p.get(1).value()))
            .moments(
                p -> finiteBelow(p.get(1), 1, div(p.get(0).value(), sub(1.0, p.get(1).value()))),
                p -> gpdStddev(p.get(0), p.get(1)))
            .cdf((y, p) -> neg(expm1(neg(gpdDepth(y, p)))), (u, p) -> gpdQuantile(u, p))
            .survival((y, p) -> exp(neg(gpdDepth(y, p))))
            .mode(p -> gpdMode(p.get(0), p.get(1).value()))
            .entropy(p -> add(add(p.get(0).log(), p.get(1).value()), 1.0))
            .heavyTails()
            .start(m -> new double[] {m.mean(), 0.01})
            .build());
  }

  /** log(1 + x) / x, 1 at 0, for x &gt; −1; below, a large number so that nothing is NaN. */
  private static Value logRatio(Value x) {
    double[] series = new double[10];
    for (int k = 0; k < series.length; k++) {
      series[k] = (k % 2 == 0 ? 1.0 : -1.0) / (k + 1);
    }
    Value isNear = less(abs(x), scalar(x, NEAR));
    Value far = where(isNear, scalar(x, 1), max(x, scalar(x, -1 + 1e-12)));
    Value near = polynomial(where(isNear, x, scalar(x, 0)), series);
    return where(isNear, near, div(log1p(far), far));
  }

  /** (exp(x) − 1) / x, 1 at 0. */
  private static Value expRatio(Value x) {
    Value isZero = less(abs(x), scalar(x, 1e-17));
    Value safe = where(isZero, scalar(x, 1), x);
    return where(isZero, scalar(x, 1), div(expm1(safe), safe));
  }

  /** log(1 + ξ z) / ξ for z = (y − loc) / scale. */
  private static Value depth(Value y, List<LinkedValue> p) {
    Value z = standardise(y, p.get(0), p.get(1));
    return mul(z, logRatio(mul(p.get(2).value(), z)));
  }

  /** Where x ≤ −1 the limit of a depth, infinite with the sign of z. */
  private static Value depthOrEnd(Value z, Value x) {
    Value isBeyond = Ops.apply(Op.LESS_OR_EQUAL, x, scalar(x, -1));
    Value inside = where(isBeyond, scalar(x, 0), x);
    return where(isBeyond, mul(z, Double.POSITIVE_INFINITY), mul(z, logRatio(inside)));
  }

  /** (1 + ξ z)^(−1 / ξ), 0 or infinite beyond the end. */
  private static Value gevRate(Value y, List<LinkedValue> p) {
    Value z = standardise(y, p.get(0), p.get(1));
    return exp(neg(depthOrEnd(z, mul(p.get(2).value(), z))));
  }

  private static Value outside(Value x, Value density) {
    return where(less(x, scalar(x, -1 + 1e-12)), scalar(x, Double.NEGATIVE_INFINITY), density);
  }

  private static Value gev(Value y, List<LinkedValue> p) {
    Value t = depth(y, p);
    Value shape = p.get(2).value();
    Value main = add(mul(add(shape, 1.0), t), boundedExp(neg(t)));
    Value x = mul(shape, standardise(y, p.get(0), p.get(1)));
    return outside(x, sub(neg(main), p.get(1).log()));
  }

  /** loc + scale (exp(ξ w) − 1) / ξ. */
  private static Value rise(Value w, List<LinkedValue> p) {
    return spread(rise(w, p.get(2).value()), p);
  }

  /** (exp(ξ w) − 1) / ξ, w at ξ = 0; w may be infinite. */
  private static Value rise(Value w, Value shape) {
    Value x = mul(shape, w);
    Value isNear = less(abs(x), scalar(x, 1));
    Value near = mul(w, expRatio(where(isNear, x, scalar(x, 0))));
    Value far = div(expm1(x), where(isNear, scalar(x, 1), shape));
    return where(isNear, near, far);
  }

  /** {@code value} where the shape lies below the bound, otherwise infinite. */
  private static Value finiteBelow(LinkedValue shape, double bound, Value value) {
    Value x = shape.value();
    return where(less(x, scalar(x, bound)), value, scalar(x, Double.POSITIVE_INFINITY));
  }

  /** log Γ(1 − r ξ), for r ξ &lt; 1. */
  private static Value logGamma(Value shape, double r) {
    return lgamma(max(sub(1.0, mul(shape, r)), scalar(shape, Double.MIN_NORMAL)));
  }

  /** loc + scale (Γ(1 − ξ) − 1) / ξ. */
  private static Value gevMean(List<LinkedValue> p) {
    Value shape = p.get(2).value();
    Value isNear = isNearZero(shape);
    Value far = div(expm1(logGamma(shape, 1)), where(isNear, scalar(shape, 1), shape));
    Value slope = logGammaSlope(where(isNear, shape, scalar(shape, 0)));
    Value near = mul(slope, expRatio(mul(shape, slope)));
    return finiteBelow(p.get(2), 1, spread(where(isNear, near, far), p));
  }

  /** scale √(Γ(1 − 2 ξ) − Γ(1 − ξ)²) / |ξ| = scale Γ(1 − ξ) √((exp(c) − 1) / ξ²). */
  private static Value gevStddev(List<LinkedValue> p) {
    Value shape = p.get(2).value();
    Value isNear = isNearZero(shape);
    Value first = logGamma(shape, 1);
    Value far =
        div(
            sqrt(expm1(sub(logGamma(shape, 2), mul(first, 2.0)))),
            where(isNear, scalar(shape, 1), abs(shape)));
    Value curve = logGammaBend(where(isNear, shape, scalar(shape, 0)));
    Value near = sqrt(mul(curve, expRatio(mul(mul(shape, shape), curve))));
    Value ratio = mul(exp(first), where(isNear, near, far));
    return finiteBelow(p.get(2), 0.5, mul(p.get(1).value(), ratio));
  }

  private static Value isNearZero(Value shape) {
    return less(abs(shape), scalar(shape, NEAR_ZERO));
  }

  /** log Γ(1 − ξ) / ξ = γ + Σ ζ(k) ξ^(k − 1) / k, for |ξ| up to 0.1. Source: DLMF 5.7.3. */
  private static Value logGammaSlope(Value shape) {
    return polynomial(
        shape,
        IntStream.rangeClosed(1, 16).mapToDouble(k -> k == 1 ? EULER : zeta(k) / k).toArray());
  }

  /** (log Γ(1 − 2 ξ) − 2 log Γ(1 − ξ)) / ξ² = Σ ζ(k) (2^k − 2) ξ^(k − 2) / k. */
  private static Value logGammaBend(Value shape) {
    return polynomial(
        shape,
        IntStream.rangeClosed(2, 26)
            .mapToDouble(k -> zeta(k) * (Math.pow(2, k) - 2) / k)
            .toArray());
  }

  /** ζ(k) for whole k &gt; 1, by the Euler-Maclaurin formula from 20 on. */
  private static double zeta(int k) {
    double n = 20;
    double last = Math.pow(n, -k);
    double bends = k / (12 * n) - k * (k + 1.0) * (k + 2.0) / (720 * n * n * n);
    double fifth = k * (k + 1.0) * (k + 2.0) * (k + 3.0) * (k + 4.0) / (30240 * Math.pow(n, 5));
    double sum = last * (n / (k - 1) + 0.5 + bends + fifth);
    for (int i = 19; i > 0; i--) {
      sum += Math.pow(i, -k);
    }
    return sum;
  }

  private static double[] gevStart(Moments m) {
    double scale = m.stddev() * Math.sqrt(6) / Math.PI;
    return new double[] {m.mean() - EULER * scale, scale, 0.01};
  }

  private static Value gpd(Value y, LinkedValue scale, Value shape) {
    Value z = mul(y, scale.reciprocal());
    Value x = mul(shape, z);
    Value density = neg(add(scale.log(), mul(mul(add(shape, 1.0), z), logRatio(x))));
    Value below = scalar(y, Double.NEGATIVE_INFINITY);
    return where(less(y, scalar(y, 0)), below, outside(x, density));
  }

  /** −log of the survival function, infinite beyond the end. */
  private static Value gpdDepth(Value y, List<LinkedValue> p) {
    Value z = mul(relu(y), p.get(0).reciprocal());
    return depthOrEnd(z, mul(p.get(1).value(), z));
  }

  private static Value gpdQuantile(Value u, List<LinkedValue> p) {
    Value w = PositiveFamilies.exponentialQuantile(u);
    return mul(p.get(0).value(), rise(w, p.get(1).value()));
  }

  /** Zero; for shapes below −1, whose density rises, the upper end. */
  private static Value gpdMode(LinkedValue scale, Value shape) {
    Value zero = mul(add(shape, scale.eta()), 0.0);
    Value isRising = less(shape, scalar(shape, -1));
    Value end = div(neg(scale.value()), where(isRising, shape, scalar(shape, -1)));
    return where(isRising, end, zero);
  }

  private static Value gpdStddev(LinkedValue scale, LinkedValue shape) {
    Value x = shape.value();
    Value root = sqrt(sub(1.0, mul(x, 2.0)));
    return finiteBelow(shape, 0.5, div(scale.value(), mul(sub(1.0, x), root)));
  }
}
