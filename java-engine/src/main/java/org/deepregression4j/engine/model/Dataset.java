package org.deepregression4j.engine.model;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;

/**
 * Raw columns of equal length. Borrows the tensors: they must not change while it is used.
 *
 * @param rows n
 * @param columns by name: FLOAT64 (n) for doubles, INT32 (n) for integers, logicals and the codes
 *     1..K of factors, FLOAT64 (n, width) for matrices
 */
public record Dataset(long rows, Map<String, Tensor> columns) {
  /**
   * Copies the map.
   *
   * @throws IllegalArgumentException naming a column of another length
   */
  public Dataset {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    long n = rows;
    columns.forEach(
        (name, tensor) -> {
          if (tensor.sizes().length == 0 || tensor.sizes()[0] != n) {
            throw new IllegalArgumentException(
                "column '"
                    + name
                    + "': expected "
                    + n
                    + " rows, got "
                    + Arrays.toString(tensor.sizes()));
          }
        });
  }

  /** Rows {@code from} (included) to {@code to} (excluded), sharing memory. */
  public Dataset asRows(long from, long to) {
    Map<String, Tensor> part = new LinkedHashMap<>();
    columns.forEach((name, tensor) -> part.put(name, tensor.asRows(from, to)));
    return new Dataset(to - from, part);
  }

  /**
   * The columns that a model asks for.
   *
   * @throws IllegalArgumentException naming a missing column
   */
  public Map<String, Tensor> select(List<ColumnSpec> specs) {
    Map<String, Tensor> out = new LinkedHashMap<>();
    for (ColumnSpec spec : specs) {
      Tensor tensor = columns.get(spec.name());
      if (tensor == null) {
        throw new IllegalArgumentException(
            "column '" + spec.name() + "' is missing; the data has " + columns.keySet());
      }
      out.put(spec.name(), tensor);
    }
    return out;
  }

  /** Starts an empty set of {@code n} rows. */
  public static Builder builder(long n) {
    return new Builder(n);
  }

  /** Collects columns; mutable, for one thread. */
  public static final class Builder {
    private final long rows;
    private final Map<String, Tensor> columns = new LinkedHashMap<>();

    private Builder(long rows) {
      this.rows = rows;
    }

    /** A column of doubles, copied. */
    public Builder doubles(String name, double... values) {
      return column(name, Tensor.copyOf(ElementType.FLOAT64, values, values.length));
    }

    /** Integers, truth values as 0 and 1, or codes of a factor from 1; copied. */
    public Builder ints(String name, int... values) {
      return column(name, Tensor.copyOf(values, values.length));
    }

    /** A factor from its levels, copied; a level that is not listed gets the code 0. */
    public Builder factor(String name, List<String> levels, List<String> values) {
      return ints(name, values.stream().mapToInt(v -> levels.indexOf(v) + 1).toArray());
    }

    /** A row-major matrix, copied. */
    public Builder matrix(String name, double[] rowMajor, long width) {
      return column(name, Tensor.copyOf(ElementType.FLOAT64, rowMajor, rows, width));
    }

    /** A tensor, borrowed. */
    public Builder column(String name, Tensor tensor) {
      columns.put(name, tensor);
      return this;
    }

    /** The data set. */
    public Dataset build() {
      return new Dataset(rows, columns);
    }
  }
}
