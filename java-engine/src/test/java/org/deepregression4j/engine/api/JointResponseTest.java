package org.deepregression4j.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.family.FamilySpec;
import org.deepregression4j.engine.layer.Activation;
import org.deepregression4j.engine.layer.Dense;
import org.deepregression4j.engine.layer.Network;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.DeepTerm;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.solve.ExactFit;
import org.deepregression4j.engine.solve.Inference;
import org.deepregression4j.engine.solve.SolverOptions;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Expression;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.engine.term.Matrix;
import org.deepregression4j.engine.term.Penalty;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.engine.train.FitOptions;
import org.deepregression4j.engine.train.Optimizer;
import org.deepregression4j.engine.train.TrainingListener;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Responses whose columns belong together: predictors of one column each, or of one for every
 * column of the response.
 */
class JointResponseTest {
  private static final int N = 200;
  private static final int D = 3;

  private final SplittableRandom random = new SplittableRandom(5);
  private final double[] x = random.doubles(N, -1, 1).toArray();

  private TrainingData data(double[] y) {
    Dataset columns = Dataset.builder(N).doubles("x", x).build();
    return TrainingData.of(columns, Tensor.copyOf(ElementType.FLOAT64, y, N, y.length / N));
  }

  private static Linear slope() {
    return new Linear("x", List.of("x"), List.of(Component.numeric("x")), false, null);
  }

  /** Every predictor has an intercept, the first {@code sloped} also x. */
  private static ModelDefinition definition(Family family, int m, int sloped) {
    List<Predictor> predictors = new ArrayList<>();
    for (Family.Parameter parameter : family.parameters()) {
      List<StructuredTerm> terms = new ArrayList<>(List.of(new Intercept()));
      if (predictors.size() < sloped) {
        terms.add(slope());
      }
      predictors.add(Predictor.of(parameter.name(), terms));
    }
    return new ModelDefinition(
        family, ElementType.FLOAT64, 1, m, List.of(ColumnSpec.real("x")), predictors, Map.of());
  }

  private static Family normal() {
    return Families.of(FamilySpec.of("multivariate_normal", "dimension", D));
  }

  /** Correlated columns far from zero, and of unlike size. */
  private double[] vectors() {
    double[] y = new double[N * D];
    for (int i = 0; i < N; i++) {
      double shared = random.nextGaussian();
      y[i * D] = 100 + 3 * x[i] + shared;
      y[i * D + 1] = 2 - x[i] + .01 * (shared + random.nextGaussian());
      y[i * D + 2] = x[i] + 50 * (random.nextGaussian() - shared);
    }
    return y;
  }

  /** Least squares for the locations, the residuals' covariance for the rest. */
  private record ClosedForm(
      double[] intercept, double[] slope, double[][] root, double logLikelihood) {
    static ClosedForm of(double[] x, double[] y) {
      double mean = Arrays.stream(x).average().orElseThrow();
      double[] intercept = new double[D];
      double[] slope = new double[D];
      double sxx = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
      for (int c = 0; c < D; c++) {
        double average = 0;
        for (int i = 0; i < N; i++) {
          slope[c] += (x[i] - mean) * y[i * D + c] / sxx;
          average += y[i * D + c] / N;
        }
        intercept[c] = average - slope[c] * mean;
      }
      double[][] root = root(covariance(x, y, intercept, slope));
      double logRoot = 0;
      for (int c = 0; c < D; c++) {
        logRoot += Math.log(root[c][c]);
      }
      double value = -N * (logRoot + D * (Math.log(2 * Math.PI) + 1) / 2);
      return new ClosedForm(intercept, slope, root, value);
    }

    private static double[][] covariance(double[] x, double[] y, double[] a, double[] b) {
      double[][] out = new double[D][D];
      for (int i = 0; i < N; i++) {
        for (int c = 0; c < D; c++) {
          for (int k = 0; k < D; k++) {
            double first = y[i * D + c] - a[c] - b[c] * x[i];
            out[c][k] += first * (y[i * D + k] - a[k] - b[k] * x[i]) / N;
          }
        }
      }
      return out;
    }

    private static double[][] root(double[][] a) {
      double[][] out = new double[D][D];
      for (int i = 0; i < D; i++) {
        for (int j = 0; j <= i; j++) {
          double rest = a[i][j];
          for (int k = 0; k < j; k++) {
            rest -= out[i][k] * out[j][k];
          }
          out[i][j] = i == j ? Math.sqrt(rest) : rest / out[j][j];
        }
      }
      return out;
    }
  }

