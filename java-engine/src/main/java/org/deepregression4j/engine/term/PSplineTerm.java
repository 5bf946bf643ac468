package org.deepregression4j.engine.term;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The usual P-spline of one column, for models that are written in Java. */
public final class PSplineTerm {
  private static final int DEGREE = 3;

  private PSplineTerm() {}

  /**
   * The term {@code s(column)}: cubic B-splines over equal intervals without their constant
   * (coefficients that sum to zero), and a penalty on second differences. Its λ is 1 until an exact
   * fit selects another. Straight lines go on beyond the ends. Source: Eilers and Marx (1996).
   *
   * @param low where the inner knots begin, such as the smallest value
   * @param high where they end, above {@code low}
   * @param functions number k of B-splines, at least 5; there are k − 1 coefficients
   * @param rows number n of rows that it will be fitted to: the penalty is scaled by 1/n
   * @throws TermException when an argument is outside its domain
   */
  public static SmoothTerm of(String column, double low, double high, int functions, long rows) {
    String label = "s(" + column + ")";
    boolean isInterval = low < high && Double.isFinite(high - low);
    if (!isInterval || functions < DEGREE + 2 || rows < 1) {
      throw new TermException(
          label,
          String.format(
              Locale.ROOT,
              "expected low < high, at least %d functions and a row, got [%s, %s], %d and %d",
              DEGREE + 2,
              low,
              high,
              functions,
              rows));
    }
    double width = (high - low) / (functions - DEGREE);
    double[] knots = new double[functions + DEGREE + 1];
    Arrays.setAll(knots, i -> low + (i - DEGREE) * width);
    Matrix free = sumsOfZero(functions);
    Matrix rough = secondDifferences(functions).times(free);
    Penalty penalty =
        new Penalty(List.of(rough.transpose().times(rough)), List.of(1.0), 1.0 / rows);
    PSpline basis = new PSpline(Expression.column(column), Matrix.vector(knots), DEGREE);
    return new SmoothTerm(label, List.of(), List.of(new Smooth(label, basis, free)), penalty);
  }

  /** (k − 2, k). */
  private static Matrix secondDifferences(int k) {
    double[] values = new double[(k - 2) * k];
    for (int i = 0; i < k - 2; i++) {
      values[i * k + i] = 1;
      values[i * k + i + 1] = -2;
      values[i * k + i + 2] = 1;
    }
    return Matrix.copyOf(k - 2, k, values);
  }

  /** Helmert's orthonormal basis of the vectors that sum to zero, (k, k − 1). */
  private static Matrix sumsOfZero(int k) {
    double[] values = new double[k * (k - 1)];
    for (int j = 0; j < k - 1; j++) {
      for (int i = 0; i <= j; i++) {
        values[i * (k - 1) + j] = 1 / Math.sqrt((j + 1.0) * (j + 2));
      }
      values[(j + 1) * (k - 1) + j] = -(j + 1) / Math.sqrt((j + 1.0) * (j + 2));
    }
    return Matrix.copyOf(k, k - 1, values);
  }
}
