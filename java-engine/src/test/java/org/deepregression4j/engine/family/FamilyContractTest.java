package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deepregression4j.onnx.graph.ElementType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What every row of the table must fulfil; a row without reference values fails. */
@ParameterizedClass(name = "{0}")
@MethodSource("names")
class FamilyContractTest {
  /** Relative, absolute below one; R's own densities are good to about 1e-13. */
  private static final double DENSITY = 1e-10;

  /** float32 has 6e-8, and terms cancel. */
  private static final double SINGLE = 1e-4;

  /** Step of finite differences of fourth order, and what they are good for. */
  private static final double STEP = 1e-3;

  /** The exponential of a power bends so fast that the usual step errs by more than 1e-7. */
  private static final Map<String, Double> SHORT_STEP = Map.of("gev", 1e-4);

  private static final double DIFFERENCE = 1e-7;

  /** Quadrature: the tails are cut where exp underflows. */
  private static final double INTEGRAL = 1e-8;

  private static final Map<String, List<ReferenceRow>> REFERENCE = ReferenceRow.byFamily();

  private static final Map<String, FamilyGraph> GRAPHS = new HashMap<>();

  @Parameter String name;

  static Stream<String> names() {
    return Families.all().stream().filter(f -> !f.support().isMultivariate()).map(Family::name);
  }

  private List<ReferenceRow> reference() {
    assertThat(REFERENCE).as("reference rows, from tests/parity/families.R").containsKey(name);
    return REFERENCE.get(name);
  }

  /** One session for all tests of a family: loading costs more than running. */
  private FamilyGraph graph() {
    return GRAPHS.computeIfAbsent(
        name, key -> new FamilyGraph(Families.named(key), ElementType.FLOAT64));
  }

  @AfterAll
  static void closeGraphs() {
    GRAPHS.values().forEach(FamilyGraph::close);
    GRAPHS.clear();
  }

  @Test
  void theLogDensityIsThatOfR() {
    List<ReferenceRow> rows = reference();
    double[] y = rows.stream().mapToDouble(ReferenceRow::y).toArray();
    FamilyGraph graph = graph();
    double[] got = graph.run("log_density", y, ReferenceRow.etaColumns(rows));
    for (int i = 0; i < got.length; i++) {
      double expected = rows.get(i).logDensity();
      assertThat(got[i])
          .as("%s at y = %s, eta = %s", name, y[i], Arrays.toString(rows.get(i).eta()))
          .satisfies(v -> assertClose(v, expected));
    }
  }

  private static void assertClose(double got, double expected) {
    if (Double.isInfinite(expected)) {
      assertThat(got).isEqualTo(expected);
    } else {
      assertThat(got).isCloseTo(expected, within(DENSITY * Math.max(1, Math.abs(expected))));
    }
  }

  /** Where densities of the table break: quadrature stops there. */
  private static final Map<String, Function<double[], double[]>> BREAKS =
      Map.of(
          "gev",
          eta -> new double[] {eta[0] - Math.exp(eta[1]) / eta[2]},
          "gpd",
          eta -> eta[1] > 0 ? new double[] {0} : new double[] {0, -Math.exp(eta[0]) / eta[1]},
          "horseshoe",
          eta -> new double[] {0},
          "laplace",
          eta -> new double[] {eta[0]},
          "uniform",
          eta -> new double[] {eta[0], eta[1]},
          "half_cauchy",
          eta -> new double[] {eta[0]},
          "pareto",
          eta -> new double[] {0, Math.exp(-eta[1])});

  private static final Set<String> WITHOUT_MOMENTS = Set.of("cauchy", "half_cauchy", "horseshoe");

