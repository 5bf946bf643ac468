package org.deepregression4j.engine.solve;

/** Watches an exact fit and may end it. Called on the thread that solves, after each iteration. */
public interface SolverListener {
  /** Watches nothing. */
  SolverListener NONE = progress -> true;

  /**
   * Called after an iteration.
   *
   * @return false to stop; the coefficients stay as they are now
   */
  boolean goesOn(Progress progress);

  /**
   * How far the fit is.
   *
   * @param iteration 1-based
   * @param iterations the most there will be
   * @param objective the penalised mean negative log-likelihood
   * @param distance to the optimum in standard errors, as the last step predicted it
   */
  record Progress(int iteration, int iterations, double objective, double distance) {}
}
