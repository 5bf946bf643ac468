package org.deepregression4j.bridge;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.bridge.BridgeException.ColumnException;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;
import org.jspecify.annotations.Nullable;

/** Tables as the engine's data: numbers and codes are borrowed from R, nothing else is copied. */
final class EngineData {
  private EngineData() {}

  static double[] doubles(Column column) {
    double[] out = new double[Math.toIntExact(column.rows() * column.width())];
    column.buffer().asDoubleBuffer().get(out);
    return out;
  }

  /** The columns that a model asks for, checked against their specifications. */
  static Dataset dataset(Table table, List<ColumnSpec> specs) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (ColumnSpec spec : specs) {
      tensors.put(spec.name(), tensor(table.column(spec.name()), spec));
    }
    return new Dataset(table.rows(), tensors);
  }

  private static Tensor tensor(Column column, ColumnSpec spec) {
    return switch (spec.kind()) {
      case FACTOR -> codes(column, spec);
      case MATRIX -> {
        if (!column.kind().isFloat() || column.width() != spec.width()) {
          throw wrong(column, "a matrix of " + spec.width() + " columns");
        }
        yield Tensor.wrap(ElementType.FLOAT64, column.buffer(), column.rows(), column.width());
      }
      case DOUBLE -> real(column);
      case INTEGER, LOGICAL -> {
        if (column.kind() == Column.Kind.DOUBLE) {
          yield whole(column);
        }
        if (column.kind() != Column.Kind.INTEGER && column.kind() != Column.Kind.LOGICAL) {
          throw wrong(column, "a column of type " + spec.kind());
        }
        yield Tensor.wrap(ElementType.INT32, column.buffer(), column.rows());
      }
    };
  }

  private static ColumnException wrong(Column column, String expected) {
    return new ColumnException(
        column.name(),
        "column '"
            + column.name()
            + "': expected "
            + expected
            + ", got "
            + column.kind()
            + " of width "
            + column.width());
  }

  /** Integers serve where doubles were seen in training. */
  private static Tensor real(Column column) {
    if (column.kind() == Column.Kind.DOUBLE) {
      return Tensor.wrap(ElementType.FLOAT64, column.buffer(), column.rows());
    }
    if (column.kind() != Column.Kind.INTEGER && column.kind() != Column.Kind.LOGICAL) {
      throw wrong(column, "numbers");
    }
    Tensor out = Tensor.allocate(ElementType.FLOAT64, column.rows());
    for (long row = 0; row < column.rows(); row++) {
      out.buffer().putDouble((int) (row * Double.BYTES), column.value(row, 0));
    }
    return out;
  }

  /** Doubles serve where integers were seen in training, as far as they are whole. */
  private static Tensor whole(Column column) {
    double[] values = doubles(column);
    int[] out = new int[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = Double.isNaN(values[i]) ? Column.NA : (int) values[i];
      if (!Double.isNaN(values[i]) && out[i] != values[i]) {
        throw wrong(
            column, "whole numbers as in training (row " + (i + 1) + ": " + values[i] + ")");
      }
    }
    return Tensor.copyOf(out, out.length);
  }

  private static Tensor codes(Column column, ColumnSpec spec) {
    if (column.kind() == Column.Kind.DOUBLE || column.kind() == Column.Kind.MATRIX) {
      throw wrong(column, "a factor");
    }
    ByteBuffer values = column.buffer();
    if (column.levels().equals(spec.levels())) {
      return Tensor.wrap(ElementType.INT32, values, column.rows());
    }
    int[] known = column.levels().stream().mapToInt(l -> spec.levels().indexOf(l) + 1).toArray();
    int[] out = new int[(int) column.rows()];
    for (int i = 0; i < out.length; i++) {
      int code = values.getInt(i * Integer.BYTES);
      if (code != Column.NA && (code < 1 || code > known.length || known[code - 1] == 0)) {
        String level = code < 1 || code > known.length ? "" + code : column.levels().get(code - 1);
        throw new ColumnException(
            column.name(),
            "column '"
                + column.name()
                + "': level '"
                + level
                + "' was not seen in training, known"
                + " are "
                + spec.levels());
      }
      out[i] = code == Column.NA ? 0 : known[code - 1];
    }
    return Tensor.copyOf(out, out.length);
  }

  /** A response or weights as (n, width), borrowed when it is float64. */
  static Tensor matrix(Column column) {
    if (column.kind().isFloat()) {
      return Tensor.wrap(ElementType.FLOAT64, column.buffer(), column.rows(), column.width());
    }
    Tensor flat = real(column);
    return Tensor.wrap(
        ElementType.FLOAT64,
        flat.buffer().order(ByteOrder.nativeOrder()),
        column.rows(),
        column.width());
  }

  static TrainingData training(
      Table table, Column response, @Nullable Column weights, List<ColumnSpec> specs) {
    Dataset columns = dataset(table, specs);
    Tensor y = matrix(response);
    return weights == null
        ? TrainingData.of(columns, y)
        : new TrainingData(columns, y, matrix(weights));
  }
}
