package org.deepregression4j.engine.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.family.FamilySpec;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Log-densities without a second derivative at their optimum, and criteria. */
class KinkedFitTest {
  private static final int N = 300;
  private static final int P = 3;

  /** The last width of kinks, in mean residuals, times what a residual on it may be. */
  private static final double ON_THE_LINE = 1e-6;

  private final double[][] x = new double[N][P];
  private final double[] y = new double[N];

  KinkedFitTest() {
    SplittableRandom random = new SplittableRandom(8);
    for (int i = 0; i < N; i++) {
      x[i][0] = 1;
      x[i][1] = 2 * random.nextDouble() - 1;
      x[i][2] = random.nextGaussian();
      double error = random.nextGaussian() - Math.log(random.nextDouble());
      y[i] = 1 + 2 * x[i][1] + (1 + 0.5 * x[i][1]) * error;
    }
  }

  private static ModelGraph model(Family family) {
    List<Predictor> predictors = new ArrayList<>();
    for (Family.Parameter parameter : family.parameters()) {
      List<StructuredTerm> terms = new ArrayList<>();
      terms.add(new Intercept());
      if (predictors.isEmpty()) {
        for (String name : List.of("x", "z")) {
          List<Component> columns = List.of(Component.numeric(name));
          terms.add(new Linear(name, List.of(name), columns, false, null));
        }
      }
      predictors.add(Predictor.of(parameter.name(), terms));
    }
    List<ColumnSpec> columns = List.of(ColumnSpec.real("x"), ColumnSpec.real("z"));
    return new ModelGraph(
        new ModelDefinition(family, ElementType.FLOAT64, 1, 1, columns, predictors, Map.of()));
  }

  private TrainingData data() {
    double[] ones = new double[N];
    Arrays.fill(ones, 1);
    Dataset columns =
        Dataset.builder(N)
            .doubles("x", Arrays.stream(x).mapToDouble(row -> row[1]).toArray())
            .doubles("z", Arrays.stream(x).mapToDouble(row -> row[2]).toArray())
            .build();
    return new TrainingData(
        columns,
        Tensor.copyOf(ElementType.FLOAT64, y, N, 1),
        Tensor.copyOf(ElementType.FLOAT64, ones, N, 1));
  }

  private ExactFit solve(ModelGraph model, int dense) {
    double[] start = Start.of(model, data(), 1);
    SolverOptions options = SolverOptions.DEFAULT;
    return ExactSolver.solve(model, data(), start, options, SolverListener.NONE, dense);
  }

  /** Of the location: intercept, x, z. */
  private static double[] location(ModelGraph model, ExactFit fit) {
    Unknowns unknowns = new Unknowns(model);
    double[] w = unknowns.take(fit.trained());
    return unknowns.spans().stream()
        .filter(s -> s.predictor() == 0)
        .sorted(java.util.Comparator.comparing(Unknowns.Span::term))
        .mapToDouble(s -> w[s.from()])
        .toArray();
  }

  private double[] residuals(double[] beta) {
    double[] out = y.clone();
    for (int i = 0; i < N; i++) {
      for (int k = 0; k < P; k++) {
        out[i] -= x[i][k] * beta[k];
      }
    }
    return out;
  }

  /**
   * As many rows as coefficients lie on the line, with slopes that balance those of all others.
   * Source: Koenker (2005), Quantile Regression, theorem 2.1.
   */
  private void assertIsQuantile(double[] beta, double level) {
    double[] residual = residuals(beta);
    int[] on = IntStream.range(0, N).filter(i -> Math.abs(residual[i]) < ON_THE_LINE).toArray();
    assertThat(on).hasSize(P);
    DMatrixRMaj others = new DMatrixRMaj(P, 1);
    DMatrixRMaj basis = new DMatrixRMaj(P, P);
    for (int i = 0; i < N; i++) {
      int row = i;
      int at = IntStream.range(0, P).filter(k -> on[k] == row).findFirst().orElse(-1);
      for (int k = 0; k < P; k++) {
        if (at >= 0) {
          basis.set(k, at, x[i][k]);
        } else {
          double slope = residual[i] > 0 ? level : level - 1;
          others.add(k, 0, -slope * x[i][k]);
        }
      }
    }
    DMatrixRMaj slopes = new DMatrixRMaj(P, 1);
    assertThat(CommonOps_DDRM.solve(basis, others, slopes)).isTrue();
    for (int k = 0; k < P; k++) {
      assertThat(slopes.get(k, 0)).isBetween(level - 1, level);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.9})
  void quantilesFulfilTheConditionsOfTheLinearProgram(double level) {
    ModelGraph model = model(Families.of(FamilySpec.of("quantile", "level", level)));
    ExactFit fit = solve(model, ExactSolver.DENSE_COEFFICIENTS);
    assertThat(fit.stop()).isEqualTo(ExactFit.Stop.CONVERGED);
    assertThat(fit.notes()).isEmpty();
    assertIsQuantile(location(model, fit), level);
  }

