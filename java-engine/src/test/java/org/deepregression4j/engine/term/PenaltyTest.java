package org.deepregression4j.engine.term;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;
import org.junit.jupiter.api.Test;

class PenaltyTest {
  /** A root and its square lose a few digits of sixteen. */
  private static final double ROUNDING = 1e-12;

  /** Second differences of five values: rank 3, null space of straight lines. */
  private static final Matrix DIFFERENCES =
      Matrix.copyOf(3, 5, 1, -2, 1, 0, 0, 0, 1, -2, 1, 0, 0, 0, 1, -2, 1);

  private static final Matrix WIGGLINESS = DIFFERENCES.transpose().times(DIFFERENCES);
  private static final Penalty PENALTY =
      new Penalty(List.of(WIGGLINESS, Matrix.identity(5)), List.of(3.0, 0.0), 0.01);

  @Test
  void theRootHasTheRankAndTheSquareOfThePenalty() {
    Matrix root = PENALTY.root();
    assertThat(root.rows()).isEqualTo(3);
    double[] square = root.transpose().times(root).toRowMajor();
    double[] want = WIGGLINESS.toRowMajor();
    for (int i = 0; i < want.length; i++) {
      assertThat(square[i]).isCloseTo(0.03 * want[i], within(ROUNDING));
    }
    Penalty both = new Penalty(PENALTY.matrices(), List.of(3.0, 0.5), 0.01);
    assertThat(both.root().rows()).isEqualTo(5);
  }

  @Test
  void theLossIsScaleLambdaTimesTheQuadraticForm() {
    double[] w = {1, 4, 2, -1, 3};
    double form = 0;
    for (int i = 0; i < 3; i++) {
      form += Math.pow(w[i] - 2 * w[i + 1] + w[i + 2], 2);
    }
    assertThat(loss(PENALTY, w)).isCloseTo(0.03 * form, within(ROUNDING * form));
    Penalty none = new Penalty(PENALTY.matrices(), List.of(0.0, 0.0), 0.01);
    assertThat(none.root().rows()).isZero();
    assertThat(loss(none, w)).isZero();
  }

  private static double loss(Penalty penalty, double[] w) {
    Value coefficients = Ops.input("w", ElementType.FLOAT64, Shape.of(w.length, 1));
    Map<String, Value> out = Map.of("loss", Ops.add(penalty.loss(coefficients), 0));
    Graph graph = Graph.of("penalty", Map.of("w", coefficients), out);
    try (OnnxSession session = OnnxSession.open(OnnxWriter.toBytes(graph))) {
      Tensor values = Tensor.copyOf(ElementType.FLOAT64, w, w.length, 1);
      return session.run(Map.of("w", values), Set.of("loss")).get("loss").toDouble();
    }
  }

  @Test
  void whatIsNoPenaltyIsRefused() {
    List<Matrix> one = List.of(WIGGLINESS);
    assertThatThrownBy(() -> new Penalty(one, List.of(-1.0), 1)).hasMessageContaining("got -1.0");
    assertThatThrownBy(() -> new Penalty(one, List.of(Double.NaN), 1))
        .hasMessageContaining("expected lambda >= 0, got NaN");
    assertThatThrownBy(() -> new Penalty(one, List.of(1.0, 2.0), 1))
        .hasMessageContaining("1 matrices, but 2 lambdas");
    assertThatThrownBy(() -> new Penalty(one, List.of(1.0), 0)).hasMessageContaining("scale > 0");
    Matrix negative = Matrix.copyOf(2, 2, 1, 0, 0, -1);
    assertThatThrownBy(() -> new Penalty(List.of(negative), List.of(1.0), 1).root())
        .hasMessageContaining("no negative eigenvalue");
  }
}
