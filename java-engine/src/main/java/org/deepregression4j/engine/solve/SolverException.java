package org.deepregression4j.engine.solve;

/** A model or data for which there is no exact fit; the message names the term and the reason. */
public final class SolverException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** Says what was expected, what came and where. */
  public SolverException(String message) {
    super(message);
  }

  /** Of a likelihood that is not finite where the fit starts, nor with all coefficients zero. */
  static SolverException notFinite(String family) {
    return new SolverException(
        "the likelihood of family '"
            + family
            + "' is not finite at the starting values; is every response in its support?");
  }
}
