package org.deepregression4j.engine.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.deepregression4j.engine.autodiff.OpCase.Kind;
import org.deepregression4j.onnx.graph.Dim;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.GraphException;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operator: forward, gradient and second gradient, against plain Java and differences. */
class OpSweepTest {
  private static final long SEED = Draws.announce(OpSweepTest.class, 20240517);
  private static final int ROWS = 4;

  /** Step of central differences: the cube root of the rounding error balances both errors. */
  private static final double STEP = 6e-6;

  /** Float32 keeps 24 bits; a few operations lose some of them. */
  private static final double FLOAT32_ERROR = 2e-5;

  /** A graph of one case with all its gradients, over symbolic or fixed rows. */
  private static final class Fixture {
    final OpCase about;
    final List<Value> in = new ArrayList<>();
    final List<Value> active = new ArrayList<>();
    final Value y;

    Fixture(OpCase about, ElementType type, int fixedRows) {
      this.about = about;
      for (OpCase.Arg arg : about.args()) {
        List<Dim> dims = new ArrayList<>();
        for (int size : arg.sizes()) {
          dims.add(size >= 0 ? Dim.of(size) : fixedRows >= 0 ? Dim.of(fixedRows) : Dim.of("n"));
        }
        Value value = Ops.input("x" + in.size(), arg.type(type), new Shape(dims));
        in.add(value);
        if (arg.kind() == Kind.NUMBER) {
          active.add(value);
        }
      }
      y = about.build().apply(in);
    }
  }

  static Stream<OpCase> cases() {
    return Stream.of(ElementwiseCases.all(), MatrixCases.all(), LayoutCases.all(), IndexCases.all())
        .flatMap(List::stream);
  }

  static Stream<OpCase> differentiable() {
    return cases().filter(c -> !OpCase.REFUSED.contains(c.op()));
  }

  private static List<Array> draw(OpCase about, int rows, Draws draws) {
    List<Array> out = new ArrayList<>();
    for (OpCase.Arg arg : about.args()) {
      int[] sizes = arg.sizes(rows);
      double[] data = draws.uniform(Array.count(sizes), arg.low(), arg.high());
      for (int i = 0; i < data.length; i++) {
        data[i] = arg.kind() == Kind.NUMBER ? (float) data[i] : Math.floor(data[i]);
      }
      out.add(new Array(data, sizes));
    }
    return out;
  }

