package org.deepregression4j.engine.autodiff;

import static org.deepregression4j.engine.autodiff.OpCase.Arg.index;
import static org.deepregression4j.engine.autodiff.OpCase.Arg.number;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.deepregression4j.engine.autodiff.OpCase.Arg;
import org.deepregression4j.onnx.graph.Attribute;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** Cases of operators that pick or place elements by index; indices repeat. */
final class IndexCases {
  private final List<OpCase> cases = new ArrayList<>();

  static List<OpCase> all() {
    IndexCases out = new IndexCases();
    out.gathers();
    out.elements();
    out.scatters();
    return out.cases;
  }

  private void add(
      Op op,
      String label,
      List<Arg> args,
      Function<List<Value>, Value> build,
      Function<List<Array>, Array> oracle) {
    cases.add(OpCase.of(op, label, args, build, oracle));
  }

  private static int rows(Array x) {
    return x.sizes()[0];
  }

  private void gathers() {
    add(
        Op.GATHER,
        "rows of a table",
        List.of(number(3, 2), index(3, -1)),
        v -> Ops.gather(v.get(0), v.get(1), 0),
        in -> Array.of(i -> in.get(0).at((int) in.get(1).at(i[0]), i[1]), rows(in.get(1)), 2));
    add(
        Op.GATHER,
        "negative",
        List.of(number(3, 2), new Arg(OpCase.Kind.INDEX, -3, 0, 5)),
        v -> Ops.gather(v.get(0), v.get(1), 0),
        in -> Array.of(i -> in.get(0).at(3 + (int) in.get(1).at(i[0]), i[1]), 5, 2));
    add(
        Op.GATHER,
        "matrix of indices",
        List.of(number(3, 2), index(3, -1, 2)),
        v -> Ops.gather(v.get(0), v.get(1), 0),
        in ->
            Array.of(
                i -> in.get(0).at((int) in.get(1).at(i[0], i[1]), i[2]), rows(in.get(1)), 2, 2));
    add(
        Op.GATHER,
        "columns",
        List.of(number(-1, 3), index(3, 5)),
        v -> Ops.gather(v.get(0), v.get(1), 1),
        in -> Array.of(i -> in.get(0).at(i[0], (int) in.get(1).at(i[1])), rows(in.get(0)), 5));
    add(
        Op.GATHER,
        "inner axis, matrix of indices",
        List.of(number(-1, 3, 2), index(3, 2, 2)),
        v -> Ops.gather(v.get(0), v.get(1), -2),
        in ->
            Array.of(
                i -> in.get(0).at(i[0], (int) in.get(1).at(i[1], i[2]), i[3]),
                rows(in.get(0)),
                2,
                2,
                2));
    add(
        Op.GATHER,
        "one column",
        List.of(number(-1, 3)),
        v -> Ops.gather(v.get(0), Ops.longScalar(1), 1),
        in -> Array.of(i -> in.get(0).at(i[0], 1), rows(in.get(0))));
    add(
        Op.GATHER,
        "last column",
        List.of(number(-1, 3)),
        v -> Ops.gather(v.get(0), Ops.longScalar(-1), -1),
        in -> Array.of(i -> in.get(0).at(i[0], 2), rows(in.get(0))));
    add(
        Op.GATHER,
        "one index at run time",
        List.of(number(4), index(4)),
        v -> Ops.gather(v.get(0), v.get(1), 0),
        in -> Array.of(i -> in.get(0).at((int) in.get(1).at())));
  }

  private void elements() {
    add(
        Op.GATHER_ELEMENTS,
        "axis 1",
        List.of(number(-1, 3), index(3, -1, 2)),
        v -> Ops.gatherElements(v.get(0), v.get(1), 1),
        in -> Array.of(i -> in.get(0).at(i[0], (int) in.get(1).at(i)), in.get(1).sizes()));
    add(
        Op.GATHER_ELEMENTS,
        "axis 0",
        List.of(number(3, 2), index(3, -1, 2)),
        v -> Ops.gatherElements(v.get(0), v.get(1), 0),
        in -> Array.of(i -> in.get(0).at((int) in.get(1).at(i), i[1]), in.get(1).sizes()));
    add(
        Op.GATHER_ND,
        "depth 1",
        List.of(number(3, 2), index(3, -1, 1)),
        v -> Ops.gatherNd(v.get(0), v.get(1)),
        in -> Array.of(i -> in.get(0).at((int) in.get(1).at(i[0], 0), i[1]), rows(in.get(1)), 2));
    add(
        Op.GATHER_ND,
        "depth 2",
        List.of(number(3, 3), index(3, -1, 2)),
        v -> Ops.gatherNd(v.get(0), v.get(1)),
        in ->
            Array.of(
                i -> in.get(0).at((int) in.get(1).at(i[0], 0), (int) in.get(1).at(i[0], 1)),
                rows(in.get(1))));
  }

  private void scatters() {
    add(
        Op.SCATTER_ND,
        "add",
        List.of(number(3, 2), index(3, -1, 1), number(-1, 2)),
        v -> Ops.scatterNdAdd(v.get(0), v.get(1), v.get(2)),
        in ->
            Array.of(
                i -> {
                  double sum = in.get(0).at(i);
                  for (int k = 0; k < rows(in.get(1)); k++) {
                    sum += in.get(1).at(k, 0) == i[0] ? in.get(2).at(k, i[1]) : 0;
                  }
                  return sum;
                },
                3,
                2));
    add(
        Op.SCATTER_ND,
        "replace",
        List.of(number(3, 2), index(3, 1, 1), number(1, 2)),
        v -> Ops.apply(Op.SCATTER_ND, v.get(0), v.get(1), v.get(2)),
        in ->
            Array.of(
                i -> in.get(1).at(0, 0) == i[0] ? in.get(2).at(0, i[1]) : in.get(0).at(i), 3, 2));
    add(
        Op.SCATTER_ELEMENTS,
        "add",
        List.of(number(3, 2), index(3, -1, 2), number(-1, 2)),
        v -> Ops.scatterElementsAdd(v.get(0), v.get(1), v.get(2), 0),
        in ->
            Array.of(
                i -> {
                  double sum = in.get(0).at(i);
                  for (int k = 0; k < rows(in.get(1)); k++) {
                    sum += in.get(1).at(k, i[1]) == i[0] ? in.get(2).at(k, i[1]) : 0;
                  }
                  return sum;
                },
                3,
                2));
    Map<String, Attribute> second = Map.of("axis", new Attribute.Int(1));
    add(
        Op.SCATTER_ELEMENTS,
        "replace",
        List.of(number(-1, 3), index(3, -1, 1), number(-1, 1)),
        v -> Ops.node(Op.SCATTER_ELEMENTS, v, second),
        in ->
            Array.of(
                i -> in.get(1).at(i[0], 0) == i[1] ? in.get(2).at(i[0], 0) : in.get(0).at(i),
                in.get(0).sizes()));
  }
}
