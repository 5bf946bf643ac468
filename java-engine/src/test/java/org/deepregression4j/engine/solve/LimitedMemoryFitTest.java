package org.deepregression4j.engine.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.Matrix;
import org.deepregression4j.engine.term.Penalty;
import org.deepregression4j.engine.term.RandomEffect;
import org.deepregression4j.engine.term.Smooth;
import org.deepregression4j.engine.term.SmoothTerm;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;

/** Fits without second derivatives, against Newton's method and slopes computed by hand. */
class LimitedMemoryFitTest {
  private static final double LAMBDA = 2;

  private static SmoothTerm effects(int levels, int n) {
    Component group = Component.factor("g", Matrix.identity(levels));
    Smooth smooth = new Smooth("re(g)", new RandomEffect(List.of(group)), null);
    Penalty penalty = new Penalty(List.of(Matrix.identity(levels)), List.of(LAMBDA), 1.0 / n);
    return new SmoothTerm("re(g)", List.of(), List.of(smooth), penalty);
  }

  private static ColumnSpec groups(int levels) {
    return ColumnSpec.factor("g", IntStream.range(0, levels).mapToObj(l -> "l" + l).toList());
  }

  /** The three smooths of the speed test and a random effect in each parameter. */
  private static ModelGraph mixed(String family, int levels, int n) {
    ModelDefinition smooths = SolveSpeed.model(family, n).definition();
    List<ColumnSpec> columns = new ArrayList<>(smooths.columns());
    columns.add(groups(levels));
    List<Predictor> predictors = new ArrayList<>();
    for (Predictor p : smooths.predictors()) {
      List<StructuredTerm> terms = new ArrayList<>();
      p.structured().forEach(s -> terms.add(s.term()));
      terms.add(effects(levels, n));
      predictors.add(Predictor.of(p.name(), terms));
    }
    return new ModelGraph(
        new ModelDefinition(
            smooths.family(), ElementType.FLOAT64, 1, 1, columns, predictors, Map.of()));
  }

  private static TrainingData withGroups(TrainingData data, int levels) {
    int n = (int) data.rows();
    Dataset.Builder columns = Dataset.builder(n).ints("g", codes(n, levels));
    for (String name : List.of("x1", "x2", "x3")) {
      columns.doubles(name, data.columns().columns().get(name).toDoubles());
    }
    return new TrainingData(columns.build(), data.response(), data.weights());
  }

  private static int[] codes(int n, int levels) {
    SplittableRandom random = new SplittableRandom(5);
    return IntStream.range(0, n).map(i -> 1 + random.nextInt(levels)).toArray();
  }

  private static ExactFit solve(
      ModelGraph model, TrainingData data, SolverOptions options, SolverListener l, int dense) {
    return ExactSolver.solve(model, data, Start.of(model, data, 1), options, l, dense);
  }

  private static void assertSameFit(String family) {
    int n = 2000;
    ModelGraph model = mixed(family, 25, n);
    TrainingData data = withGroups(SolveSpeed.data(family, n), 25);
    SolverOptions options = SolverOptions.DEFAULT;
    ExactFit newton = solve(model, data, options, SolverListener.NONE, 1000);
    ExactFit limited = solve(model, data, options, SolverListener.NONE, 10);
    assertThat(limited.stop()).isEqualTo(ExactFit.Stop.CONVERGED);
    assertThat(limited.trained()).containsExactly(newton.trained(), within(1e-6));
    double best = newton.objective().get(newton.iterations());
    List<Double> path = limited.objective();
    assertThat(path.get(limited.iterations())).isCloseTo(best, within(1e-10));
    for (int i = 1; i < path.size(); i++) {
      assertThat(path.get(i)).isLessThanOrEqualTo(path.get(i - 1) + 1e-13);
    }
    assertThat(limited.smoothing()).isEqualTo(newton.smoothing());
    assertThat(limited.condition()).isNaN();
    assertThat(limited.notes()).isEmpty();
  }

  @Test
  void equalsNewtonOnPoisson() {
    assertSameFit("poisson");
  }

  @Test
  void equalsNewtonOnLocationAndScale() {
    assertSameFit("normal");
  }

  @Test
  void fitsTenThousandLevelsWithoutTheirSquare() {
    int levels = 10_000;
    int n = 40_000;
    int[] codes = codes(n, levels);
    SplittableRandom random = new SplittableRandom(9);
    double[] effect = random.doubles(levels, -1, 1).toArray();
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      y[i] = Math.floor(Math.exp(effect[codes[i] - 1] + 1) + random.nextDouble());
    }
    var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    long before = bean.getThreadAllocatedBytes(self);
    ModelGraph model =
        new ModelGraph(
            new ModelDefinition(
                Families.named("poisson"),
                ElementType.FLOAT64,
                1,
                1,
                List.of(groups(levels)),
                List.of(Predictor.of("rate", List.of(new Intercept(), effects(levels, n)))),
                Map.of()));
    TrainingData data =
        TrainingData.of(
            Dataset.builder(n).ints("g", codes).build(),
            Tensor.copyOf(ElementType.FLOAT64, y, n, 1));
    SolverOptions options = SolverOptions.DEFAULT.withMemoryBudget(1L << 28);
    ExactFit fit =
        ExactSolver.solve(model, data, Start.of(model, data, 1), options, SolverListener.NONE);
    long allocated = bean.getThreadAllocatedBytes(self) - before;
    assertThat(allocated).isLessThan(8L * levels * levels / 2);
    assertThat(fit.stop()).isEqualTo(ExactFit.Stop.CONVERGED);
    double[] w = fit.trained();
    double[] slope = new double[levels + 1];
    for (int i = 0; i < n; i++) {
      double residual = (Math.exp(w[0] + w[codes[i]]) - y[i]) / n;
      slope[0] += residual;
      slope[codes[i]] += residual;
    }
    for (int l = 1; l <= levels; l++) {
      slope[l] += 2 * LAMBDA / n * w[l];
    }
    assertThat(slope).containsExactly(new double[levels + 1], within(1e-9));
  }

  @Test
  void refusesWhatNeedsSecondDerivatives() {
    ModelGraph model = mixed("poisson", 25, 200);
    TrainingData data = withGroups(SolveSpeed.data("poisson", 200), 25);
    SolverOptions reml = SolverOptions.DEFAULT.withSelect(SolverOptions.Select.REML);
    assertThatThrownBy(() -> solve(model, data, reml, SolverListener.NONE, 10))
        .isInstanceOf(SolverException.class)
        .hasMessageContaining("53 coefficients")
        .hasMessageContaining("REML");
  }

  @Test
  void theListenerEndsTheFit() {
    ModelGraph model = mixed("poisson", 25, 200);
    TrainingData data = withGroups(SolveSpeed.data("poisson", 200), 25);
    ExactFit fit = solve(model, data, SolverOptions.DEFAULT, p -> p.iteration() < 3, 10);
    assertThat(fit.stop()).isEqualTo(ExactFit.Stop.CANCELLED);
    assertThat(fit.iterations()).isEqualTo(3);
  }
}