  private static List<Tensor> tensors(List<Value> values, List<Array> data) {
    List<Tensor> out = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      out.add(TestTensors.of(values.get(i).type(), data.get(i)));
    }
    return out;
  }

  private static int[] rowCounts(OpCase about) {
    return about.hasRows()
        ? Stream.of(0, 1, ROWS).filter(r -> r >= about.minRows()).mapToInt(r -> r).toArray()
        : new int[] {ROWS};
  }

  private static void close(double[] got, double[] want, double error, String what) {
    assertThat(got).as(what).hasSameSizeAs(want);
    for (int i = 0; i < got.length; i++) {
      double off = Math.abs(got[i] - want[i]);
      assertThat(off <= error * Math.max(1, Math.abs(want[i])))
          .as("%s[%d]: got %s, expected %s", what, i, got[i], want[i])
          .isTrue();
    }
  }

  private static void forward(OpCase about, ElementType type, double error) {
    Draws draws = new Draws(about + " " + type, SEED);
    Fixture f = new Fixture(about, type, -1);
    try (Evaluation evaluation = new Evaluation(f.in, List.of(f.y))) {
      for (int rows : rowCounts(about)) {
        List<Array> data = draw(about, rows, draws);
        Tensor got = evaluation.run(tensors(f.in, data)).get(0);
        Array want = about.oracle().apply(data);
        assertThat(got.sizes()).containsExactly(toLongs(want.sizes()));
        close(got.toDoubles(), want.data(), error, about + " with " + rows + " rows");
      }
    }
  }

  private static long[] toLongs(int[] sizes) {
    return java.util.Arrays.stream(sizes).asLongStream().toArray();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void forwardInFloat64(OpCase about) {
    forward(about, ElementType.FLOAT64, about.op() == Op.CAST ? 1e-7 : 1e-13);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void forwardInFloat32(OpCase about) {
    forward(about, ElementType.FLOAT32, FLOAT32_ERROR);
  }

  /** Gradients of three functions of y: a weighted sum, the sum, and column means. */
  @ParameterizedTest
  @MethodSource("differentiable")
  void gradient(OpCase about) {
    Draws draws = new Draws(about + " gradient", SEED);
    gradient(about, draws, -1, rowCounts(about));
    gradient(about, draws, ROWS, ROWS);
  }

  private static void gradient(OpCase about, Draws draws, int fixedRows, int... rowCounts) {
    Fixture f = new Fixture(about, ElementType.FLOAT64, fixedRows);
    Value seed = Ops.input("seed", ElementType.FLOAT64, f.y.shape());
    List<Value> in = new ArrayList<>(f.in);
    in.add(seed);
    boolean hasMeans = f.y.shape().rank() > 0;
    List<Value> out = new ArrayList<>(Gradients.of(f.y, seed, f.active));
    out.addAll(Gradients.of(Ops.sumAll(f.y), f.active));
    if (hasMeans) {
      Value means = Ops.mean(f.y, true, 0);
      out.addAll(Gradients.of(Ops.sumAll(Ops.square(means)), f.active));
    }
    try (Evaluation evaluation = new Evaluation(in, out)) {
      for (int rows : rowCounts) {
        List<Array> data = draw(about, rows, draws);
        Array y = about.oracle().apply(data);
        Array weights = new Array(draws.uniform(y.data().length, -1, 1), y.sizes());
        List<Array> all = new ArrayList<>(data);
        all.add(weights);
        List<Tensor> got = evaluation.run(tensors(in, all));
        int k = f.active.size();
        check(f, data, got.subList(0, k), x -> x.dot(weights), "weighted");
        check(f, data, got.subList(k, 2 * k), x -> java.util.Arrays.stream(x.data()).sum(), "sum");
        if (hasMeans && y.data().length > 0) {
          check(f, data, got.subList(2 * k, 3 * k), OpSweepTest::squaredMeans, "means");
        }
      }
    }
  }

  private static double squaredMeans(Array y) {
    int n = y.sizes()[0];
    int columns = y.data().length / n;
    double sum = 0;
    for (int j = 0; j < columns; j++) {
      double mean = 0;
      for (int i = 0; i < n; i++) {
        mean += y.data()[i * columns + j] / n;
      }
      sum += mean * mean;
    }
    return sum;
  }

  private interface Loss {
    double of(Array y);
  }

  private static void check(Fixture f, List<Array> data, List<Tensor> got, Loss loss, String what) {
    for (int a = 0; a < f.active.size(); a++) {
      int at = f.in.indexOf(f.active.get(a));
      Array x = data.get(at);
      double[] want = new double[x.data().length];
      for (int i = 0; i < want.length; i++) {
        double[] sides = new double[2];
        for (int side = 0; side < 2; side++) {
          List<Array> moved = new ArrayList<>(data);
          moved.set(at, x.shifted(i, side == 0 ? STEP : -STEP));
          sides[side] = loss.of(f.about.oracle().apply(moved));
        }
        want[i] = (sides[0] - sides[1]) / (2 * STEP);
      }
      assertThat(got.get(a).sizes()).as(what).containsExactly(toLongs(x.sizes()));
      close(got.get(a).toDoubles(), want, f.about.tolerance(), f.about + " " + what + " d" + at);
    }
  }

  /** Gradients of a weighted sum of the first gradients, against differences of these. */
  @ParameterizedTest
  @MethodSource("differentiable")
  void secondGradient(OpCase about) {
    Draws draws = new Draws(about + " second gradient", SEED);
    Fixture f = new Fixture(about, ElementType.FLOAT64, -1);
    List<Value> in = new ArrayList<>(f.in);
    Value seed = Ops.input("seed", ElementType.FLOAT64, f.y.shape());
    in.add(seed);
    List<Value> active = new ArrayList<>(f.active);
    active.add(seed);
    Value sum = Ops.scalar(ElementType.FLOAT64, 0);
    List<Value> first = Gradients.of(f.y, seed, f.active);
    for (int a = 0; a < first.size(); a++) {
      Value weight = Ops.input("v" + a, ElementType.FLOAT64, f.active.get(a).shape());
      in.add(weight);
      sum = Ops.add(sum, Ops.sumAll(Ops.mul(weight, first.get(a))));
    }
    List<Value> out = new ArrayList<>(Gradients.of(sum, active));
    out.add(sum);
    try (Evaluation evaluation = new Evaluation(in, out)) {
      for (int rows : rowCounts(about)) {
        List<Array> data = draw(about, rows, draws);
        int[] shape = about.oracle().apply(data).sizes();
        data.add(new Array(draws.uniform(Array.count(shape), -1, 1), shape));
        for (Value value : f.active) {
          int[] sizes = data.get(f.in.indexOf(value)).sizes();
          data.add(new Array(draws.uniform(Array.count(sizes), -1, 1), sizes));
        }
        second(about, evaluation, in, active, data);
      }
    }
  }

  private static void second(
      OpCase about, Evaluation evaluation, List<Value> in, List<Value> active, List<Array> data) {
    List<Tensor> got = evaluation.run(tensors(in, data));
    for (int a = 0; a < active.size(); a++) {
      int at = in.indexOf(active.get(a));
      double[] want = new double[data.get(at).data().length];
      for (int i = 0; i < want.length; i++) {
        double[] sides = new double[2];
        for (int side = 0; side < 2; side++) {
          List<Array> moved = new ArrayList<>(data);
          moved.set(at, data.get(at).shifted(i, side == 0 ? STEP : -STEP));
          sides[side] = evaluation.run(tensors(in, moved)).get(active.size()).toDouble();
        }
        want[i] = (sides[0] - sides[1]) / (2 * STEP);
      }
      close(got.get(a).toDoubles(), want, about.tolerance(), about + " second d" + at);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void refusedOperatorsSaySo(OpCase about) {
    if (OpCase.REFUSED.contains(about.op())) {
      Fixture f = new Fixture(about, ElementType.FLOAT64, -1);
      assertThatThrownBy(() -> Gradients.of(Ops.sumAll(f.y), f.active))
          .isInstanceOf(GraphException.class)
          .hasMessageContaining(about.op().onnxName())
          .hasMessageContaining("cannot be differentiated");
    }
  }

  @Test
  void everyOperatorHasACaseAndARow() {
    Set<Op> covered = EnumSet.noneOf(Op.class);
    cases().forEach(c -> covered.add(c.op()));
    assertThat(covered).isEqualTo(EnumSet.allOf(Op.class));
    for (Op op : Op.values()) {
      assertThat(GradientRules.of(op).kind() == GradientRule.Kind.REFUSED)
          .as(op.name())
          .isEqualTo(OpCase.REFUSED.contains(op));
    }
  }
}
