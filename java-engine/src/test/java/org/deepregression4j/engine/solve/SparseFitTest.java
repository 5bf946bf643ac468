package org.deepregression4j.engine.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.deepregression4j.engine.api.Model;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.layer.Regularizer;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TermWeights;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.engine.term.Sparsity;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.engine.train.FitOptions;
import org.deepregression4j.engine.train.Optimizer;
import org.deepregression4j.engine.train.TrainingListener;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;

/** The Karush-Kuhn-Tucker conditions of sparse fits, with slopes computed by hand here. */
class SparseFitTest {
  private static final int N = 150;

  /** Slopes at the optimum, of an objective of order one. */
  private static final double FLAT = 1e-9;

  private final SplittableRandom random = new SplittableRandom(7);

  /** Rows of X, with correlated columns. */
  private double[][] design(int n, int p) {
    double[][] x = new double[n][p];
    for (double[] row : x) {
      double common = random.nextGaussian();
      Arrays.setAll(row, k -> 0.6 * common + 0.8 * random.nextGaussian());
    }
    return x;
  }

  private static double eta(double[] row, double[] beta) {
    return IntStream.range(0, row.length).mapToDouble(k -> row[k] * beta[k]).sum();
  }

  private static Linear term(int p, Sparsity sparsity) {
    return new Linear("x", List.of(), List.of(Component.matrix("x")), false, null, sparsity);
  }

  private static ModelDefinition definition(
      String family, int p, int m, List<List<StructuredTerm>> terms) {
    List<Predictor> predictors = new ArrayList<>();
    for (int j = 0; j < terms.size(); j++) {
      predictors.add(Predictor.of(Families.named(family).parameters().get(j).name(), terms.get(j)));
    }
    return new ModelDefinition(
        Families.named(family),
        ElementType.FLOAT64,
        1,
        m,
        List.of(ColumnSpec.matrix("x", p)),
        predictors,
        Map.of());
  }

  private static TrainingData data(double[][] x, double[] y) {
    double[] flat = Arrays.stream(x).flatMapToDouble(Arrays::stream).toArray();
    double[] ones = new double[x.length];
    Arrays.fill(ones, 1);
    Tensor matrix = Tensor.copyOf(ElementType.FLOAT64, flat, x.length, x[0].length);
    return new TrainingData(
        Dataset.builder(x.length).column("x", matrix).build(),
        Tensor.copyOf(ElementType.FLOAT64, y, x.length, y.length / x.length),
        Tensor.copyOf(ElementType.FLOAT64, ones, x.length, 1));
  }

  private static Model fitted(ModelDefinition definition, TrainingData data) {
    Model model = new Model(definition);
    model.fit(data, FitOptions.builder().build(), TrainingListener.NONE);
    assertThat(model.exactFit().orElseThrow().stop()).isEqualTo(ExactFit.Stop.CONVERGED);
    return model;
  }

  /** Mean slopes X'(mu - y)/n of a family with its canonical link. */
  private static double[] slopes(double[][] x, double[] y, double[] mu) {
    double[] out = new double[x[0].length];
    for (int i = 0; i < x.length; i++) {
      for (int k = 0; k < out.length; k++) {
        out[k] += x[i][k] * (mu[i] - y[i]) / x.length;
      }
    }
    return out;
  }

  private static void assertOptimal(Sparsity sparsity, double[] beta, double[] slope) {
    double threshold = sparsity.scale() * sparsity.lambda();
    for (int g = 0; g < sparsity.count(); g++) {
      int[] at = sparsity.members(g);
      double norm = Math.sqrt(Arrays.stream(at).mapToDouble(k -> beta[k] * beta[k]).sum());
      if (norm == 0) {
        double steep = Math.sqrt(Arrays.stream(at).mapToDouble(k -> slope[k] * slope[k]).sum());
        assertThat(steep).isLessThan(threshold + FLAT);
      } else {
        for (int k : at) {
          assertThat(slope[k] + threshold * beta[k] / norm).isCloseTo(0, within(FLAT));
        }
      }
    }
  }

  private double[] counts(double[][] x, double... beta) {
    double[] y = new double[x.length];
    double[] full = Arrays.copyOf(beta, x[0].length);
    for (int i = 0; i < y.length; i++) {
      double limit = Math.exp(-Math.exp(0.3 + eta(x[i], full)));
      for (double p = random.nextDouble(); p > limit; p *= random.nextDouble()) {
        y[i]++;
      }
    }
    return y;
  }

  private static double[] rates(double[][] x, Model model) {
    double intercept = model.coefficients("rate", "(Intercept)")[0];
    double[] beta = model.coefficients("rate", "x");
    return Arrays.stream(x).mapToDouble(row -> Math.exp(intercept + eta(row, beta))).toArray();
  }

