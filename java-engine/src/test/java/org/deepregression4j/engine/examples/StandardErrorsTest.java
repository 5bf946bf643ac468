package org.deepregression4j.engine.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.deepregression4j.engine.api.Model;
import org.deepregression4j.engine.api.ModelInference;
import org.deepregression4j.engine.model.TrainingData;
import org.junit.jupiter.api.Test;

class StandardErrorsTest {
  @Test
  void theTruthIsWithinFourOfThem() {
    TrainingData data = StandardErrors.data();
    Model model = StandardErrors.fit(data);
    assertThat(model.exactFit().orElseThrow().isConverged()).isTrue();
    ModelInference inference = model.inference(data);
    Map<String, Double> truth = Map.of("locx", 2.0, "scalex", 0.5, "scale(Intercept)", -1.0);
    int seen = 0;
    for (ModelInference.Span span : inference.spans()) {
      Double value = truth.get(span.predictor() + span.terms().get(0));
      if (value != null) {
        double error = inference.statistics().standardError(span.from());
        double found = inference.statistics().coefficients().get(span.from());
        assertThat(found).isCloseTo(value, within(4 * error));
        seen++;
      }
    }
    assertThat(seen).isEqualTo(truth.size());
    // A sine over one period: more than a cubic, less than all eleven.
    assertThat(StandardErrors.freedom(inference, "s(z)")).isBetween(4.0, 10.0);
    assertThat(inference.isConditional()).isFalse();
  }
}
