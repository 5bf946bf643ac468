package org.deepregression4j.engine.solve;

import java.util.List;
import org.deepregression4j.engine.family.Family;

/** A model or data for which there is no exact fit; the message names the term and the reason. */
public final class SolverException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** Says what was expected, what came and where. */
  public SolverException(String message) {
    super(message);
  }

  /** Of a likelihood that is not finite where the fit starts, nor with all coefficients zero. */
  static SolverException notFinite(Family family) {
    List<String> names = family.parameters().stream().map(p -> "'" + p.name() + "'").toList();
    String bounds =
        family.hasMovingSupport()
            ? ", which " + String.join(" and ", names) + " bound, in that order"
            : "";
    return new SolverException(
        "the likelihood of family '"
            + family.name()
            + "' is not finite at the starting values; is every response in its support"
            + bounds
            + "?");
  }
}
