package org.deepregression4j.onnx.scoring;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.onnx.runtime.RowBlock;
import org.deepregression4j.onnx.runtime.RuntimeFailure;
import org.deepregression4j.onnx.scoring.ScoringException.Code;
import org.jspecify.annotations.Nullable;

/** Writes one column's values into the memory of a graph input, and refuses what does not fit. */
abstract class ColumnFeed {
  private static final int SHOWN_LEVELS = 20;

  final Column column;

  private ColumnFeed(Column column) {
    this.column = column;
  }

  /** The feed of a column, which the graph knows by {@code name}. */
  static ColumnFeed of(Column column, String name, RowBlock block) {
    return switch (column.kind()) {
      case DOUBLE -> new OfDoubles(column, block.doubles(name));
      case INTEGER -> new OfInts(column, block.ints(name));
      case LOGICAL -> new OfBooleans(column, block.booleans(name));
      case FACTOR -> new OfLevels(column, block.strings(name));
      case MATRIX -> matrix(column, name, block);
    };
  }

  private static ColumnFeed matrix(Column column, String name, RowBlock block) {
    int width = block.width(name);
    if (width != column.width()) {
      throw new RuntimeFailure("the graph takes a width of " + width + " for the column " + column);
    }
    return new OfMatrix(column, block.doubles(name));
  }

  /** Writes a value of the column into a row; false when its type does not fit. */
  abstract boolean put(int row, Object value);

  /** Writes rows {@code from} to {@code to} of the data; false when its type does not fit. */
  abstract boolean put(Rows.Data data, int from, int to);

  final void fill(Rows rows, int from, int to) {
    Rows.Data data = rows.data(column.name());
    if (data == null) {
      throw missing(rows.names());
    }
    if (!put(data, from, to)) {
      String came =
          data instanceof Rows.Data.Matrix m ? "matrix of width " + m.width() : typeOf(data);
      throw wrongType(came);
    }
  }

  final void fillOne(Map<String, ?> row) {
    Object value = row.get(column.name());
    if (value == null) {
      if (!row.containsKey(column.name())) {
        throw missing(row.keySet());
      }
      throw new ScoringException(
          Code.MISSING_VALUE, column.name(), "column " + column + ": the value is null");
    }
    if (!put(0, value)) {
      String came =
          value instanceof double[] m
              ? "double[" + m.length + "]"
              : value.getClass().getSimpleName();
      throw wrongType(came + (value instanceof Number ? " " + value : ""));
    }
  }

  private static String typeOf(Rows.Data data) {
    return data.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  private ScoringException missing(Set<String> given) {
    String external =
        column.isExternal() ? ", which stands for a term that the graph does not compute," : "";
    return new ScoringException(
        Code.MISSING_COLUMN,
        column.name(),
        "column " + column + external + " is missing, given are " + given);
  }

  private ScoringException wrongType(String came) {
    return new ScoringException(
        Code.WRONG_TYPE, column.name(), "column " + column + ": values do not fit, got " + came);
  }

  static ScoringException unknownLevel(Column column, String level, String where) {
    List<String> levels = column.levels();
    String shown =
        levels.size() <= SHOWN_LEVELS
            ? levels.toString()
            : levels.subList(0, SHOWN_LEVELS) + " and " + (levels.size() - SHOWN_LEVELS) + " more";
    return new ScoringException(
        Code.UNKNOWN_LEVEL,
        column.name(),
        "factor '"
            + column.name()
            + "'"
            + where
            + ": level '"
            + level
            + "' was never seen in training; levels are "
            + shown);
  }

  private static final class OfDoubles extends ColumnFeed {
    private final DoubleBuffer target;

    OfDoubles(Column column, DoubleBuffer target) {
      super(column);
      this.target = target;
    }

    @Override
    boolean put(int row, Object value) {
      if (value instanceof Number number) {
        target.put(row, number.doubleValue());
        return true;
      }
      return false;
    }

    @Override
    boolean put(Rows.Data data, int from, int to) {
      if (data instanceof Rows.Data.Doubles d) {
        target.put(0, d.values(), from, to - from);
        return true;
      }
      if (data instanceof Rows.Data.Ints d) {
        for (int i = from; i < to; i++) {
          target.put(i - from, d.values()[i]);
        }
        return true;
      }
      return false;
    }
  }

  private static final class OfInts extends ColumnFeed {
    private final IntBuffer target;

    OfInts(Column column, IntBuffer target) {
      super(column);
      this.target = target;
    }

    @Override
    boolean put(int row, Object value) {
      boolean isWhole =
          value instanceof Integer
              || value instanceof Short
              || value instanceof Byte
              || (value instanceof Long wide && wide == wide.intValue());
      if (isWhole) {
        target.put(row, ((Number) value).intValue());
      }
      return isWhole;
    }

    @Override
    boolean put(Rows.Data data, int from, int to) {
      if (data instanceof Rows.Data.Ints d) {
        target.put(0, d.values(), from, to - from);
        return true;
      }
      return false;
    }
  }

  private static final class OfBooleans extends ColumnFeed {
    private final ByteBuffer target;

    OfBooleans(Column column, ByteBuffer target) {
      super(column);
      this.target = target;
    }

    @Override
    boolean put(int row, Object value) {
      if (value instanceof Boolean truth) {
        target.put(row, (byte) (truth ? 1 : 0));
        return true;
      }
      return false;
    }

    @Override
    boolean put(Rows.Data data, int from, int to) {
      if (data instanceof Rows.Data.Booleans d) {
        for (int i = from; i < to; i++) {
          target.put(i - from, (byte) (d.values()[i] ? 1 : 0));
        }
        return true;
      }
      return false;
    }
  }

  private static final class OfMatrix extends ColumnFeed {
    private final DoubleBuffer target;

    OfMatrix(Column column, DoubleBuffer target) {
      super(column);
      this.target = target;
    }

    @Override
    boolean put(int row, Object value) {
      if (value instanceof double[] values && values.length == column.width()) {
        target.put(row * column.width(), values);
        return true;
      }
      return false;
    }

    @Override
    boolean put(Rows.Data data, int from, int to) {
      int width = column.width();
      if (data instanceof Rows.Data.Matrix d && d.width() == width) {
        target.put(0, d.values(), from * width, (to - from) * width);
        return true;
      }
      return false;
    }
  }

  private static final class OfLevels extends ColumnFeed {
    private final String[] target;
    private final Map<String, String> graphLevels = new HashMap<>();

    OfLevels(Column column, String[] target) {
      super(column);
      this.target = target;
      List<String> inGraph = column.graphLevels();
      for (int k = 0; k < inGraph.size(); k++) {
        graphLevels.put(column.levels().get(k), inGraph.get(k));
      }
    }

    @Override
    boolean put(int row, Object value) {
      if (value instanceof String text) {
        target[row] = level(text, "");
        return true;
      }
      return false;
    }

    @Override
    boolean put(Rows.Data data, int from, int to) {
      if (data instanceof Rows.Data.Strings d) {
        for (int i = from; i < to; i++) {
          String known = graphLevels.get(d.values()[i]);
          target[i - from] = known != null ? known : level(d.values()[i], ", row " + (i + 1));
        }
        return true;
      }
      return false;
    }

    private String level(@Nullable String text, String where) {
      String known = text == null ? null : graphLevels.get(text);
      if (known != null) {
        return known;
      }
      if (text == null) {
        throw new ScoringException(
            Code.MISSING_VALUE,
            column.name(),
            "factor '" + column.name() + "'" + where + ": null, expected a level");
      }
      throw unknownLevel(column, text, where);
    }
  }
}
