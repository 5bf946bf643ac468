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
 */
record Workload(boolean isDeep, int batch, ElementType type) {
  /** Rows of the data: 20 full batches of 1,024, 640 of 32. */
  static final int ROWS = 20_480;

  /** Columns that the perceptron sees. */
  static final int DEEP_COLUMNS = 30;

  int columns() {
    return isDeep ? 60 : 100;
  }

  int steps() {
    return ROWS / batch;
  }

  String label() {
    return (isDeep ? "60 columns and MLP 30-64-32-2" : "100 columns to 2 parameters")
        + ", batch "
        + batch
        + ", "
        + type.name().toLowerCase(java.util.Locale.ROOT);
  }

  /** The same numbers for both sides: design (ROWS, columns), inputs (ROWS, 30), response (ROWS). */
  record Data(double[] design, double[] inputs, double[] response) {}

  Data data() {
    SplittableRandom random = new SplittableRandom(1);
    double[] design = normal(random, ROWS * columns());
    double[] inputs = normal(random, ROWS * DEEP_COLUMNS);
    double[] response = normal(random, ROWS);
    return new Data(design, inputs, response);
  }

  private static double[] normal(SplittableRandom random, int size) {
    double[] out = new double[size];
    java.util.Arrays.setAll(out, i -> random.nextGaussian());
    return out;
  }
}
