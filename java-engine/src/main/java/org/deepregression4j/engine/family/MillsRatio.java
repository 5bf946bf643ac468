package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.sum;
import static org.deepregression4j.onnx.graph.Ops.unsqueeze;
import static org.deepregression4j.onnx.graph.Ops.vector;

import java.util.stream.IntStream;
import org.deepregression4j.onnx.graph.Value;

/**
 * The tail of the standard normal over its density: the midpoint rule on ∫ z exp(−t²) / (2 t² + z²)
 * dt, which converges geometrically, and what its pole adds. All terms are positive. The nodes lie
 * along a last axis, since a table takes less time than a series of as many digits. Source: Matta
 * and Reichel (1971).
 */
final class MillsRatio {
  private static final double STEP = 0.5;

  /** exp(−t²) is 1e-17 at the first node that is left out. */
  private static final int STEPS = 12;

  /** From here on the pole adds nothing, and less than 1e-17 just before. */
  private static final double POLE = Math.sqrt(2) * Math.PI / STEP;

  private static final double AT_POLE = Math.exp((POLE * 0.5 - POLE) * POLE);

  private MillsRatio() {}

  /** exp(z² / 2) Φ(−z) for z ≥ 0, relative error 1e-15. */
  static Value of(Value z) {
    double[] t = IntStream.range(0, STEPS).mapToDouble(k -> (k + 0.5) * STEP).toArray();
    double[] poles = IntStream.range(0, STEPS).mapToDouble(k -> 2 * t[k] * t[k]).toArray();
    double[] weights =
        IntStream.range(0, STEPS)
            .mapToDouble(k -> Math.sqrt(2) * STEP / Math.PI * Math.exp(-t[k] * t[k]))
            .toArray();
    int axis = z.shape().rank();
    Value squares = add(unsqueeze(square(z), axis), vector(z.type(), poles));
    Value main = mul(z, sum(div(vector(z.type(), weights), squares), false, axis));
    Value m = min(z, scalar(z, POLE));
    Value below = sub(exp(mul(m, sub(mul(m, 0.5), POLE))), AT_POLE);
    return add(main, div(below, add(exp(mul(m, -POLE)), 1.0)));
  }
}
