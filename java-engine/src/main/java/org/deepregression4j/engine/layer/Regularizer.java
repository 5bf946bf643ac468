package org.deepregression4j.engine.layer;

import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * A penalty l1·Σ|w| + l2·Σw² on a weight, added to the loss as it is. Source: Keras 2.
 *
 * @param l1 factor of the absolute values, at least 0
 * @param l2 factor of the squares, at least 0
 */
public record Regularizer(double l1, double l2) {
  /** No penalty. */
  public static final Regularizer NONE = new Regularizer(0, 0);

  /** Checks the factors. */
  public Regularizer {
    if (!(l1 >= 0 && l2 >= 0)) {
      throw new IllegalArgumentException(
          "regularizer: expected factors >= 0, got l1 = " + l1 + ", l2 = " + l2);
    }
  }

  /** True when it adds nothing. */
  public boolean isNone() {
    return l1 == 0 && l2 == 0;
  }

  /** The penalty, a scalar. */
  public Value of(Value weight) {
    Value absolute = Ops.mul(Ops.sumAll(Ops.abs(weight)), l1);
    Value squares = Ops.mul(Ops.sumAll(Ops.square(weight)), l2);
    return l2 == 0 ? absolute : l1 == 0 ? squares : Ops.add(absolute, squares);
  }
}
