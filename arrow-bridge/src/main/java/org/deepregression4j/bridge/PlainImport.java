package org.deepregression4j.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.deepregression4j.bridge.BridgeException.ArgumentException;
import org.deepregression4j.bridge.BridgeException.ColumnException;
import org.deepregression4j.bridge.Column.Kind;

/**
 * Makes a {@link Table} of plain arguments: for small data this is faster than Arrow, and it needs
 * no native memory of R (Renjin). Copies once, into direct buffers.
 *
 * <p>The columns come in the order of the JSON: {@code {"rows": n, "columns": [{"name", "kind",
 * "width"?, "levels"?}]}}, the kind in lower case. Numbers of all numeric columns stand one after
 * another, matrices column-major, integers and codes as doubles (NaN is NA); texts likewise.
 */
final class PlainImport {
  private final double[] values;
  private final String[] texts;
  private int nextValue;
  private int nextText;

  private PlainImport(double[] values, String[] texts) {
    this.values = values;
    this.texts = texts;
  }

  static Table read(String schemaJson, double[] values, String[] texts) {
    JsonNode schema = Json.parse("schema", schemaJson);
    int rows = schema.path("rows").asInt(-1);
    if (rows < 0) {
      throw new ArgumentException("schema", "schema: expected 'rows' >= 0, got " + schema);
    }
    PlainImport reader = new PlainImport(values, texts);
    List<Column> columns = new ArrayList<>();
    for (JsonNode column : schema.path("columns")) {
      columns.add(reader.column(column, rows));
    }
    if (reader.nextValue != values.length || reader.nextText != texts.length) {
      throw new ArgumentException(
          "values",
          "values: the schema says "
              + reader.nextValue
              + " numbers and "
              + reader.nextText
              + " texts, got "
              + values.length
              + " and "
              + texts.length);
    }
    return new Table(rows, columns, () -> {});
  }

  private Column column(JsonNode node, int rows) {
    String name = node.path("name").asText();
    Kind kind = kind(name, node.path("kind").asText());
    int width = kind == Kind.MATRIX ? node.path("width").asInt(1) : 1;
    List<String> levels = new ArrayList<>();
    node.path("levels").forEach(level -> levels.add(level.asText()));
    ByteBuffer data =
        ByteBuffer.allocateDirect(Math.multiplyExact(Math.multiplyExact(rows, width), kind.bytes()))
            .order(ByteOrder.nativeOrder());
    if (kind == Kind.STRING) {
      levels.addAll(fillTexts(name, data, rows));
    } else {
      fillNumbers(name, kind, data, rows, width);
    }
    return new Column(name, kind, Region.wrap(data), rows, width, levels);
  }

  private static Kind kind(String name, String text) {
    for (Kind kind : Kind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(text)) {
        return kind;
      }
    }
    throw new ColumnException(
        name,
        "column '"
            + name
            + "': expected a kind of "
            + Arrays.toString(Kind.values())
            + ", got '"
            + text
            + "'");
  }

  private List<String> fillTexts(String name, ByteBuffer data, int rows) {
    require(name, texts.length - nextText, rows);
    StringCodes codes = new StringCodes();
    for (int i = 0; i < rows; i++) {
      data.putInt(i * Integer.BYTES, codes.code(texts[nextText++]));
    }
    return codes.levels();
  }

  private void fillNumbers(String name, Kind kind, ByteBuffer data, int rows, int width) {
    require(name, values.length - nextValue, rows * width);
    for (int j = 0; j < width; j++) {
      for (int i = 0; i < rows; i++) {
        double value = values[nextValue++];
        if (kind.isFloat()) {
          // As a long: putDouble may quieten a NaN, and R tells NA from NaN by its bits.
          data.putLong((i * width + j) * Double.BYTES, Double.doubleToRawLongBits(value));
        } else {
          data.putInt(i * Integer.BYTES, Double.isNaN(value) ? Column.NA : (int) value);
        }
      }
    }
  }

  private static void require(String name, int left, int needed) {
    if (left < needed) {
      throw new ColumnException(
          name, "column '" + name + "': expected " + needed + " values, got " + left);
    }
  }
}
