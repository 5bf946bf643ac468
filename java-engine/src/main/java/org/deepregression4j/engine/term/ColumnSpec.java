package org.deepregression4j.engine.term;

import java.util.List;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;

/**
 * A raw column of the data.
 *
 * @param name its name
 * @param kind what it holds
 * @param levels the levels of a factor, otherwise empty
 * @param width columns of a matrix, otherwise 1
 * @param external true for the columns of a term that the graph cannot evaluate itself
 */
public record ColumnSpec(String name, Kind kind, List<String> levels, int width, boolean external) {

  /** What a column holds and how it arrives: element type and rank of the graph's input. */
  public enum Kind {
    /** float64 (n); NaN is missing. */
    DOUBLE(ElementType.FLOAT64),
    /** int32 (n); the smallest int is missing, as in R. */
    INTEGER(ElementType.INT32),
    /** int32 (n) of 0 and 1; the smallest int is missing, as in R. */
    LOGICAL(ElementType.INT32),
    /** int32 (n) of codes 1..K; anything else is an unknown level. */
    FACTOR(ElementType.INT32),
    /** float64 (n, width); NaN is missing. */
    MATRIX(ElementType.FLOAT64);

    private final ElementType type;

    Kind(ElementType type) {
      this.type = type;
    }

    /** The element type of the raw column. */
    public ElementType type() {
      return type;
    }
  }

  /** Checks that levels and width belong to the kind. */
  public ColumnSpec {
    levels = List.copyOf(levels);
    if ((kind == Kind.FACTOR) == levels.isEmpty()) {
      throw new TermException(name, "factors have levels, other columns none; got " + levels);
    }
    if (width < 1 || (kind != Kind.MATRIX && width != 1)) {
      throw new TermException(name, "a " + kind + " column cannot have width " + width);
    }
  }

  /** A column of real numbers. */
  public static ColumnSpec real(String name) {
    return new ColumnSpec(name, Kind.DOUBLE, List.of(), 1, false);
  }

  /** A column of integers. */
  public static ColumnSpec integer(String name) {
    return new ColumnSpec(name, Kind.INTEGER, List.of(), 1, false);
  }

  /** A column of truth values. */
  public static ColumnSpec logical(String name) {
    return new ColumnSpec(name, Kind.LOGICAL, List.of(), 1, false);
  }

  /** A factor with its levels in the order of their codes. */
  public static ColumnSpec factor(String name, List<String> levels) {
    return new ColumnSpec(name, Kind.FACTOR, levels, 1, false);
  }

  /** A matrix of real numbers. */
  public static ColumnSpec matrix(String name, int width) {
    return new ColumnSpec(name, Kind.MATRIX, List.of(), width, false);
  }

  /** The ready design matrix of a term that the graph cannot evaluate itself. */
  public static ColumnSpec external(String name, int width) {
    return new ColumnSpec(name, Kind.MATRIX, List.of(), width, true);
  }

  /** The name of this column's input in the engine's own graphs: none of theirs, whatever it is. */
  public String inputName() {
    return "column:" + name;
  }

  /** A graph input for this column: (n), or (n, width) for a matrix; {@code rows} names n. */
  public Value input(String rows) {
    Shape shape = kind == Kind.MATRIX ? Shape.rows(rows, width) : Shape.rows(rows);
    return Ops.input(name, kind.type(), shape);
  }
}
