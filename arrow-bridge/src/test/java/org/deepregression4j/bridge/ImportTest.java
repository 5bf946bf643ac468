package org.deepregression4j.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.arrow.c.ArrowArray;
import org.apache.arrow.c.ArrowSchema;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.deepregression4j.bridge.Column.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Arrow arrays of another producer, and the same data as plain arguments. */
class ImportTest {
  private final RootAllocator producer = new RootAllocator();
  private final RootAllocator consumer = new RootAllocator();
  private final MapDictionaryProvider dictionaries = new MapDictionaryProvider();

  @AfterEach
  void nothingIsLeft() {
    assertThat(consumer.getAllocatedMemory()).isZero();
    assertThat(producer.getAllocatedMemory()).isZero();
    consumer.close();
    producer.close();
  }

  private Table send(FieldVector... vectors) throws Exception {
    try (VectorSchemaRoot root = new VectorSchemaRoot(List.of(vectors));
        ArrowArray array = ArrowArray.allocateNew(producer);
        ArrowSchema schema = ArrowSchema.allocateNew(producer)) {
      root.setRowCount(vectors[0].getValueCount());
      Data.exportVectorSchemaRoot(producer, root, dictionaries, array, schema);
      return ArrowImport.read(consumer, array.memoryAddress(), schema.memoryAddress());
    }
  }

  private Float8Vector doubles(String name, double... values) {
    Float8Vector vector = new Float8Vector(name, producer);
    for (int i = 0; i < values.length; i++) {
      vector.setSafe(i, values[i]);
    }
    vector.setValueCount(values.length);
    return vector;
  }

  private static double[] row(Column column, long row) {
    double[] values = new double[column.width()];
    for (int j = 0; j < values.length; j++) {
      values[j] = column.value(row, j);
    }
    return values;
  }

  @Test
  void doublesAreBorrowedBitByBit() throws Exception {
    double na = Double.longBitsToDouble(0x7FF00000000007A2L);
    Float8Vector vector = doubles("x", 1, na, Double.NEGATIVE_INFINITY);
    long address = vector.getDataBuffer().memoryAddress();
    try (Table table = send(vector)) {
      Column x = table.column("x");
      assertThat(org.apache.arrow.memory.util.MemoryUtil.getByteBufferAddress(x.buffer()))
          .isEqualTo(address);
      assertThat(x.buffer().getLong(8)).isEqualTo(0x7FF00000000007A2L);
      assertThat(x.buffer().getDouble(16)).isEqualTo(Double.NEGATIVE_INFINITY);
      assertThat(x.block(2, 1).remaining()).isEqualTo(8);
    }
  }

  @Test
  void factorsKeepOneBasedCodesAndUnusedLevels() throws Exception {
    VarCharVector levels = new VarCharVector("levels", producer);
    String[] texts = {"", "unused", "é"};
    for (int i = 1; i < texts.length; i++) {
      levels.setSafe(i, texts[i].getBytes(StandardCharsets.UTF_8));
    }
    levels.setValueCount(texts.length);
    DictionaryEncoding encoding = new DictionaryEncoding(7, true, new ArrowType.Int(32, true));
    dictionaries.put(new Dictionary(levels, encoding));
    IntVector codes =
        new IntVector("f", new FieldType(true, new ArrowType.Int(32, true), encoding), producer);
    codes.setSafe(0, 2);
    codes.setSafe(1, Column.NA);
    codes.setValueCount(2);
    try (Table table = send(codes)) {
      Column f = table.only();
      assertThat(f.kind()).isEqualTo(Kind.ORDERED);
      assertThat(f.levels()).containsExactly("unused", "é");
      assertThat(f.buffer().getInt(0)).isEqualTo(2);
      assertThat(f.buffer().getInt(4)).isEqualTo(Column.NA);
    }
    levels.close();
  }