  private static void compare(Model model, ClosedForm want, double tolerance) {
    for (int i = 0; i < D; i++) {
      String loc = "loc_" + (i + 1);
      double size = Math.max(1, Math.abs(want.intercept()[i]));
      assertThat(model.coefficients(loc, "(Intercept)")[0])
          .isCloseTo(want.intercept()[i], within(tolerance * size));
      assertThat(model.coefficients(loc, "x")[0])
          .isCloseTo(want.slope()[i], within(tolerance * size));
      assertThat(model.coefficients("scale_" + (i + 1), "(Intercept)")[0])
          .isCloseTo(Math.log(want.root()[i][i]), within(tolerance));
      for (int j = 0; j < i; j++) {
        double lower = want.root()[i][j];
        assertThat(model.coefficients("lower_" + (i + 1) + "_" + (j + 1), "(Intercept)")[0])
            .isCloseTo(lower, within(tolerance * Math.max(1, Math.abs(lower))));
      }
    }
  }

  @Test
  void aMultivariateNormalHasItsClosedForm() {
    double[] y = vectors();
    ClosedForm want = ClosedForm.of(x, y);
    Model model = new Model(definition(normal(), D, D));
    model.fit(data(y), FitOptions.builder().build(), TrainingListener.NONE);
    assertThat(model.exactFit().orElseThrow().stop()).isEqualTo(ExactFit.Stop.CONVERGED);
    compare(model, want, 1e-8);
    ModelInference found = model.inference(data(y));
    assertThat(found.statistics().logLikelihood()).isCloseTo(want.logLikelihood(), within(1e-7));
    assertThat(Arrays.stream(model.logDensity(data(y))).sum())
        .isCloseTo(want.logLikelihood(), within(1e-7));
    // The covariance of least squares: (X'X)^-1 times the residuals' variance, by column.
    double mean = Arrays.stream(x).average().orElseThrow();
    double sxx = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
    ModelInference.Span slope = found.spans().get(3);
    assertThat(slope.predictor() + slope.labels() + slope.predictorColumn()).isEqualTo("loc_2[x]0");
    double variance = Arrays.stream(want.root()[1]).map(v -> v * v).sum();
    assertThat(found.statistics().bayesian().get(slope.from(), slope.from()))
        .isCloseTo(variance / sxx, within(1e-8 * variance / sxx));
  }

