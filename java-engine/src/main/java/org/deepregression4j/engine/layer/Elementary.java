package org.deepregression4j.engine.layer;

import java.util.List;
import org.deepregression4j.onnx.graph.Dim;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;

/** The layers without weights or randomness. */
public final class Elementary {
  private Elementary() {}

  /** An activation as a layer of its own. */
  public static Layer activation(Activation activation) {
    return (inputs, context) ->
        activation.apply(Layer.only("activation '" + activation.label() + "'", inputs));
  }

  /**
   * Inputs side by side along the last axis.
   *
   * @return a layer that refuses inputs that differ in another axis
   */
  public static Layer concatenate() {
    return (inputs, context) -> sideBySide(inputs);
  }

  private static Value sideBySide(List<Value> inputs) {
    Shape first = first("concatenate", inputs).shape();
    for (Value next : inputs) {
      if (first.rank() == 0 || !outer(next.shape()).equals(outer(first))) {
        throw new IllegalArgumentException(
            "concatenate: expected inputs that differ in the last axis alone, got "
                + inputs.stream().map(Value::shape).toList());
      }
    }
    return Ops.concat(inputs, first.rank() - 1);
  }

  private static List<Dim> outer(Shape shape) {
    return shape.dims().subList(0, Math.max(0, shape.rank() - 1));
  }

  private static Value first(String layer, List<Value> inputs) {
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException(layer + ": expected at least 1 input, got none");
    }
    return inputs.get(0);
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
    Value out = first("add", inputs);
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
