package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.RealFamilies.normalCdf;
import static org.deepregression4j.engine.family.RealFamilies.spread;
import static org.deepregression4j.engine.family.RealFamilies.standardise;
import static org.deepregression4j.engine.family.SpecialFunctions.LOG_SQRT_2PI;
import static org.deepregression4j.engine.family.SpecialFunctions.log1p;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
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
import org.deepregression4j.onnx.graph.Value;

/** Normal shapes bent by sinh. */
final class SinhArcsinh {
  private static final double REACH = 13;
  private static final double STEP = 0.2;

  private SinhArcsinh() {}

  /**
   * loc + scale · sinh((asinh(Z) + skewness) tailweight) · c for a normal Z, with c such that Z = 2
   * stays in place without skewness. Source: Jones and Pewsey (2009).
   */
  static Family family() {
    return Family.named("sinh_arcsinh")
        .parameter("loc", Link.IDENTITY)
        .parameter("scale", Link.EXP)
        .parameter("skewness", Link.IDENTITY)
        .parameter("tailweight", Link.EXP)
        .logDensity((y, p) -> density(y, p))
        .moments(p -> spread(mean(p), p), p -> mul(p.get(1).value(), stddev(p)))
        .cdf(
            (y, p) -> normalCdf(sinh(inner(y, p))),
            (u, p) -> spread(bend(NormalQuantile.of(u), p), p))
        .start(m -> new double[] {m.mean(), m.stddev(), 0, 1})
        .build();
  }

  private static Value sinh(Value x) {
    return mul(sub(exp(x), exp(neg(x))), 0.5);
  }

  /** Odd, so that nothing cancels: log1p(|x| + x² / (1 + √(1 + x²))). */
  private static Value asinh(Value x) {
    Value size = max(x, neg(x));
    Value rest = div(square(x), add(sqrt(add(square(x), 1.0)), 1.0));
    Value positive = log1p(add(size, rest));
    return where(less(x, scalar(x, 0)), neg(positive), positive);
  }

  /** 2 / sinh(asinh(2) tailweight). */
  private static Value factor(List<LinkedValue> p) {
    double two = Math.log(2 + Math.sqrt(5));
    return div(2.0, sinh(mul(p.get(3).value(), two)));
  }

  private static Value bend(Value z, List<LinkedValue> p) {
    Value x = mul(add(asinh(z), p.get(2).value()), p.get(3).value());
    return mul(sinh(x), factor(p));
  }

  /** asinh((y − loc) / (scale c)) / tailweight − skewness: asinh of the normal. */
  private static Value inner(Value y, List<LinkedValue> p) {
    Value w = div(standardise(y, p.get(0), p.get(1)), factor(p));
    return sub(mul(asinh(w), p.get(3).reciprocal()), p.get(2).value());
  }

  private static Value density(Value y, List<LinkedValue> p) {
    Value w = div(standardise(y, p.get(0), p.get(1)), factor(p));
    Value x = sub(mul(asinh(w), p.get(3).reciprocal()), p.get(2).value());
    Value normal = sub(-LOG_SQRT_2PI, mul(square(sinh(x)), 0.5));
    Value slope = sub(SpecialFunctions.logTwoCosh(x), mul(log(add(square(w), 1.0)), 0.5));
    Value scales = add(add(p.get(1).log(), p.get(3).log()), log(factor(p)));
    return sub(add(normal, slope), add(scales, Math.log(2)));
  }

  /** E g(f(Z)) by the trapezoidal rule, which converges geometrically: along a last axis. */
  private static Value expected(List<LinkedValue> p, UnaryOperator<Value> g) {
    int nodes = 2 * (int) Math.round(REACH / STEP) + 1;
    double[] z = new double[nodes];
    Arrays.setAll(z, i -> i * STEP - REACH);
    double[] weights = Arrays.stream(z).map(v -> STEP * Math.exp(-v * v / 2)).toArray();
    Value skewness = p.get(2).value();
    int axis = skewness.shape().rank();
    Value start = asinh(vector(skewness.type(), z));
    Value x = mul(add(start, unsqueeze(skewness, axis)), unsqueeze(p.get(3).value(), axis));
    Value values = g.apply(mul(sinh(x), unsqueeze(factor(p), axis)));
    Value sum = sum(mul(values, vector(skewness.type(), weights)), false, axis);
    return mul(sum, Math.exp(-LOG_SQRT_2PI));
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
