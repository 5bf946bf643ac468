package org.deepregression4j.bridge;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.c.ArrowArray;
import org.apache.arrow.c.ArrowSchema;
import org.apache.arrow.c.CDataDictionaryProvider;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.deepregression4j.bridge.BridgeException.ColumnException;
import org.deepregression4j.bridge.Column.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link Table} of a struct array that R exported through the Arrow C Data Interface.
 *
 * <ul>
 *   <li>float64 and int32: R's memory, without validity bitmaps (NA is R's own);
 *   <li>int32 with the metadata {@value #KIND} = {@code logical}: R's logical vectors;
 *   <li>int32 with a dictionary: factors. Entry 0 of the dictionary is a placeholder, so that R's
 *       1-based codes are indices as they are;
 *   <li>utf8: character vectors, turned into codes here;
 *   <li>fixed-size list of float64: matrices. The child holds R's column-major memory (metadata
 *       {@value #LAYOUT}), which is transposed here, once.
 * </ul>
 */
final class ArrowImport {
  static final String KIND = "deepregression4j.kind";
  static final String LAYOUT = "deepregression4j.layout";
  private static final int TILE = 32;

  private final BufferAllocator allocator;
  private final CDataDictionaryProvider dictionaries = new CDataDictionaryProvider();
  private final List<AutoCloseable> owned = new ArrayList<>();

  private ArrowImport(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  /** Takes over array and schema; the memory behind them is released when the table is closed. */
  static Table read(BufferAllocator allocator, long array, long schema) throws Exception {
    ArrowImport reader = new ArrowImport(allocator);
    try {
      return reader.table(ArrowArray.wrap(array), ArrowSchema.wrap(schema));
    } catch (Throwable thrown) {
      reader.close();
      throw thrown;
    }
  }

  private Table table(ArrowArray array, ArrowSchema schema) {
    owned.add(dictionaries);
    VectorSchemaRoot root = Data.importVectorSchemaRoot(allocator, array, schema, dictionaries);
    owned.add(root);
    List<Column> columns = new ArrayList<>();
    for (FieldVector vector : root.getFieldVectors()) {
      columns.add(column(vector));
    }
    return new Table(root.getRowCount(), columns, this::close);
  }

  private Column column(FieldVector vector) {
    String name = vector.getField().getName();
    if (vector instanceof VarCharVector text) {
      return strings(name, text);
    }
    if (vector.getNullCount() > 0) {
      throw new ColumnException(
          name, "column '" + name + "': expected NA as R keeps it, got a validity bitmap");
    }
    if (vector instanceof FixedSizeListVector list) {
      return matrix(name, list);
    }
    if (vector instanceof Float8Vector || vector instanceof IntVector) {
      return vector(name, vector);
    }
    throw new ColumnException(
        name,
        "column '"
            + name
            + "': expected float64, int32, dictionary, utf8 or a fixed-size list,"
            + " got "
            + vector.getField().getType());
  }

  private Column vector(String name, FieldVector vector) {
    Kind kind = Kind.DOUBLE;
    List<String> levels = List.of();
    DictionaryEncoding encoding = vector.getField().getDictionary();
    if (encoding != null) {
      kind = encoding.isOrdered() ? Kind.ORDERED : Kind.FACTOR;
      levels = levels(name, encoding);
    } else if (vector instanceof IntVector) {
      boolean logical = "logical".equals(vector.getField().getMetadata().get(KIND));
      kind = logical ? Kind.LOGICAL : Kind.INTEGER;
    }
    long rows = vector.getValueCount();
    Region data = region(vector.getDataBuffer(), rows * kind.bytes());
    return new Column(name, kind, data, rows, 1, levels);
  }

  private List<String> levels(String name, DictionaryEncoding encoding) {
    if (!(dictionaries.lookup(encoding.getId()).getVector() instanceof VarCharVector texts)) {
      throw new ColumnException(name, "factor '" + name + "': expected levels as utf8");
    }
    List<String> levels = new ArrayList<>();
    for (int i = 1; i < texts.getValueCount(); i++) {
      levels.add(texts.getObject(i).toString());
    }
    return levels;
  }

  private Column strings(String name, VarCharVector texts) {
    int rows = texts.getValueCount();
    StringCodes codes = new StringCodes();
    ArrowBuf buffer = own(Math.max(1L, rows * (long) Integer.BYTES));
    for (int i = 0; i < rows; i++) {
      @Nullable String text = texts.isNull(i) ? null : texts.getObject(i).toString();
      buffer.setInt(i * (long) Integer.BYTES, codes.code(text));
    }
    Region data = region(buffer, rows * (long) Integer.BYTES);
    return new Column(name, Kind.STRING, data, rows, 1, codes.levels());
  }

  private Column matrix(String name, FixedSizeListVector list) {
    boolean columnMajor = "column-major".equals(list.getField().getMetadata().get(LAYOUT));
    if (!(list.getDataVector() instanceof Float8Vector values) || !columnMajor) {
      throw new ColumnException(
          name, "matrix '" + name + "': expected column-major float64, got " + list.getField());
    }
    int rows = list.getValueCount();
    int width = list.getListSize();
    long bytes = (long) rows * width * Double.BYTES;
    ArrowBuf from = values.getDataBuffer();
    if (width == 1 || rows <= 1) {
      return new Column(name, Kind.MATRIX, region(from, bytes), rows, width, List.of());
    }
    ArrowBuf to = own(bytes);
    transpose(from.memoryAddress(), to.memoryAddress(), rows, width);
    return new Column(name, Kind.MATRIX, region(to, bytes), rows, width, List.of());
  }

  /** Tiles keep both the read and the written lines in cache. */
  private static void transpose(long from, long to, int rows, int width) {
    for (int row = 0; row < rows; row += TILE) {
      int lastRow = Math.min(rows, row + TILE);
      for (int first = 0; first < width; first += TILE) {
        int last = Math.min(width, first + TILE);
        for (int i = row; i < lastRow; i++) {
          for (int j = first; j < last; j++) {
            long value = MemoryUtil.getLong(from + 8 * ((long) j * rows + i));
            MemoryUtil.putLong(to + 8 * ((long) i * width + j), value);
          }
        }
      }
    }
  }

  private ArrowBuf own(long bytes) {
    ArrowBuf buffer = allocator.buffer(bytes);
    owned.add(buffer);
    return buffer;
  }

  private static Region region(ArrowBuf buffer, long bytes) {
    return Region.wrap(bytes == 0 ? 0 : buffer.memoryAddress(), bytes);
  }

  private void close() throws Exception {
    Exception first = null;
    for (int i = owned.size() - 1; i >= 0; i--) {
      try {
        owned.get(i).close();
      } catch (Exception e) {
        first = first == null ? e : first;
      }
    }
    owned.clear();
    if (first != null) {
      throw first;
    }
  }
}
