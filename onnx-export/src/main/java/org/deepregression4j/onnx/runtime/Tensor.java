package org.deepregression4j.onnx.runtime;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.deepregression4j.onnx.graph.ElementType;

/**
 * A tensor in a direct buffer, row-major. The buffer is shared with ONNX Runtime without a copy and
 * is freed with the last reference to it. Mutable through {@link #buffer()}.
 */
public final class Tensor {
  private static final long MAX_BYTES = Integer.MAX_VALUE - 8L;

  private final ElementType type;
  private final long[] sizes;
  private final ByteBuffer buffer;
  private final List<String> strings;

  private Tensor(ElementType type, long[] sizes, ByteBuffer buffer, List<String> strings) {
    this.type = type;
    this.sizes = sizes;
    this.buffer = buffer;
    this.strings = strings;
  }

  /** A tensor of zeros that owns its memory. */
  public static Tensor allocate(ElementType type, long... sizes) {
    long bytes = count(sizes) * type.bytes();
    if (bytes > MAX_BYTES) {
      throw new RuntimeFailure(
          "a tensor of shape " + Arrays.toString(sizes) + " exceeds the 2 GiB of a direct buffer");
    }
    ByteBuffer buffer = ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.nativeOrder());
    return new Tensor(type, sizes.clone(), buffer, List.of());
  }

  /**
   * Borrows a direct buffer in native order; it must live as long as the tensor.
   *
   * @throws RuntimeFailure when the buffer is not direct or does not hold the shape exactly
   */
  public static Tensor wrap(ElementType type, ByteBuffer buffer, long... sizes) {
    if (!buffer.isDirect() || buffer.remaining() != count(sizes) * type.bytes()) {
      throw new RuntimeFailure(
          "expected a direct buffer for shape " + Arrays.toString(sizes) + ", got " + buffer);
    }
    return new Tensor(
        type, sizes.clone(), buffer.slice().order(ByteOrder.nativeOrder()), List.of());
  }

  /** Copies doubles, rounded when the type is float32. */
  public static Tensor copyOf(ElementType type, double[] values, long... sizes) {
    Tensor out = allocate(type, sizes);
    if (count(sizes) != values.length) {
      throw new RuntimeFailure(values.length + " values for shape " + Arrays.toString(sizes));
    }
    if (type == ElementType.FLOAT64) {
      out.buffer.asDoubleBuffer().put(values);
    } else {
      for (int i = 0; i < values.length; i++) {
        out.buffer.putFloat(4 * i, (float) values[i]);
      }
    }
    return out;
  }

  /** Copies longs. */
  public static Tensor copyOf(long[] values, long... sizes) {
    Tensor out = allocate(ElementType.INT64, sizes);
    out.buffer.asLongBuffer().put(values);
    return out;
  }

  /** Copies ints. */
  public static Tensor copyOf(int[] values, long... sizes) {
    Tensor out = allocate(ElementType.INT32, sizes);
    out.buffer.asIntBuffer().put(values);
    return out;
  }

  /** Copies strings. */
  public static Tensor copyOf(List<String> values, long... sizes) {
    ByteBuffer none = ByteBuffer.allocateDirect(0);
    return new Tensor(ElementType.STRING, sizes.clone(), none, List.copyOf(values));
  }

  /** Number of elements of a shape. */
  public static long count(long... sizes) {
    long count = 1;
    for (long size : sizes) {
      count *= size;
    }
    return count;
  }

  /** The element type. */
  public ElementType type() {
    return type;
  }

  /** The shape. */
  public long[] sizes() {
    return sizes.clone();
  }

  /** The memory itself, native order, position 0. */
  public ByteBuffer buffer() {
    return buffer.duplicate().order(ByteOrder.nativeOrder());
  }

  /** Rows {@code from} (included) to {@code to} (excluded) of the first axis, sharing memory. */
  public Tensor asRows(long from, long to) {
    long[] part = sizes.clone();
    part[0] = to - from;
    if (type == ElementType.STRING) {
      return copyOf(strings.subList((int) from, (int) to), part);
    }
    int row = (int) (sizes[0] == 0 ? 0 : buffer.capacity() / sizes[0]);
    ByteBuffer slice = buffer.duplicate();
    slice.position((int) from * row).limit((int) to * row);
    return wrap(type, slice, part);
  }

  /** The values as doubles; float32 and the integer types are widened. */
  public double[] toDoubles() {
    double[] out = new double[(int) count(sizes)];
    switch (type) {
      case FLOAT64 -> buffer().asDoubleBuffer().get(out);
      case FLOAT32 -> Arrays.setAll(out, i -> buffer.getFloat(4 * i));
      case INT32 -> Arrays.setAll(out, i -> buffer.getInt(4 * i));
      case INT64 -> Arrays.setAll(out, i -> (double) buffer.getLong(8 * i));
      case BOOL -> Arrays.setAll(out, i -> buffer.get(i));
      default -> throw new RuntimeFailure("a tensor of type " + type + " read as numbers");
    }
    return out;
  }

  /** The only value of a tensor with one element. */
  public double toDouble() {
    double[] values = toDoubles();
    if (values.length != 1) {
      throw new RuntimeFailure("expected one value, got shape " + Arrays.toString(sizes));
    }
    return values[0];
  }

  OnnxTensor toOnnx(OrtEnvironment environment) throws OrtException {
    if (type == ElementType.STRING) {
      return OnnxTensor.createTensor(environment, strings.toArray(new String[0]), sizes);
    }
    return OnnxTensor.createTensor(environment, buffer(), sizes, javaType(type));
  }

  private static OnnxJavaType javaType(ElementType type) {
    return switch (type) {
      case FLOAT32 -> OnnxJavaType.FLOAT;
      case FLOAT64 -> OnnxJavaType.DOUBLE;
      case INT32 -> OnnxJavaType.INT32;
      case INT64 -> OnnxJavaType.INT64;
      case BOOL -> OnnxJavaType.BOOL;
      case STRING -> OnnxJavaType.STRING;
    };
  }

  static ElementType elementType(OnnxJavaType type) {
    return switch (type) {
      case FLOAT -> ElementType.FLOAT32;
      case DOUBLE -> ElementType.FLOAT64;
      case INT32 -> ElementType.INT32;
      case INT64 -> ElementType.INT64;
      case BOOL -> ElementType.BOOL;
      case STRING -> ElementType.STRING;
      default -> throw new RuntimeFailure("element type " + type + " is not supported");
    };
  }
}
