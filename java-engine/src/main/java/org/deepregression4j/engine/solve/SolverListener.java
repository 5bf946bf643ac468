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
   * Called some times a second during a pass over the data.
   *
   * @param done blocks of rows that are done
   * @param blocks how many there are
   * @return false to stop; the coefficients stay as the last iteration left them
   */
  default boolean goesOnWithin(int done, int blocks) {
    return true;
  }

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
