package org.deepregression4j.engine.solve;

/** A model or data for which there is no exact fit; the message names the term and the reason. */
public final class SolverException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** Says what was expected, what came and where. */
  public SolverException(String message) {
    super(message);
  }
}
