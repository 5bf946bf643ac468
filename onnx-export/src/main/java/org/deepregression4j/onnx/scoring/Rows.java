package org.deepregression4j.onnx.scoring;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.onnx.scoring.ScoringException.Code;
import org.jspecify.annotations.Nullable;

/**
 * Raw columns of equal length. Borrows the arrays: they must not change while rows are scored.
 *
 * <pre>{@code
 * Rows rows = Rows.builder().doubles("age", age).strings("stories", stories).build();
 * }</pre>
 */
public final class Rows {
  /** What a column holds. */
  sealed interface Data {
    /** One number per row. */
    record Doubles(double[] values) implements Data {}

    /** One whole number per row. */
    record Ints(int[] values) implements Data {}

    /** One truth value per row. */
    record Booleans(boolean[] values) implements Data {}

    /** One text per row. */
    record Strings(String[] values) implements Data {}

    /** A row-major matrix. */
    record Matrix(double[] values, int width) implements Data {}
  }

  private final Map<String, Data> columns;
  private final int size;

  private Rows(Map<String, Data> columns, int size) {
    this.columns = columns;
    this.size = size;
  }

  /** Starts without columns. */
  public static Builder builder() {
    return new Builder();
  }

  /** Number of rows. */
  public int size() {
    return size;
  }

  /** The columns' names. */
  public Set<String> names() {
    return Set.copyOf(columns.keySet());
  }

  @Nullable Data data(String name) {
    return columns.get(name);
  }

  /** Collects columns; every one must have the length of the first. Mutable. */
  public static final class Builder {
    private final Map<String, Data> columns = new LinkedHashMap<>();
    private String first = "";
    private int size = -1;

    private Builder() {}

    /** Numbers (n), for a double column; NaN gives NaN predictions. */
    public Builder doubles(String name, double[] values) {
      requireArray(name, values);
      return add(name, new Data.Doubles(values), values.length);
    }

    /** Whole numbers (n), for an integer or double column. */
    public Builder ints(String name, int[] values) {
      requireArray(name, values);
      return add(name, new Data.Ints(values), values.length);
    }

    /** Truth values (n), for a logical column. */
    public Builder booleans(String name, boolean[] values) {
      requireArray(name, values);
      return add(name, new Data.Booleans(values), values.length);
    }

    /** Texts (n), for a factor, each one of its levels. */
    public Builder strings(String name, String[] values) {
      requireArray(name, values);
      return add(name, new Data.Strings(values), values.length);
    }

    /** A matrix (n, width), row-major, for a matrix column or an external term. */
    public Builder matrix(String name, double[] rowMajor, int width) {
      requireArray(name, rowMajor);
      if (width < 1 || rowMajor.length % width != 0) {
        throw new ScoringException(
            Code.WRONG_LENGTH,
            name,
            "column '"
                + name
                + "': "
                + rowMajor.length
                + " values are no matrix of width "
                + width);
      }
      return add(name, new Data.Matrix(rowMajor, width), rowMajor.length / width);
    }

    /** The number of rows, which a model without columns cannot tell otherwise. */
    public Builder size(int rows) {
      if (rows < 0) {
        throw new ScoringException(Code.WRONG_LENGTH, "", "expected 0 rows or more, got " + rows);
      }
      requireSize("", "the stated number of rows", rows);
      return this;
    }

    private Builder add(String name, Data data, int rows) {
      requireSize(name, "column '" + name + "'", rows);
      if (columns.putIfAbsent(name, data) != null) {
        throw new ScoringException(Code.WRONG_TYPE, name, "column '" + name + "' was given twice");
      }
      return this;
    }

    private void requireSize(String name, String what, int rows) {
      if (size >= 0 && rows != size) {
        throw new ScoringException(
            Code.WRONG_LENGTH,
            name,
            what + ": expected " + size + " rows as in " + first + ", got " + rows);
      }
      if (size < 0) {
        size = rows;
        first = what;
      }
    }

    private static void requireArray(String name, @Nullable Object values) {
      if (values == null) {
        throw new ScoringException(
            Code.MISSING_VALUE, name, "column '" + name + "': expected an array, got null");
      }
    }

    /** The rows. */
    public Rows build() {
      return new Rows(new LinkedHashMap<>(columns), Math.max(size, 0));
    }
  }
}
