package org.deepregression4j.engine.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.deepregression4j.onnx.graph.Dim;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;

/** Sums a gradient over the copies that broadcasting made. */
final class Broadcasting {
  private Broadcasting() {}

  /**
   * The gradient of a value of shape {@code target} that was repeated to shape {@code reach}. A
   * dimension of size one stands for that many equal elements, so it is multiplied, not summed.
   */
  static Adjoint undo(Adjoint local, Shape reach, Shape target) {
    List<Dim> counted = new ArrayList<>();
    List<Integer> summed = new ArrayList<>();
    int rank = reach.rank();
    for (int axis = 0; axis < rank; axis++) {
      int inTarget = axis - rank + target.rank();
      int inLocal = axis - rank + local.shape().rank();
      boolean isRepeated =
          !reach.dim(axis).isOne() && (inTarget < 0 || target.dim(inTarget).isOne());
      boolean isPresent = inLocal >= 0 && !local.shape().dim(inLocal).isOne();
      if (isRepeated && isPresent) {
        summed.add(inLocal);
      } else if (isRepeated) {
        counted.add(reach.dim(axis));
      }
    }
    return sum(local, summed, target).timesCount(counted);
  }

  /** Sums over the axes so that no more dimensions are left than the target has. */
  private static Adjoint sum(Adjoint local, List<Integer> axes, Shape target) {
    int extra = Math.max(0, local.shape().rank() - target.rank());
    if (axes.isEmpty() && extra == 0) {
      return local;
    }
    long[] summed = axes.stream().mapToLong(a -> a).toArray();
    if (extra > 0 && summed.length == extra) {
      Adjoint without = local.map(v -> Ops.sum(v, false, summed));
      if (without.shape().equals(target)) {
        return without;
      }
    }
    boolean isLeading = axes.stream().allMatch(a -> a < extra);
    if (extra > 0 && !isLeading) {
      List<Integer> inner = axes.stream().filter(a -> a >= extra).toList();
      boolean leavesOne = leavesOne(local.shape(), extra, inner);
      long[] all = LongStream.range(0, leavesOne ? local.shape().rank() : extra).toArray();
      Adjoint outer = local.map(v -> Ops.sum(v, false, all));
      return leavesOne ? outer : sum(outer, inner.stream().map(a -> a - extra).toList(), target);
    }
    if (extra > 0) {
      long[] leading = LongStream.range(0, extra).toArray();
      return axes.isEmpty()
          ? local.map(v -> Ops.squeeze(v, leading))
          : local.map(v -> Ops.sum(v, false, leading));
    }
    long[] kept = axes.stream().mapToLong(a -> a).toArray();
    return local.map(v -> Ops.sum(v, true, kept));
  }

  private static boolean leavesOne(Shape shape, int from, List<Integer> axes) {
    for (int axis = from; axis < shape.rank(); axis++) {
      if (!shape.dim(axis).isOne() && !axes.contains(axis)) {
        return false;
      }
    }
    return true;
  }
}
