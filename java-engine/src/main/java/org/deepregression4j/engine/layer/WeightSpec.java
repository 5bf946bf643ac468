package org.deepregression4j.engine.layer;

import org.deepregression4j.onnx.graph.Shape;

/**
 * A weight that a layer asks for.
 *
 * @param owner the layer's weights; the same owner and name mean the same weight
 * @param name such as {@code kernel} or {@code bias}
 * @param shape fixed
 * @param initializer how it starts
 * @param regularizer what it adds to the loss
 * @param isTrainable false for what training updates otherwise, such as moving averages
 */
public record WeightSpec(
    String owner,
    String name,
    Shape shape,
    Initializer initializer,
    Regularizer regularizer,
    boolean isTrainable) {
  /** Owner and name, unique in a model. */
  public String key() {
    return owner + "/" + name;
  }
}
