package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;
import org.junit.jupiter.api.Test;

class MixtureTest {
  /** Shares of the components of a mixture by Bayes' rule. */
  @Test
  void posteriorProbabilities() {
    Mixture mixture = Mixture.of(List.of(Families.named("normal"), Families.named("normal")));
    Value y = Ops.input("y", ElementType.FLOAT64, Shape.rows("n", 1));
    Value c = Ops.scalar(y, 0);
    List<Value> eta = new ArrayList<>();
    for (double v : new double[] {0.4, -1, 0.2, 2, -0.3}) {
      eta.add(Ops.add(Ops.mul(Ops.add(y, c), 0.0), v));
    }
    Map<String, Value> out =
        Map.of(
            "prior", mixture.weights(eta).get(1),
            "posterior", mixture.posterior(y, eta).get(1),
            "mean", mixture.ofComponents(Family.Property.MEAN, eta).get(1));
    try (OnnxSession session =
        OnnxSession.open(OnnxWriter.toBytes(Graph.of("mixture", Map.of("y", y), out)))) {
      Map<String, Tensor> got =
          session.run(
              Map.of("y", Tensor.copyOf(ElementType.FLOAT64, new double[] {0.9}, 1, 1)),
              out.keySet());
      double w = 1 / (1 + Math.exp(-0.4));
      double a = (1 - w) * Math.exp(-0.2 - 0.5 * Math.pow(1.9 / Math.exp(0.2), 2));
      double b = w * Math.exp(0.3 - 0.5 * Math.pow(-1.1 / Math.exp(-0.3), 2));
      assertThat(got.get("prior").toDoubles()[0]).isCloseTo(w, within(1e-14));
      assertThat(got.get("posterior").toDoubles()[0]).isCloseTo(b / (a + b), within(1e-13));
      assertThat(got.get("mean").toDoubles()[0]).isEqualTo(2);
    }
  }
}
