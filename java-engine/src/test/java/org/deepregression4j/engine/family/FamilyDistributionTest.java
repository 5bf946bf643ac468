package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

/** Distribution functions and quantiles of every univariate family that is a distribution. */
@ParameterizedClass(name = "{0}")
@MethodSource("names")
class FamilyDistributionTest {
  /** Of cdfs relative to R's; R itself is good to about 1e-13. */
  private static final double CDF = 1e-10;

  /** Cdfs as sums: 1 − p keeps no relative digits. */
  private static final double TINY = 1e-14;

  /** Steep quantiles, such as those of gamma shapes below 0.1, multiply the error of p. */
  private static final double QUANTILE = 1e-10;

  /** Families without: mvr is a criterion, the horseshoe has no closed form. */
  static final Set<String> WITHOUT = Set.of("mvr", "horseshoe");

  private static final double[] LEVELS = {1e-6, 0.03, 0.31, 0.5, 0.77, 0.999};

  private static final Map<String, List<DistributionRow>> REFERENCE = DistributionRow.byFamily();

  private static final Map<String, DistributionGraph> GRAPHS = new HashMap<>();

  @Parameter String name;

  static Stream<String> names() {
    return Families.all().stream()
        .filter(f -> !f.support().isMultivariate())
        .map(Family::name)
        .filter(name -> !WITHOUT.contains(name));
  }

  private DistributionGraph graph() {
    return GRAPHS.computeIfAbsent(name, key -> new DistributionGraph(Families.named(key)));
  }

  @AfterAll
  static void closeGraphs() {
    GRAPHS.values().forEach(DistributionGraph::close);
    GRAPHS.clear();
  }

  @Test
  void agreesWithR() {
    List<DistributionRow> all = REFERENCE.getOrDefault(name, List.of());
    for (String kind : List.of("cdf", "quantile")) {
      List<DistributionRow> rows = all.stream().filter(r -> r.kind().equals(kind)).toList();
      if (rows.isEmpty()) {
        continue;
      }
      double[] x = rows.stream().mapToDouble(DistributionRow::x).toArray();
      double[] got = graph().run(kind, x, DistributionRow.etaColumns(rows));
      for (int i = 0; i < x.length; i++) {
        double expected = rows.get(i).value();
        double tolerance = (kind.equals("cdf") ? CDF : QUANTILE) * Math.abs(expected) + TINY;
        assertThat(got[i])
            .as("%s of %s at %s, eta = %s", kind, name, x[i], Arrays.toString(rows.get(i).eta()))
            .satisfies(v -> assertNear(v, expected, tolerance));
      }
    }
  }

  private static void assertNear(double got, double expected, double tolerance) {
    if (Double.isInfinite(expected)) {
      assertThat(got).isEqualTo(expected);
    } else {
      assertThat(got).isCloseTo(expected, within(tolerance));
    }
  }

  private List<double[]> predictors() {
    List<double[]> out = new ArrayList<>();
    for (ReferenceRow row : ReferenceRow.byFamily().getOrDefault(name, List.of())) {
      if (out.stream().noneMatch(eta -> Arrays.equals(eta, row.eta()))) {
        out.add(row.eta());
      }
    }
    assertThat(out).isNotEmpty();
    return out;
  }

  /** F(q(p)) is p; of counts the first value at or above it. */
  @Test
  void quantileInvertsTheDistributionFunction() {
    boolean isDiscrete = Families.named(name).support().isDiscrete();
    for (double[] eta : predictors()) {
      double[] q = graph().runAt("quantile", LEVELS, eta);
      double[] p = graph().runAt("cdf", q, eta);
      double[] before = graph().runAt("cdf", Arrays.stream(q).map(v -> v - 1).toArray(), eta);
      for (int i = 0; i < p.length; i++) {
        String at = name + " at p = " + LEVELS[i] + ", eta = " + Arrays.toString(eta);
        if (isDiscrete) {
          assertThat(p[i]).as(at).isGreaterThanOrEqualTo(LEVELS[i]);
          assertThat(before[i]).as(at).isLessThan(LEVELS[i]);
        } else {
          assertThat(p[i]).as(at).isCloseTo(LEVELS[i], within(1e-11));
        }
      }
    }
  }

  /** The density is the slope of F, the probability its jump. */
  @Test
  void distributionFunctionBelongsToTheDensity() {
    boolean isDiscrete = Families.named(name).support().isDiscrete();
    for (double[] eta : predictors()) {
      double[] q = graph().runAt("quantile", new double[] {0.07, 0.4, 0.55, 0.93}, eta);
      double[] density = graph().runAt("log_density", q, eta);
      double[] h = Arrays.stream(q).map(v -> isDiscrete ? 1 : 1e-4 * Math.abs(v)).toArray();
      double[] near = slope(q, h, eta, isDiscrete);
      double[] far = slope(q, Arrays.stream(h).map(v -> 2 * v).toArray(), eta, isDiscrete);
      for (int i = 0; i < q.length; i++) {
        double expected = Math.exp(density[i]);
        double got = isDiscrete ? near[i] : (4 * near[i] - far[i]) / 3;
        // The quotient loses the digits of F that h and f leave.
        double tolerance = isDiscrete ? 1e-11 : 1e-6 * expected + 1e-13 / Math.max(h[i], 1e-300);
        String at = name + " at y = " + q[i] + ", eta = " + Arrays.toString(eta);
        if (h[i] > 0) {
          assertThat(got).as(at).isCloseTo(expected, within(tolerance));
        }
      }
    }
  }

