package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.sum;
import static org.deepregression4j.onnx.graph.Ops.tanh;
import static org.deepregression4j.onnx.graph.Ops.unsqueeze;
import static org.deepregression4j.onnx.graph.Ops.vector;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * The modified Bessel functions I0 and I1 by the midpoint rule on their integral over the angle,
 * which converges geometrically: up to 20 as it stands, beyond in w = 2 √κ sin(θ / 2), in which the
 * peak keeps its width. The nodes lie along a last axis. Source: DLMF 10.32.3.
 */
final class BesselI {
  static final BesselI ZERO = new BesselI(0);
  static final BesselI ONE = new BesselI(1);

  private static final double BORDER = 20;

  /** Angles in (0, π / 2); the first that they miss is I44, 4e-17 of I1 at the border. */
  private static final int ANGLES = 11;

  /** With so many the rule errs by 7e-17. */
  private static final double STEP = 0.7;

  private static final int STEPS = 12;

  private final int order;

  private BesselI(int order) {
    this.order = order;
  }

  /** log I(κ) for κ ≥ 0, relative error 1e-13. */
  Value log(Value k) {
    return value(k, false);
  }

  /** log I(κ) − κ, which stays small. */
  Value logScaled(Value k) {
    return value(k, true);
  }

  private Value value(Value k, boolean isScaled) {
    Value border = scalar(k, BORDER);
    Value isNear = less(k, border);
    Value small = min(k, border);
    Value large = max(k, border);
    Value near = isScaled ? sub(near(small), small) : near(small);
    return where(isNear, near, isScaled ? far(large) : add(far(large), large));
  }

  private static Value nodes(Value like, int n, DoubleUnaryOperator f) {
    return vector(
        like.type(), IntStream.range(0, n).mapToDouble(i -> f.applyAsDouble(i + 0.5)).toArray());
  }

  private static Value last(Value x) {
    return sum(x, false, x.shape().rank() - 1);
  }

  /** I0 − 1 is the mean of 2 sinh²(κ cos θ / 2), I1 that of cos θ sinh(κ cos θ): all positive. */
  private Value near(Value k) {
    Value cosine = nodes(k, ANGLES, i -> Math.cos(Math.PI / 2 * i / ANGLES));
    Value x = mul(unsqueeze(k, k.shape().rank()), cosine);
    Value half = mul(x, 0.5);
    Value up = exp(half);
    Value cosh = mul(add(up, div(1.0, up)), 0.5);
    Value sinh = mul(tanh(half), cosh);
    if (order == 0) {
      return SpecialFunctions.log1p(last(mul(square(sinh), 2.0 / ANGLES)));
    }
    return Ops.log(last(mul(mul(sinh, cosh), mul(cosine, 2.0 / ANGLES))));
  }

  private Value far(Value k) {
    Value squares = nodes(k, STEPS, i -> STEP * STEP * i * i);
    Value weights = nodes(k, STEPS, i -> STEP / Math.PI * Math.exp(-0.5 * STEP * STEP * i * i));
    Value share = div(mul(squares, 0.25), unsqueeze(k, k.shape().rank()));
    Value density = div(weights, sqrt(sub(1.0, share)));
    Value turned = order == 0 ? density : mul(density, sub(1.0, mul(share, 2.0)));
    return sub(Ops.log(last(turned)), mul(Ops.log(k), 0.5));
  }
}
