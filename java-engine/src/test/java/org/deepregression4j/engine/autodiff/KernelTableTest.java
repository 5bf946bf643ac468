package org.deepregression4j.engine.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deepregression4j.onnx.graph.Attribute;
import org.deepregression4j.onnx.graph.Constant;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Node;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs every operator for every element type that its row claims: a claim without a kernel fails.
 * Integers are compared with the same computation in float64.
 */
class KernelTableTest {
  /** Whole numbers, none of them zero, so that integer types can hold and divide them. */
  private static final Array X = new Array(new double[] {3, 1, 4, 7, 5, 9}, 2, 3);

  /** Float32 keeps 24 bits; a few operations lose some of them. */
  private static final double FLOAT32_ERROR = 2e-5;

  private static final Map<Op, Function<Value, Value>> SPECIAL = new EnumMap<>(Op.class);

  private static Value two(Op op, Value x) {
    return Ops.apply(op, x, x);
  }

  private static Function<Value, Value> with(Op op, Object... rest) {
    return x -> {
      List<Value> inputs = new ArrayList<>(List.of(x));
      Arrays.stream(rest).filter(Value.class::isInstance).forEach(v -> inputs.add((Value) v));
      return Ops.node(op, inputs, Map.of());
    };
  }

  static {
    Value rows = Ops.longs(1, 0);
    SPECIAL.put(Op.IN, x -> x);
    SPECIAL.put(Op.CONSTANT, x -> Ops.concat(List.of(x, constant(x.type())), 0));
    SPECIAL.put(
        Op.CAST,
        x -> Ops.cast(x, x.type() == ElementType.INT64 ? ElementType.INT32 : ElementType.INT64));
    SPECIAL.put(Op.MOD, x -> Ops.node(Op.MOD, List.of(x, x), Map.of("fmod", new Attribute.Int(1))));
    SPECIAL.put(
        Op.WHERE,
        x -> Ops.where(x, Ops.scalar(ElementType.FLOAT64, 1), Ops.scalar(ElementType.FLOAT64, 2)));
    for (Op op : List.of(Op.REDUCE_SUM, Op.REDUCE_MEAN, Op.REDUCE_MAX, Op.REDUCE_MIN)) {
      SPECIAL.put(op, with(op, Ops.longs(1)));
    }
    SPECIAL.put(Op.CUM_SUM, x -> Ops.cumSum(x, 1, false, false));
    SPECIAL.put(Op.MAT_MUL, x -> Ops.matMul(x, Ops.transpose(x, 1, 0)));
    SPECIAL.put(Op.GEMM, x -> Ops.gemm(x, false, x, true));
    SPECIAL.put(Op.RESHAPE, x -> Ops.reshape(x, 3, 2));
    SPECIAL.put(Op.TRANSPOSE, x -> Ops.transpose(x, 1, 0));
    SPECIAL.put(Op.EXPAND, with(Op.EXPAND, Ops.longs(2, 2, 3)));
    SPECIAL.put(Op.UNSQUEEZE, x -> Ops.unsqueeze(x, 0));
    SPECIAL.put(Op.SQUEEZE, x -> Ops.squeeze(Ops.unsqueeze(x, 0), 0));
    SPECIAL.put(Op.CONCAT, x -> Ops.concat(List.of(x, x), 1));
    SPECIAL.put(Op.SPLIT, x -> Ops.split(x, 1, 1, 2).get(1));
    SPECIAL.put(Op.SLICE, x -> Ops.slice(x, 1, 1, 3));
    SPECIAL.put(Op.GATHER, x -> Ops.gather(x, rows, 0));
    Value places = Ops.constant(Constant.copyOf(new long[] {1, 0, 1}, 1, 3));
    SPECIAL.put(Op.GATHER_ELEMENTS, x -> Ops.gatherElements(x, places, 0));
    SPECIAL.put(
        Op.SCATTER_ELEMENTS, x -> Ops.apply(Op.SCATTER_ELEMENTS, x, places, Ops.slice(x, 0, 0, 1)));
    Value row = Ops.constant(Constant.copyOf(new long[] {1}, 1, 1));
    SPECIAL.put(Op.GATHER_ND, x -> Ops.gatherNd(x, row));
    SPECIAL.put(Op.SCATTER_ND, x -> Ops.apply(Op.SCATTER_ND, x, row, Ops.slice(x, 0, 0, 1)));
    SPECIAL.put(Op.PAD, x -> Ops.pad(x, 0, 1, 0, 2));
    SPECIAL.put(Op.RANGE, KernelTableTest::range);
    SPECIAL.put(Op.LOOP, x -> Ops.loop(x, List.of(Ops.longs(2)), loopBody()).get(0));
    SPECIAL.put(Op.IF, KernelTableTest::branch);
    SPECIAL.put(Op.LABEL_ENCODER, x -> Ops.encodeLabels(x, List.of("3", "1")));
  }

