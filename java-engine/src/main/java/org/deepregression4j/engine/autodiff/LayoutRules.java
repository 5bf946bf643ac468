package org.deepregression4j.engine.autodiff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.deepregression4j.onnx.graph.Dim;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;

/** Local gradients of operators that move elements without computing. */
final class LayoutRules {
  private LayoutRules() {}

  /**
   * Inserts axes of size one so that a gradient without them lines up with a shape of {@code rank}
   * dimensions that has them. Leading ones stay away, as broadcasting adds them.
   */
  static Adjoint insert(Adjoint g, int rank, List<Integer> axes) {
    List<Integer> kept = IntStream.range(0, rank).boxed().filter(a -> !axes.contains(a)).toList();
    int present = g.shape().rank();
    if (present == 0) {
      return g;
    }
    int first = kept.get(kept.size() - present);
    long[] inside = axes.stream().filter(a -> a > first).mapToLong(a -> a - first).toArray();
    Arrays.sort(inside);
    return inside.length == 0 ? g : g.map(v -> Ops.unsqueeze(v, inside));
  }

  /** Removes axes, which have size one, from a gradient of a shape of {@code rank} dimensions. */
  private static Adjoint drop(Adjoint g, int rank, List<Integer> axes) {
    int missing = rank - g.shape().rank();
    long[] present =
        axes.stream().filter(a -> a >= missing).mapToLong(a -> a - missing).sorted().toArray();
    return present.length == 0 ? g : g.map(v -> Ops.squeeze(v, present));
  }

  private static List<Integer> axes(Step s, int rank) {
    List<Integer> out = new ArrayList<>();
    for (long axis : s.node().constantInput(1).toLongs()) {
      out.add((int) (axis < 0 ? axis + rank : axis));
    }
    return out;
  }

  static Adjoint unsqueeze(Step s, int i) {
    int rank = s.y().shape().rank();
    return drop(s.g(), rank, axes(s, rank));
  }

  static Adjoint squeeze(Step s, int i) {
    int rank = s.x().shape().rank();
    return insert(s.g(), rank, axes(s, rank));
  }

  static Adjoint reshape(Step s, int i) {
    if (s.g().isScalar()) {
      return s.g();
    }
    return s.fullG().map(v -> s.reshaped(v, s.x()));
  }

  static Adjoint transpose(Step s, int i) {
    if (s.g().isScalar()) {
      return s.g();
    }
    List<Long> perm = s.node().intsAttribute("perm");
    long[] inverse = new long[perm.size()];
    for (int axis = 0; axis < inverse.length; axis++) {
      inverse[perm.get(axis).intValue()] = axis;
    }
    return padded(s.g(), inverse.length).map(v -> Ops.transpose(v, inverse));
  }

  /** With leading dimensions of size one up to the rank. */
  private static Adjoint padded(Adjoint g, int rank) {
    long[] missing = LongStream.range(0, rank - g.shape().rank()).toArray();
    return missing.length == 0 ? g : g.map(v -> Ops.unsqueeze(v, missing));
  }

  static Adjoint concat(Step s, int i) {
    Shape shape = s.y().shape();
    int axis = shape.axis((int) s.node().intAttribute("axis", 0));
    Adjoint g = s.g();
    int at = axis - shape.rank() + g.shape().rank();
    if (at < 0 || g.shape().dim(at).isOne()) {
      return g;
    }
    if (shape.dim(axis).isFixed()) {
      long[] sizes =
          s.node().inputs().stream().mapToLong(v -> v.shape().dim(axis).size()).toArray();
      return g.with(s.keep(Ops.split(g.value(), at, sizes).get(i)));
    }
    Value start = s.keep(Ops.longs(0));
    for (int k = 0; k < i; k++) {
      start = s.apply(Op.ADD, start, size(s, s.input(k), axis));
    }
    Value from = start;
    Value to = s.apply(Op.ADD, from, size(s, s.input(i), axis));
    Shape stated = g.shape().with(at, s.input(i).shape().dim(axis));
    return g.map(v -> Ops.slice(v, at, from, to, stated));
  }

  /** The size of one dimension, an int64 vector of length one. */
  static Value size(Step s, Value of, int axis) {
    Dim dim = of.shape().dim(axis);
    return dim.isFixed()
        ? s.keep(Ops.longs(dim.size()))
        : s.keep(Ops.gather(s.keep(Ops.shapeOf(of)), s.keep(Ops.longs(axis)), 0));
  }

  /**
   * Joins the gradients of the pieces. What all of them are multiplied by is left to the whole, so
   * that it costs one node for a parameter vector rather than one for each of its parts.
   */
  static Adjoint split(Step s, int i) {
    long axis = s.node().intAttribute("axis", 0);
    List<Adjoint> present =
        s.node().outputs().stream().map(v -> s.g(v.index())).filter(g -> !g.isZero()).toList();
    Adjoint first = present.get(0);
    boolean isShared = present.stream().allMatch(g -> g.scale() == first.scale());
    boolean isFree = present.stream().allMatch(g -> s.emit().isFolding(g.value(), g.factor()));
    double factor = isShared && !isFree ? first.factor() : 1;
    List<Value> pieces = new ArrayList<>();
    for (Value piece : s.node().outputs()) {
      Adjoint g = s.g(piece.index());
      Adjoint rest = isShared ? new Adjoint(s.emit(), g.value(), g.factor() / factor) : g;
      pieces.add(Step.scaledFull(rest, piece));
    }
    Value whole = s.keep(Ops.concat(pieces, axis));
    return isShared
        ? new Adjoint(s.emit(), whole, factor, first.scale())
        : new Adjoint(s.emit(), whole, 1);
  }
}
