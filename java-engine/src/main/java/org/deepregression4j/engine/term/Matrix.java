package org.deepregression4j.engine.term;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * An immutable matrix of doubles, row-major: knots, bases, contrasts and penalties. Of a diagonal
 * matrix only the diagonal is kept, and of indicators only their places, so that a factor may have
 * many levels.
 */
public final class Matrix {
  private final int rows;
  private final int columns;
  private final Form form;

  /** What the form says. */
  private final double[] values;

  /** What is kept. */
  private enum Form {
    /** All entries, row by row. */
    DENSE,
    /** Those of the diagonal. */
    DIAGONAL,
    /** Of each row the column, from 1, of its only entry, a one; 0 for a row of zeros. */
    INDICATORS
  }

  private Matrix(int rows, int columns, double[] values) {
    this.rows = rows;
    this.columns = columns;
    boolean isDiagonal = rows == columns && isZeroOffDiagonal(values, rows);
    this.form = isDiagonal ? Form.DIAGONAL : Form.DENSE;
    this.values = isDiagonal ? diagonalOf(values, rows) : values;
  }

  private Matrix(Form form, int rows, int columns, double[] values) {
    this.form = form;
    this.rows = rows;
    this.columns = columns;
    this.values = values;
  }

  private static Matrix ofDiagonal(double[] values) {
    return new Matrix(Form.DIAGONAL, values.length, values.length, values);
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
    return ofDiagonal(values.clone());
  }

  /**
   * A matrix with a single one, or none, in each row.
   *
   * @param columns their number
   * @param places of each row the column of its one, from 1; 0 for a row of zeros
   * @throws TermException for a place that is no column
   */
  public static Matrix indicators(int columns, int... places) {
    for (int place : places) {
      if (place < 0 || place > columns) {
        throw new TermException(
            "matrix", "expected places from 0 to " + columns + ", got " + place);
      }
    }
    double[] values = Arrays.stream(places).asDoubleStream().toArray();
    return new Matrix(Form.INDICATORS, places.length, columns, values);
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
    return ofDiagonal(ones);
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
    return switch (form) {
      case DENSE -> values[row * columns + column];
      case DIAGONAL -> row == column ? values[row] : 0;
      case INDICATORS -> values[row] == column + 1 ? 1 : 0;
    };
  }

  /** True for a square matrix with zeros outside its diagonal. */
  public boolean isDiagonal() {
    return form == Form.DIAGONAL;
  }

  /** True for the identity. */
  public boolean isIdentity() {
    return isDiagonal() && Arrays.stream(values).allMatch(v -> v == 1);
  }

  /** The places that {@link #indicators} took, where the matrix is known to have such rows. */
  public Optional<int[]> places() {
    if (isIdentity()) {
      return Optional.of(IntStream.rangeClosed(1, rows).toArray());
    }
    return form == Form.INDICATORS
        ? Optional.of(Arrays.stream(values).mapToInt(v -> (int) v).toArray())
        : Optional.empty();
  }

  /** A copy of the entries, row by row. */
  public double[] toRowMajor() {
    return form == Form.DENSE ? values.clone() : spread();
  }

  /** All entries, row by row; not to be changed. */
  private double[] entries() {
    return form == Form.DENSE ? values : spread();
  }

  private double[] spread() {
    double[] out = new double[Math.multiplyExact(rows, columns)];
    for (int i = 0; i < rows; i++) {
      if (form == Form.DIAGONAL) {
        out[i * (columns + 1)] = values[i];
      } else if (values[i] > 0) {
        out[i * columns + (int) values[i] - 1] = 1;
      }
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
    if (isDiagonal()) {
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
    double[] kept = isDiagonal() ? values : entries();
    double[] scaled = Arrays.stream(kept).map(v -> v * factor).toArray();
    return isDiagonal() ? ofDiagonal(scaled) : new Matrix(rows, columns, scaled);
  }

  /** Rows {@code from} (included) to {@code to} (excluded). */
  public Matrix slice(int from, int to) {
    double[] part = Arrays.copyOfRange(entries(), from * columns, to * columns);
    return new Matrix(to - from, columns, part);
  }

  /** A constant of a graph, (rows, columns). */
  public Value toConstant(ElementType type) {
    return Ops.matrix(type, entries(), rows, columns);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Matrix m
        && rows == m.rows
        && columns == m.columns
        && form == m.form
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
