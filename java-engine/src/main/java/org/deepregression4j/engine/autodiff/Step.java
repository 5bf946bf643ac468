package org.deepregression4j.engine.autodiff;

import java.util.Arrays;
import java.util.Map;
import org.deepregression4j.onnx.graph.Constant;
import org.deepregression4j.onnx.graph.Node;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;

/**
 * One node on the way back.
 *
 * @param node the node of the forward pass
 * @param arrived the gradients of its outputs by index; outputs without one have gradient zero
 * @param emit makes the nodes of the gradient
 */
record Step(Node node, Map<Integer, Adjoint> arrived, Emitter emit) {
  /** Constants up to this size are written out; larger ones are repeated when the graph runs. */
  private static final long SMALL = 1024;

  /** The gradient of output {@code i}; zero when none arrived. */
  Adjoint g(int i) {
    return arrived.getOrDefault(i, Adjoint.of(emit, node.outputs().get(i), 0));
  }

  /** The gradient of the only output. */
  Adjoint g() {
    return g(0);
  }

  /** The gradient of the only output with every element present. */
  Adjoint fullG() {
    return g().full(y());
  }

  Value input(int i) {
    return node.input(i);
  }

  /** The first input. */
  Value x() {
    return node.input(0);
  }

  /** The only output. */
  Value y() {
    return node.output();
  }

  Adjoint none() {
    return Adjoint.of(emit, x(), 0);
  }

  Value keep(Value fresh) {
    return emit.keep(fresh);
  }

  Value apply(Op op, Value... inputs) {
    return emit.keep(Ops.apply(op, inputs));
  }

  Value scalar(double number) {
    return emit.scalar(y().type(), number);
  }

  /** Zeros of the shape of {@code like}. */
  Value zeros(Value like) {
    return Step.scaledFull(Adjoint.of(emit, like, 0), like);
  }

  /** A gradient written out in the shape of {@code like}. */
  static Value scaledFull(Adjoint adjoint, Value like) {
    if (adjoint.isScalar()) {
      // Scaling one number before it is repeated lets constants fold.
      Value number = adjoint.toValue();
      double constant = Emitter.uniform(number);
      if (!Double.isNaN(constant) && like.shape().isFixed() && like.shape().size() <= SMALL) {
        double[] filled = new double[(int) like.shape().size()];
        Arrays.fill(filled, constant);
        Constant same = Constant.copyOf(like.type(), filled, like.shape().sizes());
        return adjoint.emit().keep(Ops.constant(same));
      }
      return new Adjoint(adjoint.emit(), number, 1).full(like).value();
    }
    return adjoint.full(like).toValue();
  }

  /** The gradient where the condition holds (or fails), zero elsewhere. */
  Adjoint where(Value condition, boolean holds) {
    Value zero = scalar(0);
    return g().map(v -> holds ? Ops.where(condition, v, zero) : Ops.where(condition, zero, v));
  }

  /** A value in the shape of {@code like}, which has as many elements. */
  Value reshaped(Value value, Value like) {
    Shape to = like.shape();
    if (to.isFixed()) {
      return keep(Ops.reshape(value, to.sizes()));
    }
    long open = to.dims().stream().filter(d -> !d.isFixed()).count();
    boolean isEmpty = to.dims().stream().anyMatch(d -> d.size() == 0);
    if (open == 1 && !isEmpty) {
      long[] sizes = to.dims().stream().mapToLong(d -> d.isFixed() ? d.size() : -1).toArray();
      return keep(Ops.reshape(value, keep(Ops.longs(sizes)), to));
    }
    return keep(Ops.reshape(value, keep(Ops.shapeOf(like)), to));
  }
}
