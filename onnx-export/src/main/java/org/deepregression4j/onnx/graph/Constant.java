package org.deepregression4j.onnx.graph;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An immutable tensor of fixed shape, stored row-major and little-endian as ONNX stores it. */
public final class Constant {
  private final ElementType type;
  private final Shape shape;
  private final byte[] raw;
  private final List<String> strings;

  private Constant(ElementType type, Shape shape, byte[] raw, List<String> strings) {
    this.type = type;
    this.shape = shape;
    this.raw = raw;
    this.strings = strings;
    long held = type == ElementType.STRING ? strings.size() : raw.length / type.bytes();
    if (held != shape.size()) {
      throw new GraphException("constant of shape " + shape + " got " + held + " values");
    }
  }

  private static ByteBuffer allocate(ElementType type, int n) {
    return ByteBuffer.allocate(n * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Values of a floating point type, rounded to it. */
  public static Constant copyOf(ElementType type, double[] values, long... sizes) {
    ByteBuffer buffer = allocate(type, values.length);
    for (double value : values) {
      switch (type) {
        case FLOAT64 -> buffer.putDouble(value);
        case FLOAT32 -> buffer.putFloat((float) value);
        default -> throw new GraphException("doubles do not make a constant of type " + type);
      }
    }
    return new Constant(type, Shape.of(sizes), buffer.array(), List.of());
  }

  /** Values of type int64. */
  public static Constant copyOf(long[] values, long... sizes) {
    ByteBuffer buffer = allocate(ElementType.INT64, values.length);
    buffer.asLongBuffer().put(values);
    return new Constant(ElementType.INT64, Shape.of(sizes), buffer.array(), List.of());
  }

  /** Values of type int32. */
  public static Constant copyOf(int[] values, long... sizes) {
    ByteBuffer buffer = allocate(ElementType.INT32, values.length);
    buffer.asIntBuffer().put(values);
    return new Constant(ElementType.INT32, Shape.of(sizes), buffer.array(), List.of());
  }

  /** One truth value. */
  public static Constant of(boolean value) {
    byte[] raw = {(byte) (value ? 1 : 0)};
    return new Constant(ElementType.BOOL, Shape.SCALAR, raw, List.of());
  }

  /** Strings. */
  public static Constant copyOf(List<String> values, long... sizes) {
    return new Constant(ElementType.STRING, Shape.of(sizes), new byte[0], List.copyOf(values));
  }

  /** The element type. */
  public ElementType type() {
    return type;
  }

  /** The fixed shape. */
  public Shape shape() {
    return shape;
  }

  /** A copy of the bytes, row-major and little-endian. */
  public byte[] toBytes() {
    return raw.clone();
  }

  /** The strings as UTF-8. */
  public List<byte[]> toUtf8() {
    List<byte[]> out = new ArrayList<>();
    strings.forEach(s -> out.add(s.getBytes(StandardCharsets.UTF_8)));
    return out;
  }

  /** The values of an int64 constant. */
  public long[] toLongs() {
    if (type != ElementType.INT64) {
      throw new GraphException("constant of type " + type + " read as int64");
    }
    long[] out = new long[raw.length / 8];
    ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(out);
    return out;
  }

  /** The values of a floating point constant. */
  public double[] toDoubles() {
    ByteBuffer buffer = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
    double[] out = new double[raw.length / type.bytes()];
    for (int i = 0; i < out.length; i++) {
      out[i] =
          switch (type) {
            case FLOAT64 -> buffer.getDouble();
            case FLOAT32 -> buffer.getFloat();
            default -> throw new GraphException("constant of type " + type + " read as double");
          };
    }
    return out;
  }
}
