package org.deepregression4j.engine.autodiff;

import static org.deepregression4j.engine.autodiff.OpCase.Arg.number;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.ToDoubleBiFunction;
import org.deepregression4j.onnx.graph.Attribute;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;

/** Cases of reductions, running sums and matrix products. */
final class MatrixCases {
  private final List<OpCase> cases = new ArrayList<>();

  static List<OpCase> all() {
    MatrixCases out = new MatrixCases();
    int[][] matrixAxes = {{0}, {1}, {0, 1}, {-1}};
    for (int[] axes : matrixAxes) {
      out.reductions(new int[] {-1, 3}, axes);
    }
    for (int[] axes : new int[][] {{0}, {1}, {0, 2}, {1, 2}, {0, 1, 2}}) {
      out.reductions(new int[] {2, -1, 3}, axes);
    }
    out.running();
    out.softmaxes();
    out.products();
    return out.cases;
  }

  private static boolean isIn(int axis, int rank, int[] axes) {
    return Arrays.stream(axes).anyMatch(a -> (a < 0 ? a + rank : a) == axis);
  }

  /** Folds the elements that share the indices which remain. */
  private static Array fold(
      Array x, int[] axes, boolean keep, double start, DoubleBinaryOperator f) {
    int[] kept = x.sizes().clone();
    for (int axis = 0; axis < kept.length; axis++) {
      kept[axis] = isIn(axis, x.rank(), axes) ? 1 : kept[axis];
    }
    double[] out = new double[Array.count(kept)];
    Arrays.fill(out, start);
    Array places = new Array(out, kept);
    Array.of(
        i -> {
          int[] to = i.clone();
          for (int axis = 0; axis < to.length; axis++) {
            to[axis] = kept[axis] == 1 ? 0 : to[axis];
          }
          int place = places.place(to);
          out[place] = f.applyAsDouble(out[place], x.at(i));
          return 0;
        },
        x.sizes());
    int[] left =
        java.util.stream.IntStream.range(0, kept.length)
            .filter(a -> keep || !isIn(a, x.rank(), axes))
            .map(a -> kept[a])
            .toArray();
    return new Array(out, left);
  }

  private void reductions(int[] shape, int[] axes) {
    for (boolean keep : new boolean[] {true, false}) {
      reduction(Op.REDUCE_SUM, shape, axes, keep, 0, Double::sum);
      reduction(Op.REDUCE_MEAN, shape, axes, keep, 0, Double::sum);
      reduction(Op.REDUCE_MAX, shape, axes, keep, -1e300, Math::max);
      reduction(Op.REDUCE_MIN, shape, axes, keep, 1e300, Math::min);
    }
  }

  private void reduction(
      Op op, int[] shape, int[] axes, boolean keep, double start, DoubleBinaryOperator f) {
    long[] along = Arrays.stream(axes).asLongStream().toArray();
    boolean isMean = op == Op.REDUCE_MEAN;
    OpCase made =
        OpCase.of(
            op,
            Arrays.toString(shape) + " over " + Arrays.toString(axes) + (keep ? " kept" : ""),
            List.of(number(shape)),
            v ->
                switch (op) {
                  case REDUCE_SUM -> Ops.sum(v.get(0), keep, along);
                  case REDUCE_MEAN -> Ops.mean(v.get(0), keep, along);
                  case REDUCE_MAX -> Ops.reduceMax(v.get(0), keep, along);
                  default -> Ops.reduceMin(v.get(0), keep, along);
                },
            in -> {
              Array sum = fold(in.get(0), axes, keep, start, f);
              double per = (double) in.get(0).data().length / sum.data().length;
              return Array.of(i -> isMean ? sum.at(i) / per : sum.at(i), sum.sizes());
            });
    boolean takesRows = isIn(shape[0] == -1 ? 0 : 1, shape.length, axes);
    cases.add(takesRows && op != Op.REDUCE_SUM ? made.fromRows(1) : made);
  }

  private void running() {
    for (int axis = 0; axis < 2; axis++) {
      for (boolean exclusive : new boolean[] {true, false}) {
        for (boolean reverse : new boolean[] {true, false}) {
          int along = axis;
          cases.add(
              OpCase.of(
                  Op.CUM_SUM,
                  "axis " + axis + (exclusive ? " exclusive" : "") + (reverse ? " reverse" : ""),
                  List.of(number(-1, 3)),
                  v -> Ops.cumSum(v.get(0), along, exclusive, reverse),
                  in -> runningSum(in.get(0), along, exclusive, reverse)));
        }
      }
    }
  }

  private static Array runningSum(Array x, int axis, boolean exclusive, boolean reverse) {
    return Array.of(
        i -> {
          double sum = 0;
          int[] from = i.clone();
          for (int k = 0; k < x.sizes()[axis]; k++) {
            from[axis] = k;
            boolean isBefore = reverse ? k > i[axis] : k < i[axis];
            sum += isBefore || (k == i[axis] && !exclusive) ? x.at(from) : 0;
          }
          return sum;
        },
        x.sizes());
  }

