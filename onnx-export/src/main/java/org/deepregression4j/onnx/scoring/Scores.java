package org.deepregression4j.onnx.scoring;

import java.util.Arrays;
import java.util.List;
import org.deepregression4j.onnx.scoring.ScoringException.Code;

/**
 * Predicted distributions of n rows. The arrays are the result itself, made for this call, not
 * copies.
 */
public final class Scores {
  private final ModelSignature signature;
  private final int size;
  private final List<Block.Output> outputs;
  private final double[][][] values;

  /**
   * Room for the results of blocks.
   *
   * @param outputs those of every block that is to come
   */
  Scores(ModelSignature signature, List<Block.Output> outputs, int size) {
    this.signature = signature;
    this.size = size;
    this.outputs = outputs;
    this.values = new double[outputs.size()][][];
    Arrays.setAll(values, k -> new double[outputs.get(k).width()][size]);
  }

  /** Number of rows n. */
  public int size() {
    return size;
  }

  /** The names of the distribution's parameters. */
  public List<String> parameters() {
    return signature.parameters();
  }

  /**
   * One parameter of the distribution (n), on the response scale.
   *
   * @throws ScoringException when the family has no such parameter
   */
  public double[] parameter(String name) {
    return columns(ModelSignature.PARAMETERS)[parameterAt(name)];
  }

  /**
   * The linear predictor of one parameter (n).
   *
   * @throws ScoringException when the family has no such parameter, or the file no predictors
   */
  public double[] linearPredictor(String name) {
    return columns(ModelSignature.LINEAR_PREDICTORS)[parameterAt(name)];
  }

  private int parameterAt(String name) {
    int at = parameters().indexOf(name);
    if (at < 0) {
      throw unknown("no parameter '" + name + "', the model has " + parameters());
    }
    return at;
  }

  /**
   * The distributions' means (n).
   *
   * @throws ScoringException when the model was exported without, or there are several columns
   */
  public double[] mean() {
    return only(ModelSignature.MEAN, columns(ModelSignature.MEAN));
  }

  /** The means of one column (n) of a response of several, counted from 0. */
  public double[] mean(int column) {
    return column(ModelSignature.MEAN, columns(ModelSignature.MEAN), column);
  }

  /**
   * The distributions' standard deviations (n).
   *
   * @throws ScoringException when the model was exported without, or there are several columns
   */
  public double[] stddev() {
    return only(ModelSignature.STDDEV, columns(ModelSignature.STDDEV));
  }

  /** The standard deviations of one column (n) of a response of several, counted from 0. */
  public double[] stddev(int column) {
    return column(ModelSignature.STDDEV, columns(ModelSignature.STDDEV), column);
  }

  /**
   * The distributions' quantiles (n) of a level.
   *
   * @param level one of {@link ModelSignature#quantileLevels()}
   * @throws ScoringException when the model was exported without that level, or there are several
   *     columns
   */
  public double[] quantile(double level) {
    return only(ModelSignature.QUANTILE, quantiles(level));
  }

  /** The quantiles of one column (n) of a response of several, counted from 0. */
  public double[] quantile(double level, int column) {
    return column(ModelSignature.QUANTILE, quantiles(level), column);
  }

  private double[][] quantiles(double level) {
    double[][] all = columns(ModelSignature.QUANTILE);
    int at = signature.quantileLevels().indexOf(level);
    if (at < 0) {
      throw unknown(
          "no quantile of level " + level + ", the model has " + signature.quantileLevels());
    }
    int width = all.length / signature.quantileLevels().size();
    return Arrays.copyOfRange(all, at * width, (at + 1) * width);
  }

  /** True when means and standard deviations are both there. */
  public boolean hasMoments() {
    return signature.outputs().containsAll(List.of(ModelSignature.MEAN, ModelSignature.STDDEV));
  }

  /** All columns (n) of an output, in the order of the file. */
  double[][] columns(String output) {
    for (int k = 0; k < values.length; k++) {
      if (outputs.get(k).name().equals(output)) {
        return values[k];
      }
    }
    throw unknown(
        "the model was exported without the output '"
            + output
            + "', it has "
            + signature.outputs());
  }

  private static double[] only(String output, double[][] columns) {
    if (columns.length != 1) {
      throw unknown(
          "'" + output + "' has " + columns.length + " columns: ask for one of them, from 0 on");
    }
    return columns[0];
  }

  private static double[] column(String output, double[][] columns, int column) {
    if (column < 0 || column >= columns.length) {
      throw unknown(
          "no column " + column + " of '" + output + "', expected 0 to " + (columns.length - 1));
    }
    return columns[column];
  }

  private static ScoringException unknown(String message) {
    return new ScoringException(Code.UNKNOWN_OUTPUT, "", message);
  }

  /** Takes the rows of a block as rows {@code from} to {@code to}. */
  void take(Block block, int from, int to) {
    for (int k = 0; k < values.length; k++) {
      Block.Output output = block.outputs().get(k);
      int width = output.width();
      for (int c = 0; c < width; c++) {
        double[] target = values[k][c];
        for (int i = from; i < to; i++) {
          target[i] = output.values().get((i - from) * width + c);
        }
      }
    }
  }

  /** Repeats the first row, which is how a model without columns predicts. */
  void repeatFirst() {
    for (double[][] output : values) {
      for (double[] column : output) {
        Arrays.fill(column, column[0]);
      }
    }
  }
}
