package org.deepregression4j.engine.term;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.deepregression4j.onnx.graph.Dim;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * Functions of one variable that are polynomials between breaks and straight lines beyond them: the
 * common form of cubic regression splines and P-splines. On [b_j, b_{j+1}) column i is Σ_d
 * coefficients_d[j, i] (x - b_j)^d. A row costs one comparison per break, or their binary search
 * when there are many, and one look-up per power.
 */
final class PiecewisePolynomial {
  /** From here on halving the breaks takes less than comparing with each. */
  private static final int MANY_BREAKS = 64;

  private final double[] breaks;
  private final List<Matrix> tables; // per power: (intervals + 2, k), first and last are the lines

  /**
   * Extends polynomials by their tangents.
   *
   * @param breaks J + 1 increasing numbers
   * @param coefficients per power from 0 on, (J, k)
   */
  PiecewisePolynomial(double[] breaks, List<Matrix> coefficients) {
    this.breaks = breaks.clone();
    this.tables = new ArrayList<>();
    for (int power = 0; power < Math.max(2, coefficients.size()); power++) {
      tables.add(withLines(coefficients, power));
    }
  }

  private PiecewisePolynomial(List<Matrix> tables, double[] breaks) {
    this.breaks = breaks;
    this.tables = tables;
  }

  /**
   * Polynomials everywhere, the first one below the first break.
   *
   * @param breaks J + 1 increasing numbers
   * @param tables per power from 0 on, (J + 2, k); the first two rows are about the first break
   */
  static PiecewisePolynomial everywhere(double[] breaks, List<Matrix> tables) {
    return new PiecewisePolynomial(List.copyOf(tables), breaks.clone());
  }

  /**
   * The same functions plus polynomials of x.
   *
   * @param coefficients (M, k)
   * @param exponents (M), each below the number of tables
   */
  PiecewisePolynomial plus(Matrix coefficients, int[] exponents) {
    double[] origins = origins();
    int k = coefficients.columns();
    List<Matrix> out = new ArrayList<>();
    for (int power = 0; power < tables.size(); power++) {
      double[] table = tables.get(power).toRowMajor();
      for (int row = 0; row < origins.length; row++) {
        for (int term = 0; term < exponents.length; term++) {
          // x^e with x = origin + t has C(e, i) origin^(e - i) t^i.
          double factor = binomial(exponents[term], power, origins[row]);
          for (int i = 0; i < k; i++) {
            table[row * k + i] += factor * coefficients.get(term, i);
          }
        }
      }
      out.add(Matrix.copyOf(origins.length, k, table));
    }
    return new PiecewisePolynomial(out, breaks);
  }

  /** C(e, i) a^(e - i); 0 for i above e. */
  private static double binomial(int e, int i, double a) {
    double out = i > e ? 0 : Math.pow(a, e - i);
    for (int l = 1; l <= i; l++) {
      out *= (e - i + l) / (double) l;
    }
    return out;
  }

  /** The same functions, but constant beyond the last break. */
  PiecewisePolynomial flatOnTheRight() {
    Matrix slopes = tables.get(1);
    double[] flat = slopes.toRowMajor();
    Arrays.fill(flat, flat.length - slopes.columns(), flat.length, 0);
    List<Matrix> changed = new ArrayList<>(tables);
    changed.set(1, Matrix.copyOf(slopes.rows(), slopes.columns(), flat));
    return new PiecewisePolynomial(changed, breaks);
  }

  private Matrix withLines(List<Matrix> coefficients, int power) {
    int intervals = breaks.length - 1;
    int k = coefficients.get(0).columns();
    double[] table = new double[(intervals + 2) * k];
    if (power < coefficients.size()) {
      double[] inner = coefficients.get(power).toRowMajor();
      System.arraycopy(inner, 0, table, k, inner.length);
    }
    if (power < 2) {
      System.arraycopy(table, k, table, 0, k); // value and slope at the first break
      double h = breaks[intervals] - breaks[intervals - 1];
      for (int i = 0; i < k; i++) {
        table[(intervals + 1) * k + i] = derivative(coefficients, intervals - 1, i, h, power);
      }
    }
    return Matrix.copyOf(intervals + 2, k, table);
  }

  private static double derivative(List<Matrix> coefficients, int row, int i, double t, int order) {
    double sum = 0;
    for (int d = coefficients.size() - 1; d >= order; d--) { // order 0 or 1: value or slope
      double factor = order == 0 ? 1 : d;
      sum = sum * t + factor * coefficients.get(d).get(row, i);
    }
    return sum;
  }

