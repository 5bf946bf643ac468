package org.deepregression4j.engine.autodiff;

import java.util.Arrays;
import java.util.List;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;

/** Tensors of every element type from plain numbers. */
final class TestTensors {
  private TestTensors() {}

  static Tensor of(ElementType type, Array array) {
    long[] sizes = Arrays.stream(array.sizes()).asLongStream().toArray();
    double[] data = array.data();
    return switch (type) {
      case FLOAT32, FLOAT64 -> Tensor.copyOf(type, data, sizes);
      case INT32 -> Tensor.copyOf(Arrays.stream(data).mapToInt(x -> (int) x).toArray(), sizes);
      case INT64 -> Tensor.copyOf(Arrays.stream(data).mapToLong(x -> (long) x).toArray(), sizes);
      case BOOL -> truths(data, sizes);
      case STRING -> Tensor.copyOf(strings(data), sizes);
    };
  }

  private static Tensor truths(double[] data, long... sizes) {
    Tensor out = Tensor.allocate(ElementType.BOOL, sizes);
    for (int i = 0; i < data.length; i++) {
      out.buffer().put(i, (byte) (data[i] > 0 ? 1 : 0));
    }
    return out;
  }

  private static List<String> strings(double[] data) {
    return Arrays.stream(data).mapToObj(x -> Long.toString((long) x)).toList();
  }
}
