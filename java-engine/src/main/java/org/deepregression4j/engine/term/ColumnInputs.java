package org.deepregression4j.engine.term;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.onnx.graph.Attribute;
import org.deepregression4j.onnx.graph.Constant;
import org.deepregression4j.onnx.graph.Dim;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * The raw columns that terms read, as values of one graph: its inputs, or whatever stands for them
 * (gathered batches, encoded strings). Terms that read the same column share its preprocessing.
 * Bases lose digits in float32: evaluate them in float64 and cast the design.
 *
 * <p>Accepted values: numbers as float, int32, int64 or bool of shape (n) or (n, 1); factors as
 * int32 or int64 codes 1..K or as strings; matrices (n, width).
 */
public final class ColumnInputs {
  private static final int R_MISSING = Integer.MIN_VALUE;

  private final Map<String, Column> columns = new LinkedHashMap<>();
  private final ElementType precision;
  private final @Nullable Value rowsLike;
  private final Map<String, Value> prepared = new LinkedHashMap<>(); // memo: same key, same node

  /** A column with the value that holds it. */
  public record Column(ColumnSpec spec, Value value) {}

  /**
   * Names existing values.
   *
   * @param columns the columns by name
   * @param precision float64 or float32: the type in which terms are evaluated
   * @param rowsLike any value with n rows, for terms without columns; null takes the first column
   */
  public ColumnInputs(
      Map<String, Column> columns, ElementType precision, @Nullable Value rowsLike) {
    this.columns.putAll(columns);
    this.precision = precision;
    this.rowsLike = rowsLike;
    if (!precision.isFloat()) {
      throw new TermException("precision", "expected FLOAT64 or FLOAT32, got " + precision);
    }
  }

  /** Names existing values, evaluated in float64. */
  public ColumnInputs(Map<String, Column> columns) {
    this(columns, ElementType.FLOAT64, null);
  }

  /** Makes a graph input for every column; {@code rows} is the symbol of n. */
  public static ColumnInputs declare(List<ColumnSpec> specs, String rows, ElementType precision) {
    Map<String, Column> made = new LinkedHashMap<>();
    for (ColumnSpec spec : specs) {
      if (made.put(spec.name(), new Column(spec, spec.input(rows))) != null) {
        throw new TermException(spec.name(), "the column is declared twice");
      }
    }
    return new ColumnInputs(made, precision, null);
  }

  /** The values by column name, in order: the inputs of a graph when they were declared. */
  public Map<String, Value> values() {
    Map<String, Value> out = new LinkedHashMap<>();
    columns.forEach((name, column) -> out.put(name, column.value()));
    return out;
  }

  /** The type in which terms are evaluated. */
  public ElementType precision() {
    return precision;
  }

  /** The description of a column. */
  public ColumnSpec spec(String name) {
    return column(name).spec();
  }

  private Column column(String name) {
    Column column = columns.get(name);
    if (column == null) {
      throw new TermException(name, "no such column; known are " + columns.keySet());
    }
    return column;
  }

  /**
   * A column as numbers, missing values as NaN: (n, 1), or (n, width) for a matrix.
   *
   * @throws TermException when the column is unknown or a factor
   */
  public Value numbers(String name) {
    Column column = column(name);
    if (column.spec().kind() == ColumnSpec.Kind.FACTOR) {
      throw new TermException(name, "expected numbers, got a factor; arithmetic has no levels");
    }
    return prepared.computeIfAbsent("numbers " + name, k -> matrix(column, real(column.value())));
  }

  private Value real(Value value) {
    if (value.type() != ElementType.INT32) {
      return Ops.cast(value, precision);
    }
    Value missing = Ops.constant(Constant.copyOf(new int[] {R_MISSING}));
    Value nan = Ops.scalar(precision, Double.NaN);
    return Ops.where(Ops.equal(value, missing), nan, Ops.cast(value, precision));
  }

  private static Value matrix(Column column, Value value) {
    Value out = value.shape().rank() == 1 ? Ops.unsqueeze(value, 1) : value;
    int width = column.spec().width();
    if (out.shape().rank() != 2 || !out.shape().dim(1).equals(Dim.of(width))) {
      throw new TermException(
          column.spec().name(), "expected shape (n, " + width + "), got " + value.shape());
    }
    return out;
  }

  /**
   * The levels of a factor; FALSE and TRUE for truth values.
   *
   * @throws TermException when the column is unknown or neither
   */
  public List<String> levels(String name) {
    ColumnSpec spec = spec(name);
    return switch (spec.kind()) {
      case FACTOR -> spec.levels();
      case LOGICAL -> List.of("FALSE", "TRUE");
      default -> throw new TermException(name, "expected a factor, got " + spec.kind());
    };
  }

  /**
   * The codes of a factor or of truth values, (n) of 1..K, with 0 for a missing or unknown level.
   *
   * @throws TermException when the column is unknown or neither
   */
  public Value codes(String name) {
    int count = levels(name).size();
    return prepared.computeIfAbsent("codes " + name, k -> codes(column(name), count));
  }

  private static Value codes(Column column, int count) {
    Value value = column.value();
    value = value.shape().rank() == 1 ? value : Ops.squeeze(matrix(column, value), 1);
    if (value.type() == ElementType.STRING) {
      return Ops.encodeLabels(value, column.spec().levels());
    }
    Value codes = Ops.cast(value, ElementType.INT64);
    Value one = Ops.longScalar(1);
    Value zero = Ops.longScalar(0);
    if (column.spec().kind() == ColumnSpec.Kind.LOGICAL) {
      codes = Ops.add(codes, one);
    }
    Value isAbove = Ops.greater(codes, zero);
    Value isBelow = Ops.apply(Op.LESS_OR_EQUAL, codes, Ops.longScalar(count));
    return Ops.where(Ops.apply(Op.AND, isAbove, isBelow), codes, zero);
  }

  /**
   * A column of ones, (n, 1).
   *
   * @throws TermException when nothing here has rows
   */
  public Value ones() {
    return prepared.computeIfAbsent("ones", k -> repeat(Ops.scalar(precision, 1)));
  }

  /** A scalar or a single row, repeated for every row: (n, p). */
  Value repeat(Value row) {
    Value like = rowsLike;
    if (like == null) {
      like =
          columns.values().stream()
              .findFirst()
              .orElseThrow(() -> new TermException("(Intercept)", "no column tells the rows"))
              .value();
    }
    Value flat = Ops.reshape(row, 1, -1);
    Value n = Ops.gather(Ops.shapeOf(like), Ops.longs(0), 0);
    Dim width = flat.shape().dim(1);
    Value sizes = Ops.concat(List.of(n, Ops.longs(width.size())), 0);
    List<String> dims = List.of(like.shape().dim(0).toString(), width.toString());
    return Ops.node(Op.EXPAND, List.of(flat, sizes), Map.of("_dims", new Attribute.Texts(dims)));
  }
}