  @Test
  void predictionsHaveAMeanForEachColumn() {
    double[] y = vectors();
    ClosedForm want = ClosedForm.of(x, y);
    Model model = new Model(definition(normal(), D, D));
    model.fit(data(y), FitOptions.builder().build(), TrainingListener.NONE);
    Predictions got = model.predict(data(y).columns());
    assertThat(got.parameters().sizes()).containsExactly(N, 9);
    assertThat(got.mean().sizes()).containsExactly(N, D);
    double[] mean = got.mean().toDoubles();
    double[] stddev = got.stddev().toDoubles();
    for (int c = 0; c < D; c++) {
      double expected = want.intercept()[c] + x[7] * want.slope()[c];
      assertThat(mean[7 * D + c]).isCloseTo(expected, within(1e-7));
      double length = Math.sqrt(Arrays.stream(want.root()[c]).map(v -> v * v).sum());
      assertThat(stddev[7 * D + c]).isCloseTo(length, within(1e-7 * length));
    }
    double[] slopes = model.meanSlopes(data(y).columns()).toDoubles();
    assertThat(slopes).hasSize(N * D * 9);
    assertThat(Arrays.copyOf(slopes, 27))
        .containsExactly(
            1, 0, 0, 0, 0, 0, 0, 0, 0, //
            0, 1, 0, 0, 0, 0, 0, 0, 0, //
            0, 0, 1, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void trainingReachesTheClosedForm() {
    double[] y = vectors();
    for (int i = 0; i < N; i++) {
      y[i * D] -= 100;
      y[i * D + 1] *= 50;
      y[i * D + 2] /= 25;
    }
    Model model = new Model(definition(normal(), D, D));
    FitOptions.Builder options =
        FitOptions.builder().plain(true).batchSize(N).validationSplit(0).epochs(2000);
    for (double rate : new double[] {.03, .003, 3e-4, 3e-5}) {
      FitOptions now = options.optimizer(new Optimizer.Adam(rate)).build();
      model.fit(data(y), now, TrainingListener.NONE);
    }
    compare(model, ClosedForm.of(x, y), 1e-4);
  }

  @Test
  void networksOfSharedPredictorsEndWithOneUnit() {
    Family family = Families.named("binomial");
    for (int units : new int[] {1, 2}) {
      Dense dense = new Dense("d", units, Activation.LINEAR);
      Network net =
          new Network(
              "net", List.of("in"), List.of(new Network.Step("d", List.of("in"), dense)), "d");
      DeepTerm deep = new DeepTerm("net(x)", "net", List.of(List.of(Component.numeric("x"))));
      Predictor logits = Predictor.of("logits", List.of(new Intercept()), deep);
      List<ColumnSpec> columns = List.of(ColumnSpec.real("x"));
      ModelDefinition definition =
          new ModelDefinition(
              family, ElementType.FLOAT64, 1, 2, columns, List.of(logits), Map.of("net", net));
      if (units == 1) {
        assertThat(new Model(definition).weights()).hasSize(3);
      } else {
        assertThatThrownBy(() -> new Model(definition)).hasMessageContaining("end with 1 unit(s)");
      }
    }
  }

  @Test
  void otherWidthsAreRefused() {
    assertThatThrownBy(() -> definition(normal(), 2, 0))
        .hasMessageContaining("'multivariate_normal': expected a response of 3 columns, got 2");
    assertThatThrownBy(() -> definition(Families.named("binomial"), 1, 0))
        .hasMessageContaining("'binomial': expected a response of 2 columns, got 1");
    assertThatThrownBy(() -> definition(Families.named("dirichlet"), 1, 0))
        .hasMessageContaining("'dirichlet': expected a response of several columns, got 1");
    Value y = Ops.input("y", ElementType.FLOAT64, Shape.rows("n", 2));
    List<Value> eta = List.of(Ops.input("eta", ElementType.FLOAT64, Shape.rows("n", 1)));
    Family error = Families.named("binomial").squaredError();
    assertThatThrownBy(() -> error.logDensity(y, eta)).hasMessageContaining("there is no error");
  }

  /** Smoothing parameters of a term serve all its columns: of equal ones those of a single one. */
  @Test
  void smoothingParametersOfEqualColumnsAreThoseOfOne() {
    double[] y = new double[N];
    SplittableRandom random = new SplittableRandom(12);
    Arrays.setAll(y, i -> x[i] + x[i] * x[i] / 2 + random.nextGaussian());
    double[] same = new double[N * D];
    Arrays.setAll(same, i -> y[i / D]);
    double[] one = selected(1, y);
    assertThat(one).isNotEqualTo(new double[] {3, 7});
    assertThat(selected(D, same)).containsExactly(one, within(1e-5));
  }

  /** Smoothing parameters by REML, of two terms of the location. */
  private double[] selected(int columns, double[] y) {
    Matrix unit = Matrix.copyOf(1, 1, 1);
    Linear first = penalised("x", new Penalty(List.of(unit), List.of(3.0), .1));
    Linear second = penalised("x^2", new Penalty(List.of(unit), List.of(7.0), .1));
    Predictor loc = Predictor.of("loc", List.of(new Intercept(), first, second));
    Predictor scale = Predictor.of("scale", List.of(new Intercept()));
    Model model =
        new Model(
            new ModelDefinition(
                Families.named("normal"),
                ElementType.FLOAT64,
                1,
                columns,
                List.of(ColumnSpec.real("x")),
                List.of(loc, scale),
                Map.of()));
    assertThat(model.definition().lambdas()).containsExactly(3, 7);
    SolverOptions reml = SolverOptions.DEFAULT.withSelect(SolverOptions.Select.REML);
    model.fit(data(y), FitOptions.builder().build(), reml, TrainingListener.NONE);
    assertThat(model.exactFit().orElseThrow().isConverged()).isTrue();
    return model.definition().lambdas();
  }

  private static Linear penalised(String name, Penalty penalty) {
    Expression x = Expression.column("x");
    Expression value = name.equals("x") ? x : Expression.call("*", x, x);
    return new Linear(name, List.of(name), List.of(Component.numeric(value)), false, penalty);
  }

  private double[] joint(String family) {
    double[] y = new double[N * D];
    for (int i = 0; i < N; i++) {
      double sum = 0;
      for (int c = 0; c < D; c++) {
        y[i * D + c] = -Math.log(random.nextDouble()) * Math.exp(.5 * c * x[i]);
        sum += y[i * D + c];
      }
      int largest = 0;
      for (int c = 0; c < D; c++) {
        y[i * D + c] /= sum;
        largest = y[i * D + c] > y[i * D + largest] ? c : largest;
      }
      for (int c = 0; c < D; c++) {
        double share = y[i * D + c];
        y[i * D + c] =
            switch (family) {
              case "multinoulli" -> c == largest ? 1 : 0;
              case "dirichlet_multinomial" -> Math.rint(8 * share);
              default -> share;
            };
      }
    }
    return y;
  }

  /** Columns of a predictor that meet in one density: likelihood, slopes and curvature. */
  @ParameterizedTest
  @ValueSource(strings = {"multinoulli", "dirichlet", "dirichlet_multinomial"})
  void exactFitsOfJointColumnsAreOptima(String name) {
    double[] y = joint(name);
    Model model = new Model(definition(Families.named(name), D, 1));
    model.fit(data(y), FitOptions.builder().build(), TrainingListener.NONE);
    assertThat(model.exactFit().orElseThrow().stop()).isEqualTo(ExactFit.Stop.CONVERGED);
    Inference found = model.inference(data(y)).statistics();
    double[] best = model.weights();
    double top = Arrays.stream(model.logDensity(data(y))).sum();
    assertThat(found.logLikelihood()).isCloseTo(top, within(1e-9 * Math.abs(top)));
    // Weights are (term, column); unknowns lie column by column.
    int[] place = {0, 2, 4, 1, 3, 5};
    double h = 1e-3;
    for (int a = 0; a < 6; a++) {
      for (int b = 0; b < 6; b++) {
        double second = 0;
        for (int s = -1; s <= 1; s += 2) {
          for (int t = -1; t <= 1; t += 2) {
            double[] moved = best.clone();
            moved[a] += s * h;
            moved[b] += t * h;
            model.setWeights(moved);
            second -= s * t * Arrays.stream(model.logDensity(data(y))).sum() / (4 * h * h);
          }
        }
        assertThat(found.hessian().get(place[a], place[b])).isCloseTo(second, within(2e-3));
      }
      double[] up = best.clone();
      up[a] += 1e-5;
      double[] down = best.clone();
      down[a] -= 1e-5;
      model.setWeights(up);
      double above = Arrays.stream(model.logDensity(data(y))).sum();
      model.setWeights(down);
      double below = Arrays.stream(model.logDensity(data(y))).sum();
      assertThat((above - below) / 2e-5).isCloseTo(0, within(1e-4));
    }
  }
}
