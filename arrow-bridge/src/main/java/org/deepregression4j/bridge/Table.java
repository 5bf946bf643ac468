package org.deepregression4j.bridge;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.bridge.BridgeException.ArgumentException;
import org.deepregression4j.bridge.BridgeException.ColumnException;

/**
 * Columns of equal length. Owns what {@code owner} frees: R's vectors are released when the table
 * is closed, and its columns must not be read after that. A job never sees a closed table: {@link
 * Handles} keeps what a job uses open until it ends.
 */
public final class Table implements AutoCloseable {
  private final long rows;
  private final Map<String, Column> columns = new LinkedHashMap<>();
  private final AutoCloseable owner;

  /**
   * Columns in order, and what frees their memory.
   *
   * @throws ColumnException when a name comes twice or a length differs from {@code rows}
   */
  public Table(long rows, List<Column> columns, AutoCloseable owner) {
    this.rows = rows;
    this.owner = owner;
    for (Column column : columns) {
      if (column.rows() != rows) {
        throw new ColumnException(
            column.name(),
            "column '" + column.name() + "': expected " + rows + " rows, got " + column.rows());
      }
      if (this.columns.put(column.name(), column) != null) {
        throw new ColumnException(
            column.name(), "column '" + column.name() + "': expected one of this name, got two");
      }
    }
  }

  /** Number of rows {@code n}. */
  public long rows() {
    return rows;
  }

  /** All columns, in order. */
  public List<Column> columns() {
    return List.copyOf(columns.values());
  }

  /** Whether a column of this name exists. */
  public boolean has(String name) {
    return columns.containsKey(name);
  }

  /**
   * The column of this name.
   *
   * @throws ColumnException when there is none
   */
  public Column column(String name) {
    Column found = columns.get(name);
    if (found == null) {
      throw new ColumnException(
          name, "column '" + name + "' is missing: the data have " + columns.keySet());
    }
    return found;
  }

  /** The only column, as a payload or a response has. */
  public Column only() {
    if (columns.size() != 1) {
      throw new ArgumentException("table", "expected one column, got " + columns.keySet());
    }
    return columns.values().iterator().next();
  }

  @Override
  public void close() throws Exception {
    owner.close();
  }
}
