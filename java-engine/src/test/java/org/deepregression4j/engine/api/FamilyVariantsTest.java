package org.deepregression4j.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deepregression4j.engine.family.CustomFamily;
import org.deepregression4j.engine.family.CustomFamily.Expression;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.family.Link;
import org.deepregression4j.engine.family.Mixture;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.solve.ExactFit;
import org.deepregression4j.engine.solve.Inference;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.engine.term.StructuredTerm;
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

/** Links of one's own, and mixtures whose weights are penalised: fits, likelihoods, export. */
class FamilyVariantsTest {
  private static final int N = 400;
  private static final FitOptions EXACT = FitOptions.builder().build();

  private final SplittableRandom random = new SplittableRandom(3);
  private final double[] x = random.doubles(N, -1, 1).toArray();

  private TrainingData data(double[] y) {
    Dataset columns = Dataset.builder(N).doubles("x", x).build();
    return TrainingData.of(columns, Tensor.copyOf(ElementType.FLOAT64, y, N, 1));
  }

  /** Intercepts, and x in the first predictor. */
  private static Model model(Family family) {
    List<Predictor> predictors = new ArrayList<>();
    for (Family.Parameter parameter : family.parameters()) {
      List<StructuredTerm> terms = new ArrayList<>(List.of(new Intercept()));
      if (predictors.isEmpty()) {
        terms.add(new Linear("x", List.of("x"), List.of(Component.numeric("x")), false, null));
      }
      predictors.add(Predictor.of(parameter.name(), terms));
    }
    List<ColumnSpec> columns = List.of(ColumnSpec.real("x"));
    return new Model(
        new ModelDefinition(family, ElementType.FLOAT64, 1, 1, columns, predictors, Map.of()));
  }

  /** normal with scale = softplus(eta) + 0.001. */
  private static Family shifted() {
    Expression softplus = CustomFamily.call("softplus", new CustomFamily.Symbol("eta"));
    Link link = Link.custom(CustomFamily.call("+", softplus, new CustomFamily.Number(.001)));
    return Families.named("normal").withLinks(List.of(Link.IDENTITY, link));
  }

  private static double scale(double eta) {
    return Math.log1p(Math.exp(eta)) + .001;
  }

  private double[] line(double deviation) {
    double[] y = new double[N];
    Arrays.setAll(y, i -> 3 + 2 * x[i] + deviation * random.nextGaussian());
    return y;
  }

  /** Intercept, slope and standard deviation of least squares. */
  private double[] leastSquares(double[] y) {
    double mx = Arrays.stream(x).average().orElseThrow();
    double my = Arrays.stream(y).average().orElseThrow();
    double sxx = 0;
    double sxy = 0;
    for (int i = 0; i < N; i++) {
      sxx += (x[i] - mx) * (x[i] - mx);
      sxy += (x[i] - mx) * y[i];
    }
    double slope = sxy / sxx;
    double rss = 0;
    for (int i = 0; i < N; i++) {
      rss += Math.pow(y[i] - my - slope * (x[i] - mx), 2);
    }
    return new double[] {my - slope * mx, slope, Math.sqrt(rss / N)};
  }

  @Test
  void linksOfOnesOwnAreSolvedAndExported() throws Exception {
    for (double deviation : new double[] {.5, 200}) {
      double[] y = line(deviation);
      double[] want = leastSquares(y);
      Model model = model(shifted());
      model.fit(data(y), EXACT, TrainingListener.NONE);
      assertThat(model.exactFit().orElseThrow().stop()).isEqualTo(ExactFit.Stop.CONVERGED);
      double[] got = model.weights();
      assertThat(scale(got[2])).isCloseTo(want[2], within(1e-8 * want[2]));
      got[2] = scale(got[2]);
      assertThat(got).containsExactly(want, within(1e-7 * deviation));
      double[] density = model.logDensity(data(y));
      for (int i = 0; i < N; i++) {
        double z = (y[i] - got[0] - got[1] * x[i]) / got[2];
        double expected = -.5 * z * z - Math.log(got[2]) - .5 * Math.log(2 * Math.PI);
        assertThat(density[i]).isCloseTo(expected, within(1e-11));
      }
      try (ScoringModel scoring = ScoringModel.load(model.toOnnx())) {
        Scores scores = scoring.score(Rows.builder().doubles("x", x).build());
        assertThat(scores.parameter("scale")[5]).isCloseTo(got[2], within(1e-12 * got[2]));
        assertThat(scores.mean()[5]).isCloseTo(got[0] + got[1] * x[5], within(1e-10));
      }
    }
  }

  @Test
  void linksOfOnesOwnAreTrained() {
    double[] y = line(.5);
    double[] want = leastSquares(y);
    Model model = model(shifted());
    FitOptions.Builder options =
        FitOptions.builder().plain(true).batchSize(N).validationSplit(0).epochs(1500);
    for (double rate : new double[] {.02, 1e-3, 1e-5}) {
      model.fit(
          data(y), options.optimizer(new Optimizer.Adam(rate)).build(), TrainingListener.NONE);
    }
    double[] got = model.weights();
    got[2] = scale(got[2]);
    assertThat(got).containsExactly(want, within(1e-5));
  }

  private static Family mixture(double penalty) {
    Family normal = Families.named("normal");
    return Mixture.of(List.of(normal, normal), penalty).family();
  }