  @Test
  void matricesBecomeRowMajor() throws Exception {
    int rows = 70;
    int width = 33;
    FieldType type =
        new FieldType(
            true,
            new ArrowType.FixedSizeList(width),
            null,
            Map.of(ArrowImport.LAYOUT, "column-major"));
    FixedSizeListVector list = new FixedSizeListVector("m", producer, type, null);
    Float8Vector values =
        (Float8Vector)
            list.addOrGetVector(
                    FieldType.nullable(
                        new ArrowType.FloatingPoint(
                            org.apache.arrow.vector.types.FloatingPointPrecision.DOUBLE)))
                .getVector();
    for (int k = 0; k < rows * width; k++) {
      values.setSafe(k, k);
    }
    values.setValueCount(rows * width);
    for (int i = 0; i < rows; i++) {
      list.setNotNull(i);
    }
    list.setValueCount(rows);
    try (Table table = send(list)) {
      Column m = table.column("m");
      assertThat(m.width()).isEqualTo(width);
      for (int i = 0; i < rows; i++) {
        double[] row = row(m, i);
        for (int j = 0; j < width; j++) {
          assertThat(row[j]).isEqualTo(j * rows + i);
        }
      }
    }
  }

  @Test
  void textsBecomeCodesInOrderOfAppearance() throws Exception {
    VarCharVector texts = new VarCharVector("s", producer);
    texts.setSafe(0, "b".getBytes(StandardCharsets.UTF_8));
    texts.setNull(1);
    texts.setSafe(2, "a".getBytes(StandardCharsets.UTF_8));
    texts.setSafe(3, "b".getBytes(StandardCharsets.UTF_8));
    texts.setValueCount(4);
    try (Table table = send(texts)) {
      Column s = table.only();
      assertThat(s.levels()).containsExactly("b", "a");
      assertThat(new double[] {s.value(0, 0), s.value(1, 0), s.value(2, 0), s.value(3, 0)})
          .containsExactly(1, Double.NaN, 2, 1);
    }
  }

  @Test
  void whatCannotBeReadIsNamedAndReleased() {
    BigIntVector longs = new BigIntVector("id", producer);
    longs.setSafe(0, 1L);
    longs.setValueCount(1);
    BridgeException type = catchThrowableOfType(BridgeException.class, () -> send(longs));
    assertThat(type)
        .hasMessageStartingWith("column 'id': expected float64")
        .hasMessageContaining("Int(64, true)");
    Float8Vector nulls = doubles("x", 1, 2);
    nulls.setNull(1);
    BridgeException na = catchThrowableOfType(BridgeException.class, () -> send(nulls));
    assertThat(na.fields()).containsEntry("column", "x");
  }

  @Test
  void aColumnAboveTwoGibibytesIsReadInBlocks() {
    long rows = 300_000_000L;
    Column huge = new Column("x", Kind.DOUBLE, Region.wrap(4096, rows * 8), rows, 1, List.of());
    BridgeException thrown = catchThrowableOfType(BridgeException.class, huge::buffer);
    assertThat(thrown).hasMessageContaining("'x' has 2400000000 bytes");
    assertThat(huge.block(rows - 1000, 1000).capacity()).isEqualTo(8000);
    assertThat(
            catchThrowableOfType(
                IndexOutOfBoundsException.class, () -> huge.block(rows - 999, 1000)))
        .isNotNull();
  }

  @Test
  void plainColumnsEqualWhatWasGiven() throws Exception {
    String schema =
        "{\"rows\":2,\"columns\":[{\"name\":\"m\",\"kind\":\"matrix\",\"width\":3},"
            + "{\"name\":\"f\",\"kind\":\"factor\",\"levels\":[\"u\",\"v\"]},"
            + "{\"name\":\"s\",\"kind\":\"string\"}]}";
    double[] values = {1, 2, 3, 4, 5, 6, 2, Double.NaN};
    try (Table table = PlainImport.read(schema, values, new String[] {null, "t"})) {
      assertThat(row(table.column("m"), 0)).containsExactly(1, 3, 5);
      assertThat(row(table.column("m"), 1)).containsExactly(2, 4, 6);
      assertThat(table.column("f").buffer().getInt(4)).isEqualTo(Column.NA);
      assertThat(table.column("f").levels()).containsExactly("u", "v");
      assertThat(table.column("s").buffer().getInt(0)).isEqualTo(Column.NA);
      assertThat(table.column("s").levels()).containsExactly("t");
    }
    BridgeException few =
        catchThrowableOfType(
            BridgeException.class, () -> PlainImport.read(schema, new double[5], new String[2]));
    assertThat(few).hasMessage("column 'm': expected 6 values, got 5");
  }
}
