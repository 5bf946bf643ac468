package org.deepregression4j.engine.layer;

import org.deepregression4j.onnx.graph.Value;

/** What a layer needs from the model that holds it. */
public interface LayerContext {
  /** The weight's value, of the spec's shape. */
  Value weight(WeightSpec spec);

  /** States what a weight that is not trained becomes after this batch. */
  void update(WeightSpec spec, Value next);

  /** True while training: dropout drops, batch normalisation uses the batch. */
  boolean isTraining();

  /** A seed for random numbers of one layer. */
  float seed(String owner);
}