  /** Two clusters whose shares depend on x. */
  private double[] clusters() {
    double[] y = new double[N];
    for (int i = 0; i < N; i++) {
      boolean isSecond = random.nextDouble() < 1 / (1 + Math.exp(-.5 - x[i]));
      y[i] = (isSecond ? 2 : -1) + .6 * random.nextGaussian();
    }
    return y;
  }

  /** -log p and the entropy of the weights, means over rows, in plain Java. */
  private double[] parts(double[] w, double[] y) {
    double loss = 0;
    double entropy = 0;
    for (int i = 0; i < N; i++) {
      double second = 1 / (1 + Math.exp(-w[0] - w[1] * x[i]));
      double density = (1 - second) * normal(y[i], w[2], w[3]) + second * normal(y[i], w[4], w[5]);
      loss -= Math.log(density) / N;
      entropy -= (second * Math.log(second) + (1 - second) * Math.log(1 - second)) / N;
    }
    return new double[] {loss, entropy};
  }

  private static double normal(double y, double loc, double logScale) {
    double z = (y - loc) * Math.exp(-logScale);
    return Math.exp(-.5 * z * z - logScale) / Math.sqrt(2 * Math.PI);
  }

  @Test
  void thePenaltyOfEntropyConcentratesWeights() {
    double[] y = clusters();
    double before = Double.POSITIVE_INFINITY;
    for (double penalty : new double[] {0, .2, .5}) {
      Model model = model(mixture(penalty));
      model.fit(data(y), EXACT, TrainingListener.NONE);
      ExactFit fit = model.exactFit().orElseThrow();
      assertThat(fit.stop()).isEqualTo(ExactFit.Stop.CONVERGED);
      double[] w = model.weights();
      double[] here = parts(w, y);
      double last = fit.objective().get(fit.objective().size() - 1);
      assertThat(last).isCloseTo(here[0] + penalty * here[1], within(1e-11));
      assertThat(here[1]).isLessThan(before - (penalty > 0 ? .01 : 0));
      before = here[1];
      for (int k = 0; k < w.length; k++) {
        assertThat(slope(w, y, k, penalty)).isCloseTo(0, within(1e-7));
      }
      Inference found = model.inference(data(y)).statistics();
      assertThat(found.logLikelihood()).isCloseTo(-N * here[0], within(1e-8));
      assertThat(Arrays.stream(model.logDensity(data(y))).sum())
          .isCloseTo(-N * here[0], within(1e-8));
      compareCurvature(found, w, y, penalty);
    }
  }

  private double slope(double[] w, double[] y, int k, double penalty) {
    double h = 1e-5;
    double[] up = w.clone();
    double[] down = w.clone();
    up[k] += h;
    down[k] -= h;
    double[] above = parts(up, y);
    double[] below = parts(down, y);
    return (above[0] - below[0] + penalty * (above[1] - below[1])) / (2 * h);
  }

  /** H is that of the likelihood, V the inverse of what is minimised. */
  private void compareCurvature(Inference found, double[] w, double[] y, double penalty) {
    int k = w.length;
    double[][] whole = new double[k][k];
    double h = 1e-4;
    for (int a = 0; a < k; a++) {
      double[] up = w.clone();
      double[] down = w.clone();
      up[a] += h;
      down[a] -= h;
      for (int b = 0; b < k; b++) {
        double plain = N * (slope(up, y, b, 0) - slope(down, y, b, 0)) / (2 * h);
        whole[a][b] = N * (slope(up, y, b, penalty) - slope(down, y, b, penalty)) / (2 * h);
        assertThat(found.hessian().get(a, b)).isCloseTo(plain, within(1e-2));
      }
    }
    for (int a = 0; a < k; a++) {
      for (int b = 0; b < k; b++) {
        double product = 0;
        for (int c = 0; c < k; c++) {
          product += whole[a][c] * found.bayesian().get(c, b);
        }
        assertThat(product).isCloseTo(a == b ? 1 : 0, within(1e-3));
      }
    }
  }

  @Test
  void trainingMinimisesThePenaltyToo() {
    double[] y = clusters();
    Model model = model(mixture(.5));
    model.setWeights(new double[] {.3, .5, -1, -.4, 2, -.6});
    double[] w = model.weights();
    FitOptions step =
        FitOptions.builder()
            .plain(true)
            .epochs(1)
            .batchSize(N)
            .validationSplit(0)
            .optimizer(new Optimizer.Sgd(1, 0, false))
            .build();
    History history = model.fit(data(y), step, TrainingListener.NONE);
    double[] here = parts(w, y);
    assertThat(history.loss().get(0)).isCloseTo(here[0] + .5 * here[1], within(1e-12));
    double[] after = model.weights();
    for (int k = 0; k < w.length; k++) {
      assertThat(w[k] - after[k]).isCloseTo(slope(w, y, k, .5), within(1e-8));
    }
  }

  @Test
  void withoutPenaltyTheMixtureIsAsItWas() {
    double[] y = clusters();
    Model plain =
        model(Mixture.of(List.of(Families.named("normal"), Families.named("normal"))).family());
    Model zero = model(mixture(0));
    plain.fit(data(y), EXACT, TrainingListener.NONE);
    zero.fit(data(y), EXACT, TrainingListener.NONE);
    assertThat(zero.weights()).containsExactly(plain.weights());
  }
}
