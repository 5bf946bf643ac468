package org.deepregression4j.engine.model;

import java.util.List;
import org.deepregression4j.onnx.graph.Shape;

/**
 * Where each weight stands in the two flat vectors of a model: what an optimiser trains, and the
 * state that training updates otherwise.
 *
 * @param rows p: rows of the coefficient matrix, with which the trained vector begins
 * @param columns q·r: its columns, predictor by predictor
 * @param coefficients the structured terms' places in the coefficient matrix
 * @param trained the networks' trained weights, in order behind the coefficient matrix
 * @param state what is not trained, in order
 */
public record WeightLayout(
    int rows,
    int columns,
    List<Coefficients> coefficients,
    List<Tensor> trained,
    List<Tensor> state) {
  /**
   * The coefficients of one term: rows {@code from} to {@code from + size} of the columns of its
   * predictor.
   *
   * @param predictor index of the predictor
   * @param term name of the term
   * @param labels one per coefficient
   * @param from first row
   * @param isTrainable false when they stay as they start
   */
  public record Coefficients(
      int predictor, String term, List<String> labels, int from, boolean isTrainable) {
    /** Number of coefficients per column of the predictor. */
    public int size() {
      return labels.size();
    }
  }

  /** One weight of a network at {@code offset} of its vector. */
  public record Tensor(String key, Shape shape, int offset) {
    /** Number of values. */
    public int size() {
      return (int) shape.size();
    }
  }

  /** Length of the trained vector. */
  public int trainedSize() {
    return rows * columns + trained.stream().mapToInt(Tensor::size).sum();
  }

  /** Length of the state vector. */
  public int stateSize() {
    return state.stream().mapToInt(Tensor::size).sum();
  }
}
