package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.greater;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sin;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import org.deepregression4j.onnx.graph.Value;

/** Angles; ONNX Runtime has no float64 kernel of Atan, Tan and Cos. */
final class Arctangent {
  private static final int TERMS = 13;

  private Arctangent() {}

  /** atan(x) for x ≥ 0: x above 1 is inverted, two half-angles shrink it below 0.2. */
  static Value of(Value x) {
    Value one = scalar(x, 1);
    Value small = div(min(x, one), max(x, one));
    Value angle = mul(series(half(half(small))), 4.0);
    return where(greater(x, one), sub(Math.PI / 2, angle), angle);
  }

  /** tan(φ / 2) of tan φ. */
  private static Value half(Value t) {
    return div(t, add(sqrt(add(square(t), 1.0)), 1.0));
  }

  private static Value series(Value t) {
    double[] coefficients = new double[TERMS];
    for (int k = 0; k < TERMS; k++) {
      coefficients[k] = (k % 2 == 0 ? 1.0 : -1.0) / (2 * k + 1);
    }
    return mul(t, SpecialFunctions.polynomial(square(t), coefficients));
  }

  /** ½ + atan(z) / π without cancellation for z far below zero: the angle by its half. */
  static Value cauchyCdf(Value z) {
    Value size = max(z, neg(z));
    Value sum = add(sqrt(add(square(size), 1.0)), size);
    Value lower = mul(of(div(1.0, sum)), 2 / Math.PI);
    return where(less(z, scalar(z, 0)), lower, sub(1.0, lower));
  }

  /** −cot(π p), the standard Cauchy quantile. */
  static Value cauchyQuantile(Value p) {
    Value cosine = sin(mul(sub(0.5, p), Math.PI));
    return neg(div(cosine, sin(mul(min(p, sub(1.0, p)), Math.PI))));
  }
}
