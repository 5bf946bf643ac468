package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.RealFamilies.normalCdf;
import static org.deepregression4j.engine.family.RealFamilies.spread;
import static org.deepregression4j.engine.family.RealFamilies.standardise;
import static org.deepregression4j.engine.family.SpecialFunctions.LOG_SQRT_2PI;
import static org.deepregression4j.engine.family.SpecialFunctions.boundedExp;
import static org.deepregression4j.engine.family.SpecialFunctions.expm1;
import static org.deepregression4j.engine.family.SpecialFunctions.log1mexp;
import static org.deepregression4j.engine.family.SpecialFunctions.log1p;
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
import static org.deepregression4j.onnx.graph.Ops.sum;
import static org.deepregression4j.onnx.graph.Ops.unsqueeze;
import static org.deepregression4j.onnx.graph.Ops.vector;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Value;

/**
 * loc + scale · c · sinh((asinh(Z) + skewness) tailweight) for a normal Z, with c = 2 /
 * sinh(asinh(2) tailweight), so that Z = 2 stays in place without skewness. Source: Jones and
 * Pewsey (2009).
 */
final class SinhArcsinh {
  private static final double ASINH_2 = Math.log(2 + Math.sqrt(5));
  private static final double REACH = 13;
  private static final double STEP = 0.2;

  private SinhArcsinh() {}

  static Family family() {
    return Family.named("sinh_arcsinh")
        .parameter("loc", Link.IDENTITY)
        .parameter("scale", Link.EXP)
        .parameter("skewness", Link.IDENTITY)
        .parameter("tailweight", Link.EXP)
        .logDensity((y, p) -> density(y, p))
        .moments(p -> spread(mean(p), p), p -> mul(p.get(1).value(), stddev(p)))
        .cdf(
            (y, p) ->
                normalCdf(boundedSinh(Inner.of(standardise(y, p.get(0), p.get(1)), p).normal())),
            (u, p) -> spread(bend(NormalQuantile.of(u), p.get(2).value(), p.get(3).value()), p))
        .start(m -> new double[] {m.mean(), m.stddev(), 0, 1})
        .build();
  }

  private static Value size(Value x) {
    return max(x, neg(x));
  }

  private static Value sign(Value x, Value of) {
    return where(less(x, scalar(x, 0)), neg(of), of);
  }

  /** Without overflow: beyond 40 the normal has no probability. */
  private static Value boundedSinh(Value x) {
    Value inside = max(min(x, scalar(x, 40)), scalar(x, -40));
    return mul(sub(exp(inside), exp(neg(inside))), 0.5);
  }

  /** Odd, so that nothing cancels: log1p(|x| + x² / (1 + √(1 + x²))). */
  private static Value asinh(Value x) {
    Value size = size(x);
    Value rest = div(square(x), add(sqrt(add(square(x), 1.0)), 1.0));
    return sign(x, log1p(add(size, rest)));
  }

  /** c · sinh((asinh(z) + skewness) tailweight), both sinh over the exponential of their size. */
  private static Value bend(Value z, Value skewness, Value tailweight) {
    Value x = mul(add(asinh(z), skewness), tailweight);
    Value two = mul(tailweight, ASINH_2);
    Value ratio = div(expm1(mul(size(x), -2.0)), expm1(mul(two, -2.0)));
    return sign(x, mul(mul(exp(sub(size(x), two)), ratio), 2.0));
  }

  /**
   * The way back.
   *
   * @param normal asinh of the normal: asinh(w) / tailweight − skewness for w = z / c
   * @param logSlope log(1 / c) − log(1 + w²) / 2
   */
  private record Inner(Value normal, Value logSlope) {
    /** |w| = exp(s) u with u ≤ 1, s = 0 up to |w| = 1: w itself may overflow. */
    static Inner of(Value z, List<LinkedValue> p) {
      Value two = mul(p.get(3).value(), ASINH_2);
      // log(sinh(asinh(2) tailweight) / 2)
      Value logStretch = add(sub(two, 2 * Math.log(2)), log1mexp(mul(two, -2.0)));
      Value size = size(z);
      Value logSize = add(log(max(size, scalar(z, Float.MIN_NORMAL))), logStretch);
      Value isFar = greater(logSize, scalar(z, 0));
      Value s = relu(logSize);
      double largest = z.type() == ElementType.FLOAT64 ? 700 : 80;
      Value near = mul(size, exp(min(logStretch, scalar(z, largest))));
      Value u = where(isFar, scalar(z, 1), near);
      Value root = sqrt(add(exp(mul(s, -2.0)), square(u)));
      Value angle = sign(z, add(s, log(add(u, root))));
      Value normal = sub(mul(angle, p.get(3).reciprocal()), p.get(2).value());
      return new Inner(normal, sub(logStretch, add(s, log(root))));
    }
  }

  private static Value density(Value y, List<LinkedValue> p) {
    Inner inner = Inner.of(standardise(y, p.get(0), p.get(1)), p);
    Value size = size(inner.normal());
    // sinh² x = (cosh 2x − 1) / 2, and log cosh with |x| taken out.
    Value tail = exp(mul(size, -2.0));
    Value square = sub(mul(add(boundedExp(mul(size, 2.0)), tail), 0.25), 0.5);
    Value logCosh = add(size, log(add(tail, 1.0)));
    Value normal = sub(-LOG_SQRT_2PI - Math.log(2), mul(square, 0.5));
    Value slope = add(logCosh, inner.logSlope());
    return sub(add(normal, slope), add(p.get(1).log(), p.get(3).log()));
  }

  /** E g(f(Z)) by the trapezoidal rule, which converges geometrically: along a last axis. */
  private static Value expected(List<LinkedValue> p, UnaryOperator<Value> g) {
    Value skewness = p.get(2).value();
    int axis = skewness.shape().rank();
    int half = (int) Math.round(REACH / STEP);
    double[] z = IntStream.rangeClosed(-half, half).mapToDouble(i -> i * STEP).toArray();
    double[] weights =
        Arrays.stream(z).map(v -> STEP * Math.exp(-v * v / 2 - LOG_SQRT_2PI)).toArray();
    Value f =
        bend(
            vector(skewness.type(), z),
            unsqueeze(skewness, axis),
            unsqueeze(p.get(3).value(), axis));
    return sum(mul(g.apply(f), vector(f.type(), weights)), false, axis);
  }

  private static Value mean(List<LinkedValue> p) {
    return expected(p, f -> f);
  }

  private static Value stddev(List<LinkedValue> p) {
    Value mean = mean(p);
    Value centre = unsqueeze(mean, mean.shape().rank());
    return sqrt(expected(p, f -> square(sub(f, centre))));
  }
}
