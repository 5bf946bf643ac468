package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Distribution functions, quantiles, scores, modes and entropies. */
@ParameterizedClass(name = "{0}")
@MethodSource("keys")
class FamilyDistributionTest implements GapRule.OfFamily {
  /** Of R's values; R itself is good to about 1e-13. */
  private static final Map<String, Double> RELATIVE =
      Map.of("cdf", 1e-10, "quantile", 1e-10, "crps", 1e-8);

  /** Cdfs as sums: 1 − p keeps no relative digits. */
  private static final double TINY = 1e-14;

  private static final double[] LEVELS = {1e-6, 0.03, 0.31, 0.5, 0.77, 0.999};

  private static final Map<String, List<ReferenceRow>> REFERENCE = ReferenceRow.distributions();

  private static final FamilyGraph.Store GRAPHS = new FamilyGraph.Store();

  @Parameter String key;

  @Override
  public String key() {
    return key;
  }

  static Stream<String> keys() {
    return FamilyCases.keys();
  }

  private FamilyGraph graph() {
    return GRAPHS.of(key);
  }

  private Family family() {
    return FamilyCases.named(key).family();
  }

  private List<double[]> predictors() {
    return FamilyCases.named(key).predictors();
  }

  /** All predictors, or some where a distribution function takes long. */
  private List<double[]> some() {
    return key.startsWith("tweedie") ? predictors().subList(0, 1) : predictors();
  }

  private List<double[]> few() {
    List<double[]> all = predictors();
    return all.subList(0, Math.min(3, all.size()));
  }

  @AfterAll
  static void closeGraphs() {
    GRAPHS.close();
  }

  @Test
  void agreesWithR() {
    Map<String, List<ReferenceRow>> kinds =
        REFERENCE.getOrDefault(key, List.of()).stream()
            .collect(Collectors.groupingBy(ReferenceRow::kind));
    kinds.forEach(
        (kind, rows) -> {
          double[] x = rows.stream().flatMapToDouble(row -> Arrays.stream(row.y())).toArray();
          double[] got = graph().run(kind, x, FamilyCase.etaOf(rows));
          for (int i = 0; i < x.length; i++) {
            double expected = rows.get(i).value();
            double tolerance = RELATIVE.get(kind) * Math.abs(expected) + TINY;
            String at =
                kind + " of " + key + " at " + x[i] + ", " + Arrays.toString(rows.get(i).eta());
            assertThat(got[i]).as(at).satisfies(v -> assertNear(v, expected, tolerance));
          }
        });
  }

  private static void assertNear(double got, double expected, double tolerance) {
    if (Double.isInfinite(expected)) {
      assertThat(got).isEqualTo(expected);
    } else {
      assertThat(got).isCloseTo(expected, within(tolerance));
    }
  }

  /** F(q(p)) is p; at a jump, the first value at or above it. */
  @Test
  @Shows(Piece.QUANTILE)
  void quantileInvertsTheDistributionFunction() {
    double[] eta = FamilyCase.each(some(), LEVELS.length);
    double[] levels = FamilyCase.repeated(LEVELS, some().size());
    double[] q = graph().run("quantile", levels, eta);
    double[] p = graph().run("cdf", q, eta);
    double[] before = graph().run("cdf", Arrays.stream(q).map(this::before).toArray(), eta);
    double rounding = 1e-11;
    for (int i = 0; i < p.length; i++) {
      String at = key + " at p = " + levels[i] + ", eta = " + at(i / LEVELS.length);
      assertThat(p[i]).as(at).isGreaterThanOrEqualTo(levels[i] - rounding);
      assertThat(before[i]).as(at).isLessThanOrEqualTo(levels[i] + rounding);
      if (!hasJumps()) {
        assertThat(p[i]).as(at).isCloseTo(levels[i], within(rounding));
      }
    }
  }

  private String at(int predictor) {
    return Arrays.toString(some().get(predictor));
  }

  private boolean hasJumps() {
    return family().support().isDiscrete() || CaseQuadrature.hasAtoms(key);
  }

  private double before(double y) {
    return family().support().isDiscrete() ? y - 1 : Math.nextDown(y);
  }