  @Test
  void theLassoIsAtItsOptimumWithExactZeros() {
    double[][] x = design(N, 12);
    double[] y = counts(x, 0.5, -0.4, 0.2);
    Sparsity lasso = Sparsity.single(12, 15, 1.0 / N);
    Model model =
        fitted(
            definition("poisson", 12, 1, List.of(List.of(new Intercept(), term(12, lasso)))),
            data(x, y));
    double[] beta = model.coefficients("rate", "x");
    double[] mu = rates(x, model);
    assertThat(Arrays.stream(beta).filter(b -> b == 0).count()).isBetween(5L, 10L);
    assertThat(Arrays.stream(mu).sum()).isCloseTo(Arrays.stream(y).sum(), within(N * FLAT));
    assertOptimal(lasso, beta, slopes(x, y, mu));
  }

  @Test
  void groupsAreZeroTogetherAndLambdasEndsAreKnown() {
    double[][] x = design(N, 9);
    double[] y = counts(x, 0.5, -0.4, 0.2);
    List<Integer> groups = List.of(0, 0, 0, 1, 1, 2, 2, 2, 3);
    Sparsity sparsity = new Sparsity(groups, 18, 1.0 / N);
    Model model =
        fitted(
            definition("poisson", 9, 1, List.of(List.of(new Intercept(), term(9, sparsity)))),
            data(x, y));
    double[] beta = model.coefficients("rate", "x");
    assertThat(Arrays.stream(beta, 0, 3)).noneMatch(b -> b == 0);
    assertThat(Arrays.stream(beta).filter(b -> b == 0).count()).isPositive();
    assertOptimal(sparsity, beta, slopes(x, y, rates(x, model)));

    Model empty =
        fitted(
            definition(
                "poisson",
                9,
                1,
                List.of(List.of(new Intercept(), term(9, new Sparsity(groups, 1e4, 1.0 / N))))),
            data(x, y));
    assertThat(empty.coefficients("rate", "x")).containsOnly(0.0);
    assertThat(Math.exp(empty.coefficients("rate", "(Intercept)")[0]))
        .isCloseTo(Arrays.stream(y).average().orElseThrow(), within(FLAT));
  }

  @Test
  void moreColumnsThanRowsAreNoProblem() {
    double[][] x = design(40, 90);
    double[] y = counts(x, 0.5, -0.4, 0.2);
    Sparsity lasso = Sparsity.single(90, 6, 1.0 / 40);
    Model model =
        fitted(
            definition("poisson", 90, 1, List.of(List.of(new Intercept(), term(90, lasso)))),
            data(x, y));
    double[] beta = model.coefficients("rate", "x");
    assertThat(Arrays.stream(beta).filter(b -> b != 0).count()).isBetween(3L, 39L);
    assertThat(model.exactFit().orElseThrow().notes()).isEmpty();
    assertOptimal(lasso, beta, slopes(x, y, rates(x, model)));
  }

