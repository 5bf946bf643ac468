package org.deepregression4j.engine.term;

import java.util.Set;
import org.deepregression4j.onnx.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * Cubic regression spline by its values at knots, (n, k); straight lines beyond the knots. Equals
 * mgcv's {@code bs = "cr"} and {@code "cs"}. Source: Wood (2017), section 5.3.1.
 *
 * @param variable x
 * @param knots k increasing numbers
 * @param second F, (k, k): second derivatives at the knots from the values there
 */
public record CubicRegression(Expression variable, Matrix knots, Matrix second) implements Basis {
  /** Checks sizes. */
  public CubicRegression {
    int k = knots.rows();
    if (k < 2 || knots.columns() != 1 || second.rows() != k || second.columns() != k) {
      throw new TermException("cr", "expected k knots and F (k, k), got " + knots + ", " + second);
    }
  }

  @Override
  public Value evaluate(ColumnInputs columns, @Nullable Matrix transform) {
    Value x = Basis.variable(variable, columns);
    return PiecewisePolynomial.cubic("cr", knots.toRowMajor(), second).evaluate(x, transform);
  }

  @Override
  public Set<String> columnsUsed() {
    return variable.columnsUsed();
  }
}
