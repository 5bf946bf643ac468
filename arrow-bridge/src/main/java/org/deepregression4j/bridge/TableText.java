package org.deepregression4j.bridge;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.Locale;

/** Diagnostics: says what a table holds, and gives its values back to R. */
final class TableText {
  private static final int CHUNK = 1 << 16;

  /** The bits of R's NA_real_: a NaN whose low word is 1954. */
  private static final double NA_REAL = Double.longBitsToDouble(0x7FF00000000007A2L);

  private TableText() {}

  static String describe(Table table) {
    ObjectNode node = Json.object().put("rows", table.rows());
    ArrayNode columns = node.putArray("columns");
    for (Column column : table.columns()) {
      ObjectNode entry = columns.addObject().put("name", column.name());
      entry.put("kind", column.kind().name().toLowerCase(Locale.ROOT)).put("width", column.width());
      ArrayNode levels = entry.putArray("levels");
      column.levels().forEach(levels::add);
    }
    return node.toString();
  }

  /** Writes a column as doubles, column-major, NA as R's. */
  static String copy(Column column, ResultVector out, Job job) {
    long rows = column.rows();
    out.requireLength(rows * column.width(), "column '" + column.name() + "'");
    int step = Math.max(1, CHUNK / column.width());
    for (long row = 0; row < rows; row += step) {
      job.checkCancelled();
      int count = (int) Math.min(step, rows - row);
      ByteBuffer block = column.block(row, count);
      for (int j = 0; j < column.width(); j++) {
        out.write(j * rows + row, part(column, block, count, j));
      }
      job.report(Progress.of("row " + (row + count) + " of " + rows));
    }
    return Json.object().put("rows", rows).put("width", column.width()).toString();
  }

  private static double[] part(Column column, ByteBuffer block, int count, int of) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      int at = (i * column.width() + of) * column.kind().bytes();
      if (column.kind().isFloat()) {
        values[i] = block.getDouble(at);
      } else {
        int value = block.getInt(at);
        values[i] = value == Column.NA ? NA_REAL : value;
      }
    }
    return values;
  }
}