  private static Value constant(ElementType type) {
    return Ops.constant(
        switch (type) {
          case FLOAT32, FLOAT64 -> Constant.copyOf(type, new double[] {1, 2, 3}, 1, 3);
          case INT32 -> Constant.copyOf(new int[] {1, 2, 3}, 1, 3);
          case INT64 -> Constant.copyOf(new long[] {1, 2, 3}, 1, 3);
          case STRING -> Constant.copyOf(List.of("1", "2", "3"), 1, 3);
          case BOOL -> Constant.of(true);
        });
  }

  /** From x[0, 0] = 3 to x[1, 0] = 7 in steps of x[0, 1] = 1. */
  private static Value range(Value x) {
    Value flat = Ops.reshape(x, 6);
    Value from = Ops.gather(flat, Ops.longScalar(0), 0);
    Value to = Ops.gather(flat, Ops.longScalar(3), 0);
    Value by = Ops.gather(flat, Ops.longScalar(1), 0);
    Map<String, Attribute> stated = Map.of("_dims", new Attribute.Texts(List.of("4")));
    return Ops.node(Op.RANGE, List.of(from, to, by), stated);
  }

  private static Graph loopBody() {
    Value state = Ops.input("s", ElementType.INT64, Shape.of(1));
    Map<String, Value> in = new java.util.LinkedHashMap<>();
    in.put("i", Ops.input("i", ElementType.INT64, Shape.SCALAR));
    in.put("go", Ops.input("go", ElementType.BOOL, Shape.SCALAR));
    in.put("s", state);
    Map<String, Value> out = new java.util.LinkedHashMap<>();
    out.put("again", Ops.constant(Constant.of(true)));
    out.put("next", Ops.add(state, state));
    return Graph.body("body", in, out);
  }

  private static Value branch(Value condition) {
    Graph yes = Graph.body("yes", Map.of(), Map.of("out", Ops.longs(1)));
    Graph no = Graph.body("no", Map.of(), Map.of("out", Ops.longs(2)));
    Map<String, Graph> bodies = Map.of("then_branch", yes, "else_branch", no);
    return new Node(Op.IF, List.of(condition), Map.of(), bodies).output();
  }

  static Stream<Arguments> claims() {
    return Arrays.stream(Op.values())
        .flatMap(op -> op.types().stream().map(type -> Arguments.of(op, type)))
        // A truth is always a scalar constant, which every other row's test uses.
        .filter(a -> a.get()[0] != Op.CONSTANT || a.get()[1] != ElementType.BOOL);
  }

  private static Tensor run(Op op, ElementType type) {
    boolean isScalar = op == Op.IF || op == Op.LOOP;
    Array data = isScalar ? new Array(new double[] {3}) : X;
    Value x = Ops.input("x", type, isScalar ? Shape.SCALAR : Shape.of(2, 3));
    Function<Value, Value> apply =
        SPECIAL.getOrDefault(op, v -> op.minInputs() == 2 ? two(op, v) : Ops.apply(op, v));
    Value y = apply.apply(x);
    return Evaluation.run(List.of(x), List.of(TestTensors.of(type, data)), List.of(y)).get(0);
  }

  @ParameterizedTest
  @MethodSource("claims")
  void everyClaimedKernelExists(Op op, ElementType type) {
    Tensor got = run(op, type);
    if (!op.types().contains(ElementType.FLOAT64)) {
      // Only one kind of element: the operator sweep compares its values.
      assertThat(op.types()).contains(type);
      return;
    }
    Tensor reference = run(op, ElementType.FLOAT64);
    assertThat(got.sizes()).containsExactly(reference.sizes());
    boolean isNumber = type.isFloat() || type == ElementType.INT32 || type == ElementType.INT64;
    if (isNumber && op != Op.RANDOM_UNIFORM_LIKE) {
      // Integer kernels divide and average towards zero.
      double error = type == ElementType.FLOAT32 ? FLOAT32_ERROR : 0;
      double[] want = reference.toDoubles();
      for (int i = 0; i < want.length; i++) {
        double exact = type.isFloat() ? want[i] : (long) want[i];
        assertThat(got.toDoubles()[i]).isCloseTo(exact, within(error * Math.abs(exact)));
      }
    }
  }

  @Test
  void everyOperatorClaimsAType() {
    EnumSet<Op> claiming = EnumSet.noneOf(Op.class);
    claims().forEach(a -> claiming.add((Op) a.get()[0]));
    assertThat(claiming).isEqualTo(EnumSet.allOf(Op.class));
  }
}
