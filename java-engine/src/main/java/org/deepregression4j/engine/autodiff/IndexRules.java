package org.deepregression4j.engine.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.deepregression4j.onnx.graph.Attribute;
import org.deepregression4j.onnx.graph.Dim;
import org.deepregression4j.onnx.graph.GraphException;
import org.deepregression4j.onnx.graph.Node;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;

/** Local gradients of operators that pick or place elements by index. */
final class IndexRules {
  private IndexRules() {}

  /** The gradient of a part goes back with zeros around it. */
  static Adjoint slice(Step s, int i) {
    Node node = s.node();
    if (node.inputs().size() == 5
        && Arrays.stream(node.constantInput(4).toLongs()).anyMatch(step -> step != 1)) {
      return strided(s);
    }
    long[] axes = node.constantInput(3).toLongs();
    boolean isFixed = node.input(1).isConstant() && node.input(2).isConstant();
    for (long axis : axes) {
      isFixed &= s.x().shape().dim((int) axis).isFixed();
    }
    return isFixed ? fixedSlice(s, axes) : openSlice(s, axes);
  }

  private static Adjoint fixedSlice(Step s, long[] axes) {
    Shape shape = s.x().shape();
    int rank = shape.rank();
    long[] pads = new long[2 * rank];
    for (int k = 0; k < axes.length; k++) {
      int axis = shape.axis((int) axes[k]);
      long start = s.node().constantInput(1).toLongs()[k];
      long size = shape.dim(axis).size();
      pads[axis] = Math.min(Math.max(start < 0 ? start + size : start, 0), size);
      pads[axis + rank] = size - pads[axis] - s.y().shape().dim(axis).size();
    }
    return s.fullG().map(v -> Ops.pad(v, pads));
  }

  /** Bounds known at run time: what comes before is the clamped start, after it the rest. */
  private static Adjoint openSlice(Step s, long[] axes) {
    Shape shape = s.x().shape();
    List<Value> before = new ArrayList<>();
    List<Value> after = new ArrayList<>();
    Value zero = s.keep(Ops.longs(0));
    for (int axis = 0; axis < shape.rank(); axis++) {
      before.add(zero);
      after.add(zero);
    }
    for (int k = 0; k < axes.length; k++) {
      int axis = shape.axis((int) axes[k]);
      Value size = LayoutRules.size(s, s.x(), axis);
      Value start = s.keep(Ops.gather(s.input(1), s.keep(Ops.longs(k)), 0));
      Value wrapped =
          s.apply(Op.WHERE, s.apply(Op.LESS, start, zero), s.apply(Op.ADD, start, size), start);
      Value from = s.apply(Op.MIN, s.apply(Op.MAX, wrapped, zero), size);
      // Read from the output itself: its stated symbol may name no other value.
      Value length = s.keep(Ops.gather(s.keep(Ops.shapeOf(s.y())), s.keep(Ops.longs(axis)), 0));
      before.set(axis, from);
      after.set(axis, s.apply(Op.SUB, s.apply(Op.SUB, size, from), length));
    }
    before.addAll(after);
    Value pads = s.keep(Ops.concat(before, 0));
    return s.fullG().map(v -> Ops.pad(v, pads, shape));
  }

  /** Steps over one fixed axis: every picked index takes its gradient. */
  private static Adjoint strided(Step s) {
    long[] axes = s.node().constantInput(3).toLongs();
    if (axes.length != 1 || !s.x().shape().dim((int) axes[0]).isFixed()) {
      throw new GraphException("Slice with steps is differentiated along one fixed axis only");
    }
    int axis = s.x().shape().axis((int) axes[0]);
    long size = s.x().shape().dim(axis).size();
    long start = s.node().constantInput(1).toLongs()[0];
    long first = Math.min(Math.max(start < 0 ? start + size : start, 0), size);
    long step = s.node().constantInput(4).toLongs()[0];
    long count = s.y().shape().dim(axis).size();
    long[] picked = LongStream.range(0, count).map(k -> first + k * step).toArray();
    return scattered(s, axis, s.keep(Ops.longs(picked)));
  }

  /** Back from padding with a constant: the inner part, and the rest for the constant. */
  static Adjoint pad(Step s, int i) {
    if (!s.node().textAttribute("mode", "constant").equals("constant")) {
      throw new GraphException("Pad is differentiated in mode 'constant' only");
    }
    Adjoint inner = s.fullG();
    Shape shape = s.x().shape();
    for (int axis = 0; axis < shape.rank(); axis++) {
      inner = unpadded(s, inner, axis);
    }
    if (i == 0) {
      return inner;
    }
    Adjoint all = Broadcasting.undo(s.g(), s.y().shape(), Shape.SCALAR);
    return all.plus(Broadcasting.undo(inner, shape, Shape.SCALAR).times(-1));
  }

