package org.deepregression4j.engine.autodiff;

import java.util.List;
import java.util.stream.LongStream;
import org.deepregression4j.onnx.graph.Attribute;
import org.deepregression4j.onnx.graph.Dim;
import org.deepregression4j.onnx.graph.Node;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;

/** Local gradients of matrix products, as products with transposition flags. */
final class ProductRules {
  private ProductRules() {}

  static Adjoint matMul(Step s, int i) {
    if (s.x().shape().rank() == 2 && s.input(1).shape().rank() == 2) {
      return product(s, i, false, false);
    }
    if (i == 1 && s.input(1).shape().rank() == 2) {
      return s.fullG().map(g -> Ops.gemm(flat(s, s.x()), true, flat(s, g), false));
    }
    Value other = swapped(s.input(1 - i));
    return s.fullG().map(g -> i == 0 ? Ops.matMul(g, other) : Ops.matMul(other, g));
  }

  private static Value swapped(Value matrices) {
    int rank = matrices.shape().rank();
    long[] perm = LongStream.range(0, rank).toArray();
    perm[rank - 1] = rank - 2;
    perm[rank - 2] = rank - 1;
    return Ops.transpose(matrices, perm);
  }

  /** Rows of all matrices of a batch as the rows of one: one product sums over the batch. */
  private static Value flat(Step s, Value batch) {
    Shape from = batch.shape();
    List<Dim> outer = from.dims().subList(0, from.rank() - 1);
    Dim columns = from.dim(-1);
    Shape rows = new Shape(outer.stream().filter(d -> !d.isOne()).toList());
    Dim count =
        rows.isFixed() ? Dim.of(rows.size()) : rows.rank() == 1 ? rows.dim(0) : symbol(rows);
    Shape stated = new Shape(List.of(count, columns));
    if (!columns.isFixed()) {
      Value width = LayoutRules.size(s, batch, from.rank() - 1);
      Value open = s.keep(Ops.concat(List.of(s.keep(Ops.longs(-1)), width), 0));
      return s.keep(Ops.reshape(batch, open, stated));
    }
    return s.keep(Ops.reshape(batch, s.keep(Ops.longs(-1, columns.size())), stated));
  }

  private static Dim symbol(Shape rows) {
    return Dim.of(String.join("*", rows.dims().stream().map(Dim::toString).toList()));
  }

  static Adjoint gemm(Step s, int i) {
    Node node = s.node();
    boolean transA = node.intAttribute("transA", 0) == 1;
    boolean transB = node.intAttribute("transB", 0) == 1;
    return i == 2
        ? s.fullG().times(real(node, "beta"))
        : product(s, i, transA, transB).times(real(node, "alpha"));
  }

  private static double real(Node node, String name) {
    return node.attributes().get(name) instanceof Attribute.Real a ? a.value() : 1;
  }

  /** G B' for the left factor, A' G for the right one; transposed when the factor came so. */
  private static Adjoint product(Step s, int i, boolean transA, boolean transB) {
    Value a = s.x();
    Value b = s.input(1);
    Adjoint g = s.fullG();
    if (i == 0) {
      return transA
          ? g.map(v -> Ops.gemm(b, transB, v, true))
          : g.map(v -> Ops.gemm(v, false, b, !transB));
    }
    return transB
        ? g.map(v -> Ops.gemm(v, true, a, transA))
        : g.map(v -> Ops.gemm(a, !transA, v, false));
  }
}
