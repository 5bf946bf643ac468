package org.deepregression4j.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.layer.Activation;
import org.deepregression4j.engine.layer.Dense;
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
import org.deepregression4j.engine.train.TrainingListener;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;

class ModelInferenceTest {
  private static final int N = 300;

  private final double[] x = new double[N];
  private final double[] y = new double[N];

  ModelInferenceTest() {
    SplittableRandom random = new SplittableRandom(9);
    for (int i = 0; i < N; i++) {
      x[i] = random.nextDouble() * 2 - 1;
      y[i] = 1 + 2 * x[i] + .5 * random.nextGaussian();
    }
  }

  private Dataset columns() {
    return Dataset.builder(N).doubles("x", x).build();
  }

  private TrainingData data() {
    return TrainingData.of(columns(), Tensor.copyOf(ElementType.FLOAT64, y, N, 1));
  }

  private static Model model(String family, String second, Map<String, Network> networks) {
    Component column = Component.numeric("x");
    List<DeepTerm> deep =
        networks.keySet().stream()
            .map(name -> new DeepTerm("net(x)", name, List.of(List.of(column))))
            .toList();
    Linear slope = new Linear("x", List.of("x"), List.of(column), false, null);
    return new Model(
        new ModelDefinition(
            Families.named(family),
            ElementType.FLOAT64,
            3,
            1,
            List.of(ColumnSpec.real("x")),
            List.of(
                Predictor.of("loc", List.of(slope, new Intercept()), deep.toArray(DeepTerm[]::new)),
                Predictor.of(second, List.of(new Intercept()))),
            networks));
  }

  @Test
  void leastSquaresHasItsClosedForm() {
    Model model = model("normal", "scale", Map.of());
    model.fit(data(), FitOptions.builder().build(), TrainingListener.NONE);
    ModelInference found = model.inference(data());
    double mean = java.util.Arrays.stream(x).average().orElseThrow();
    double sxx = java.util.Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
    double variance = Math.exp(2 * model.coefficients("scale", "(Intercept)")[0]);
    int slope = found.spans().get(0).from();
    assertThat(found.spans().get(0).terms()).containsExactly("x");
    assertThat(found.statistics().bayesian().get(slope, slope))
        .isCloseTo(variance / sxx, within(1e-9));
    assertThat(found.statistics().totalFreedom()).isCloseTo(3, within(1e-9));
    assertThat(found.distance()).isLessThan(1e-6);
    assertThat(found.isConditional()).isFalse();
    double logLikelihood = -N / 2.0 * (Math.log(2 * Math.PI * variance) + 1);
    assertThat(found.statistics().logLikelihood()).isCloseTo(logLikelihood, within(1e-8));
  }

  @Test
  void networksCountAsKnownAfterOrthogonalisation() {
    Network network =
        new Network(
            "net",
            List.of("in"),
            List.of(
                new Network.Step("one", List.of("in"), new Dense("one", 4, Activation.TANH)),
                new Network.Step("two", List.of("one"), new Dense("two", 1, Activation.LINEAR))),
            "two");
    Model model = model("normal", "scale", Map.of("net", network));
    model.fit(
        data(), FitOptions.builder().epochs(5).validationSplit(0).build(), TrainingListener.NONE);
    ModelInference found = model.inference(data());
    assertThat(found.isConditional()).isTrue();
    assertThat(found.statistics().coefficients())
        .containsExactly(
            model.coefficients("loc", "x")[0],
            model.coefficients("loc", "(Intercept)")[0],
            model.coefficients("scale", "(Intercept)")[0]);
    double total = java.util.Arrays.stream(model.logDensity(data())).sum();
    assertThat(found.statistics().logLikelihood()).isCloseTo(total, within(1e-8));
    double variance = Math.exp(2 * model.coefficients("scale", "(Intercept)")[0]);
    double sxx = java.util.Arrays.stream(x).map(v -> v * v).sum();
    assertThat(found.statistics().hessian().get(0, 0)).isCloseTo(sxx / variance, within(1e-6));
  }

  @Test
  void slopesAreCentralDifferences() {
    Model model = model("log_normal", "scale", Map.of());
    model.setWeights(new double[] {.4, .3, -.2});
    double[] slopes = model.meanSlopes(columns()).toDoubles();
    double[] parameters = model.parameterSlopes(columns()).toDoubles();
    double h = 1e-5;
    for (int j = 0; j < 2; j++) {
      double[] up = {.4, .3 + (j == 0 ? h : 0), -.2 + (j == 1 ? h : 0)};
      double[] down = {.4, .3 - (j == 0 ? h : 0), -.2 - (j == 1 ? h : 0)};
      model.setWeights(up);
      double[] above = model.predict(columns()).mean().toDoubles();
      model.setWeights(down);
      double[] below = model.predict(columns()).mean().toDoubles();
      for (int i = 0; i < N; i++) {
        assertThat(slopes[2 * i + j]).isCloseTo((above[i] - below[i]) / (2 * h), within(1e-6));
      }
    }
    assertThat(java.util.Arrays.copyOf(parameters, 4))
        .containsExactly(new double[] {1, 0, 0, Math.exp(-.2)}, within(1e-12));
  }
}
