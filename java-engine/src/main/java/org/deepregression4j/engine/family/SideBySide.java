package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.concat;
import static org.deepregression4j.onnx.graph.Ops.split;

import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;

/**
 * An elementwise function of several values of one shape, put side by side along an axis of fixed
 * size: nodes cost, not size.
 */
final class SideBySide {
  private SideBySide() {}

  static List<Value> of(UnaryOperator<Value> function, List<Value> values) {
    if (values.get(0).shape().rank() == 0) {
      return values.stream().map(function).toList();
    }
    return parts(function.apply(joined(values)), values);
  }

  static List<Value> of(BinaryOperator<Value> function, List<Value> first, List<Value> second) {
    return parts(function.apply(joined(first), joined(second)), first);
  }

  private static int axis(Shape shape) {
    return shape.dim(-1).isFixed() ? shape.rank() - 1 : 0;
  }

  private static Value joined(List<Value> values) {
    return concat(values, axis(values.get(0).shape()));
  }

  private static List<Value> parts(Value joined, List<Value> values) {
    Shape shape = values.get(0).shape();
    long[] sizes = new long[values.size()];
    Arrays.fill(sizes, shape.dim(axis(shape)).size());
    return split(joined, axis(shape), sizes);
  }
}