  @Test
  void theLocationOfLaplaceIsTheMedianAndItsScaleTheMeanDistance() {
    ModelGraph model = model(Families.named("laplace"));
    ExactFit fit = solve(model, ExactSolver.DENSE_COEFFICIENTS);
    assertThat(fit.stop()).isEqualTo(ExactFit.Stop.CONVERGED);
    double[] beta = location(model, fit);
    assertIsQuantile(beta, 0.5);
    double scale = Arrays.stream(residuals(beta)).map(Math::abs).average().orElseThrow();
    Inference inference = Inference.of(model, data(), fit.trained(), SolverOptions.DEFAULT);
    assertThat(inference.logLikelihood()).isCloseTo(-N * (Math.log(2 * scale) + 1), within(1e-5));
    assertThat(inference.distance()).isLessThan(1e-3);
    assertThat(inference.notes()).isEmpty();
    assertIsInformation(model, inference.hessian(), scale);
  }

  /** X'X / scale² of the location, but for the few rows that lie on the line. */
  private void assertIsInformation(
      ModelGraph model, org.deepregression4j.engine.term.Matrix hessian, double scale) {
    List<Unknowns.Span> spans = new Unknowns(model).spans();
    for (Unknowns.Span span : spans) {
      if (span.predictor() == 0) {
        int k = List.of("(Intercept)", "x", "z").indexOf(span.term());
        double sum = 0;
        double most = 0;
        for (double[] row : x) {
          sum += row[k] * row[k];
          most = Math.max(most, row[k] * row[k]);
        }
        double got = hessian.get(span.from(), span.from()) * scale * scale;
        assertThat(got).isBetween(sum - P * most, sum + 1e-4);
      }
    }
  }

  @Test
  void withoutSecondDerivativesTheFitIsTheSame() {
    ModelGraph model = model(Families.named("laplace"));
    double[] newton = location(model, solve(model, ExactSolver.DENSE_COEFFICIENTS));
    double[] limited = location(model, solve(model, 1));
    assertThat(limited).containsExactly(newton, within(1e-5));
  }

  /** Asymmetric least squares. Source: Newey and Powell (1987), theorem 3. */
  @Test
  void covariancesOfCriteriaAreRobust() {
    double level = 0.8;
    ModelGraph model = model(Families.of(FamilySpec.of("expectile", "level", level)));
    ExactFit fit = solve(model, ExactSolver.DENSE_COEFFICIENTS);
    double[] residual = residuals(location(model, fit));
    double[] weight = new double[N];
    Arrays.setAll(weight, i -> residual[i] < 0 ? 1 - level : level);
    DMatrixRMaj expected = sandwich(residual, weight);
    Inference inference = Inference.of(model, data(), fit.trained(), SolverOptions.DEFAULT);
    for (Unknowns.Span span : inference.unknowns().spans()) {
      int k = List.of("(Intercept)", "x", "z").indexOf(span.term());
      double want = Math.sqrt(expected.get(k, k));
      assertThat(inference.standardError(span.from())).isCloseTo(want, within(1e-10));
      double plain = inference.frequentist().get(span.from(), span.from());
      assertThat(plain).isCloseTo(expected.get(k, k), within(1e-10));
    }
    assertThat(inference.totalFreedom()).isCloseTo(P, within(1e-9));
  }

  /** (X'WX)⁻¹ X' diag(w²r²) X (X'WX)⁻¹. */
  private DMatrixRMaj sandwich(double[] residual, double[] weight) {
    DMatrixRMaj bread = new DMatrixRMaj(P, P);
    DMatrixRMaj meat = new DMatrixRMaj(P, P);
    for (int i = 0; i < N; i++) {
      double slope = weight[i] * residual[i];
      for (int k = 0; k < P; k++) {
        for (int l = 0; l < P; l++) {
          bread.add(k, l, weight[i] * x[i][k] * x[i][l]);
          meat.add(k, l, slope * slope * x[i][k] * x[i][l]);
        }
      }
    }
    assertThat(CommonOps_DDRM.invert(bread)).isTrue();
    DMatrixRMaj half = new DMatrixRMaj(P, P);
    DMatrixRMaj out = new DMatrixRMaj(P, P);
    CommonOps_DDRM.mult(bread, meat, half);
    CommonOps_DDRM.mult(half, bread, out);
    return out;
  }
}
