package org.deepregression4j.engine.model;

import java.util.ArrayList;
import java.util.List;

/**
 * The weights as a user sees them: one flat vector of entries, each a row-major matrix in one
 * piece; terms first, then the networks' weights and state. Entries that share coefficients repeat
 * them.
 */
public final class WeightEntries {
  private final WeightLayout layout;
  private final int responseColumns;
  private final List<Entry> entries = new ArrayList<>();
  private final int size;

  /**
   * One weight.
   *
   * @param predictor index of the predictor; -1 for the weights of networks
   * @param name the term, or owner and name of a network's weight
   * @param labels one per row; empty for networks
   * @param rows rows
   * @param columns columns
   * @param offset where it begins
   * @param isTrainable whether an optimiser changes it
   */
  public record Entry(
      int predictor,
      String name,
      List<String> labels,
      int rows,
      int columns,
      int offset,
      boolean isTrainable) {
    /** Number of values. */
    public int size() {
      return rows * columns;
    }
  }

  /** The entries of a model. */
  public WeightEntries(ModelGraph graph) {
    this.layout = graph.layout();
    this.responseColumns = graph.definition().responseColumns();
    int at = 0;
    for (WeightLayout.Coefficients c : layout.coefficients()) {
      entries.add(
          new Entry(
              c.predictor(), c.term(), c.labels(), c.size(), responseColumns, at, c.isTrainable()));
      at += c.size() * responseColumns;
    }
    for (WeightLayout.Tensor tensor : layout.trained()) {
      entries.add(entry(tensor, at, true));
      at += tensor.size();
    }
    for (WeightLayout.Tensor tensor : layout.state()) {
      entries.add(entry(tensor, at, false));
      at += tensor.size();
    }
    this.size = at;
  }

  private static Entry entry(WeightLayout.Tensor tensor, int at, boolean isTrainable) {
    int columns = tensor.shape().rank() < 2 ? 1 : (int) tensor.shape().dim(-1).size();
    return new Entry(
        -1, tensor.key(), List.of(), tensor.size() / columns, columns, at, isTrainable);
  }

  /** The entries in order. */
  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** Length of the vector. */
  public int size() {
    return size;
  }

  /** The vector from the engine's two. */
  public double[] gather(double[] trained, double[] state) {
    double[] out = new double[size];
    copy(trained, state, out, true);
    return out;
  }

  /** Writes the vector into the engine's two. */
  public void scatter(double[] weights, double[] trained, double[] state) {
    if (weights.length != size) {
      throw new IllegalArgumentException(
          "weights: expected " + size + " numbers, got " + weights.length);
    }
    copy(trained, state, weights, false);
  }

  private void copy(double[] trained, double[] state, double[] flat, boolean isGather) {
    int at = 0;
    for (WeightLayout.Coefficients c : layout.coefficients()) {
      for (int i = 0; i < c.size(); i++, at += responseColumns) {
        int from = (c.from() + i) * layout.columns() + c.predictor() * responseColumns;
        move(trained, from, flat, at, responseColumns, isGather);
      }
    }
    int matrix = layout.rows() * layout.columns();
    int rest = trained.length - matrix;
    move(trained, matrix, flat, at, rest, isGather);
    move(state, 0, flat, at + rest, layout.stateSize(), isGather);
  }

  private static void move(
      double[] inner, int from, double[] flat, int at, int count, boolean isGather) {
    if (isGather) {
      System.arraycopy(inner, from, flat, at, count);
    } else {
      System.arraycopy(flat, at, inner, from, count);
    }
  }
}
