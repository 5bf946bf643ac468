package org.deepregression4j.engine.autodiff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.GraphException;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;

class ToldTest {
  private static final ElementType F64 = ElementType.FLOAT64;
  private static final double[] X = {0.3, -1};
  private static final double[] Y = {2, 0.5};

  private final Value x = Ops.input("x", F64, Shape.of(2));
  private final Value y = Ops.input("y", F64, Shape.of(2));

  private double[] at(Value value) {
    List<Tensor> tensors = List.of(Tensor.copyOf(F64, X, 2), Tensor.copyOf(F64, Y, 2));
    return Evaluation.run(List.of(x, y), tensors, List.of(value)).get(0).toDoubles();
  }

  /** exp(x) sin(y), with exp(x) for a part. */
  private Value told() {
    Value exp = Ops.exp(x);
    Value value = Ops.mul(exp, Ops.sin(y));
    return Told.of(value, List.of(x, y), List.of(exp), ToldTest::slopes);
  }

  private static List<Value> slopes(List<Value> variables, List<Value> parts) {
    Value y = variables.get(1);
    Value exp = parts.get(0);
    return List.of(Ops.mul(exp, Ops.sin(y)), Ops.mul(exp, Ops.cos(y)));
  }

  @Test
  void slopesAreThoseThatAreToldAndAreDifferentiatedAgain() {
    Value square = Ops.square(told());
    assertThat(at(told())[0]).isCloseTo(Math.exp(0.3) * Math.sin(2), within(1e-15));
    List<Value> first = Gradients.of(Ops.sumAll(square), List.of(x, y));
    Value second = Gradients.of(Ops.sumAll(first.get(1)), List.of(x)).get(0);
    for (int i = 0; i < 2; i++) {
      double e = Math.exp(2 * X[i]);
      assertThat(at(first.get(0))[i]).isCloseTo(2 * e * Math.pow(Math.sin(Y[i]), 2), within(1e-14));
      assertThat(at(first.get(1))[i]).isCloseTo(e * Math.sin(2 * Y[i]), within(1e-14));
      assertThat(at(second)[i]).isCloseTo(2 * e * Math.sin(2 * Y[i]), within(1e-14));
    }
  }

  @Test
  void whatIsToldIsTakenInPlaceOfTheGraph() {
    Value wrong =
        Told.of(Ops.exp(x), List.of(x), List.of(), (variables, parts) -> List.of(variables.get(0)));
    assertThat(at(Gradients.of(Ops.sumAll(wrong), List.of(x)).get(0))).containsExactly(X);
  }

  @Test
  void slopesShareWhatTheValueTook() {
    Value loss = Ops.sumAll(told());
    List<Value> all = new java.util.ArrayList<>(Gradients.of(loss, List.of(x, y)));
    all.add(loss);
    long exps = Graph.sort(all).stream().filter(node -> node.op() == Op.EXP).count();
    assertThat(exps).isEqualTo(1);
  }

  @Test
  void variablesOfAnotherShapeAreRefused() {
    Value one = Ops.input("one", F64, Shape.of(1));
    assertThatThrownBy(() -> Told.of(Ops.add(x, one), List.of(one), List.of(), ToldTest::slopes))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("expected a variable of");
  }
}
