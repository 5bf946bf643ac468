package org.deepregression4j.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.layer.Activation;
import org.deepregression4j.engine.layer.BatchNormalization;
import org.deepregression4j.engine.layer.Dense;
import org.deepregression4j.engine.layer.Dropout;
import org.deepregression4j.engine.layer.Network;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.DeepTerm;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.engine.train.FitOptions;
import org.deepregression4j.engine.train.History;
import org.deepregression4j.engine.train.Optimizer;
import org.deepregression4j.engine.train.TrainingListener;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.scoring.Rows;
import org.deepregression4j.onnx.scoring.Scores;
import org.deepregression4j.onnx.scoring.ScoringModel;
import org.junit.jupiter.api.Test;

class ModelFitTest {
  private static final int N = 500;

  private final double[] x = new double[N];
  private final double[] z = new double[N];
  private final double[] y = new double[N];

  ModelFitTest() {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < N; i++) {
      x[i] = random.nextDouble() * 2 - 1;
      z[i] = random.nextGaussian();
      y[i] = 1 + 2 * x[i] + Math.exp(-.5 + .5 * x[i]) * random.nextGaussian();
    }
  }

  private TrainingData data() {
    Dataset columns = Dataset.builder(N).doubles("x", x).doubles("z", z).build();
    return TrainingData.of(columns, Tensor.copyOf(ElementType.FLOAT64, y, N, 1));
  }

  private static Linear linear(String column) {
    return new Linear(column, List.of(column), List.of(Component.numeric(column)), false, null);
  }

  private static ModelDefinition definition(Network network, long seed) {
    Predictor loc =
        network == null
            ? Predictor.of("loc", List.of(new Intercept(), linear("x")))
            : Predictor.of(
                "loc",
                List.of(new Intercept(), linear("x")),
                new DeepTerm(
                    "net(x, z)",
                    network.name(),
                    List.of(List.of(Component.numeric("x"), Component.numeric("z")))));
    return new ModelDefinition(
        Families.named("normal"),
        ElementType.FLOAT64,
        seed,
        1,
        List.of(ColumnSpec.real("x"), ColumnSpec.real("z")),
        List.of(loc, Predictor.of("scale", List.of(new Intercept()))),
        network == null ? Map.of() : Map.of(network.name(), network));
  }

  @Test
  void fullBatchAdamReachesLeastSquares() {
    Model model = new Model(definition(null, 1));
    FitOptions.Builder options = FitOptions.builder().batchSize(N).validationSplit(0);
    model.fit(
        data(),
        options.epochs(3000).optimizer(new Optimizer.Adam(.01)).build(),
        TrainingListener.NONE);
    // Adam's last steps are as long as its rate: a smaller one ends closer to the optimum.
    History history =
        model.fit(
            data(),
            options.epochs(1000).optimizer(new Optimizer.Adam(1e-5)).build(),
            TrainingListener.NONE);
    double mx = mean(x);
    double my = mean(y);
    double sxy = 0;
    double sxx = 0;
    for (int i = 0; i < N; i++) {
      sxy += (x[i] - mx) * (y[i] - my);
      sxx += (x[i] - mx) * (x[i] - mx);
    }
    double slope = sxy / sxx;
    assertThat(model.coefficients("loc", "x")[0]).isCloseTo(slope, within(1e-6));
    double intercept = my - slope * mx;
    assertThat(model.coefficients("loc", "(Intercept)")[0]).isCloseTo(intercept, within(1e-6));
    double rss = 0;
    for (int i = 0; i < N; i++) {
      rss += Math.pow(y[i] - intercept - slope * x[i], 2);
    }
    assertThat(model.coefficients("scale", "(Intercept)")[0])
        .isCloseTo(.5 * Math.log(rss / N), within(1e-6));
    assertThat(history.loss()).hasSize(1000);
    assertThat(history.loss().get(999))
        .isCloseTo(.5 * Math.log(2 * Math.PI * rss / N) + .5, within(1e-6));
  }

  private static double mean(double[] values) {
    return java.util.Arrays.stream(values).average().orElseThrow();
  }

  private static Network network() {
    return new Network(
        "net",
        List.of("in"),
        List.of(
            new Network.Step("d1", List.of("in"), new Dense("d1", 8, Activation.TANH)),
            new Network.Step("bn", List.of("d1"), new BatchNormalization("bn")),
            new Network.Step("do", List.of("bn"), new Dropout("do", .1)),
            new Network.Step("d2", List.of("do"), new Dense("d2", 1, Activation.LINEAR))),
        "d2");
  }

  @Test
  void deepModelsTrainReproduciblyAndExport() throws Exception {
    FitOptions options = FitOptions.builder().epochs(20).build();
    Model a = new Model(definition(network(), 5));
    History ha = a.fit(data(), options, TrainingListener.NONE);
    Model b = new Model(definition(network(), 5));
    History hb = b.fit(data(), options, TrainingListener.NONE);
    assertThat(a.weights()).containsExactly(b.weights());
    assertThat(ha.loss()).isEqualTo(hb.loss());
    assertThat(ha.loss().get(19)).isLessThan(ha.loss().get(0));
    assertThat(ha.validationLoss()).hasSize(20);
    Predictions ours = a.predict(data().columns());
    try (ScoringModel scoring = ScoringModel.load(a.toOnnx())) {
      Scores scores = scoring.score(Rows.builder().doubles("x", x).doubles("z", z).build());
      assertThat(scores.mean()).containsExactly(ours.mean().toDoubles());
    }
  }

  @Test
  void featuresPerBatchGiveTheSameFit() {
    FitOptions once = FitOptions.builder().epochs(3).build();
    FitOptions perBatch = FitOptions.builder().epochs(3).memoryBudget(1).build();
    Model a = new Model(definition(network(), 5));
    a.fit(data(), once, TrainingListener.NONE);
    Model b = new Model(definition(network(), 5));
    b.fit(data(), perBatch, TrainingListener.NONE);
    assertThat(b.weights()).containsExactly(a.weights());
  }

  @Test
  void whatTheLinearTermCanExplainIsTakenFromTheNetwork() {
    Model model = new Model(definition(network(), 5));
    model.fit(
        data(), FitOptions.builder().epochs(20).validationSplit(0).build(), TrainingListener.NONE);
    double[] deep = model.effect(data().columns(), "loc", "net(x, z)").toDoubles();
    double[] linear = model.effect(data().columns(), "loc", "x").toDoubles();
    double constant = model.coefficients("loc", "(Intercept)")[0];
    double[] eta = model.predict(data().columns()).linearPredictors().toDoubles();
    double crossed = 0;
    double sum = 0;
    double mx = mean(x);
    for (int i = 0; i < N; i++) {
      assertThat(constant + linear[i] + deep[i]).isCloseTo(eta[2 * i], within(1e-12));
      crossed += (x[i] - mx) * deep[i];
      sum += Math.abs((x[i] - mx) * deep[i]);
    }
    assertThat(Math.abs(crossed)).isLessThan(1e-10 * sum);
    double[] weights = model.weights();
    Model copy = new Model(definition(network(), 6));
    copy.setWeights(weights);
    assertThat(copy.weights()).containsExactly(weights, within(1e-15));
    assertThat(copy.predict(data().columns()).mean().toDoubles())
        // Coefficients come back by an addition and a subtraction of what was moved.
        .containsExactly(model.predict(data().columns()).mean().toDoubles(), within(1e-14));
  }
}
