package org.deepregression4j.engine.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.deepregression4j.onnx.graph.Dim;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Counts the nodes of whole training gradients, since each costs time at every step; the numbers
 * are checked against central differences of the loss. An intended change of a rule changes the
 * expected lists; a longer one needs a reason.
 */
class GradientSizeTest {
  private static final ElementType F64 = ElementType.FLOAT64;

  /** Not a power of two, so that 1/n is no float and cannot hide in a product's alpha. */
  private static final int ROWS = 7;

  private static final long SEED = Draws.announce(GradientSizeTest.class, 11);
  private static final double STEP = 6e-6;
  private static final double ERROR = 1e-7;

  private final List<Value> in = new ArrayList<>();
  private final List<Array> data = new ArrayList<>();
  private final Draws draws = new Draws("gradient sizes", SEED);

  private Value input(String name, boolean isFixed, int... sizes) {
    List<Dim> dims = new ArrayList<>();
    int[] actual = sizes.clone();
    for (int i = 0; i < sizes.length; i++) {
      dims.add(sizes[i] >= 0 ? Dim.of(sizes[i]) : isFixed ? Dim.of(ROWS) : Dim.of("n"));
      actual[i] = sizes[i] >= 0 ? sizes[i] : ROWS;
    }
    Value value = Ops.input(name, F64, new Shape(dims));
    in.add(value);
    data.add(new Array(draws.uniform(Array.count(actual), -1, 1), actual));
    return value;
  }

  private List<Tensor> run(List<Array> at, List<Value> out) {
    return Evaluation.run(in, at.stream().map(a -> TestTensors.of(F64, a)).toList(), out);
  }

  /** Checks the gradients and returns what they take beyond the forward nodes that they share. */
  private List<Op> gradientOps(Value loss, Value... with) {
    List<Value> slopes = Gradients.of(loss, List.of(with));
    List<Tensor> got = run(data, slopes);
    for (int k = 0; k < with.length; k++) {
      int at = in.indexOf(with[k]);
      for (int i = 0; i < data.get(at).data().length; i++) {
        double[] sides = new double[2];
        for (int side = 0; side < 2; side++) {
          List<Array> moved = new ArrayList<>(data);
          moved.set(at, data.get(at).shifted(i, side == 0 ? STEP : -STEP));
          sides[side] = run(moved, List.of(loss)).get(0).toDouble();
        }
        double want = (sides[0] - sides[1]) / (2 * STEP);
        assertThat(got.get(k).toDoubles()[i]).isCloseTo(want, within(ERROR));
      }
    }
    List<Value> both = new ArrayList<>(List.of(loss));
    both.addAll(slopes);
    List<Op> all = new ArrayList<>(Evaluation.ops(both));
    return all.subList(Evaluation.ops(List.of(loss)).size(), all.size());
  }

  /** X (n, 2) beta and one scale: mean of z²/2 + log scale. */
  private List<Op> linearNormal(boolean isFixed) {
    Value x = input("x", isFixed, -1, 2);
    Value y = input("y", isFixed, -1, 1);
    Value beta = input("beta", isFixed, 2, 1);
    Value logScale = input("s", isFixed, 1, 1);
    Value z = Ops.div(Ops.sub(y, Ops.matMul(x, beta)), Ops.exp(logScale));
    Value nll = Ops.add(Ops.mul(Ops.square(z), 0.5), logScale);
    return gradientOps(Ops.mean(nll, false, 0, 1), beta, logScale);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void linearNormalModel(boolean isFixed) {
    List<Op> ops = linearNormal(isFixed);
    // d beta = X'(z / scale) · (-1/n): quotient, product, factor.
    // d log scale = 1 - scale · sum(z² / scale) / n: product, sum, product, then the two constants.
    List<Op> fixed =
        List.of(Op.DIV, Op.GEMM, Op.MUL, Op.MUL, Op.REDUCE_SUM, Op.MUL, Op.SUB, Op.MUL);
    // Rows known at run time: their number (Size, Cast), -1/n once, and a division for the sum.
    List<Op> open =
        List.of(
            Op.DIV,
            Op.GEMM,
            Op.SIZE,
            Op.CAST,
            Op.DIV,
            Op.MUL,
            Op.REDUCE_SUM,
            Op.MUL,
            Op.DIV,
            Op.SUB);
    assertThat(ops).containsExactlyElementsOf(isFixed ? fixed : open);
  }

  /** Both parameters from one parameter column, as training keeps it: no node but the algebra. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void locationScaleModelWithOneParameterColumn(boolean isFixed) {
    Value x = input("x", isFixed, -1, 3);
    Value z = input("z", isFixed, -1, 2);
    Value y = input("y", isFixed, -1, 1);
    Value theta = input("theta", isFixed, 5, 1);
    List<Value> parts = Ops.split(theta, 0, 3, 2);
    Value logScale = Ops.matMul(z, parts.get(1));
    Value residual = Ops.sub(y, Ops.matMul(x, parts.get(0)));
    Value r = Ops.mul(residual, Ops.exp(Ops.neg(logScale)));
    Value nll = Ops.add(Ops.mul(Ops.square(r), 0.5), logScale);
    List<Op> ops = gradientOps(Ops.mean(nll, false, 0, 1), theta);
    // r e^-s; X' of it; r · residual · e^-s is r², there already; 1 - r²; Z' of it; joined, over n.
    assertThat(ops).hasSize(isFixed ? 7 : 9);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void poissonModel(boolean isFixed) {
    Value x = input("x", isFixed, -1, 3);
    Value y = input("y", isFixed, -1, 1);
    Value beta = input("beta", isFixed, 3, 1);
    Value eta = Ops.matMul(x, beta);
    Value nll = Ops.sub(Ops.exp(eta), Ops.mul(y, eta));
    List<Op> ops = gradientOps(Ops.mean(nll, false, 0, 1), beta);
    assertThat(ops)
        .containsExactlyElementsOf(
            isFixed
                ? List.of(Op.SUB, Op.GEMM, Op.MUL)
                : List.of(Op.SUB, Op.GEMM, Op.SIZE, Op.CAST, Op.DIV));
  }

  /** A net with a penalty, whose factor is not the one of the mean. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void penalisedNet(boolean isFixed) {
    Value x = input("x", isFixed, -1, 3);
    Value y = input("y", isFixed, -1, 1);
    Value w = input("w", isFixed, 3, 4);
    Value b = input("b", isFixed, 4);
    Value v = input("v", isFixed, 4, 1);
    Value hidden = Ops.tanh(Ops.add(Ops.matMul(x, w), b));
    Value error = Ops.sub(Ops.matMul(hidden, v), y);
    Value penalty = Ops.mul(Ops.sumAll(Ops.square(w)), 0.01);
    Value loss = Ops.add(Ops.mean(Ops.square(error), false, 0, 1), penalty);
    List<Op> ops = gradientOps(loss, w, b, v);
    // e v', 1 - h² (2), their product; X' of it, plus the penalty, times the mean's factor (4);
    // its sum and factor (2); h' e and factor (2). Rows at run time: number (3), one more factor.
    assertThat(ops).hasSize(isFixed ? 12 : 16);
  }
}
