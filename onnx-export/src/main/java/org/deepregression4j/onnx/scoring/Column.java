package org.deepregression4j.onnx.scoring;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A raw column that a model reads.
 *
 * @param name the user's name for it, any text
 * @param kind the type of its values
 * @param levels a factor's levels in the order of their codes; empty for other kinds
 * @param width number of values per row: that of a matrix, 1 for other kinds
 * @param isExternal true for a matrix or factor that stands for a term without in-graph form, which
 *     the caller has to compute
 */
public record Column(String name, Kind kind, List<String> levels, int width, boolean isExternal) {
  /** Types of columns, with the tensor that the exported graph takes for n rows. */
  public enum Kind {
    /** float64 (n). */
    DOUBLE,
    /** int32 (n). */
    INTEGER,
    /** bool (n). */
    LOGICAL,
    /** string (n), encoded in the graph; see {@link Column#graphLevels()}. */
    FACTOR,
    /** float64 (n, width). */
    MATRIX
  }

  /** Checks that levels, width and kind belong together. */
  public Column {
    levels = List.copyOf(levels);
    if ((kind == Kind.FACTOR) == levels.isEmpty()) {
      throw new IllegalArgumentException(
          "column '" + name + "': a factor has levels and nothing else has, got " + levels);
    }
    if (new HashSet<>(levels).size() != levels.size()) {
      throw new IllegalArgumentException("column '" + name + "': a level twice in " + levels);
    }
    if (width < 1 || (width > 1 && kind != Kind.MATRIX)) {
      throw new IllegalArgumentException("column '" + name + "': " + kind + " of width " + width);
    }
    if (isExternal && kind != Kind.MATRIX && kind != Kind.FACTOR) {
      throw new IllegalArgumentException(
          "column '" + name + "': an external column is a matrix or a factor, got " + kind);
    }
  }

  /** A column of one double, integer or logical per row. */
  public static Column of(String name, Kind kind) {
    return new Column(name, kind, List.of(), 1, false);
  }

  /** A factor, ordered factor or text column. */
  public static Column factor(String name, List<String> levels) {
    return new Column(name, Kind.FACTOR, levels, 1, false);
  }

  /** A matrix of the data. */
  public static Column matrix(String name, int width) {
    return new Column(name, Kind.MATRIX, List.of(), width, false);
  }

  /** A matrix that stands for a term without in-graph form; the name is the term's text. */
  public static Column external(String name, int width) {
    return new Column(name, Kind.MATRIX, List.of(), width, true);
  }

  /**
   * The name of the graph's input for this column: the column's own name where that is possible.
   * ONNX Runtime's Java API garbles characters beyond the basic plane and NUL, ONNX has no empty
   * names, and an input may not be called as an output; such names are escaped.
   *
   * @param taken names of outputs and other inputs
   */
  String inputName(Set<String> taken) {
    boolean isSafe = !name.isEmpty() && !taken.contains(name) && SignatureText.isPlain(name);
    return isSafe && !name.startsWith("column:") ? name : "column:" + SignatureText.escape(name);
  }

  /**
   * The strings that the graph encodes, one per level, in order: the levels themselves except where
   * ONNX Runtime's Java API would garble them.
   */
  public List<String> graphLevels() {
    return levels.stream().map(Column::graphLevel).toList();
  }

  private static String graphLevel(String level) {
    boolean isSafe = SignatureText.isPlain(level) && !level.startsWith("level:");
    return isSafe ? level : "level:" + SignatureText.escape(level);
  }

  /** The column's name and type, as messages show it. */
  @Override
  public String toString() {
    String type = kind.name().toLowerCase(Locale.ROOT);
    return "'" + name + "' (" + type + (kind == Kind.MATRIX ? " of width " + width : "") + ")";
  }
}