  /** The density is the slope of F, the probability its jump. */
  @Test
  @Shows(Piece.CDF)
  void distributionFunctionBelongsToTheDensity() {
    boolean isDiscrete = family().support().isDiscrete();
    double[] levels = {0.07, 0.4, 0.55, 0.93};
    double[] eta = FamilyCase.each(some(), levels.length);
    double[] q = graph().run("quantile", FamilyCase.repeated(levels, some().size()), eta);
    double[] density = graph().run("log_density", q, eta);
    double[] h = Arrays.stream(q).map(v -> 1e-4 * Math.abs(v)).toArray();
    double[] near = slope("cdf", q, h, 1, eta);
    double[] far = slope("cdf", q, h, 2, eta);
    double[] high = graph().run("cdf", q, eta);
    double[] low = graph().run("cdf", Arrays.stream(q).map(this::before).toArray(), eta);
    for (int i = 0; i < q.length; i++) {
      double expected = Math.exp(density[i]);
      String at = key + " at y = " + q[i] + ", eta = " + at(i / levels.length);
      if (isDiscrete || high[i] - low[i] > 1e-6) {
        assertThat(high[i] - low[i]).as(at).isCloseTo(expected, within(1e-11));
      } else if (h[i] > 0) {
        // The quotient loses the digits of F that h and f leave.
        double tolerance = 1e-6 * expected + 1e-13 / h[i];
        assertThat((4 * near[i] - far[i]) / 3).as(at).isCloseTo(expected, within(tolerance));
      }
    }
  }

  private double[] slope(String of, double[] y, double[] h, double times, double[] eta) {
    double[] above = new double[y.length];
    double[] below = new double[y.length];
    Arrays.setAll(above, i -> y[i] + times * h[i]);
    Arrays.setAll(below, i -> y[i] - times * h[i]);
    double[] high = graph().run(of, above, eta);
    double[] low = graph().run(of, below, eta);
    double[] out = new double[y.length];
    Arrays.setAll(out, i -> (high[i] - low[i]) / (2 * times * h[i]));
    return out;
  }

  /** Both tails add up to one. */
  @Test
  @Shows(Piece.SURVIVAL)
  void survivalIsTheOtherTail() {
    double[] levels = {0.03, 0.31, 0.77, 0.999};
    double[] eta = FamilyCase.each(some(), levels.length);
    double[] y = graph().run("quantile", FamilyCase.repeated(levels, some().size()), eta);
    double[] p = graph().run("cdf", y, eta);
    double[] s = graph().run("survival", y, eta);
    for (int i = 0; i < y.length; i++) {
      assertThat(p[i] + s[i]).as("%s at y = %s", key, y[i]).isCloseTo(1, within(1e-12));
    }
  }

  @Test
  @Shows(Piece.CDF)
  void endsAndNonsense() {
    double[] eta = predictors().get(0);
    double inf = Double.POSITIVE_INFINITY;
    double[] p = graph().runAt("cdf", new double[] {-inf, inf, Double.NaN}, eta);
    assertThat(p[0]).isZero();
    assertThat(p[1]).isEqualTo(1);
    assertThat(p[2]).isNaN();
    double[] q = graph().runAt("quantile", new double[] {0, 1, -0.1, 1.1, Double.NaN}, eta);
    double[] ends = graph().runAt("cdf", Arrays.copyOf(q, 2), eta);
    double first = family().support() == Support.POSITIVE_COUNT ? 1 : 0;
    assertThat(family().support().isDiscrete() ? q[0] - first : ends[0]).isZero();
    assertThat(ends[1]).isEqualTo(1);
    assertThat(Arrays.copyOfRange(q, 2, 5)).containsOnly(Double.NaN);
  }

