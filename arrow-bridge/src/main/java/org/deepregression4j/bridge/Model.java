package org.deepregression4j.bridge;

import org.jspecify.annotations.Nullable;

/**
 * A model behind a handle. Mutable: a fit changes the weights. The facade closes it when R has
 * released it and no job uses it. Tables are valid during the call only.
 */
public interface Model extends AutoCloseable {
  /** JSON: parameters, columns, notes on external terms. */
  String describe();

  /** All weights, flat; the layout is that of {@link #describe}. */
  double[] weights();

  /** Replaces all weights; the length must be that of {@link #weights}. */
  void setWeights(double[] values);

  /**
   * Trains in place. Polls {@link Job#isCancelled} and then returns with usable weights; reports
   * {@link Progress} per epoch; keeps {@code "loss"} and {@code "val_loss"} per epoch in the job.
   *
   * @return JSON of how the fit ended
   */
  String fit(FitData data, String fitJson, Job job);

  /** Writes {@code what} of every row, column-major {@code (n, c)}; returns JSON. */
  String predict(Table table, String what, ResultVector out, Job job);

  /** Writes the log-density of every row, {@code (n)}; returns JSON. */
  String logDensity(Table table, Column response, ResultVector out, Job job);

  /**
   * What the rows say of the structured coefficients at the present weights; keeps {@code
   * "coefficients"}, {@code "vcov"}, {@code "vcov_frequentist"}, {@code "hessian"}, {@code
   * "penalty"}, {@code "edf"} and {@code "edf1"} in the job.
   *
   * @return JSON: spans, log_likelihood, rows, distance, conditional, notes
   */
  String inference(Table table, Column response, @Nullable Column weights, Job job);

  /** Writes the scoring model to a file; returns JSON of what was written. */
  String export(String path, String exportJson, Job job);

  @Override
  void close();
}
