package org.deepregression4j.engine.layer;

import java.util.List;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** The layers without weights or randomness. */
public final class Elementary {
  private Elementary() {}

  /** An activation as a layer of its own. */
  public static Layer activation(Activation activation) {
    return (inputs, context) ->
        activation.apply(Layer.only("activation '" + activation.label() + "'", inputs));
  }

  /** Inputs side by side along the last axis. */
  public static Layer concatenate() {
    return (inputs, context) -> Ops.concat(inputs, inputs.get(0).shape().rank() - 1);
  }

  /**
   * Sum of inputs of equal shape.
   *
   * @return a layer that refuses inputs of different shapes
   */
  public static Layer add() {
    return (inputs, context) -> sum(inputs);
  }

  private static Value sum(List<Value> inputs) {
    Value out = inputs.get(0);
    for (Value next : inputs.subList(1, inputs.size())) {
      if (!next.shape().equals(out.shape())) {
        throw new IllegalArgumentException(
            "add: expected inputs of shape " + out.shape() + ", got " + next.shape());
      }
      out = Ops.add(out, next);
    }
    return out;
  }
}