  /** d/dy ∫ (F(x) − 1{x ≥ y})² dx = 2 F(y) − 1 wherever y is no jump. */
  @Test
  @Shows(Piece.CRPS)
  void scoresRiseByTheDistributionFunction() {
    double[] levels = {0.4, 0.77, 0.93};
    double[] eta = FamilyCase.each(some(), levels.length);
    double[] q = graph().run("quantile", FamilyCase.repeated(levels, some().size()), eta);
    boolean isStep = family().support().isDiscrete() || key.equals("deterministic");
    double[] y = Arrays.stream(q).map(v -> isStep ? v + 0.5 : v).toArray();
    double[] density = graph().run("log_density", y, eta);
    double[] h = Arrays.stream(density).map(v -> isStep ? 0.2 : 2e-3 / Math.exp(v)).toArray();
    double[] near = slope("crps", y, h, 1, eta);
    double[] far = slope("crps", y, h, 2, eta);
    double[] score = graph().run("crps", y, eta);
    double[] upTo = graph().run("cdf", y, eta);
    double[] below = graph().run("cdf_below", y, eta);
    int seen = 0;
    for (int i = 0; i < y.length; i++) {
      // The quotient loses the digits of the score that h leaves.
      double tolerance = 1e-6 + 2e-8 * score[i] / h[i];
      if (tolerance < 1e-3 && upTo[i] - below[i] < 1e-12) {
        assertThat((4 * near[i] - far[i]) / 3)
            .as("slope of the score of %s at y = %s, row %s", key, y[i], i)
            .isCloseTo(2 * upTo[i] - 1, within(tolerance));
        seen++;
      }
    }
    assertThat(seen).as("scores of %s seen", key).isPositive();
  }

  /** The mode is where the density is largest around. */
  @Test
  @Shows(Piece.MODE)
  void modeIsAMaximum() {
    FamilyCase of = FamilyCases.named(key);
    if (of.family().support().isMultivariate()) {
      VectorMode.check(of, graph());
      return;
    }
    boolean isDiscrete = family().support().isDiscrete();
    for (double[] eta : predictors()) {
      double mode = graph().property("mode", eta)[0];
      double step = isDiscrete ? 1 : 1e-3 * Math.max(Math.abs(mode), 1e-3);
      double[] y =
          Stream.of(mode, mode - step, mode + step)
              .mapToDouble(Double::doubleValue)
              .filter(family().support()::contains)
              .filter(v -> v <= CaseQuadrature.last(key))
              .toArray();
      double[] density = graph().runAt("log_density", y, eta);
      boolean isBorder = y.length > 0 && y[0] != mode;
      for (int i = 1; i < y.length; i++) {
        assertThat(density[i])
            .as("%s beside its mode %s, eta = %s", key, mode, Arrays.toString(eta))
            .isLessThanOrEqualTo(isBorder ? Double.MAX_VALUE : density[0] + 1e-9);
      }
    }
  }

  /** −E log p, by quadrature over the responses. */
  @Test
  @Shows(Piece.ENTROPY)
  void entropyIsTheMeanOfTheLogDensity() {
    FamilyCase of = FamilyCases.named(key);
    for (double[] eta : few()) {
      double mean = graph().property("mean", eta)[0];
      double stddev = graph().property("stddev", eta)[0];
      CaseQuadrature rule = CaseQuadrature.of(of, eta, mean, stddev);
      double[] density = graph().runAt("log_density", rule.nodes(), eta);
      double expected = 0;
      for (int i = 0; i < density.length; i++) {
        double term = rule.weights()[i] * Math.exp(density[i]) * density[i];
        expected -= Double.isFinite(term) ? term : 0;
      }
      assertThat(graph().property("entropy", eta)[0])
          .as("entropy of %s at eta = %s", key, Arrays.toString(eta))
          .isCloseTo(expected, within(1e-7 * Math.max(1, Math.abs(expected))));
    }
  }

  @Test
  void whatIsNotThereIsNamed() {
    assumeTrue(FamilyGaps.isMissing(key, Piece.CDF), "there is a distribution function");
    Value y = Ops.input("y", ElementType.FLOAT64, Shape.rows("n", 1));
    List<Value> predictors = family().parameters().stream().map(p -> y).toList();
    assertThatThrownBy(() -> family().quantile(y, predictors))
        .hasMessage("family '" + family().name() + "' has no distribution function");
    assertThatThrownBy(() -> family().crps(y, predictors))
        .hasMessage("family '" + family().name() + "' has no distribution function");
  }
}
