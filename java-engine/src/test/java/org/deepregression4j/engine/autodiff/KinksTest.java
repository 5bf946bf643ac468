package org.deepregression4j.engine.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;

class KinksTest {
  private static final ElementType F64 = ElementType.FLOAT64;

  private final Value x = Ops.input("x", F64, Shape.of(2));
  private final Value y = Ops.input("y", F64, Shape.of(2));

  /** |y| + |2x| exp(−|2x|): one kink by x, which is used twice. */
  private Value expression() {
    Value size = Ops.abs(Ops.mul(x, 2));
    return Ops.add(Ops.abs(y), Ops.mul(size, Ops.exp(Ops.neg(size))));
  }

  private double[] at(Value value) {
    List<Tensor> tensors =
        List.of(
            Tensor.copyOf(F64, new double[] {0, -1}, 2),
            Tensor.copyOf(F64, new double[] {0, 3}, 2));
    return Evaluation.run(List.of(x, y), tensors, List.of(value)).get(0).toDoubles();
  }

  @Test
  void onlyThoseOfTheVariablesAreFound() {
    List<Value> found = Kinks.arguments(expression(), List.of(x));
    assertThat(found).hasSize(1);
    assertThat(at(found.get(0))).containsExactly(0, -2);
    assertThat(Kinks.arguments(expression(), List.of(x, y))).hasSize(2);
    assertThat(Kinks.arguments(expression(), List.of())).isEmpty();
  }

  @Test
  void theyAreRoundedAndHaveASecondDerivative() {
    Value rounded = Kinks.rounded(expression(), Ops.scalar(F64, 0.5), List.of(x));
    double far = Math.sqrt(4.25);
    double[] want = {0.5 * Math.exp(-0.5), 3 + far * Math.exp(-far)};
    assertThat(at(rounded)).containsExactly(want, within(1e-15));
    Value slope = Gradients.of(Ops.sumAll(rounded), List.of(x)).get(0);
    Value curvature = Gradients.of(Ops.sumAll(slope), List.of(x)).get(0);
    // (1 − s) exp(−s) s'' at zero, with s'' = 4 / width.
    assertThat(at(curvature)[0]).isCloseTo(0.5 * Math.exp(-0.5) * 8, within(1e-12));
  }

  @Test
  void theLargerAndTheSmallerOfTwoBendWhereTheyAreEqual() {
    Value bound = Ops.add(Ops.mul(x, 0.0), 1);
    Value larger = Ops.max(x, bound);
    Value smaller = Ops.min(bound, x);
    assertThat(at(Kinks.arguments(larger, List.of(x)).get(0))).containsExactly(-1, -2);
    assertThat(at(Kinks.arguments(smaller, List.of(x)).get(0))).containsExactly(1, 2);
    Value guard = Ops.max(x, Ops.scalar(x, 1));
    assertThat(Kinks.arguments(guard, List.of(x))).isEmpty();
    Value width = Ops.scalar(F64, 1e-9);
    assertThat(at(Kinks.rounded(larger, width, List.of(x)))).containsExactly(1, 1);
    assertThat(at(Kinks.rounded(smaller, width, List.of(x)))).containsExactly(0, -1);
  }

  @Test
  void anExpressionWithoutThemIsTheSame() {
    Value plain = Ops.exp(x);
    assertThat(Kinks.rounded(plain, Ops.scalar(F64, 0.5), List.of(x))).isSameAs(plain);
  }
}
