package org.deepregression4j.engine.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The weights as a user sees them: one flat vector of entries, each a row-major matrix in one
 * piece. Terms come first, then the networks' weights and state, then what orthogonalisation moved
 * from deep terms to structured ones. Entries that share coefficients repeat them.
 *
 * <p>Training knows the coefficients before the move; a user sees them after it.
 */
public final class WeightEntries {
  private final WeightLayout layout;
  private final List<Overlap> overlaps;
  private final int predictorColumns;
  private final List<Entry> entries = new ArrayList<>();
  private final int movedSize;
  private int size;

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
    this.overlaps = graph.overlaps();
    this.predictorColumns = graph.definition().predictorColumns();
    for (WeightLayout.Coefficients c : layout.coefficients()) {
      add(c.predictor(), c.term(), c.labels(), c.size(), predictorColumns, c.isTrainable());
    }
    layout.trained().forEach(tensor -> add(tensor, true));
    layout.state().forEach(tensor -> add(tensor, false));
    int moved = 0;
    for (Overlap overlap : overlaps) {
      String parameter = graph.definition().predictors().get(overlap.predictor()).name();
      for (WeightLayout.Coefficients c : overlap.terms()) {
        String name = "moved/" + parameter + "/" + overlap.deep() + "/" + c.term();
        add(-1, name, c.labels(), c.size(), predictorColumns, false);
        moved += c.size() * predictorColumns;
      }
    }
    this.movedSize = moved;
    for (Predictor predictor : graph.definition().predictors()) {
      for (Predictor.Weighted weighted : predictor.structured()) {
        int count = weighted.term().penalty().map(p -> p.lambdas().size()).orElse(0);
        if (count > 0) {
          String name = "lambda/" + predictor.name() + "/" + weighted.term().name();
          add(-1, name, List.of(), count, 1, false);
        }
      }
    }
  }

  private void add(WeightLayout.Tensor tensor, boolean isTrainable) {
    int columns = tensor.shape().rank() < 2 ? 1 : (int) tensor.shape().dim(-1).size();
    add(-1, tensor.key(), List.of(), tensor.size() / columns, columns, isTrainable);
  }

  private void add(
      int predictor, String name, List<String> labels, int rows, int columns, boolean isTrainable) {
    entries.add(new Entry(predictor, name, labels, rows, columns, size, isTrainable));
    size += rows * columns;
  }

  /** The entries in order. */
  public List<Entry> entries() {
    return List.copyOf(entries);
  }

  /** Length of the vector. */
  public int size() {
    return size;
  }

  /** Length of what orthogonalisation moves. */
  public int movedSize() {
    return movedSize;
  }

  /** The vector from what training knows, what was moved, and the smoothing parameters. */
  public double[] gather(double[] trained, double[] state, double[] moved, double[] lambdas) {
    double[] shown = shown(trained, moved);
    double[] out = new double[size];
    copy(shown, state, moved, out, true);
    System.arraycopy(lambdas, 0, out, size - lambdas.length, lambdas.length);
    return out;
  }

  /**
   * Writes the vector into what training knows and what was moved; its last values, the smoothing
   * parameters, are for the caller.
   *
   * @throws IllegalArgumentException when it has another length
   */
  public void scatter(double[] weights, double[] trained, double[] state, double[] moved) {
    if (weights.length != size) {
      throw new IllegalArgumentException(
          "weights: expected " + size + " numbers, got " + weights.length);
    }
    copy(trained, state, moved, weights, false);
    double[] before = withMoved(trained, moved, -1);
    System.arraycopy(before, 0, trained, 0, trained.length);
  }

  /** The trained vector with the coefficients after the move. */
  public double[] shown(double[] trained, double[] moved) {
    return withMoved(trained, moved, 1);
  }

  private double[] withMoved(double[] trained, double[] moved, double sign) {
    double[] out = trained.clone();
    int at = 0;
    for (Overlap overlap : overlaps) {
      for (WeightLayout.Coefficients c : overlap.terms()) {
        for (int i = 0; i < c.size(); i++) {
          for (int k = 0; k < predictorColumns; k++) {
            out[place(c, i) + k] += sign * moved[at++];
          }
        }
      }
    }
    return out;
  }

  /** What was moved from one deep term, row-major (overlap.size, r). */
  public double[] moved(Overlap overlap, double[] moved) {
    int at = 0;
    for (Overlap other : overlaps) {
      int length = other.size() * predictorColumns;
      if (other.equals(overlap)) {
        return Arrays.copyOfRange(moved, at, at + length);
      }
      at += length;
    }
    throw new IllegalArgumentException("no deep term '" + overlap.deep() + "' is orthogonal");
  }

  private int place(WeightLayout.Coefficients c, int row) {
    return (c.from() + row) * layout.columns() + c.predictor() * predictorColumns;
  }

  private void copy(
      double[] trained, double[] state, double[] moved, double[] flat, boolean isGather) {
    int at = 0;
    for (WeightLayout.Coefficients c : layout.coefficients()) {
      for (int i = 0; i < c.size(); i++, at += predictorColumns) {
        move(trained, place(c, i), flat, at, predictorColumns, isGather);
      }
    }
    int matrix = layout.rows() * layout.columns();
    int rest = trained.length - matrix;
    move(trained, matrix, flat, at, rest, isGather);
    move(state, 0, flat, at + rest, layout.stateSize(), isGather);
    move(moved, 0, flat, at + rest + layout.stateSize(), movedSize, isGather);
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
