package org.deepregression4j.engine.model;

import java.util.List;
import org.deepregression4j.onnx.graph.Value;

/**
 * Rows of features in a graph, cut into what they are for; b is their number, lists are empty or
 * hold one value where nothing else is said.
 *
 * <p>Responses of one column lie across: (1, b) rather than (b, 1), since the runtime combines a
 * row with a number in one sweep, but a column element by element.
 *
 * @param design X (b, p)
 * @param offsets one row or column per predictor that has offsets
 * @param deep inputs of networks, (b, width) each
 * @param target in training the response, (1, b) or (b, m), and the rows' weights where they differ
 * @param isAcross whether offsets and target lie across
 */
public record Batch(
    List<Value> design,
    List<Value> offsets,
    List<Value> deep,
    List<Value> target,
    boolean isAcross) {
  /** The axis along which predictors stand side by side. */
  int axis() {
    return isAcross ? 0 : 1;
  }
}
