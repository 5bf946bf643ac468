package org.deepregression4j.engine.solve;

import org.deepregression4j.engine.model.ModelGraph;

/**
 * A fit to some of many rows, from which that to all of them starts. Far from the optimum few rows
 * say as well as all where to go, and Newton's method needs few steps from near it: the optimum is
 * the same, with fewer passes over the data.
 */
final class Pilot {
  /** All rows for each one that takes part. */
  private static final int SHARE = 32;

  private static final int LEAST_ROWS = 10_000;
  private static final int ROWS_PER_COEFFICIENT = 50;

  /** With fewer rows in all than so many pilots have, passes are cheap enough. */
  private static final int WORTH = 8;

  /** Standard errors, of the few rows, from their optimum: far below what it differs by. */
  private static final double TOLERANCE = 0.1;

  private Pilot() {}

  /**
   * Where to start from.
   *
   * @param model with or without deep terms
   * @param structured the same without them
   * @param start a trained vector, which is returned where a pilot is not worth its passes, finds
   *     no optimum, or cannot tell the start from one
   */
  static double[] start(
      ModelGraph model,
      ModelGraph structured,
      Likelihood likelihood,
      double[] start,
      SolverOptions options) {
    int k = new Unknowns(structured).size();
    long rows = Math.max(LEAST_ROWS, (long) ROWS_PER_COEFFICIENT * k);
    rows = Math.max(rows, likelihood.rows() / SHARE);
    if (rows * WORTH > likelihood.rows()) {
      return start;
    }
    SolverOptions rough = options.withSelect(SolverOptions.Select.FIXED).withTolerance(TOLERANCE);
    Likelihood some = likelihood.ofSome(rows);
    ExactSolver solver =
        new ExactSolver(model, structured, some, start, rough, SolverListener.NONE);
    try {
      return solver.approached();
    } catch (SolverException e) {
      return start;
    }
  }
}