  private Quadrature quadrature(double[] eta, double mean, double stddev) {
    Support support = Families.named(name).support();
    double spread = Double.isFinite(stddev) && stddev > 0 ? stddev : 1;
    if (BREAKS.containsKey(name)) {
      double[] at = BREAKS.get(name).apply(eta);
      double last = at[at.length - 1];
      Quadrature rule = Quadrature.halfLine(at[0], -spread).and(Quadrature.halfLine(last, spread));
      return at.length == 1 ? rule : rule.and(Quadrature.interval(at[0], last));
    }
    return switch (support) {
      case BINARY, COUNT, POSITIVE_COUNT -> Quadrature.counts(support);
      case REAL -> Quadrature.line(Double.isFinite(mean) ? mean : location(eta), spread);
      case POSITIVE, NON_NEGATIVE -> Quadrature.halfLine(0, Double.isFinite(mean) ? mean : 1);
      case UNIT_OPEN -> Quadrature.interval(0, 1);
      default -> throw new AssertionError(name + " is not univariate");
    };
  }

  private double location(double[] eta) {
    List<String> names =
        Families.named(name).parameters().stream().map(Family.Parameter::name).toList();
    return names.contains("loc") ? eta[names.indexOf("loc")] : 0;
  }

  @Test
  void itIntegratesToOneAndToItsMoments() {
    assumeFalse(Families.named(name).isPseudo(), "a criterion, not a density");
    int moments = 0;
    FamilyGraph graph = graph();
    for (double[] eta : distinct()) {
      double mean = graph.runAt("mean", new double[1], eta)[0];
      double stddev = graph.runAt("stddev", new double[1], eta)[0];
      Quadrature rule = quadrature(eta, mean, stddev);
      double[] density = graph.runAt("log_density", rule.nodes(), eta);
      String at = name + " at eta = " + Arrays.toString(eta);
      assertThat(rule.expect(density, v -> 1)).as(at).isCloseTo(1, within(INTEGRAL));
      if (Double.isFinite(mean)) {
        assertMoment("mean of " + at, rule.expect(density, v -> v), mean);
      }
      if (Double.isFinite(stddev)) {
        double variance = rule.expect(density, v -> (v - mean) * (v - mean));
        assertMoment("standard deviation of " + at, Math.sqrt(variance), stddev);
        moments++;
      }
    }
    assertThat(moments > 0).as("moments seen").isEqualTo(!WITHOUT_MOMENTS.contains(name));
  }

  private static void assertMoment(String what, double expected, double got) {
    double tolerance = INTEGRAL * Math.max(1, Math.abs(expected));
    assertThat(got).as(what).isCloseTo(expected, within(tolerance));
  }

  private List<double[]> distinct() {
    List<double[]> out = new ArrayList<>();
    for (ReferenceRow row : reference()) {
      if (out.stream().noneMatch(eta -> Arrays.equals(eta, row.eta()))) {
        out.add(row.eta());
      }
    }
    return out;
  }

  @Test
  void densityAndDerivativesAreFiniteAtTheBorderOfTheDomain() {
    List<ReferenceRow> rows = reference();
    double[] y = rows.stream().mapToDouble(ReferenceRow::y).distinct().toArray();
    int q = rows.get(0).eta().length;
    boolean canBeZero = Families.named(name).hasMovingSupport();
    FamilyGraph graph = graph();
    for (int corner = 0; corner < 1 << q; corner++) {
      double[] eta = new double[q];
      for (int i = 0; i < q; i++) {
        eta[i] = (corner >> i & 1) == 0 ? -30 : 30;
      }
      assertFinite(graph, "log_density", canBeZero, y, eta);
      for (int i = 0; i < q; i++) {
        assertFinite(graph, "gradient" + i, false, y, eta);
        for (int j = 0; j < q; j++) {
          assertFinite(graph, "hessian" + i + j, false, y, eta);
        }
      }
    }
  }

  private void assertFinite(
      FamilyGraph graph, String what, boolean canBeZero, double[] y, double[] eta) {
    assertThat(Arrays.stream(graph.runAt(what, y, eta)).boxed())
        .as("%s of %s at eta = %s", what, name, Arrays.toString(eta))
        .allMatch(v -> Double.isFinite(v) || (canBeZero && v == Double.NEGATIVE_INFINITY));
  }

