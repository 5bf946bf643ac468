package org.deepregression4j.engine.autodiff;

import java.util.ArrayList;
import java.util.List;
import org.deepregression4j.onnx.graph.Dim;
import org.deepregression4j.onnx.graph.Node;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;

/** Local gradients of reductions and running sums. */
final class ReductionRules {
  private ReductionRules() {}

  private static List<Integer> axes(Node node) {
    List<Integer> out = new ArrayList<>();
    for (long axis : node.constantInput(1).toLongs()) {
      out.add(node.input(0).shape().axis((int) axis));
    }
    return out;
  }

  /** A gradient of the reduced shape, with size one where the reduction took a dimension away. */
  static Adjoint lifted(Step s, Adjoint g) {
    boolean isKept = s.node().intAttribute("keepdims", 1) == 1;
    return isKept ? g : LayoutRules.insert(g, s.x().shape().rank(), axes(s.node()));
  }

  static Adjoint mean(Step s, int i) {
    Shape shape = s.x().shape();
    List<Dim> taken = axes(s.node()).stream().map(shape::dim).toList();
    return lifted(s, s.g()).overCount(taken);
  }

  /** Equal extremes share the gradient evenly. */
  static Adjoint extreme(Step s, int i) {
    Shape shape = s.x().shape();
    Value y = lifted(s, new Adjoint(s.emit(), s.y(), 1)).value();
    Value hits = s.keep(Ops.cast(s.apply(Op.EQUAL, s.x(), y), s.x().type()));
    Shape reduced = shape;
    for (int axis : axes(s.node())) {
      reduced = reduced.with(axis, Dim.of(1));
    }
    Adjoint count = Broadcasting.undo(new Adjoint(s.emit(), hits, 1), shape, reduced);
    return lifted(s, s.g()).over(count.toValue()).times(hits);
  }

  /** A running sum from the other end. */
  static Adjoint cumSum(Step s, int i) {
    boolean isExclusive = s.node().intAttribute("exclusive", 0) == 1;
    boolean isReverse = s.node().intAttribute("reverse", 0) == 1;
    long axis = s.node().constantInput(1).toLongs()[0];
    return s.fullG().map(v -> Ops.cumSum(v, axis, isExclusive, !isReverse));
  }

  private static Adjoint total(Step s, Adjoint of) {
    int axis = s.x().shape().axis((int) s.node().intAttribute("axis", -1));
    Shape shape = s.x().shape();
    return Broadcasting.undo(of, shape, shape.with(axis, Dim.of(1)));
  }

  /** y (g - sum(g y)). */
  static Adjoint softmax(Step s, int i) {
    Adjoint weighted = s.g().times(s.y());
    return s.g().plus(total(s, weighted).times(-1)).times(s.y());
  }

  /** g - exp(y) sum(g). */
  static Adjoint logSoftmax(Step s, int i) {
    Value probability = s.apply(Op.EXP, s.y());
    return s.g().plus(total(s, s.g()).times(probability).times(-1));
  }
}
