package org.deepregression4j.bridge;

import java.nio.ByteBuffer;
import java.util.List;
import org.deepregression4j.bridge.BridgeException.ColumnException;

/**
 * One column of a {@link Table}. Borrows: valid until the table is closed.
 *
 * <p>Missing values are kept as R keeps them: {@code NA_real_} is a NaN whose low word is 1954,
 * {@link #NA} ({@code NA_integer_}) is the smallest int, also in logical columns and codes.
 *
 * @param name as the user wrote it
 * @param kind what the values mean
 * @param data {@code (rows, width)} row-major: float64 for {@code DOUBLE} and {@code MATRIX}, int32
 *     otherwise. R's own memory, except for {@code MATRIX} of width above 1 (R is column-major: one
 *     transposing copy) and {@code STRING} (codes made here)
 * @param rows number of rows {@code n}
 * @param width values per row: 1 unless the kind is {@code MATRIX}
 * @param levels what the codes 1..K mean; empty where there are no codes
 */
public record Column(
    String name, Kind kind, Region data, long rows, int width, List<String> levels) {

  /** {@code NA_integer_}. */
  public static final int NA = Integer.MIN_VALUE;

  /** What the values of a column mean. */
  public enum Kind {
    /** float64. */
    DOUBLE,
    /** int32. */
    INTEGER,
    /** int32: 0 or 1. */
    LOGICAL,
    /** int32 codes 1..K as R keeps them. */
    FACTOR,
    /** As {@code FACTOR}, levels in increasing order. */
    ORDERED,
    /** int32 codes 1..K, levels in order of first appearance. */
    STRING,
    /** float64 {@code (n, width)}, row-major. */
    MATRIX;

    /** Bytes per value. */
    public int bytes() {
      return isFloat() ? Double.BYTES : Integer.BYTES;
    }

    /** Whether values are float64; otherwise they are int32. */
    public boolean isFloat() {
      return this == DOUBLE || this == MATRIX;
    }
  }

  /** Keeps its own list of levels. */
  public Column {
    levels = List.copyOf(levels);
  }

  /** Bytes per row. */
  public long rowBytes() {
    return (long) width * kind.bytes();
  }

  /**
   * All values as one direct buffer, without a copy.
   *
   * @throws ColumnException above 2 GiB; ask for {@link #block blocks} of rows instead
   */
  public ByteBuffer buffer() {
    if (data.bytes() > Integer.MAX_VALUE) {
      throw new ColumnException(
          name,
          "column '" + name + "' has " + data.bytes() + " bytes: above 2 GiB read row blocks");
    }
    return data.block(0, data.bytes());
  }

  /** The values of some rows as a direct buffer, without a copy; at most 2 GiB. */
  public ByteBuffer block(long firstRow, long count) {
    return data.block(firstRow * rowBytes(), count * rowBytes());
  }

  /** The value of a row as a double; NA of any kind is NaN. For single values, not for loops. */
  public double value(long row, int of) {
    ByteBuffer values = block(row, 1);
    if (kind.isFloat()) {
      return values.getDouble(of * Double.BYTES);
    }
    int value = values.getInt(of * Integer.BYTES);
    return value == NA ? Double.NaN : value;
  }
}
