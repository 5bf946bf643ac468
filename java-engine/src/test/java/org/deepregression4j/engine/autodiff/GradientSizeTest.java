package org.deepregression4j.engine.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;

/** Counts nodes, since each one costs time at every training step, and checks the numbers. */
class GradientSizeTest {
  private static final double[] X = {1, 2, 1, -1, 1, 0.5, 1, 3};
  private static final double[] Y = {0.3, -1, 2, 0.1};
  private static final double[] BETA = {0.2, -0.4};
  private static final double LOG_SCALE = 0.3;

  /** X (n, 2) beta, one scale: mean of z²/2 + log scale. */
  private record Model(Value x, Value y, Value beta, Value logScale, Value loss) {
    static Model of(Shape rows, Shape response) {
      Value x = Ops.input("x", ElementType.FLOAT64, rows);
      Value y = Ops.input("y", ElementType.FLOAT64, response);
      Value beta = Ops.input("beta", ElementType.FLOAT64, Shape.of(2, 1));
      Value logScale = Ops.input("s", ElementType.FLOAT64, Shape.of(1, 1));
      Value z = Ops.div(Ops.sub(y, Ops.matMul(x, beta)), Ops.exp(logScale));
      Value nll = Ops.add(Ops.mul(Ops.square(z), 0.5), logScale);
      return new Model(x, y, beta, logScale, Ops.mean(nll, false, 0, 1));
    }

    List<Value> gradients() {
      return Gradients.of(loss, List.of(beta, logScale));
    }

    void check() {
      List<Tensor> data =
          List.of(
              Tensor.copyOf(ElementType.FLOAT64, X, 4, 2),
              Tensor.copyOf(ElementType.FLOAT64, Y, 4, 1),
              Tensor.copyOf(ElementType.FLOAT64, BETA, 2, 1),
              Tensor.copyOf(ElementType.FLOAT64, new double[] {LOG_SCALE}, 1, 1));
      List<Tensor> got = Evaluation.run(List.of(x, y, beta, logScale), data, gradients());
      double[] want = new double[3];
      double variance = Math.exp(2 * LOG_SCALE);
      for (int i = 0; i < 4; i++) {
        double r = Y[i] - X[2 * i] * BETA[0] - X[2 * i + 1] * BETA[1];
        want[0] -= X[2 * i] * r / variance / 4;
        want[1] -= X[2 * i + 1] * r / variance / 4;
        want[2] += (1 - r * r / variance) / 4;
      }
      assertThat(got.get(0).toDoubles()[0]).isCloseTo(want[0], within(1e-14));
      assertThat(got.get(0).toDoubles()[1]).isCloseTo(want[1], within(1e-14));
      assertThat(got.get(1).toDoubles()[0]).isCloseTo(want[2], within(1e-14));
    }
  }

  /** Rows known only at run time: their number has to be read, and divided by. */
  @Test
  void linearNormalModelWithSymbolicRows() {
    Model model = Model.of(Shape.rows("n", 2), Shape.rows("n", 1));
    model.check();
    List<Op> forward = Evaluation.ops(List.of(model.loss()));
    List<Op> gradient = Evaluation.ops(model.gradients());
    System.out.println(gradient);
    assertThat(forward).hasSize(8);
  }

  /** Rows known when the graph is made: the division folds into the product. */
  @Test
  void linearNormalModelWithFixedRows() {
    Model model = Model.of(Shape.of(4, 2), Shape.of(4, 1));
    model.check();
    System.out.println(Evaluation.ops(model.gradients()));
  }
}
