package org.deepregression4j.engine.term;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** One variable of a term as columns of numbers. */
public sealed interface Component {
  /**
   * The columns, (n, c).
   *
   * @throws TermException when a column is unknown or of another kind
   */
  Value columns(ColumnInputs columns);

  /** Names of the raw columns that it reads. */
  Set<String> columnsUsed();

  /** A number per row. */
  static Component numeric(Expression expression) {
    return new Numeric(expression);
  }

  /** A numeric column. */
  static Component numeric(String column) {
    return new Numeric(Expression.column(column));
  }

  /** A factor (or truth values: FALSE, TRUE) coded by contrasts, (K, c): row k for level k. */
  static Component factor(String column, Matrix contrasts) {
    return new Factor(column, contrasts);
  }

  /** The columns of a matrix. */
  static Component matrix(String column) {
    return new MatrixColumn(column);
  }

  /**
   * Arithmetic over numeric columns: (n, 1).
   *
   * @param expression what it computes
   */
  record Numeric(Expression expression) implements Component {
    @Override
    public Value columns(ColumnInputs columns) {
      Value value = expression.evaluate(columns);
      return value.shape().rank() == 0 ? columns.repeat(value) : value;
    }

    @Override
    public Set<String> columnsUsed() {
      return expression.columnsUsed();
    }
  }

  /**
   * A factor coded by contrasts: (n, c). A missing or unknown level gives NaN.
   *
   * @param column the factor, or truth values
   * @param contrasts (K, c), row k for level k
   */
  record Factor(String column, Matrix contrasts) implements Component {
    private static final int TABLE_LEVELS = 1000;

    @Override
    public Value columns(ColumnInputs columns) {
      return columns(columns, Double.NaN);
    }

    /** The columns, with {@code unknown} in the rows of an unknown level. */
    Value columns(ColumnInputs columns, double unknown) {
      int levels = columns.levels(column).size();
      if (levels != contrasts.rows()) {
        throw new TermException(
            column, "expected contrasts for " + levels + " levels, got " + contrasts);
      }
      int width = contrasts.columns();
      Optional<int[]> places = contrasts.places();
      if (width > TABLE_LEVELS && places.isPresent()) {
        return indicators(columns, places.get(), unknown);
      }
      double[] table = new double[(levels + 1) * width]; // row 0 is the unknown level
      Arrays.fill(table, 0, width, unknown);
      System.arraycopy(contrasts.toRowMajor(), 0, table, width, levels * width);
      Value rows = Ops.matrix(columns.precision(), table, levels + 1L, width);
      return Ops.gather(rows, columns.codes(column), 0);
    }

    /** Many levels: comparisons with the column's number, since a table would be their square. */
    private Value indicators(ColumnInputs columns, int[] places, double unknown) {
      Value codes = columns.codes(column);
      LongStream ofLevels = Arrays.stream(places).asLongStream();
      long[] ofCodes = LongStream.concat(LongStream.of(0), ofLevels).toArray();
      Value own = Ops.unsqueeze(Ops.gather(Ops.longs(ofCodes), codes, 0), 1);
      Value all = Ops.longs(LongStream.rangeClosed(1, contrasts.columns()).toArray());
      Value known = Ops.cast(Ops.equal(own, all), columns.precision());
      if (unknown == 0) {
        return known;
      }
      Value isUnknown = Ops.equal(Ops.unsqueeze(codes, 1), Ops.longScalar(0));
      return Ops.where(isUnknown, Ops.scalar(columns.precision(), unknown), known);
    }

    @Override
    public Set<String> columnsUsed() {
      return Set.of(column);
    }
  }

  /**
   * The columns of a matrix: (n, width).
   *
   * @param column the matrix
   */
  record MatrixColumn(String column) implements Component {
    @Override
    public Value columns(ColumnInputs columns) {
      return columns.numbers(column);
    }

    @Override
    public Set<String> columnsUsed() {
      return Set.of(column);
    }
  }
}
