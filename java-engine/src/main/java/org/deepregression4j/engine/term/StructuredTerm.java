package org.deepregression4j.engine.term;

import java.util.List;
import java.util.Optional;
import org.deepregression4j.onnx.graph.Value;

/** A term that is linear in its coefficients: design matrix (n, p) times w, with a penalty. */
public interface StructuredTerm extends Term {
  /** Names of the p columns; empty when nobody gave any. */
  List<String> labels();

  /**
   * The design matrix, (n, p), in the precision of the columns.
   *
   * @throws TermException when a column is unknown or of another kind, or shapes do not fit
   */
  Value design(ColumnInputs columns);

  /** What the loss adds for large or rough coefficients; empty for none. */
  default Optional<Penalty> penalty() {
    return Optional.empty();
  }

  /** What the loss adds for groups of coefficients that are not zero; empty for none. */
  default Optional<Sparsity> sparsity() {
    return Optional.empty();
  }

  /**
   * This term with another penalty in the place of its own.
   *
   * @throws TermException when the term has no penalty
   */
  default StructuredTerm withPenalty(Penalty other) {
    throw new TermException(name(), "has no penalty that could be replaced");
  }

  /** True when the design is added as it is, with the coefficient fixed at one. */
  default boolean isOffset() {
    return false;
  }
}
