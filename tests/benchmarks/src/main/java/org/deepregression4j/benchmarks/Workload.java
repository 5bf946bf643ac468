package org.deepregression4j.benchmarks;

import java.util.SplittableRandom;
import org.deepregression4j.onnx.graph.ElementType;

/**
 * What is trained: a normal response whose location and log-scale are both linear in {@code
 * columns} columns, plus, when {@code isDeep}, a perceptron 30→64→32→2; Adam at its defaults, one
 * thread, rows drawn anew in every epoch.
 *
 * @param isDeep whether the perceptron is there
 * @param batch rows per step
 * @param type of all numbers
 * @param rows of the data
 */
record Workload(boolean isDeep, int batch, ElementType type, int rows) {
  /** 20 full batches of 1,024, or 640 of 32. */
  private static final int ROWS = 20_480;

  /** Columns that the perceptron sees. */
  static final int DEEP_COLUMNS = 30;

  Workload(boolean isDeep, int batch, ElementType type) {
    this(isDeep, batch, type, ROWS);
  }

  int columns() {
    return isDeep ? 60 : 100;
  }

  int steps() {
    return rows / batch;
  }

  String label() {
    return (isDeep ? "60 columns and MLP 30-64-32-2" : "100 columns to 2 parameters")
        + ", batch "
        + batch
        + ", "
        + type.name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * The same numbers for both sides: design (rows, columns), inputs (rows, 30), response (rows).
   */
  record Data(double[] design, double[] inputs, double[] response) {}

  Data data() {
    SplittableRandom random = new SplittableRandom(1);
    double[] design = normal(random, rows * columns());
    double[] inputs = normal(random, isDeep ? rows * DEEP_COLUMNS : 0);
    double[] response = normal(random, rows);
    return new Data(design, inputs, response);
  }

  private static double[] normal(SplittableRandom random, int size) {
    double[] out = new double[size];
    java.util.Arrays.setAll(out, i -> random.nextGaussian());
    return out;
  }
}
