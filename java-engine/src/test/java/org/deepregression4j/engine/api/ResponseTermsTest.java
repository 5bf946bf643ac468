package org.deepregression4j.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.deepregression4j.engine.family.FamilyCase;
import org.deepregression4j.engine.family.FamilyCases;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.train.FitOptions;
import org.deepregression4j.engine.train.History;
import org.deepregression4j.engine.train.Optimizer;
import org.deepregression4j.engine.train.TrainingListener;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Terms of the response that are evaluated once are those that every batch would evaluate. */
class ResponseTermsTest {
  private static final double SAME = 1e-12;

  static Stream<String> keys() {
    return FamilyCases.keys();
  }

  @ParameterizedTest
  @MethodSource("keys")
  void trainingIsTheSameWhereEveryBatchEvaluatesThem(String key) {
    FamilyCase of = FamilyCases.named(key);
    ExportedFamily family = new ExportedFamily(of.family(), of.columns());
    Model once = family.model();
    Model perBatch = family.model();
    History first = train(once, family, Long.MAX_VALUE);
    History second = train(perBatch, family, 1);
    assertThat(first.stop()).isEqualTo(second.stop());
    assertThat(once.weights()).containsExactly(perBatch.weights(), within(SAME));
    for (int i = 0; i < first.loss().size(); i++) {
      double loss = second.loss().get(i);
      assertThat(first.loss().get(i))
          .as("loss of %s", key)
          .isCloseTo(loss, within(SAME * Math.max(1, Math.abs(loss))));
    }
  }

  private static History train(Model model, ExportedFamily family, long memory) {
    Tensor y =
        Tensor.copyOf(ElementType.FLOAT64, family.responses(), ExportedFamily.N, family.columns());
    Dataset data = Dataset.builder(ExportedFamily.N).doubles("x", ExportedFamily.X).build();
    FitOptions options =
        FitOptions.builder()
            .epochs(3)
            .batchSize(4)
            .validationSplit(0)
            .memoryBudget(memory)
            .optimizer(new Optimizer.Adam(.01))
            .build();
    return model.fit(TrainingData.of(data, y), options, TrainingListener.NONE);
  }
}