  private void softmaxes() {
    for (int axis : new int[] {-1, 1, 2}) {
      int[] shape = axis == 2 ? new int[] {2, -1, 3} : new int[] {-1, 3};
      int[] along = {axis};
      cases.add(
          OpCase.of(
              Op.SOFTMAX,
              "axis " + axis,
              List.of(number(shape)),
              v -> Ops.softmax(v.get(0), axis),
              in -> {
                Array e = Array.of(i -> Math.exp(in.get(0).at(i)), in.get(0).sizes());
                Array sum = fold(e, along, true, 0, Double::sum);
                return Array.of(i -> e.at(i) / sum.spread(i), e.sizes());
              }));
      Map<String, Attribute> attributes = Map.of("axis", new Attribute.Int(axis));
      cases.add(
          OpCase.of(
              Op.LOG_SOFTMAX,
              "axis " + axis,
              List.of(number(shape)),
              v -> Ops.node(Op.LOG_SOFTMAX, v, attributes),
              in -> {
                Array x = in.get(0);
                Array e = Array.of(i -> Math.exp(x.at(i)), x.sizes());
                Array sum = fold(e, along, true, 0, Double::sum);
                return Array.of(i -> x.at(i) - Math.log(sum.spread(i)), x.sizes());
              }));
    }
  }

  private static Array product(Array a, Array b) {
    int n = a.sizes()[a.rank() - 2];
    int inner = a.sizes()[a.rank() - 1];
    int m = b.sizes()[b.rank() - 1];
    int[] outerA = Arrays.copyOf(a.sizes(), a.rank() - 2);
    int[] outerB = Arrays.copyOf(b.sizes(), b.rank() - 2);
    int[] outer =
        Array.together(
            new Array(new double[Array.count(outerA)], outerA),
            new Array(new double[Array.count(outerB)], outerB));
    int[] sizes = Arrays.copyOf(outer, outer.length + 2);
    sizes[outer.length] = n;
    sizes[outer.length + 1] = m;
    return Array.of(
        i -> {
          double sum = 0;
          for (int k = 0; k < inner; k++) {
            int[] left = i.clone();
            left[i.length - 1] = k;
            int[] right = i.clone();
            right[i.length - 2] = k;
            sum += a.spread(left) * b.spread(right);
          }
          return sum;
        },
        sizes);
  }

  private static Array turned(Array x, boolean isTurned) {
    ToDoubleBiFunction<Integer, Integer> at = (i, j) -> x.at(j, i);
    return isTurned ? Array.of(i -> at.applyAsDouble(i[0], i[1]), x.sizes()[1], x.sizes()[0]) : x;
  }

  private void products() {
    int[][][] shapes = {
      {{-1, 3}, {3, 2}}, {{-1, 3}, {3, 1}}, {{2, -1}, {-1, 3}}, {{2, -1, 3}, {2, 3, 4}},
      {{2, -1, 3}, {3, 2}}, {{-1, 3}, {2, 3, 2}}, {{2, 1, -1, 3}, {2, 3, 2}}, {{-1, 2, 3}, {3, 1}}
    };
    BinaryOperator<Array> oracle = MatrixCases::product;
    for (int[][] pair : shapes) {
      // ONNX Runtime 1.28 leaves batched products over an empty inner dimension unset.
      int minRows = pair[1].length > 2 ? 1 : 0;
      cases.add(
          OpCase.of(
                  Op.MAT_MUL,
                  Arrays.deepToString(pair),
                  List.of(number(pair[0]), number(pair[1])),
                  v -> Ops.matMul(v.get(0), v.get(1)),
                  in -> oracle.apply(in.get(0), in.get(1)))
              .fromRows(minRows));
    }
    for (boolean transA : new boolean[] {false, true}) {
      for (boolean transB : new boolean[] {false, true}) {
        gemm(transA, transB, new int[] {2});
        gemm(transA, transB, new int[] {-1, 2});
        gemm(transA, transB, new int[] {});
        gemm(transA, transB, new int[] {1, 2});
        gemm(transA, transB, null);
      }
    }
  }

  private void gemm(boolean transA, boolean transB, int[] bias) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    attributes.put("transA", new Attribute.Int(transA ? 1 : 0));
    attributes.put("transB", new Attribute.Int(transB ? 1 : 0));
    attributes.put("alpha", new Attribute.Real(0.5f));
    attributes.put("beta", new Attribute.Real(-2));
    List<OpCase.Arg> args = new ArrayList<>();
    args.add(transA ? number(3, -1) : number(-1, 3));
    args.add(transB ? number(2, 3) : number(3, 2));
    if (bias != null) {
      args.add(number(bias));
    }
    cases.add(
        OpCase.of(
            Op.GEMM,
            transA + " " + transB + " bias " + Arrays.toString(bias),
            args,
            v -> Ops.node(Op.GEMM, v, attributes),
            in -> {
              Array ab = product(turned(in.get(0), transA), turned(in.get(1), transB));
              return Array.of(
                  i -> 0.5 * ab.at(i) - (bias == null ? 0 : 2 * in.get(2).spread(i)), ab.sizes());
            }));
  }
}
