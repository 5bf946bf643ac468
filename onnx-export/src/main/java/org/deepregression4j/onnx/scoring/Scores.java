package org.deepregression4j.onnx.scoring;

import java.util.Arrays;
import java.util.List;
import org.deepregression4j.onnx.scoring.ScoringException.Code;
import org.jspecify.annotations.Nullable;

/**
 * Predicted distributions of n rows. The arrays are the result itself, made for this call, not
 * copies.
 */
public final class Scores {
  private final List<String> parameters;
  private final int size;
  private final double[][] values;
  private final double @Nullable [] mean;
  private final double @Nullable [] stddev;

  Scores(ModelSignature signature, int size) {
    this.parameters = signature.parameters();
    this.size = size;
    this.values = new double[parameters.size()][size];
    this.mean = signature.outputs().contains(ModelSignature.MEAN) ? new double[size] : null;
    this.stddev = signature.outputs().contains(ModelSignature.STDDEV) ? new double[size] : null;
  }

  /** Number of rows n. */
  public int size() {
    return size;
  }

  /** The names of the distribution's parameters. */
  public List<String> parameters() {
    return parameters;
  }

  /**
   * One parameter of the distribution (n), on the response scale.
   *
   * @throws ScoringException when the family has no such parameter
   */
  public double[] parameter(String name) {
    int at = parameters.indexOf(name);
    if (at < 0) {
      throw new ScoringException(
          Code.UNKNOWN_OUTPUT, "", "no parameter '" + name + "', the model has " + parameters);
    }
    return values[at];
  }

  /**
   * The distributions' means (n).
   *
   * @throws ScoringException when the family has none in closed form
   */
  public double[] mean() {
    return require(mean, ModelSignature.MEAN);
  }

  /**
   * The distributions' standard deviations (n).
   *
   * @throws ScoringException when the family has none in closed form
   */
  public double[] stddev() {
    return require(stddev, ModelSignature.STDDEV);
  }

  /** True when {@link #mean()} and {@link #stddev()} are both there. */
  public boolean hasMoments() {
    return mean != null && stddev != null;
  }

  private static double[] require(double @Nullable [] values, String name) {
    if (values == null) {
      throw new ScoringException(
          Code.UNKNOWN_OUTPUT, "", "the model was exported without the output '" + name + "'");
    }
    return values;
  }

  /** Takes the rows of a block as rows {@code from} to {@code to}. */
  void take(Block block, int from, int to) {
    int q = parameters.size();
    for (int j = 0; j < q; j++) {
      double[] target = values[j];
      for (int i = from; i < to; i++) {
        target[i] = block.parameters().get((i - from) * q + j);
      }
    }
    if (mean != null) {
      block.mean().get(0, mean, from, to - from);
    }
    if (stddev != null) {
      block.stddev().get(0, stddev, from, to - from);
    }
  }

  /** Repeats the first row, which is how a model without columns predicts. */
  void repeatFirst() {
    for (double[] column : values) {
      Arrays.fill(column, column[0]);
    }
    if (mean != null) {
      Arrays.fill(mean, mean[0]);
    }
    if (stddev != null) {
      Arrays.fill(stddev, stddev[0]);
    }
  }
}
