package org.deepregression4j.engine.term;

import java.util.Arrays;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * An immutable matrix of doubles, row-major: knots, bases, contrasts and penalties. Of a diagonal
 * matrix only the diagonal is kept, so that a factor may have many levels.
 */
public final class Matrix {
  private final int rows;
  private final int columns;
  private final boolean isDiagonal;

  /** The entries row by row, or those of the diagonal. */
  private final double[] values;

  private Matrix(int rows, int columns, double[] values) {
    this.rows = rows;
    this.columns = columns;
    this.isDiagonal = rows == columns && isZeroOffDiagonal(values, rows);
    this.values = isDiagonal ? diagonalOf(values, rows) : values;
  }

  private Matrix(double[] diagonal) {
    this.rows = diagonal.length;
    this.columns = diagonal.length;
    this.isDiagonal = true;
    this.values = diagonal;
  }

  private static boolean isZeroOffDiagonal(double[] values, int size) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] != 0 && i % (size + 1) != 0) {
        return false;
      }
    }
    return true;
  }

  private static double[] diagonalOf(double[] values, int size) {
    double[] out = new double[size];
    Arrays.setAll(out, i -> values[i * (size + 1)]);
    return out;
  }

  /** A square matrix with zeros outside its diagonal. */
  public static Matrix diagonal(double... values) {
    return new Matrix(values.clone());
  }

  /**
   * Copies values given row by row.
   *
   * @throws TermException when there are not rows · columns of them
   */
  public static Matrix copyOf(int rows, int columns, double... rowMajor) {
    if (rows < 0 || columns < 0 || (long) rows * columns != rowMajor.length) {
      throw new TermException(
          "matrix", "expected " + rows + " x " + columns + " values, got " + rowMajor.length);
    }
    return new Matrix(rows, columns, rowMajor.clone());
  }

  /** Copies values given column by column, as R and the model specification keep them. */
  public static Matrix fromColumnMajor(int rows, int columns, double... values) {
    return copyOf(columns, rows, values).transpose();
  }

  /** A matrix with one column. */
  public static Matrix vector(double... values) {
    return copyOf(values.length, 1, values);
  }

  /** The identity. */
  public static Matrix identity(int size) {
    double[] ones = new double[size];
    Arrays.fill(ones, 1);
    return new Matrix(ones);
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /** Number of columns. */
  public int columns() {
    return columns;
  }

  /** One entry. */
  public double get(int row, int column) {
    if (isDiagonal) {
      return row == column ? values[row] : 0;
    }
    return values[row * columns + column];
  }

  /** True for a square matrix with zeros outside its diagonal. */
  public boolean isDiagonal() {
    return isDiagonal;
  }

  /** True for the identity. */
  public boolean isIdentity() {
    return isDiagonal && Arrays.stream(values).allMatch(v -> v == 1);
  }

  /** A copy of the entries, row by row. */
  public double[] toRowMajor() {
    if (!isDiagonal) {
      return values.clone();
    }
    double[] out = new double[Math.multiplyExact(rows, columns)];
    for (int i = 0; i < rows; i++) {
      out[i * (columns + 1)] = values[i];
    }
    return out;
  }

  /** A copy for linear algebra. */
  public DMatrixRMaj toEjml() {
    return new DMatrixRMaj(rows, columns, true, toRowMajor());
  }

  /** A copy of what linear algebra made. */
  public static Matrix copyOf(DMatrixRMaj matrix) {
    int size = matrix.getNumElements();
    return new Matrix(matrix.numRows, matrix.numCols, Arrays.copyOf(matrix.data, size));
  }

  /** The transpose. */
  public Matrix transpose() {
    if (isDiagonal) {
      return this;
    }
    DMatrixRMaj out = new DMatrixRMaj(columns, rows);
    CommonOps_DDRM.transpose(toEjml(), out);
    return copyOf(out);
  }

  /**
   * The product with {@code other}.
   *
   * @throws TermException when the inner dimensions differ
   */
  public Matrix times(Matrix other) {
    if (columns != other.rows) {
      throw new TermException("matrix", this + " and " + other + " do not multiply");
    }
    DMatrixRMaj out = new DMatrixRMaj(rows, other.columns);
    CommonOps_DDRM.mult(toEjml(), other.toEjml(), out);
    return copyOf(out);
  }

  /** Every entry times a number. */
  public Matrix scaled(double factor) {
    double[] scaled = Arrays.stream(values).map(v -> v * factor).toArray();
    return isDiagonal ? new Matrix(scaled) : new Matrix(rows, columns, scaled);
  }

  /** Rows {@code from} (included) to {@code to} (excluded). */
  public Matrix slice(int from, int to) {
    double[] all = isDiagonal ? toRowMajor() : values;
    return new Matrix(to - from, columns, Arrays.copyOfRange(all, from * columns, to * columns));
  }

  /** A constant of a graph, (rows, columns). */
  public Value toConstant(ElementType type) {
    return Ops.matrix(type, isDiagonal ? toRowMajor() : values, rows, columns);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Matrix m
        && rows == m.rows
        && columns == m.columns
        && Arrays.equals(values, m.values);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * rows + columns) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "matrix(" + rows + ", " + columns + ")";
  }
}
