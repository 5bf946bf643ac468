package org.deepregression4j.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deepregression4j.engine.api.Model;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.layer.Activation;
import org.deepregression4j.engine.layer.Dense;
import org.deepregression4j.engine.layer.Network;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Expression;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.engine.term.Offset;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.engine.train.FitOptions;
import org.deepregression4j.engine.train.History;
import org.deepregression4j.engine.train.Optimizer;
import org.deepregression4j.engine.train.TrainingListener;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.scoring.Rows;
import org.deepregression4j.onnx.scoring.ScoringModel;
import org.junit.jupiter.api.Test;

/** Models without structured terms, and families whose columns belong together. */
class SpecialModelsTest {
  private static final double[] X = {-1, -.5, 0, .5, 1};
  private static final FitOptions ONE_STEP =
      FitOptions.builder()
          .plain(true)
          .epochs(1)
          .batchSize(8)
          .validationSplit(0)
          .optimizer(new Optimizer.Sgd(1, 0, false))
          .build();

  private static TrainingData data(double[] y) {
    Dataset columns = Dataset.builder(X.length).doubles("x", X).build();
    Tensor response = Tensor.copyOf(ElementType.FLOAT64, y, X.length, y.length / X.length);
    return TrainingData.of(columns, response);
  }

  private static Model model(
      String family,
      int m,
      List<StructuredTerm> terms,
      DeepTerm[] deep,
      Map<String, Network> nets) {
    String parameter = Families.named(family).parameters().get(0).name();
    return new Model(
        new ModelDefinition(
            Families.named(family),
            ElementType.FLOAT64,
            1,
            m,
            List.of(ColumnSpec.real("x")),
            List.of(Predictor.of(parameter, terms, deep)),
            nets));
  }

  /** ~ 0 + net(x): loss and gradient of a Poisson regression by hand. */
  @Test
  void aModelMayConsistOfANetworkAlone() throws Exception {
    Network net =
        new Network(
            "net",
            List.of("in"),
            List.of(new Network.Step("d", List.of("in"), new Dense("d", 1, Activation.LINEAR))),
            "d");
    DeepTerm deep = new DeepTerm("net(x)", "net", List.of(List.of(Component.numeric("x"))));
    Model model = model("poisson", 1, List.of(), new DeepTerm[] {deep}, Map.of("net", net));
    model.setWeights(new double[] {.5, .2});
    double[] y = {0, 1, 1, 2, 3};
    History history = model.fit(data(y), ONE_STEP, TrainingListener.NONE);
    double loss = 0;
    double slope = 0;
    double constant = 0;
    double[] logFactorial = {0, 0, Math.log(2), Math.log(6)};
    for (int i = 0; i < 5; i++) {
      double eta = .5 * X[i] + .2;
      loss += (Math.exp(eta) - y[i] * eta + logFactorial[(int) y[i]]) / 5;
      slope += X[i] * (Math.exp(eta) - y[i]) / 5;
      constant += (Math.exp(eta) - y[i]) / 5;
    }
    assertThat(history.loss().get(0)).isCloseTo(loss, within(1e-12));
    double[] after = model.weights();
    assertThat(after).containsExactly(new double[] {.5 - slope, .2 - constant}, within(1e-12));
    try (ScoringModel scoring = ScoringModel.load(model.toOnnx())) {
      double[] mean = scoring.score(Rows.builder().doubles("x", X).build()).mean();
      for (int i = 0; i < 5; i++) {
        assertThat(mean[i]).isCloseTo(Math.exp(after[0] * X[i] + after[1]), within(1e-12));
      }
    }
  }

  @Test
  void aModelMayConsistOfAnOffsetAlone() {
    Offset offset = new Offset("offset(x)", Expression.column("x"));
    Model model = model("poisson", 1, List.of(offset), new DeepTerm[0], Map.of());
    assertThat(model.weights()).isEmpty();
    double[] mean = model.predict(data(new double[5]).columns()).mean().toDoubles();
    assertThat(mean).containsExactly(Arrays.stream(X).map(Math::exp).toArray(), within(1e-15));
  }

  /** The loss is the mean over rows of -log p of the class, not a sum over the classes. */
  @Test
  void theLossOfClassesIsTheMeanOverRows() {
    Linear slope = new Linear("x", List.of(), List.of(Component.numeric("x")), false, null);
    List<StructuredTerm> terms = List.of(new Intercept(), slope);
    Model model = model("multinoulli", 3, terms, new DeepTerm[0], Map.of());
    double[] w = {.1, .2, -.3, .5, 0, -.5};
    model.setWeights(w);
    int[] classes = {0, 1, 2, 0, 0};
    double[] y = new double[15];
    double want = 0;
    for (int i = 0; i < 5; i++) {
      y[3 * i + classes[i]] = 1;
      double sum = 0;
      for (int c = 0; c < 3; c++) {
        sum += Math.exp(w[c] + X[i] * w[3 + c]);
      }
      want -= (w[classes[i]] + X[i] * w[3 + classes[i]] - Math.log(sum)) / 5;
    }
    double[] density = model.logDensity(data(y));
    assertThat(density).hasSize(5);
    assertThat(-Arrays.stream(density).average().orElseThrow()).isCloseTo(want, within(1e-12));
    History history = model.fit(data(y), ONE_STEP, TrainingListener.NONE);
    assertThat(history.loss().get(0)).isCloseTo(want, within(1e-12));
  }
}
