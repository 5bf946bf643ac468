package org.deepregression4j.engine.term;

import java.util.Arrays;
import java.util.Set;
import org.deepregression4j.onnx.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * B-splines for a P-spline, (n, k) with k = knots - degree - 1; straight lines beyond the inner
 * knots (for degree 1 a constant on the right, where R's splineDesign gives no slope). Equals
 * mgcv's {@code bs = "ps"}. Source: Eilers and Marx (1996); de Boor's recursion.
 *
 * @param variable x
 * @param knots all knots, not decreasing, with {@code degree} of them outside on either side
 * @param degree of the polynomials, 3 for cubic ones
 */
public record PSpline(Expression variable, Matrix knots, int degree) implements Basis {
  /** Checks sizes. */
  public PSpline {
    if (degree < 0 || knots.columns() != 1 || knots.rows() < 2 * degree + 2) {
      throw new TermException(
          "ps", "expected 2 degree + 2 knots or more for degree " + degree + ", got " + knots);
    }
  }

  @Override
  public Value evaluate(ColumnInputs columns, @Nullable Matrix transform) {
    return polynomials().evaluate(Basis.variable(variable, columns), transform);
  }

  private PiecewisePolynomial polynomials() {
    double[] at = knots.toRowMajor();
    int intervals = at.length - 2 * degree - 1;
    int k = at.length - degree - 1;
    double[][] powers = new double[degree + 1][intervals * k];
    for (int j = 0; j < intervals; j++) {
      double[][] local = local(at, j + degree);
      for (int i = 0; i <= degree; i++) {
        for (int power = 0; power <= degree; power++) {
          powers[power][j * k + j + i] = local[i][power];
        }
      }
    }
    double[] inner = Arrays.copyOfRange(at, degree, at.length - degree);
    var result = new PiecewisePolynomial(inner, PiecewisePolynomial.tables(powers, intervals, k));
    return degree == 1 ? result.flatOnTheRight() : result;
  }

  /**
   * The degree + 1 B-splines that are not zero on [κ_i, κ_{i+1}), as polynomials of t = x - κ_i:
   * row r is B_{i - degree + r}, column d the coefficient of t^d.
   */
  private double[][] local(double[] at, int i) {
    double[][] splines = new double[degree + 1][degree + 1];
    splines[degree][0] = 1;
    for (int p = 1; p <= degree; p++) {
      for (int r = degree - p; r <= degree; r++) {
        int l = i - degree + r;
        double[] sum = new double[degree + 1];
        addRamp(sum, splines[r], at[i] - at[l], 1, at[l + p] - at[l]);
        if (r < degree) {
          double width = at[l + p + 1] - at[l + 1];
          addRamp(sum, splines[r + 1], at[l + p + 1] - at[i], -1, width);
        }
        splines[r] = sum;
      }
    }
    return splines;
  }

  /** Adds (start ± t) / width times a polynomial; knots that coincide add nothing. */
  private static void addRamp(
      double[] sum, double[] polynomial, double start, int sign, double width) {
    if (width == 0) {
      return;
    }
    for (int d = 0; d < sum.length; d++) {
      double shifted = d == 0 ? 0 : polynomial[d - 1];
      sum[d] += (start * polynomial[d] + sign * shifted) / width;
    }
  }

  @Override
  public Set<String> columnsUsed() {
    return variable.columnsUsed();
  }
}