  private static Adjoint unpadded(Step s, Adjoint g, int axis) {
    Dim dim = s.x().shape().dim(axis);
    if (s.input(1).isConstant()) {
      long[] pads = s.node().constantInput(1).toLongs();
      long before = pads[axis];
      long after = pads[axis + s.x().shape().rank()];
      if (before < 0 || after < 0) {
        throw new GraphException("Pad with negative sizes is not differentiated: use Slice");
      }
      if (before == 0 && after == 0) {
        return g;
      }
      if (dim.isFixed()) {
        return g.map(v -> Ops.slice(v, axis, before, before + dim.size()));
      }
    }
    Value from = s.keep(Ops.gather(s.input(1), s.keep(Ops.longs(axis)), 0));
    Value to = s.apply(Op.ADD, from, LayoutRules.size(s, s.x(), axis));
    Shape stated = g.shape().with(axis, dim);
    return g.map(v -> Ops.slice(v, axis, from, to, stated));
  }

  static Adjoint gather(Step s, int i) {
    int axis = s.x().shape().axis((int) s.node().intAttribute("axis", 0));
    Value indices = s.input(1);
    Dim size = s.x().shape().dim(axis);
    if (indices.isConstant() && size.isFixed() && indices.shape().rank() == 0) {
      return single(s, axis, size.size());
    }
    return scattered(s, axis, indices);
  }

  /** One fixed index, such as the column of one parameter. */
  private static Adjoint single(Step s, int axis, long size) {
    int rank = s.x().shape().rank();
    long index = s.node().constantInput(1).toLongs()[0];
    long[] pads = new long[2 * rank];
    pads[axis] = index < 0 ? index + size : index;
    pads[axis + rank] = size - 1 - pads[axis];
    Adjoint column = s.fullG().map(v -> Ops.unsqueeze(v, axis));
    return size == 1 ? column : column.map(v -> Ops.pad(v, pads));
  }

  /** Adds the gradient to zeros at the indices along an axis, which is moved to the front. */
  private static Adjoint scattered(Step s, int axis, Value indices) {
    int rank = s.x().shape().rank();
    int wide = indices.shape().rank();
    long[] front = moved(0, rank, axis, 1);
    long[] back = moved(axis, rank, 0, 1);
    long[] indicesFirst = moved(0, s.y().shape().rank(), axis, wide);
    Value zeros = s.zeros(s.x());
    Value target = axis == 0 ? zeros : s.keep(Ops.transpose(zeros, front));
    Value rows = s.keep(Ops.unsqueeze(indices, wide));
    Adjoint sum =
        s.fullG()
            .map(v -> axis == 0 ? v : s.keep(Ops.transpose(v, indicesFirst)))
            .map(v -> Ops.scatterNdAdd(target, rows, v));
    return axis == 0 ? sum : sum.map(v -> Ops.transpose(v, back));
  }

  /** The permutation that takes {@code count} axes from place {@code from} to place {@code to}. */
  private static long[] moved(int to, int rank, int from, int count) {
    List<Long> order = new ArrayList<>(LongStream.range(0, rank).boxed().toList());
    List<Long> block = new ArrayList<>(order.subList(from, from + count));
    order.removeAll(block);
    order.addAll(to, block);
    return order.stream().mapToLong(a -> a).toArray();
  }

  static Adjoint gatherElements(Step s, int i) {
    long axis = s.node().intAttribute("axis", 0);
    Value zeros = s.zeros(s.x());
    return s.fullG().map(v -> Ops.scatterElementsAdd(zeros, s.input(1), v, axis));
  }

  static Adjoint gatherNd(Step s, int i) {
    Value zeros = s.zeros(s.x());
    return s.fullG().map(v -> Ops.scatterNdAdd(zeros, s.input(1), v));
  }

  /** Adding passes the gradient to both; replacing clears it where something was put. */
  static Adjoint scatterNd(Step s, int i) {
    boolean isAdding = isAdding(s.node());
    if (i == 2) {
      return s.fullG().map(v -> Ops.gatherNd(v, s.input(1)));
    }
    Value zeros = isAdding ? s.input(2) : s.zeros(s.input(2));
    return isAdding ? s.g() : s.fullG().map(v -> again(s.node(), v, zeros));
  }

  static Adjoint scatterElements(Step s, int i) {
    boolean isAdding = isAdding(s.node());
    if (i == 2) {
      long axis = s.node().intAttribute("axis", 0);
      return s.fullG().map(v -> Ops.gatherElements(v, s.input(1), axis));
    }
    Value zeros = isAdding ? s.input(2) : s.zeros(s.input(2));
    return isAdding ? s.g() : s.fullG().map(v -> again(s.node(), v, zeros));
  }

  private static Value again(Node node, Value data, Value updates) {
    return Ops.node(node.op(), List.of(data, node.input(1), updates), node.attributes());
  }

  private static boolean isAdding(Node node) {
    String reduction = node.textAttribute("reduction", "none");
    if (!reduction.equals("none") && !reduction.equals("add")) {
      throw new GraphException(
          node.op().onnxName() + " is differentiated for 'add' and 'none', not " + reduction);
    }
    return node.attributes().get("reduction") instanceof Attribute.Text && reduction.equals("add");
  }
}