  /** The functions at x, (n, 1), times the transform: (n, k) or (n, c). */
  Value evaluate(Value x, @Nullable Matrix transform) {
    ElementType type = x.type();
    Value interval = breaks.length < MANY_BREAKS ? compared(x) : searched(x);
    Value t =
        Ops.sub(x, Ops.gather(Ops.matrix(type, origins(), breaks.length + 1L, 1), interval, 0));
    int columns = Basis.fold(tables.get(0), transform).columns();
    Value spread = spread(t, columns);
    Value sum = null;
    for (int power = tables.size() - 1; power >= 0; power--) {
      Value table = Basis.fold(tables.get(power), transform).toConstant(type);
      Value row = Ops.gather(table, interval, 0);
      sum = sum == null ? row : Ops.add(Ops.mul(sum, spread), row);
    }
    return Objects.requireNonNull(sum);
  }

  /** t once per column, since products of equal shapes are several times faster. */
  private static Value spread(Value t, int columns) {
    double[] ones = new double[columns];
    Arrays.fill(ones, 1);
    return columns == 1 ? t : Ops.matMul(t, Ops.matrix(t.type(), ones, 1, columns));
  }

  /** How many breaks are not above x: (n), by comparing each with all rows, which lie across. */
  private Value compared(Value x) {
    Shape across = new Shape(List.of(Dim.of(1), x.shape().dim(0)));
    Value row = Ops.reshape(x, Ops.longs(1, -1), across);
    Value all = Ops.matrix(x.type(), breaks, breaks.length, 1);
    Value isRight = Ops.apply(Op.GREATER_OR_EQUAL, row, all);
    return Ops.sum(Ops.cast(isRight, ElementType.INT32), false, 0);
  }

  /** The same by binary search; a NaN has none below it. */
  private Value searched(Value x) {
    int half = Integer.highestOneBit(breaks.length);
    double[] padded = Arrays.copyOf(breaks, 2 * half);
    Arrays.fill(padded, breaks.length, padded.length, Double.POSITIVE_INFINITY);
    Value sorted = Ops.vector(x.type(), padded);
    Value flat = Ops.squeeze(x, 1);
    Value found = null;
    for (int step = half; step >= 1; step /= 2) {
      Value probe = found == null ? Ops.longs(step - 1) : Ops.add(found, Ops.longScalar(step - 1L));
      Value isRight = Ops.apply(Op.GREATER_OR_EQUAL, flat, Ops.gather(sorted, probe, 0));
      Value more = Ops.mul(Ops.cast(isRight, ElementType.INT64), Ops.longScalar(step));
      found = found == null ? more : Ops.add(found, more);
    }
    return Objects.requireNonNull(found);
  }

  private double[] origins() {
    double[] origins = new double[breaks.length + 1];
    origins[0] = breaks[0];
    System.arraycopy(breaks, 0, origins, 1, breaks.length);
    return origins;
  }

  /**
   * Cubic splines by values and second derivatives at their knots.
   *
   * @param knots J + 1 increasing numbers
   * @param second (k, k): second derivatives at the knots from values at the knots; k = J makes the
   *     last knot the first one again
   */
  static PiecewisePolynomial cubic(String name, double[] knots, Matrix second) {
    checkIncreasing(name, knots);
    int intervals = knots.length - 1;
    int k = second.rows();
    double[][] powers = new double[4][intervals * k];
    for (int j = 0; j < intervals; j++) {
      int next = (j + 1) % k;
      double h = knots[j + 1] - knots[j];
      for (int i = 0; i < k; i++) {
        double a = i == j ? 1 : 0;
        double b = i == next ? 1 : 0;
        double da = second.get(j, i);
        double db = second.get(next, i);
        int at = j * k + i;
        powers[0][at] = a;
        powers[1][at] = (b - a) / h - h * (2 * da + db) / 6;
        powers[2][at] = da / 2;
        powers[3][at] = (db - da) / (6 * h);
      }
    }
    return new PiecewisePolynomial(knots, tables(powers, intervals, k));
  }

  static List<Matrix> tables(double[][] powers, int intervals, int k) {
    return Arrays.stream(powers).map(values -> Matrix.copyOf(intervals, k, values)).toList();
  }

  private static void checkIncreasing(String name, double[] knots) {
    for (int i = 1; i < knots.length; i++) {
      if (!(knots[i] > knots[i - 1])) {
        throw new TermException(name, "expected increasing knots, got " + Arrays.toString(knots));
      }
    }
  }
}
