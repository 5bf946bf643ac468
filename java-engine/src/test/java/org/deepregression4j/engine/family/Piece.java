package org.deepregression4j.engine.family;

/** What a family consists of: {@link FamilySweepTest} asks each of them of every family. */
public enum Piece {
  /** Log-densities that R computed, beside ours. */
  REFERENCE,
  /** The density integrates to one. */
  INTEGRAL,
  MEAN,
  STDDEV,
  MODE,
  ENTROPY,
  CDF,
  QUANTILE,
  SURVIVAL,
  CRPS,
  SAMPLE,
  /** First and second derivatives by the linear predictors. */
  DERIVATIVES,
  /** Finite values and derivatives at linear predictors of ±30. */
  BORDER,
  /** Starting values at which every response has a density. */
  START,
  /** Coefficients found again in a sample, by the exact solver. */
  RECOVERY,
  /** The same likelihood by Adam. */
  ADAM,
  /** A file that says what the model says. */
  EXPORT
}