  @Test
  void gradientAndHessianAreThoseOfFiniteDifferences() {
    List<ReferenceRow> rows =
        reference().stream().filter(row -> Math.abs(row.logDensity()) < 1e3).toList();
    int q = rows.get(0).eta().length;
    FamilyGraph graph = graph();
    for (int j = 0; j < q; j++) {
      assertSlope(graph, rows, "log_density", j, "gradient" + j);
      for (int i = 0; i < q; i++) {
        assertSlope(graph, rows, "gradient" + i, j, "hessian" + i + j);
      }
    }
  }

  /** Central differences of fourth order in predictor j. */
  private void assertSlope(
      FamilyGraph graph, List<ReferenceRow> rows, String of, int j, String slope) {
    double[] y = rows.stream().mapToDouble(ReferenceRow::y).toArray();
    double[][] eta = ReferenceRow.etaColumns(rows);
    double[] got = graph.run(slope, y, eta);
    double[] value = graph.run(of, y, eta);
    double step = SHORT_STEP.getOrDefault(name, STEP);
    double[] far = difference(graph, of, y, eta, j, 2 * step);
    double[] near = difference(graph, of, y, eta, j, step);
    for (int i = 0; i < y.length; i++) {
      double expected = (4 * near[i] - far[i]) / 3;
      double size = Math.max(1, Math.max(Math.abs(expected), Math.abs(value[i])));
      assertThat(got[i])
          .as("%s of %s at y = %s, eta = %s", slope, name, y[i], Arrays.toString(rows.get(i).eta()))
          .isCloseTo(expected, within(DIFFERENCE * size));
    }
  }

  private static double[] difference(
      FamilyGraph graph, String of, double[] y, double[][] eta, int j, double h) {
    double[][] up = eta.clone();
    double[][] down = eta.clone();
    up[j] = Arrays.stream(eta[j]).map(v -> v + h).toArray();
    down[j] = Arrays.stream(eta[j]).map(v -> v - h).toArray();
    double[] above = graph.run(of, y, up);
    double[] below = graph.run(of, y, down);
    double[] out = new double[y.length];
    Arrays.setAll(out, i -> (above[i] - below[i]) / (2 * h));
    return out;
  }

  @Test
  void startingValuesGiveAFiniteDensity() {
    double[] y = reference().stream().mapToDouble(ReferenceRow::y).toArray();
    double[] eta = Families.named(name).startingValues(Moments.of(y));
    FamilyGraph graph = graph();
    assertThat(Arrays.stream(graph.runAt("log_density", y, eta)).boxed())
        .as("%s at the start %s", name, Arrays.toString(eta))
        .allMatch(Double::isFinite);
  }

  @Test
  void singlePrecisionAgrees() {
    List<ReferenceRow> rows = reference();
    double[] y = rows.stream().mapToDouble(ReferenceRow::y).toArray();
    try (FamilyGraph graph = new FamilyGraph(Families.named(name), ElementType.FLOAT32)) {
      double[] got = graph.run("log_density", y, ReferenceRow.etaColumns(rows));
      for (int i = 0; i < got.length; i++) {
        double expected = rows.get(i).logDensity();
        // Further out float32 follows the tangent of exp.
        if (Math.abs(expected) < 1e12) {
          assertThat(got[i])
              .as("%s at y = %s, eta = %s", name, y[i], Arrays.toString(rows.get(i).eta()))
              .isCloseTo(expected, within(SINGLE * Math.max(1, Math.abs(expected))));
        }
      }
    }
  }

  @Test
  void columnsAreIndependent() {
    List<ReferenceRow> rows = reference();
    double[] y = rows.stream().mapToDouble(ReferenceRow::y).limit(rows.size() / 2 * 2).toArray();
    double[][] eta = ReferenceRow.etaColumns(rows.subList(0, y.length));
    try (FamilyGraph wide = new FamilyGraph(Families.named(name), ElementType.FLOAT64, 2)) {
      for (String output : List.of("log_density", "gradient0")) {
        assertThat(wide.run(output, y, eta)).isEqualTo(graph().run(output, y, eta));
      }
    }
  }
}
