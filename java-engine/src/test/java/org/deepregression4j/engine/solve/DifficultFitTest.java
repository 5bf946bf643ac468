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
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.layer.Activation;
import org.deepregression4j.engine.layer.Dense;
import org.deepregression4j.engine.layer.Network;
import org.deepregression4j.engine.layer.Regularizer;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.DeepTerm;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TermWeights;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;

/** Data and models that have no ordinary fit, and the treatments of coefficients. */
class DifficultFitTest {
  private static final int N = 200;

  /** Newton's method ends within rounding of the optimum. */
  private static final double EXACT = 1e-9;

  private final double[] x = new double[N];
  private final double[] noise = new double[N];
  private final double[] ones = new double[N];

  DifficultFitTest() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < N; i++) {
      x[i] = random.nextDouble() * 2 - 1;
      noise[i] = random.nextGaussian();
      ones[i] = 1;
    }
  }

  private static Linear linear(String column) {
    return new Linear(column, List.of(column), List.of(Component.numeric(column)), false, null);
  }

  private static ModelGraph model(String family, List<StructuredTerm>... predictors) {
    List<Predictor> all = new ArrayList<>();
    for (int j = 0; j < predictors.length; j++) {
      String name = Families.named(family).parameters().get(j).name();
      all.add(Predictor.of(name, predictors[j]));
    }
    return model(family, 1, all, Map.of());
  }

  private static ModelGraph model(
      String family, int m, List<Predictor> predictors, Map<String, Network> networks) {
    List<ColumnSpec> columns = List.of(ColumnSpec.real("x"), ColumnSpec.real("z"));
    return new ModelGraph(
        new ModelDefinition(
            Families.named(family), ElementType.FLOAT64, 1, m, columns, predictors, networks));
  }

  private TrainingData data(double[] z, double[] y, double[] weights) {
    int rows = z.length;
    Dataset columns =
        Dataset.builder(rows).doubles("x", Arrays.copyOf(x, rows)).doubles("z", z).build();
    return new TrainingData(
        columns,
        Tensor.copyOf(ElementType.FLOAT64, y, rows, y.length / rows),
        Tensor.copyOf(ElementType.FLOAT64, weights, rows, 1));
  }

  private static ExactFit solve(ModelGraph model, TrainingData data) {
    double[] start = Start.of(model, data, 1);
    return ExactSolver.solve(model, data, start, SolverOptions.DEFAULT, SolverListener.NONE);
  }

  private static double[] found(ModelGraph model, ExactFit fit) {
    Unknowns unknowns = new Unknowns(model);
    double[] w = unknowns.take(fit.trained());
    return unknowns.spans().stream()
        .flatMapToDouble(s -> Arrays.stream(w, s.from(), s.from() + s.size()))
        .toArray();
  }

  private static double last(ExactFit fit) {
    return fit.objective().get(fit.objective().size() - 1);
  }

  private double[] response() {
    double[] y = new double[N];
    Arrays.setAll(y, i -> 1 + 2 * x[i] + 0.5 * noise[i]);
    return y;
  }

  @Test
  void collinearColumnsAreNamedAndTheFitIsThatWithoutThem() {
    double[] z = new double[N];
    Arrays.setAll(z, i -> 3 * x[i] - 2);
    ModelGraph both =
        model(
            "normal", List.of(new Intercept(), linear("x"), linear("z")), List.of(new Intercept()));
    ModelGraph one =
        model("normal", List.of(new Intercept(), linear("x")), List.of(new Intercept()));
    ExactFit fit = solve(both, data(z, response(), ones));
    ExactFit plain = solve(one, data(z, response(), ones));
    assertThat(fit.stop()).isEqualTo(ExactFit.Stop.CONVERGED);
    assertThat(last(fit)).isCloseTo(last(plain), within(EXACT));
    assertThat(fit.notes()).hasSize(1);
    assertThat(fit.notes().get(0).kind()).isEqualTo(Note.Kind.NOT_IDENTIFIED);
    assertThat(fit.notes().get(0).terms())
        .containsExactlyInAnyOrder("'loc: (Intercept)'", "'loc: x'", "'loc: z'");
    assertThat(plain.notes()).isEmpty();
    Inference inference =
        Inference.of(both, data(z, response(), ones), fit.trained(), SolverOptions.DEFAULT);
    assertThat(inference.totalFreedom()).isCloseTo(3, within(1e-6));
  }

  @Test
  void aConstantColumnCompetesWithTheIntercept() {
    ModelGraph model = model("poisson", List.of(new Intercept(), linear("x"), linear("z")));
    double[] y = new double[N];
    Arrays.setAll(y, i -> i % 4);
    ExactFit fit = solve(model, data(ones, y, ones));
    assertThat(fit.stop()).isEqualTo(ExactFit.Stop.CONVERGED);
    assertThat(fit.notes().get(0).message())
        .isEqualTo("not identified: 'rate: (Intercept)' with 'rate: z'");
  }

  @Test
  void completeSeparationNamesTheTerm() {
    double[] y = new double[N];
    Arrays.setAll(y, i -> x[i] > 0.1 ? 1 : 0);
    ModelGraph model = model("bernoulli", List.of(new Intercept(), linear("x"), linear("z")));
    ExactFit fit = solve(model, data(noise, y, ones));
    assertThat(fit.notes()).anyMatch(n -> n.kind() == Note.Kind.SEPARATION);
    assertThat(fit.notes().get(0).terms()).contains("'logits: x'");
    assertThat(last(fit)).isLessThan(1e-3);
    assertThat(fit.trained()).doesNotContain(Double.NaN);
  }

  @Test
  void aGroupWithoutEventsIsSeparated() {
    double[] z = new double[N];
    double[] y = new double[N];
    Arrays.setAll(z, i -> i % 5 == 0 ? 1 : 0);
    Arrays.setAll(y, i -> z[i] == 1 ? 0 : 1 + i % 3);
    ModelGraph model = model("poisson", List.of(new Intercept(), linear("z")));
    ExactFit fit = solve(model, data(z, y, ones));
    assertThat(fit.notes()).hasSize(1);
    assertThat(fit.notes().get(0).kind()).isEqualTo(Note.Kind.SEPARATION);
    assertThat(fit.notes().get(0).terms()).containsExactly("'rate: z'");
    double mean = Arrays.stream(y).sum() / Arrays.stream(z).filter(v -> v == 0).count();
    assertThat(found(model, fit)[0]).isCloseTo(Math.log(mean), within(EXACT));
  }

  @Test
  void aConstantResponseHasNoMaximum() {
    double[] y = new double[N];
    Arrays.fill(y, 3.7);
    ModelGraph model =
        model("normal", List.of(new Intercept(), linear("x")), List.of(new Intercept()));
    ExactFit fit = solve(model, data(noise, y, ones));
    assertThat(fit.stop()).isEqualTo(ExactFit.Stop.UNBOUNDED);
    assertThat(fit.notes().get(0).message()).contains("'scale'", "constant");
    assertThat(fit.trained()).doesNotContain(Double.NaN);
  }

  @Test
  void fewerRowsThanCoefficients() {
    ModelGraph model =
        model(
            "normal", List.of(new Intercept(), linear("x"), linear("z")), List.of(new Intercept()));
    ExactFit fit = solve(model, data(new double[] {1, 2}, new double[] {0.3, 5}, ones2()));
    assertThat(fit.stop()).isEqualTo(ExactFit.Stop.UNBOUNDED);
    assertThat(fit.notes().get(0).terms()).containsExactly("'scale: (Intercept)'");
    assertThat(fit.trained()).doesNotContain(Double.NaN);
  }

  private static double[] ones2() {
    return new double[] {1, 1};
  }

  @Test
  void rowsOfWeightZeroDoNotCount() {
    double[] y = response();
    double[] weights = ones.clone();
    double[] broken = y.clone();
    for (int i = 0; i < N; i += 3) {
      weights[i] = 0;
      broken[i] = Double.NaN;
    }
    ModelGraph model =
        model("normal", List.of(new Intercept(), linear("x")), List.of(new Intercept()));
    double[] clean = found(model, solve(model, data(noise, y, weights)));
    ExactFit fit =
        ExactSolver.solve(
            model,
            data(noise, broken, weights),
            new double[model.layout().trainedSize()],
            SolverOptions.DEFAULT,
            SolverListener.NONE);
    double[] got = found(model, fit);
    for (int i = 0; i < got.length; i++) {
      assertThat(got[i]).isCloseTo(clean[i], within(EXACT));
    }
  }

  @Test
  void negativeWeightsAreRefused() {
    double[] weights = ones.clone();
    weights[4] = -1;
    ModelGraph model = model("poisson", List.of(new Intercept()));
    assertThatThrownBy(() -> solve(model, data(noise, ones, weights)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1.0 in row 5");
  }

  @Test
  void anIndefiniteHessianFarFromTheOptimumIsOvercome() {
    ModelGraph model =
        model("normal", List.of(new Intercept(), linear("x")), List.of(new Intercept()));
    TrainingData data = data(noise, response(), ones);
    double[] good = found(model, solve(model, data));
    for (double[] start : new double[][] {{100, 0, -3}, {-50, 30, 4}, {1000, 0, 0}}) {
      Unknowns unknowns = new Unknowns(model);
      double[] from = unknowns.put(start, new double[model.layout().trainedSize()]);
      ExactFit fit =
          ExactSolver.solve(model, data, from, SolverOptions.DEFAULT, SolverListener.NONE);
      double[] got = found(model, fit);
      for (int i = 0; i < got.length; i++) {
        assertThat(got[i]).as("from %s", Arrays.toString(start)).isCloseTo(good[i], within(1e-8));
      }
      for (int i = 1; i < fit.objective().size(); i++) {
        assertThat(fit.objective().get(i)).isLessThan(fit.objective().get(i - 1) + 1e-10);
      }
    }
  }

  @Test
  void aRidgeSolvesItsNormalEquations() {
    TermWeights ridge = new TermWeights(Optional.empty(), true, new Regularizer(0, 0.1), "");
    Predictor rate =
        new Predictor(
            "rate",
            List.of(
                new Predictor.Weighted(new Intercept(), TermWeights.DEFAULT),
                new Predictor.Weighted(linear("x"), ridge)),
            List.of(),
            List.of());
    ModelGraph model = model("poisson", 1, List.of(rate), Map.of());
    double[] y = new double[N];
    Arrays.setAll(y, i -> i % 4);
    double[] w = found(model, solve(model, data(noise, y, ones)));
    double first = 0;
    double second = 0;
    for (int i = 0; i < N; i++) {
      double residual = Math.exp(w[0] + w[1] * x[i]) - y[i];
      first += residual / N;
      second += residual * x[i] / N;
    }
    assertThat(first).isCloseTo(0, within(EXACT));
    assertThat(second + 2 * 0.1 * w[1]).isCloseTo(0, within(EXACT));
  }

  @Test
  void fixedCoefficientsStayAndSeveralResponsesAreFittedApart() {
    TermWeights fixed = new TermWeights(Optional.empty(), false, Regularizer.NONE, "");
    Predictor rate =
        new Predictor(
            "rate",
            List.of(
                new Predictor.Weighted(new Intercept(), TermWeights.DEFAULT),
                new Predictor.Weighted(linear("x"), fixed)),
            List.of(),
            List.of());
    ModelGraph model = model("poisson", 2, List.of(rate), Map.of());
    double[] y = new double[2 * N];
    double[] sums = new double[2];
    for (int i = 0; i < N; i++) {
      for (int c = 0; c < 2; c++) {
        y[2 * i + c] = (i * (c + 2)) % (5 + c);
        sums[c] += y[2 * i + c];
      }
    }
    double[] start = {0, 0, 0.7, -0.4}; // rows: intercept, x; columns: responses
    ExactFit fit =
        ExactSolver.solve(
            model, data(noise, y, ones), start, SolverOptions.DEFAULT, SolverListener.NONE);
    double[] slopes = {0.7, -0.4};
    for (int c = 0; c < 2; c++) {
      double total = 0;
      for (int i = 0; i < N; i++) {
        total += Math.exp(slopes[c] * x[i]);
      }
      assertThat(fit.trained()[c]).isCloseTo(Math.log(sums[c] / total), within(EXACT));
      assertThat(fit.trained()[2 + c]).isEqualTo(slopes[c]);
    }
  }

  @Test
  void networksAreLeftOut() {
    Network network =
        new Network(
            "net",
            List.of("in"),
            List.of(new Network.Step("d", List.of("in"), new Dense("d", 1, Activation.LINEAR))),
            "d");
    DeepTerm deep = new DeepTerm("net(z)", "net", List.of(List.of(Component.numeric("z"))));
    List<StructuredTerm> terms = List.of(new Intercept(), linear("x"));
    Predictor scale = Predictor.of("scale", List.of(new Intercept()));
    ModelGraph with =
        model(
            "normal", 1, List.of(Predictor.of("loc", terms, deep), scale), Map.of("net", network));
    ModelGraph without = model("normal", terms, List.of(new Intercept()));
    TrainingData data = data(noise, response(), ones);
    ExactFit fit = solve(with, data);
    assertThat(found(with, fit)).containsExactly(found(without, solve(without, data)));
    double[] start = Start.of(with, data, 1);
    int cells = with.layout().rows() * with.layout().columns();
    assertThat(Arrays.copyOfRange(fit.trained(), cells, start.length))
        .containsExactly(Arrays.copyOfRange(start, cells, start.length));
  }

  @Test
  void featuresPerPassAndThreadsGiveTheSameFit() {
    ModelGraph model = SolveSpeed.model("normal", 20000);
    TrainingData data = SolveSpeed.data("normal", 20000);
    double[] start = Start.of(model, data, 1);
    SolverOptions one = SolverOptions.DEFAULT.withThreads(1);
    ExactFit a = ExactSolver.solve(model, data, start, one, SolverListener.NONE);
    ExactFit b =
        ExactSolver.solve(model, data, start, one.withMemoryBudget(1), SolverListener.NONE);
    ExactFit c = ExactSolver.solve(model, data, start, one.withThreads(3), SolverListener.NONE);
    assertThat(b.trained()).containsExactly(a.trained());
    for (int i = 0; i < start.length; i++) {
      assertThat(c.trained()[i]).isCloseTo(a.trained()[i], within(EXACT));
    }
  }

  @Test
  void aListenerEndsTheFit() {
    ModelGraph model =
        model("normal", List.of(new Intercept(), linear("x")), List.of(new Intercept()));
    TrainingData data = data(noise, response(), ones);
    ExactFit fit =
        ExactSolver.solve(
            model, data, Start.of(model, data, 1), SolverOptions.DEFAULT, p -> p.iteration() < 2);
    assertThat(fit.stop()).isEqualTo(ExactFit.Stop.CANCELLED);
    assertThat(fit.iterations()).isEqualTo(2);
  }

  @Test
  void aListenerEndsTheFitWithinAPass() {
    ModelGraph model = SolveSpeed.model("normal", 20000);
    TrainingData data = SolveSpeed.data("normal", 200000);
    double[] start = Start.of(model, data, 1);
    SolverListener impatient =
        new SolverListener() {
          @Override
          public boolean goesOn(Progress progress) {
            throw new AssertionError("an iteration ended");
          }

          @Override
          public boolean goesOnWithin(int done, int blocks) {
            return done > blocks;
          }
        };
    ExactFit fit = ExactSolver.solve(model, data, start, SolverOptions.DEFAULT, impatient);
    assertThat(fit.stop()).isEqualTo(ExactFit.Stop.CANCELLED);
    assertThat(fit.trained()).containsExactly(start);
    assertThat(fit.iterations()).isZero();
  }

  @Test
  void aFitToAllRowsThatStartsFromOneToSomeIsTheSame() {
    int n = 150_000;
    ModelGraph model = SolveSpeed.model("normal", n);
    TrainingData data = SolveSpeed.data("normal", n);
    double[] start = Start.of(model, data, 1);
    try (Likelihood likelihood =
        new Likelihood(
            model, new Unknowns(model), data, SolverOptions.DEFAULT, SolverListener.NONE)) {
      double[] near = Pilot.start(model, model, likelihood, start, SolverOptions.DEFAULT);
      assertThat(near).isNotEqualTo(start);
      // An optimum of other rows is as good as that of some.
      assertThat(Pilot.start(model, model, likelihood, near, SolverOptions.DEFAULT))
          .containsExactly(near);
    }
    ExactFit fit =
        ExactSolver.solve(model, data, start, SolverOptions.DEFAULT, SolverListener.NONE);
    assertThat(fit.iterations()).isLessThanOrEqualTo(4);
    ExactFit again =
        ExactSolver.solve(model, data, fit.trained(), SolverOptions.DEFAULT, SolverListener.NONE);
    assertThat(again.iterations()).isLessThanOrEqualTo(1);
    for (int i = 0; i < start.length; i++) {
      assertThat(again.trained()[i]).isCloseTo(fit.trained()[i], within(EXACT));
    }
  }
}
