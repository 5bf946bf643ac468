package org.deepregression4j.engine.solve;

import java.util.ArrayList;
import java.util.List;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.Structured;

/**
 * The free entries of the coefficient matrix W (p, q·r) as one vector: column by column (predictor,
 * then its columns), rows ascending. So the coefficients of a term are neighbours.
 */
public final class Unknowns {
  private final int columns;
  private final int predictorColumns;
  private final int[][] rows;
  private final int[] starts;
  private final int size;
  private final boolean isShiftInvariant;
  private final List<Span> spans;

  /**
   * A term's part of the vector.
   *
   * @param predictor index of the predictor j
   * @param parameter name of the predictor
   * @param term name of the term; of the first one where several share coefficients
   * @param predictorColumn c
   * @param from first place
   * @param size how many
   */
  public record Span(
      int predictor, String parameter, String term, int predictorColumn, int from, int size) {
    /** How messages call the term. */
    public String label() {
      return "'" + parameter + ": " + term + "'";
    }
  }

  /** The free entries of a model. */
  public Unknowns(ModelGraph model) {
    columns = model.layout().columns();
    predictorColumns = model.definition().predictorColumns();
    int q = columns / predictorColumns;
    double[] mask = model.structured().mask();
    rows = new int[q][];
    starts = new int[columns];
    int at = 0;
    for (int j = 0; j < q; j++) {
      rows[j] = freeRows(mask, j, model.layout().rows());
      for (int c = 0; c < predictorColumns; c++) {
        starts[j * predictorColumns + c] = at;
        at += rows[j].length;
      }
    }
    size = at;
    isShiftInvariant = model.definition().family().isShiftInvariant();
    spans = spans(model);
  }

  private int[] freeRows(double[] mask, int predictor, int height) {
    return java.util.stream.IntStream.range(0, height)
        .filter(i -> mask[i * columns + predictor * predictorColumns] != 0)
        .toArray();
  }

  private List<Span> spans(ModelGraph model) {
    List<Span> out = new ArrayList<>();
    for (Structured.Placed place : model.structured().placed()) {
      if (!place.isFirst() || !place.weighted().weights().isTrainable()) {
        continue;
      }
      String parameter = model.definition().predictors().get(place.predictor()).name();
      for (int c = 0; c < predictorColumns; c++) {
        int from = place(place.predictor(), c, place.from());
        out.add(new Span(place.predictor(), parameter, place.term().name(), c, from, place.size()));
      }
    }
    return List.copyOf(out);
  }

  /** Length of the vector. */
  public int size() {
    return size;
  }

  /** The terms' parts, in the order of the formulas. */
  public List<Span> spans() {
    return spans;
  }

  /** The rows of W that are free in one of its columns, ascending. */
  int[] rowsOf(int column) {
    return rows[column / predictorColumns];
  }

  /** Where the block of a column of W begins. */
  int start(int column) {
    return starts[column];
  }

  /** The place of the entry in a row of W that is free. */
  int place(int predictor, int predictorColumn, int row) {
    int index = java.util.Arrays.binarySearch(rows[predictor], row);
    if (index < 0) {
      throw new IllegalArgumentException("row " + row + " is not free in predictor " + predictor);
    }
    return starts[predictor * predictorColumns + predictorColumn] + index;
  }

  /**
   * What can be known of a direction: where a family does not see the same shift of all columns of
   * a predictor, their differences alone.
   */
  double[] identified(double[] direction) {
    double[] out = direction.clone();
    for (int j = 0; isShiftInvariant && j < rows.length; j++) {
      for (int i = 0; i < rows[j].length; i++) {
        double sum = 0;
        for (int c = 0; c < predictorColumns; c++) {
          sum += direction[starts[j * predictorColumns + c] + i];
        }
        for (int c = 0; c < predictorColumns; c++) {
          out[starts[j * predictorColumns + c] + i] -= sum / predictorColumns;
        }
      }
    }
    return out;
  }

  /** Where each unknown stands in a model's trained vector. */
  public int[] places() {
    int[] out = new int[size];
    for (int column = 0; column < columns; column++) {
      int[] free = rows[column / predictorColumns];
      for (int i = 0; i < free.length; i++) {
        out[starts[column] + i] = free[i] * columns + column;
      }
    }
    return out;
  }

  /** The unknowns of a trained vector, or of any vector laid out like W. */
  double[] take(double[] trained) {
    int[] places = places();
    double[] out = new double[size];
    java.util.Arrays.setAll(out, i -> trained[places[i]]);
    return out;
  }

  /** A copy of a trained vector with its unknowns replaced. */
  double[] put(double[] unknowns, double[] trained) {
    int[] places = places();
    double[] out = trained.clone();
    for (int i = 0; i < size; i++) {
      out[places[i]] = unknowns[i];
    }
    return out;
  }
}