  private static double gaussian(double[][] x, double[] y, double[] w, double t, int p) {
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      double location = w[0] + eta(x[i], Arrays.copyOfRange(w, 2, 2 + p));
      double logScale = w[1] + eta(x[i], Arrays.copyOfRange(w, 2 + p, 2 + 2 * p));
      double z = (y[i] - location) * Math.exp(-logScale);
      sum += (0.5 * z * z + logScale) / y.length;
    }
    return sum + t * Arrays.stream(w, 2, 2 + 2 * p).map(Math::abs).sum();
  }

  /** The objective is not convex here, and the norm must not be differentiated at zero. */
  @Test
  void locationAndScaleTogether() {
    int p = 6;
    double[][] x = design(N, p);
    double[] y = new double[N];
    Arrays.setAll(y, i -> 1 + x[i][0] + Math.exp(-0.5 + 0.5 * x[i][1]) * random.nextGaussian());
    Sparsity lasso = Sparsity.single(p, 20, 1.0 / N);
    List<StructuredTerm> each = List.of(new Intercept(), term(p, lasso));
    Model model = fitted(definition("normal", p, 1, List.of(each, each)), data(x, y));
    double[] loc = model.coefficients("loc", "x");
    double[] scale = model.coefficients("scale", "x");
    double[] w = new double[2 + 2 * p];
    w[0] = model.coefficients("loc", "(Intercept)")[0];
    w[1] = model.coefficients("scale", "(Intercept)")[0];
    System.arraycopy(loc, 0, w, 2, p);
    System.arraycopy(scale, 0, w, 2 + p, p);
    assertThat(Arrays.stream(w).filter(v -> v == 0).count()).isBetween(4L, 10L);
    double t = 20.0 / N;
    double best = gaussian(x, y, w, t, p);
    for (int k = 0; k < w.length; k++) {
      for (double by : new double[] {-1e-4, 1e-4}) {
        double[] there = w.clone();
        there[k] += by;
        assertThat(gaussian(x, y, there, t, p)).isGreaterThan(best);
      }
    }
  }

  @Test
  void aRegulariserIsALassoAndACoefficientIsGroupedOverTheResponses() {
    int p = 5;
    double[][] x = design(N, p);
    double[] y = new double[2 * N];
    for (int i = 0; i < N; i++) {
      y[2 * i] = x[i][0] + 0.5 * random.nextGaussian();
      y[2 * i + 1] = x[i][0] - x[i][1] + 0.5 * random.nextGaussian();
    }
    TermWeights l1 = new TermWeights(Optional.empty(), true, new Regularizer(20.0 / N, 0), "");
    double[] first = IntStream.range(0, N).mapToDouble(i -> y[2 * i]).toArray();
    List<Model> same = new ArrayList<>();
    for (boolean isTerm : new boolean[] {true, false}) {
      Linear term = term(p, isTerm ? Sparsity.single(p, 20, 1.0 / N) : null);
      Predictor loc =
          new Predictor(
              "loc",
              List.of(
                  new Predictor.Weighted(term, isTerm ? TermWeights.DEFAULT : l1),
                  new Predictor.Weighted(new Intercept(), TermWeights.DEFAULT)),
              List.of(),
              List.of());
      ModelDefinition d =
          new ModelDefinition(
              Families.named("normal"),
              ElementType.FLOAT64,
              1,
              1,
              List.of(ColumnSpec.matrix("x", p)),
              List.of(loc, Predictor.of("scale", List.of(new Intercept()))),
              Map.of());
      same.add(fitted(d, data(x, first)));
    }
    assertThat(same.get(0).coefficients("loc", "x"))
        .containsExactly(same.get(1).coefficients("loc", "x"), within(1e-10))
        .contains(0.0);

    List<StructuredTerm> loc = List.of(new Intercept(), term(p, Sparsity.single(p, 60, 1.0 / N)));
    Model both =
        fitted(definition("normal", p, 2, List.of(loc, List.of(new Intercept()))), data(x, y));
    double[] beta = both.coefficients("loc", "x");
    assertThat(beta[2]).isNotZero(); // column 1 acts on the second response, and stays in both
    assertThat(beta[3]).isNotZero();
    for (int k = 0; k < p; k++) {
      assertThat(beta[2 * k] == 0).isEqualTo(beta[2 * k + 1] == 0);
    }
    assertThat(beta).endsWith(0.0, 0.0);
  }

  @Test
  void zerosHaveNoVarianceAndTheFreedomIsTheNumberOfTheOthers() {
    double[][] x = design(N, 12);
    double[] y = counts(x, 0.5, -0.4, 0.2);
    TrainingData data = data(x, y);
    Sparsity lasso = Sparsity.single(12, 15, 1.0 / N);
    ModelDefinition d =
        definition("poisson", 12, 1, List.of(List.of(new Intercept(), term(12, lasso))));
    ModelGraph graph = new ModelGraph(d);
    ExactFit fit =
        ExactSolver.solve(
            graph, data, Start.of(graph, data, 1), SolverOptions.DEFAULT, SolverListener.NONE);
    Inference inference = Inference.of(graph, data, fit.trained(), SolverOptions.DEFAULT);
    int active = 0;
    for (int i = 0; i < inference.coefficients().size(); i++) {
      boolean isZero = inference.coefficients().get(i) == 0;
      active += isZero ? 0 : 1;
      assertThat(inference.standardError(i) == 0).isEqualTo(isZero);
    }
    assertThat(inference.totalFreedom()).isCloseTo(active, within(1e-8));
    assertThat(inference.notes()).isEmpty();
    assertThat(fit.gradientNorm()).isLessThan(FLAT);
  }

  @Test
  void trainingHasTheSamePenalty() {
    double[][] x = design(N, 4);
    double[] y = counts(x, 0.5, -0.4);
    Sparsity sparsity = new Sparsity(List.of(0, 0, 1, 2), 12, 1.0 / N);
    ModelDefinition d =
        definition("poisson", 4, 1, List.of(List.of(new Intercept(), term(4, sparsity))));
    Model exact = fitted(d, data(x, y));
    Model trained = new Model(d);
    trained.fit(
        data(x, y),
        FitOptions.builder()
            .epochs(3000)
            .batchSize(N)
            .validationSplit(0)
            .plain(true)
            .optimizer(new Optimizer.Adam(0.003))
            .build(),
        TrainingListener.NONE);
    assertThat(exact.coefficients("rate", "x")).contains(0.0);
    assertThat(trained.coefficients("rate", "x"))
        .containsExactly(exact.coefficients("rate", "x"), within(0.01));
  }

  @Test
  void badGroupsAreNamed() {
    assertThatThrownBy(() -> new Sparsity(List.of(0, 2), 1, 1)).hasMessageContaining("[0, 2]");
    assertThatThrownBy(() -> Sparsity.single(2, -1, 1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> Sparsity.joint(2, 1, 0)).hasMessageContaining("scale > 0");
    ModelDefinition wrong =
        definition(
            "poisson", 3, 1, List.of(List.of(new Intercept(), term(3, Sparsity.joint(2, 1, 1)))));
    assertThatThrownBy(() -> new Model(wrong)).hasMessageContaining("expected 2 columns");
  }
}
