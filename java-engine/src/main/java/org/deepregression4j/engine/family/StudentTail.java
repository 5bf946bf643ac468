package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.SpecialFunctions.exactSoftplus;
import static org.deepregression4j.engine.family.SpecialFunctions.expm1;
import static org.deepregression4j.engine.family.SpecialFunctions.lgammaDifference;
import static org.deepregression4j.engine.family.SpecialFunctions.log1p;
import static org.deepregression4j.onnx.graph.Ops.abs;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.unsqueeze;
import static org.deepregression4j.onnx.graph.Ops.where;

import org.deepregression4j.onnx.graph.Value;

/**
 * The distribution function of Student's t for any degrees of freedom ν, up to the normal limit:
 * with t = √ν sinh s the density of s is proportional to cosh(s)^−ν, whose tail falls in one sweep
 * and is integrated by one rule for every ν. Relative error 1e-12 of the smaller tail. No
 * gradients.
 */
final class StudentTail {
  private static final double MOST = 1e300;

  /** Beyond, t² may overflow and ν beside it does not count. */
  private static final double FAR = 1e100;

  private StudentTail() {}

  /** P(T ≤ t). */
  static Value cdf(Value t, Value df) {
    Value tail = upper(min(abs(t), scalar(t, MOST)), min(df, scalar(df, MOST)));
    return where(less(t, scalar(t, 0)), tail, sub(1.0, tail));
  }

  /** P(T &gt; t) for t ≥ 0. */
  private static Value upper(Value t, Value df) {
    Value isFar = less(scalar(t, FAR), t);
    Value near = where(isFar, scalar(t, 1), t);
    Value logRatio = sub(mul(log(where(isFar, t, scalar(t, FAR))), 2.0), log(df));
    Value bend = where(isFar, exactSoftplus(logRatio), log1p(div(square(near), df)));
    Value slope = where(isFar, scalar(t, 1), div(near, sqrt(add(square(near), df))));
    Value half = mul(df, 0.5);
    Value head = sub(lgammaDifference(half, scalar(df, 0.5)), 0.5 * Math.log(Math.PI));
    return mul(exp(sub(head, mul(half, bend))), sweep(slope, df));
  }

  /** ∫ (cosh(s + σ) / cosh s)^−ν dσ from 0 on, for slope = tanh s. */
  private static Value sweep(Value slope, Value df) {
    DoubleExponential rule = DoubleExponential.fallingHalfLine();
    Value length = div(1.0, add(mul(df, slope), min(df, sqrt(df))));
    int axis = length.shape().rank();
    Value sigma = mul(unsqueeze(length, axis), rule.nodes());
    Value depth = growth(sigma, unsqueeze(slope, axis));
    return mul(length, rule.sum(exp(neg(mul(depth, unsqueeze(df, axis))))));
  }

  /** log(cosh σ + slope sinh σ), relative to itself for small and for large σ. */
  private static Value growth(Value sigma, Value slope) {
    Value one = scalar(sigma, 1);
    Value isSmall = less(sigma, one);
    Value e = expm1(where(isSmall, sigma, one));
    Value rise = add(e, mul(slope, add(e, 2.0)));
    Value near = log1p(div(mul(mul(e, 0.5), rise), add(e, 1.0)));
    Value share = mul(mul(sub(1.0, slope), 0.5), expm1(mul(sigma, -2.0)));
    return where(isSmall, near, add(sigma, log1p(share)));
  }
}
