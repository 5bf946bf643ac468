package org.deepregression4j.engine.solve;

/** A listener ended a pass over the data; its sums are lost. */
final class PassCancelled extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PassCancelled() {
    super("cancelled in a pass over the data", null, false, false);
  }
}
