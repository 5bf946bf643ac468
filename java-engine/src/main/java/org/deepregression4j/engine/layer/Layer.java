package org.deepregression4j.engine.layer;

import java.util.List;
import org.deepregression4j.onnx.graph.Value;

/** One layer of a network: an immutable description that writes itself into a graph. */
public interface Layer {
  /** Applies the layer to its inputs, each (n, width) or with more inner axes. */
  Value apply(List<Value> inputs, LayerContext context);

  /** The only input of a layer that takes one. */
  static Value only(String layer, List<Value> inputs) {
    if (inputs.size() != 1) {
      throw new IllegalArgumentException(layer + ": expected 1 input, got " + inputs.size());
    }
    return inputs.get(0);
  }
}