  private double[] slope(double[] y, double[] h, double[] eta, boolean isDiscrete) {
    double[] above = new double[y.length];
    double[] below = new double[y.length];
    Arrays.setAll(above, i -> isDiscrete ? y[i] : y[i] + h[i]);
    Arrays.setAll(below, i -> y[i] - h[i]);
    double[] high = graph().runAt("cdf", above, eta);
    double[] low = graph().runAt("cdf", below, eta);
    double[] out = new double[y.length];
    Arrays.setAll(out, i -> (high[i] - low[i]) / (isDiscrete ? 1 : 2 * h[i]));
    return out;
  }

  @Test
  void endsAndNonsense() {
    Family family = Families.named(name);
    double[] eta = predictors().get(0);
    double inf = Double.POSITIVE_INFINITY;
    double[] p = graph().runAt("cdf", new double[] {-inf, inf, Double.NaN}, eta);
    assertThat(p[0]).isZero();
    assertThat(p[1]).isEqualTo(1);
    assertThat(p[2]).isNaN();
    double[] q = graph().runAt("quantile", new double[] {0, 1, -0.1, 1.1, Double.NaN}, eta);
    double[] ends = graph().runAt("cdf", Arrays.copyOf(q, 2), eta);
    double first = family.support() == Support.POSITIVE_COUNT ? 1 : 0;
    assertThat(family.support().isDiscrete() ? q[0] - first : ends[0]).isZero();
    assertThat(ends[1]).isEqualTo(1);
    assertThat(Arrays.copyOfRange(q, 2, 5)).containsOnly(Double.NaN);
  }

  /** The mode is where the density is largest around. */
  @Test
  void modeIsAMaximum() {
    Family family = Families.named(name);
    if (!family.has(Family.Property.MODE)) {
      return;
    }
    boolean isDiscrete = family.support().isDiscrete();
    for (double[] eta : predictors()) {
      double mode = graph().runAt("mode", new double[1], eta)[0];
      double step = isDiscrete ? 1 : 1e-3 * Math.max(Math.abs(mode), 1e-3);
      double[] y =
          Stream.of(mode, mode - step, mode + step)
              .mapToDouble(Double::doubleValue)
              .filter(family.support()::contains)
              .toArray();
      double[] density = graph().runAt("log_density", y, eta);
      boolean isBorder = y.length > 0 && y[0] != mode;
      for (int i = 1; i < y.length; i++) {
        assertThat(density[i])
            .as("%s beside its mode %s, eta = %s", name, mode, Arrays.toString(eta))
            .isLessThanOrEqualTo(isBorder ? Double.MAX_VALUE : density[0] + 1e-9);
      }
    }
  }

  /** −E log p, by the mean over a fine grid of levels through the quantile. */
  @Test
  void entropyIsTheMeanOfTheLogDensity() {
    if (!Families.named(name).has(Family.Property.ENTROPY)) {
      return;
    }
    Quadrature rule = Quadrature.interval(0, 0.5).and(Quadrature.interval(0.5, 1));
    int[] inside =
        java.util.stream.IntStream.range(0, rule.nodes().length)
            .filter(i -> rule.nodes()[i] > 1e-10 && rule.nodes()[i] < 1 - 1e-10)
            .toArray();
    double[] u = Arrays.stream(inside).mapToDouble(i -> rule.nodes()[i]).toArray();
    for (double[] eta : predictors().subList(0, Math.min(3, predictors().size()))) {
      double expected = 0;
      if (Families.named(name).support().isDiscrete()) {
        double[] y = java.util.stream.IntStream.range(0, 3000).asDoubleStream().toArray();
        y = Families.named(name).support() == Support.BINARY ? Arrays.copyOf(y, 2) : y;
        for (double v : graph().runAt("log_density", y, eta)) {
          expected -= Math.exp(v) * v;
        }
      } else {
        double[] y = graph().runAt("quantile", u, eta);
        double[] density = graph().runAt("log_density", y, eta);
        for (int k = 0; k < inside.length; k++) {
          if (Double.isFinite(density[k])) {
            expected -= rule.weights()[inside[k]] * density[k];
          }
        }
      }
      double got = graph().runAt("entropy", new double[1], eta)[0];
      assertThat(got)
          .as("entropy of %s at eta = %s", name, Arrays.toString(eta))
          .isCloseTo(expected, within(1e-7 * Math.max(1, Math.abs(expected))));
    }
  }

  @Test
  void whatIsNotThereIsNamed() {
    Value eta = Ops.input("eta", ElementType.FLOAT64, Shape.rows("n", 1));
    for (String without : WITHOUT) {
      Family family = Families.named(without);
      assertThat(family.hasCdf()).isFalse();
      List<Value> predictors = family.parameters().stream().map(p -> eta).toList();
      assertThatThrownBy(() -> family.quantile(eta, predictors))
          .hasMessage("family '" + without + "' has no distribution function");
    }
    assertThatThrownBy(
            () -> Families.named("zip").property(Family.Property.ENTROPY, List.of(eta, eta)))
        .hasMessage("family 'zip' has no closed form of its entropy");
  }
}
