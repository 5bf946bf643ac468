package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.engine.autodiff.Gradients;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Classes: the closed forms of softmax, log-probability y'log p and gradient y − p. */
class CategoricalFamiliesTest {
  static final List<String> NAMES = List.of("multinomial", "multinoulli");

  private static final double[] Y = {1, 0, 0, 0, 0, 1, 0, 1, 0};
  private static final double[] LOGITS = {0.3, -1, 2, -30, 30, 0, 0, 0, 0};

  @ParameterizedTest
  @FieldSource("NAMES")
  void followTheClosedForm(String name) {
    Map<String, Tensor> got = run(Families.named(name));
    for (int row = 0; row < 3; row++) {
      double[] eta = Arrays.copyOfRange(LOGITS, 3 * row, 3 * row + 3);
      double largest = Arrays.stream(eta).max().orElseThrow();
      double total = Arrays.stream(eta).map(v -> Math.exp(v - largest)).sum();
      double expected = 0;
      for (int k = 0; k < 3; k++) {
        double logP = eta[k] - largest - Math.log(total);
        double p = Math.exp(logP);
        int at = 3 * row + k;
        expected += Y[at] * logP;
        assertThat(got.get("mean").toDoubles()[at]).isCloseTo(p, within(1e-15));
        assertThat(got.get("stddev").toDoubles()[at])
            .isCloseTo(Math.sqrt(p * (1 - p)), within(1e-13));
        assertThat(got.get("gradient").toDoubles()[at]).isCloseTo(Y[at] - p, within(1e-14));
      }
      assertThat(got.get("log_density").toDoubles()[row]).isCloseTo(expected, within(1e-13));
    }
    assertThat(got.get("log_density").sizes()).containsExactly(3, 1);
  }

  private static Map<String, Tensor> run(Family family) {
    Value y = Ops.input("y", ElementType.FLOAT64, Shape.rows("n", 3));
    Value eta = Ops.input("eta", ElementType.FLOAT64, Shape.rows("n", 3));
    Map<String, Value> out = new LinkedHashMap<>();
    Value logDensity = family.logDensity(y, List.of(eta));
    out.put("log_density", logDensity);
    out.put("gradient", Gradients.of(Ops.sumAll(logDensity), List.of(eta)).get(0));
    out.put("mean", family.mean(List.of(eta)));
    out.put("stddev", family.stddev(List.of(eta)));
    Graph graph = Graph.of(family.name(), Map.of("y", y, "eta", eta), out);
    try (OnnxSession session = OnnxSession.open(OnnxWriter.toBytes(graph))) {
      return session.run(
          Map.of(
              "y", Tensor.copyOf(ElementType.FLOAT64, Y, 3, 3),
              "eta", Tensor.copyOf(ElementType.FLOAT64, LOGITS, 3, 3)),
          out.keySet());
    }
  }
}
