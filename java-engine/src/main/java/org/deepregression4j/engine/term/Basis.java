package org.deepregression4j.engine.term;

import java.util.List;
import java.util.Set;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * A basis of functions, evaluated in the graph. One class per basis; each equals {@code PredictMat}
 * of mgcv for the smooth class that it names, outside the range of the knots too.
 */
public interface Basis {
  /**
   * The basis at the rows of the data, (n, k), or (n, c) after a transform.
   *
   * @param columns the raw columns
   * @param transform (k, c), multiplied from the right, or null for none
   * @throws TermException when a column is unknown or of another kind, or shapes do not fit
   */
  Value evaluate(ColumnInputs columns, @Nullable Matrix transform);

  /** Names of the raw columns that it reads. */
  Set<String> columnsUsed();

  /** The basis itself. */
  default Value evaluate(ColumnInputs columns) {
    return evaluate(columns, null);
  }

  /** Constant coefficients (r, k), with the transform applied before the graph is made. */
  static Matrix fold(Matrix coefficients, @Nullable Matrix transform) {
    return transform == null ? coefficients : coefficients.times(transform);
  }

  /** A design (n, k), with the transform applied in the graph. */
  static Value apply(String name, Value design, @Nullable Matrix transform) {
    if (transform == null) {
      return design;
    }
    RowKronecker.checkWidth(name, design, transform.rows());
    return Ops.matMul(design, transform.toConstant(design.type()));
  }

  /** One variable as (n, 1). */
  static Value variable(Expression expression, ColumnInputs columns) {
    Value value = Component.numeric(expression).columns(columns);
    String name = String.join(", ", List.copyOf(expression.columnsUsed()));
    return RowKronecker.checkWidth(name, value, 1);
  }
}
