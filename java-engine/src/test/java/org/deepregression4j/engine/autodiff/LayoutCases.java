package org.deepregression4j.engine.autodiff;

import static org.deepregression4j.engine.autodiff.OpCase.Arg.number;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.deepregression4j.engine.autodiff.OpCase.Arg;
import org.deepregression4j.onnx.graph.Attribute;
import org.deepregression4j.onnx.graph.Constant;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Node;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;

/** Cases of operators that change shapes, join and cut, and of control flow. */
final class LayoutCases {
  private final List<OpCase> cases = new ArrayList<>();

  static List<OpCase> all() {
    LayoutCases out = new LayoutCases();
    out.shapes();
    out.transposes();
    out.expansions();
    out.pieces();
    out.sizes();
    out.control();
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

  private static Function<List<Array>, Array> resized(Function<int[], int[]> sizes) {
    return in -> new Array(in.get(0).data(), sizes.apply(in.get(0).sizes()));
  }

  private void shapes() {
    add(
        Op.RESHAPE,
        "splits",
        List.of(number(-1, 6)),
        v -> Ops.reshape(v.get(0), -1, 2, 3),
        resized(s -> new int[] {s[0], 2, 3}));
    add(
        Op.RESHAPE,
        "drops one",
        List.of(number(-1, 1)),
        v -> Ops.reshape(v.get(0), -1),
        resized(s -> new int[] {s[0]}));
    add(
        Op.RESHAPE,
        "fixed",
        List.of(number(6)),
        v -> Ops.reshape(v.get(0), 2, 3),
        resized(s -> new int[] {2, 3}));
    add(
        Op.RESHAPE,
        "to a scalar",
        List.of(number(1, 1)),
        v -> Ops.apply(Op.RESHAPE, v.get(0), Ops.constant(Constant.copyOf(new long[0], 0))),
        resized(s -> new int[] {}));
    add(
        Op.UNSQUEEZE,
        "last",
        List.of(number(-1)),
        v -> Ops.unsqueeze(v.get(0), -1),
        resized(s -> new int[] {s[0], 1}));
    add(
        Op.UNSQUEEZE,
        "ends",
        List.of(number(-1, 3)),
        v -> Ops.unsqueeze(v.get(0), 0, 3),
        resized(s -> new int[] {1, s[0], 3, 1}));
    add(
        Op.SQUEEZE,
        "last",
        List.of(number(-1, 1)),
        v -> Ops.squeeze(v.get(0), 1),
        resized(s -> new int[] {s[0]}));
    add(
        Op.SQUEEZE,
        "ends",
        List.of(number(1, -1, 3, 1)),
        v -> Ops.squeeze(v.get(0), 0, -1),
        resized(s -> new int[] {s[1], 3}));
  }

  private void transposes() {
    add(
        Op.TRANSPOSE,
        "matrix",
        List.of(number(-1, 3)),
        v -> Ops.transpose(v.get(0), 1, 0),
        in -> Array.of(i -> in.get(0).at(i[1], i[0]), 3, in.get(0).sizes()[0]));
    add(
        Op.TRANSPOSE,
        "cycle",
        List.of(number(-1, 3, 2)),
        v -> Ops.transpose(v.get(0), 2, 0, 1),
        in -> Array.of(i -> in.get(0).at(i[1], i[2], i[0]), 2, in.get(0).sizes()[0], 3));
  }

  private void expansions() {
    add(
        Op.EXPAND,
        "like rows",
        List.of(number(1, 3), number(-1, 3)),
        v -> Ops.mul(Ops.expandLike(v.get(0), v.get(1)), v.get(1)),
        in -> Array.of(i -> in.get(0).spread(i) * in.get(1).at(i), in.get(1).sizes()));
    add(
        Op.EXPAND,
        "vector",
        List.of(number(3)),
        v -> Ops.apply(Op.EXPAND, v.get(0), Ops.longs(2, 3)),
        in -> Array.of(i -> in.get(0).spread(i), 2, 3));
    add(
        Op.EXPAND,
        "both ways",
        List.of(number(-1, 1)),
        v -> Ops.apply(Op.EXPAND, v.get(0), Ops.longs(1, 3)),
        in -> Array.of(i -> in.get(0).spread(i), in.get(0).sizes()[0], 3));
  }

  private static Array joined(int axis, List<Array> in) {
    int[] sizes = in.get(0).sizes().clone();
    sizes[axis] = in.stream().mapToInt(a -> a.sizes()[axis]).sum();
    return Array.of(
        i -> {
          int[] at = i.clone();
          for (Array part : in) {
            if (at[axis] < part.sizes()[axis]) {
              return part.at(at);
            }
            at[axis] -= part.sizes()[axis];
          }
          throw new IllegalStateException();
        },
        sizes);
  }

  private static Array part(Array x, int axis, int from, int to) {
    int[] sizes = x.sizes().clone();
    sizes[axis] = to - from;
    return Array.of(
        i -> {
          int[] at = i.clone();
          at[axis] += from;
          return x.at(at);
        },
        sizes);
  }

  private void pieces() {
    add(
        Op.CONCAT,
        "columns",
        List.of(number(-1, 2), number(-1, 1), number(-1, 3)),
        v -> Ops.concat(v, 1),
        in -> joined(1, in));
    add(
        Op.CONCAT,
        "last axis",
        List.of(number(-1, 2), number(-1, 1)),
        v -> Ops.concat(v, -1),
        in -> joined(1, in));
    add(
        Op.CONCAT,
        "rows",
        List.of(number(-1, 3), number(2, 3), number(-1, 3)),
        v -> Ops.concat(v, 0),
        in -> joined(0, in));
    add(
        Op.SPLIT,
        "one unused",
        List.of(number(7)),
        v -> {
          List<Value> p = Ops.split(v.get(0), 0, 2, 3, 2);
          return Ops.mul(p.get(0), p.get(2));
        },
        in -> Array.of(i -> in.get(0).at(i) * in.get(0).at(i[0] + 5), 2));
    add(
        Op.SPLIT,
        "columns",
        List.of(number(-1, 4)),
        v -> {
          List<Value> p = Ops.split(v.get(0), -1, 1, 3);
          return Ops.mul(p.get(0), Ops.exp(p.get(1)));
        },
        in -> {
          Array x = in.get(0);
          Array right = part(x, 1, 1, 4);
          return Array.of(i -> x.at(i[0], 0) * Math.exp(right.at(i)), right.sizes());
        });
    slices();
    pads();
  }

  private void slices() {
    add(
        Op.SLICE,
        "columns",
        List.of(number(-1, 5)),
        v -> Ops.slice(v.get(0), 1, 1, 3),
        in -> part(in.get(0), 1, 1, 3));
    add(
        Op.SLICE,
        "from the end",
        List.of(number(-1, 5)),
        v -> Ops.slice(v.get(0), -1, -2, 99),
        in -> part(in.get(0), 1, 3, 5));
    add(
        Op.SLICE,
        "two axes",
        List.of(number(4, 5)),
        v -> Ops.apply(Op.SLICE, v.get(0), Ops.longs(1, 2), Ops.longs(3, 4), Ops.longs(0, 1)),
        in -> part(part(in.get(0), 0, 1, 3), 1, 2, 4));
    add(
        Op.SLICE,
        "steps",
        List.of(number(-1, 5)),
        v -> Ops.apply(Op.SLICE, v.get(0), Ops.longs(1), Ops.longs(5), Ops.longs(1), Ops.longs(2)),
        in -> Array.of(i -> in.get(0).at(i[0], 1 + 2 * i[1]), in.get(0).sizes()[0], 2));
    cases.add(
        OpCase.of(
                Op.SLICE,
                "rows at run time",
                List.of(number(-1, 3), new Arg(OpCase.Kind.INDEX, 1, 2, 1)),
                v ->
                    Ops.slice(
                        v.get(0),
                        0,
                        Ops.sub(v.get(1), Ops.longs(3)),
                        Ops.longs(-1),
                        Shape.rows("m", 3)),
                in -> part(in.get(0), 0, in.get(0).sizes()[0] - 2, in.get(0).sizes()[0] - 1))
            .fromRows(4));
  }

  private static Array padded(Array x, double with, int before, int after, int axis) {
    int[] sizes = x.sizes().clone();
    sizes[axis] += before + after;
    return Array.of(
        i -> {
          int[] at = i.clone();
          at[axis] -= before;
          return at[axis] >= 0 && at[axis] < x.sizes()[axis] ? x.at(at) : with;
        },
        sizes);
  }

  private void pads() {
    add(
        Op.PAD,
        "columns",
        List.of(number(-1, 2)),
        v -> Ops.pad(v.get(0), 0, 1, 0, 2),
        in -> padded(in.get(0), 0, 1, 2, 1));
    add(
        Op.PAD,
        "with a value",
        List.of(number(3, 2), number()),
        v -> Ops.apply(Op.PAD, v.get(0), Ops.longs(1, 0, 1, 0), v.get(1)),
        in -> padded(in.get(0), in.get(1).at(), 1, 1, 0));
    add(
        Op.PAD,
        "rows at run time",
        List.of(number(-1, 2), Arg.index(3, 4)),
        v -> Ops.pad(v.get(0), Ops.mul(v.get(1), Ops.longs(1, 0, 1, 0)), Shape.rows("m", 2)),
        in -> padded(in.get(0), 0, (int) in.get(1).at(0), (int) in.get(1).at(2), 0));
  }

  private void sizes() {
    add(
        Op.SHAPE,
        "as a factor",
        List.of(number(-1, 3)),
        v ->
            Ops.mul(
                v.get(0),
                Ops.cast(Ops.gather(Ops.shapeOf(v.get(0)), Ops.longScalar(0), 0), v.get(0).type())),
        in -> Array.of(i -> in.get(0).at(i) * in.get(0).sizes()[0], in.get(0).sizes()));
    add(
        Op.SIZE,
        "as a factor",
        List.of(number(-1, 3)),
        v -> Ops.mul(v.get(0), Ops.cast(Ops.apply(Op.SIZE, v.get(0)), v.get(0).type())),
        in -> Array.of(i -> in.get(0).at(i) * in.get(0).data().length, in.get(0).sizes()));
    add(
        Op.LABEL_ENCODER,
        "as a factor",
        List.of(new Arg(OpCase.Kind.TEXT, 0, 3, -1), number(-1)),
        v ->
            Ops.mul(
                v.get(1), Ops.cast(Ops.encodeLabels(v.get(0), List.of("1", "2")), v.get(1).type())),
        in -> Array.of(i -> in.get(1).at(i) * in.get(0).at(i), in.get(0).sizes()));
  }

  private void control() {
    Attribute dims = new Attribute.Texts(List.of("4"));
    add(
        Op.RANGE,
        "from a start",
        List.of(number()),
        v ->
            Ops.node(
                Op.RANGE,
                List.of(v.get(0), Ops.add(v.get(0), 4), Ops.scalar(v.get(0), 1)),
                java.util.Map.of("_dims", dims)),
        in -> Array.of(i -> in.get(0).at() + i[0], 4));
    add(
        Op.LOOP,
        "doubles three times",
        List.of(number(3)),
        v -> loop(v.get(0)),
        in -> Array.of(i -> 8 * in.get(0).at(i), 3));
    add(
        Op.IF,
        "takes the first branch",
        List.of(Arg.truth(), number(3)),
        v -> branch(v.get(0), v.get(1)),
        in -> Array.of(i -> in.get(1).at(i) * (in.get(0).at() > 0 ? 2 : 3), 3));
  }

  private static Value loop(Value x) {
    Value i = Ops.input("i", org.deepregression4j.onnx.graph.ElementType.INT64, Shape.SCALAR);
    Value go = Ops.input("go", org.deepregression4j.onnx.graph.ElementType.BOOL, Shape.SCALAR);
    Value state = Ops.input("s", x.type(), x.shape());
    java.util.Map<String, Value> in = new java.util.LinkedHashMap<>();
    in.put("i", i);
    in.put("go", go);
    in.put("s", state);
    java.util.Map<String, Value> out = new java.util.LinkedHashMap<>();
    out.put("again", Ops.constant(Constant.of(true)));
    out.put("next", Ops.mul(state, 2));
    return Ops.loop(Ops.longScalar(3), List.of(x), Graph.body("twice", in, out)).get(0);
  }

  private static Value branch(Value condition, Value x) {
    Graph yes = Graph.body("yes", java.util.Map.of(), java.util.Map.of("out", Ops.mul(x, 2)));
    Graph no = Graph.body("no", java.util.Map.of(), java.util.Map.of("out", Ops.mul(x, 3)));
    return new Node(
            Op.IF,
            List.of(condition),
            java.util.Map.of(),
            java.util.Map.of("then_branch", yes, "else_branch", no))
        .output();
  }
}
