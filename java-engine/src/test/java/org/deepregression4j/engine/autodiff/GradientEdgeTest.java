package org.deepregression4j.engine.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.deepregression4j.onnx.graph.Constant;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.GraphException;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;

/** Points without a derivative, values that do not take part, and wrong arguments. */
class GradientEdgeTest {
  private static final ElementType F64 = ElementType.FLOAT64;

  private static double[] slope(Function<Value, Value> loss, double... at) {
    Value x = Ops.input("x", F64, Shape.of(at.length));
    List<Value> slopes = Gradients.of(Ops.sumAll(loss.apply(x)), List.of(x));
    return Evaluation.run(List.of(x), List.of(Tensor.copyOf(F64, at, at.length)), slopes)
        .get(0)
        .toDoubles();
  }

  @Test
  void slopesAtKinks() {
    assertThat(slope(Ops::abs, 0, -1, 2)).containsExactly(0, -1, 1);
    assertThat(slope(Ops::relu, 0, -1, 2)).containsExactly(0, 0, 1);
    // Equal arguments: the first takes all, so a clamp is open at its bound.
    assertThat(slope(x -> Ops.max(x, Ops.scalar(x, 0)), 0, -1, 2)).containsExactly(1, 0, 1);
    assertThat(slope(x -> Ops.max(Ops.scalar(x, 0), x), 0, -1, 2)).containsExactly(0, 0, 1);
    assertThat(slope(x -> Ops.min(x, Ops.scalar(x, 0)), 0, -1, 2)).containsExactly(1, 1, 0);
  }

  @Test
  void equalExtremesShareEvenly() {
    assertThat(slope(x -> Ops.reduceMax(x, false, 0), 2, 5, 5, 1)).containsExactly(0, .5, .5, 0);
    assertThat(slope(x -> Ops.reduceMin(x, true, 0), 2, 1, 5, 1)).containsExactly(0, .5, 0, .5);
  }

  @Test
  void notANumberReachesOnlyItsOwnElement() {
    double nan = Double.NaN;
    List<Function<Value, Value>> smooth =
        List.of(Ops::exp, Ops::tanh, Ops::sigmoid, Ops::sin, x -> Ops.pow(x, 3), Ops::square);
    for (Function<Value, Value> f : smooth) {
      double[] got = slope(f, 0.5, nan, 1);
      double[] want = slope(f, 0.5, 0.7, 1);
      assertThat(got[1]).isNaN();
      assertThat(new double[] {got[0], got[2]}).containsExactly(want[0], want[2]);
    }
  }

  /** The branch not taken may be infinite without spoiling the gradient of the other. */
  @Test
  void whereKeepsTheOtherBranchOut() {
    double[] got =
        slope(
            x -> {
              Value isPositive = Ops.greater(x, Ops.scalar(x, 0));
              Value safe = Ops.where(isPositive, x, Ops.scalar(x, 1));
              return Ops.where(isPositive, Ops.log(safe), x);
            },
            0,
            -3,
            4);
    assertThat(got).containsExactly(1, 1, 0.25);
  }

  @Test
  void aValueThatDoesNotTakePartHasZeros() {
    Value x = Ops.input("x", F64, Shape.rows("n", 2));
    Value other = Ops.input("other", F64, Shape.rows("n", 3));
    Value fixed = Ops.input("fixed", F64, Shape.of(2));
    List<Value> slopes = Gradients.of(Ops.sumAll(x), List.of(x, other, fixed));
    List<Tensor> data =
        List.of(
            Tensor.copyOf(F64, new double[] {1, 2, 3, 4}, 2, 2),
            Tensor.copyOf(F64, new double[6], 2, 3),
            Tensor.copyOf(F64, new double[2], 2));
    List<Tensor> got = Evaluation.run(List.of(x, other, fixed), data, slopes);
    assertThat(got.get(0).toDoubles()).containsExactly(1, 1, 1, 1);
    assertThat(got.get(1).sizes()).containsExactly(2, 3);
    assertThat(got.get(1).toDoubles()).containsOnly(0);
    assertThat(got.get(2).toDoubles()).containsExactly(0, 0);
  }

  /** d/dη of an intermediate η, and of what it is made from, in one call. */
  @Test
  void intermediateValuesHaveGradients() {
    Value x = Ops.input("x", F64, Shape.of(3));
    Value eta = Ops.mul(x, 2);
    List<Value> slopes = Gradients.of(Ops.sumAll(Ops.square(eta)), List.of(eta, x));
    double[] at = {1, -2, 0.5};
    List<Tensor> got = Evaluation.run(List.of(x), List.of(Tensor.copyOf(F64, at, 3)), slopes);
    double[] four = Arrays.stream(at).map(v -> 4 * v).toArray();
    double[] eight = Arrays.stream(at).map(v -> 8 * v).toArray();
    assertThat(got.get(0).toDoubles()).containsExactly(four);
    assertThat(got.get(1).toDoubles()).containsExactly(eight);
  }

  /** A chain as deep as an unrolled recurrent net is walked without recursion. */
  @Test
  void deepGraphsDoNotOverflowTheStack() {
    Value x = Ops.input("x", F64, Shape.SCALAR);
    Value y = x;
    int depth = 20_000;
    for (int i = 0; i < depth; i++) {
      y = Ops.sin(y);
    }
    Value slope = Gradients.of(y, List.of(x)).get(0);
    // Each sine has a shift, a sine and a product, except that the first product is with one.
    assertThat(Evaluation.ops(List.of(slope)).size()).isBetween(3 * depth, 4 * depth);
  }

  @Test
  void wrongArgumentsAreNamed() {
    Value x = Ops.input("x", F64, Shape.of(3));
    Value whole = Ops.constant(Constant.copyOf(new long[] {1}));
    assertThatThrownBy(() -> Gradients.of(x, List.of(x)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("one element")
        .hasMessageContaining("(3)");
    assertThatThrownBy(() -> Gradients.of(Ops.sumAll(x), List.of(whole)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("floating point");
    Value seed = Ops.vector(F64, 1, 2);
    assertThatThrownBy(() -> Gradients.of(x, seed, List.of(x)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("do not broadcast");
  }
}
