package org.deepregression4j.engine.solve;

/**
 * How an exact fit is made. Immutable; every default of the solver stands here.
 *
 * @param iterations the most Newton steps, at least 1; ten times as many where a step uses
 *     gradients only
 * @param tolerance the fit has converged within this many standard errors of the optimum, &gt; 0
 * @param select how smoothing parameters are chosen
 * @param memoryBudget bytes that the design matrices may take; above it they are evaluated anew in
 *     every pass over the data. 0 for as many as the data themselves, and 256 MB at least
 * @param threads that pass over the data, at least 1; 0 for as many as the work is worth
 */
public record SolverOptions(
    int iterations, double tolerance, Select select, long memoryBudget, int threads) {
  /** Where smoothing parameters come from. */
  public enum Select {
    /** As the model's penalties have them. */
    FIXED,
    /** Restricted maximum likelihood of the Laplace approximation, by Fellner-Schall updates. */
    REML,
    /** Least prediction error: generalised cross-validation, or Akaike's criterion. */
    GCV
  }

  /** The defaults. */
  public static final SolverOptions DEFAULT = new SolverOptions(200, 1e-7, Select.FIXED, 0, 0);

  /** Checks the domains. */
  public SolverOptions {
    require(iterations >= 1, "iterations: expected at least 1, got " + iterations);
    require(
        tolerance > 0 && Double.isFinite(tolerance),
        "tolerance: expected a positive number, got " + tolerance);
    require(memoryBudget >= 0, "memory_budget_mb: expected at least 0, got " + memoryBudget);
    require(threads >= 0, "threads: expected at least 0, got " + threads);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** These options with smoothing parameters chosen in another way. */
  public SolverOptions withSelect(Select how) {
    return new SolverOptions(iterations, tolerance, how, memoryBudget, threads);
  }

  /** These options with another number of iterations. */
  public SolverOptions withIterations(int most) {
    return new SolverOptions(most, tolerance, select, memoryBudget, threads);
  }

  /** These options with another tolerance, in standard errors. */
  public SolverOptions withTolerance(double standardErrors) {
    return new SolverOptions(iterations, standardErrors, select, memoryBudget, threads);
  }

  /** These options with another memory budget, in bytes. */
  public SolverOptions withMemoryBudget(long bytes) {
    return new SolverOptions(iterations, tolerance, select, bytes, threads);
  }

  /** These options with another number of threads. */
  public SolverOptions withThreads(int count) {
    return new SolverOptions(iterations, tolerance, select, memoryBudget, count);
  }
}
