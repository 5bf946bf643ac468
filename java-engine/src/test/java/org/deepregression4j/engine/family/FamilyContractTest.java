package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepregression4j.onnx.graph.ElementType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What every family must fulfil; one without reference values fails. */
@ParameterizedClass(name = "{0}")
@MethodSource("keys")
class FamilyContractTest implements GapRule.OfFamily {
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

  /** The same density by other parameters. */
  private static final double IDENTITY = 1e-10;

  private static final FamilyGraph.Store GRAPHS = new FamilyGraph.Store();

  @Parameter String key;

  @Override
  public String key() {
    return key;
  }

  static Stream<String> keys() {
    return FamilyCases.keys();
  }

  /** A case with its rows; without them the contract is not fulfilled. */
  private FamilyCase contract() {
    FamilyCase of = FamilyCases.named(key);
    assertThat(of.rows()).as("reference rows of %s, from tests/parity", key).isNotEmpty();
    return of;
  }

  private FamilyGraph graph() {
    return GRAPHS.of(key);
  }

  @AfterAll
  static void closeGraphs() {
    GRAPHS.close();
  }

  private String at(ReferenceRow row) {
    return key + " at y = " + Arrays.toString(row.y()) + ", eta = " + Arrays.toString(row.eta());
  }

  @Test
  @Shows(Piece.REFERENCE)
  void theLogDensityIsThatOfR() {
    FamilyCase of = contract();
    double[] got = graph().run("log_density", of.y(), of.eta());
    for (int i = 0; i < got.length; i++) {
      ReferenceRow row = of.rows().get(i);
      assertThat(got[i]).as(at(row)).satisfies(v -> assertClose(v, row.value(), DENSITY));
    }
  }

  private static void assertClose(double got, double expected, double tolerance) {
    if (Double.isFinite(expected)) {
      assertThat(got).isCloseTo(expected, within(tolerance * Math.max(1, Math.abs(expected))));
    } else {
      assertThat(Double.valueOf(got)).isEqualTo(Double.valueOf(expected));
    }
  }

  /** Expectations under the density at one row of linear predictors, by quadrature. */
  private final class Expectations {
    private final double[] eta;
    private final double[] mean;
    private final double[] stddev;
    private final CaseQuadrature rule;
    private final double[] density;

    Expectations(FamilyCase of, double[] eta) {
      this.eta = eta;
      this.mean = graph().property("mean", eta);
      this.stddev = graph().property("stddev", eta);
      this.rule = CaseQuadrature.of(of, eta, mean[0], stddev[0]);
      this.density = graph().runAt("log_density", rule.nodes(), eta);
    }

    double of(ToDoubleFunction<double[]> f) {
      return rule.expect(density, f);
    }

    String at() {
      return key + " at eta = " + Arrays.toString(eta);
    }
  }

  private List<Expectations> expectations() {
    FamilyCase of = contract();
    // A censored family has the moments of its own, at whose predictors quadrature is good.
    FamilyCase source = of.isCensored() ? FamilyCases.named(of.base()) : of;
    return source.predictors().stream().map(eta -> new Expectations(of, eta)).toList();
  }

  @Test
  @Shows(Piece.INTEGRAL)
  void itIntegratesToOne() {
    for (Expectations here : expectations()) {
      assertThat(here.of(y -> 1)).as(here.at()).isCloseTo(1, within(INTEGRAL));
    }
  }

  @Test
  @Shows(Piece.MEAN)
  void theMeanIsThatOfTheDensity() {
    boolean isFinite = false;
    double unit = contract().meanUnit();
    for (Expectations here : expectations()) {
      for (int c = 0; c < here.mean.length; c++) {
        if (Double.isFinite(here.mean[c])) {
          int column = c;
          double expected = here.of(y -> y[column] / unit);
          assertThat(here.mean[c])
              .as("mean of %s", here.at())
              .satisfies(v -> assertClose(v, expected, INTEGRAL));
          isFinite = true;
        }
      }
    }
    assertThat(isFinite).as("%s has a finite mean", key).isTrue();
  }

  @Test
  @Shows(Piece.STDDEV)
  void theStandardDeviationIsThatOfTheDensity() {
    boolean isFinite = false;
    for (Expectations here : expectations()) {
      for (int c = 0; c < here.mean.length; c++) {
        if (Double.isFinite(here.stddev[c])) {
          int column = c;
          double variance = here.of(y -> Math.pow(y[column] - here.mean[column], 2));
          assertThat(here.stddev[c])
              .as("standard deviation of %s", here.at())
              .satisfies(v -> assertClose(v, Math.sqrt(variance), INTEGRAL));
          isFinite = true;
        }
      }
    }
    assertThat(isFinite).as("%s has a finite standard deviation", key).isTrue();
  }

  @Test
  @Shows(Piece.BORDER)
  void densityAndDerivativesAreFiniteAtTheBorderOfTheDomain() {
    FamilyCase of = contract();
    boolean canBeZero = of.family().hasMovingSupport() || of.family().isPseudo();
    List<ReferenceRow> rows = of.rows().stream().filter(distinctResponses()).toList();
    double[] y = rows.stream().flatMapToDouble(row -> Arrays.stream(row.y())).toArray();
    for (double[] eta : corners(of.width())) {
      assertFinite("log_density", canBeZero, y, eta);
      assertFinite("gradient", false, y, eta);
      assertFinite("curvature", false, y, eta);
    }
  }

  private static java.util.function.Predicate<ReferenceRow> distinctResponses() {
    Set<String> seen = new java.util.HashSet<>();
    return row -> seen.add(Arrays.toString(row.y()));
  }

  /** Every corner of [−30, 30]^k; of many predictors only those next to two opposite ones. */
  private static List<double[]> corners(int k) {
    List<double[]> out = new ArrayList<>();
    for (int corner = 0; corner < 1 << k; corner++) {
      int up = Integer.bitCount(corner);
      if (k <= 4 || up <= 1 || up >= k - 1) {
        double[] eta = new double[k];
        for (int i = 0; i < k; i++) {
          eta[i] = (corner >> i & 1) == 0 ? -30 : 30;
        }
        out.add(eta);
      }
    }
    return out;
  }

  private void assertFinite(String what, boolean canBeZero, double[] y, double[] eta) {
    assertThat(Arrays.stream(graph().runAt(what, y, eta)).boxed())
        .as("%s of %s at eta = %s", what, key, Arrays.toString(eta))
        .allMatch(v -> Double.isFinite(v) || (canBeZero && v == Double.NEGATIVE_INFINITY));
  }

  @Test
  @Shows(Piece.DERIVATIVES)
  void gradientAndHessianAreThoseOfFiniteDifferences() {
    FamilyCase of = contract();
    List<ReferenceRow> rows =
        of.rows().stream().filter(row -> Math.abs(row.value()) < 1e3).toList();
    Slopes slopes = new Slopes(rows, of.width());
    for (int j = 0; j < of.width(); j++) {
      double[] axis = new double[of.width()];
      axis[j] = 1;
      slopes.assertSlope("log_density", axis, "gradient", j, 1);
    }
    slopes.assertSlope("gradient", graph().direction(), "curvature", 0, of.width());
  }

  /** Central differences of fourth order against derivatives. */
  private final class Slopes {
    private final List<ReferenceRow> rows;
    private final int width;
    private final double[] y;
    private final double[] eta;

    Slopes(List<ReferenceRow> rows, int width) {
      this.rows = rows;
      this.width = width;
      this.y = rows.stream().flatMapToDouble(row -> Arrays.stream(row.y())).toArray();
      this.eta = FamilyCase.etaOf(rows);
    }

    /** All columns of {@code of} in a direction are so many columns of {@code slope}. */
    void assertSlope(String of, double[] direction, String slope, int from, int columns) {
      double[] got = graph().run(slope, y, eta);
      double[] value = graph().run(of, y, eta);
      double step = SHORT_STEP.getOrDefault(key, STEP);
      double[] far = difference(of, direction, 2 * step);
      double[] near = difference(of, direction, step);
      for (int i = 0; i < value.length; i++) {
        double expected = (4 * near[i] - far[i]) / 3;
        double size = Math.max(1, Math.max(Math.abs(expected), Math.abs(value[i])));
        int row = i / columns;
        int column = from + i % columns;
        assertThat(got[row * width + column])
            .as("%s, column %s, of %s", slope, column, at(rows.get(row)))
            .isCloseTo(expected, within(DIFFERENCE * size));
      }
    }

    private double[] difference(String of, double[] direction, double h) {
      double[] above = graph().run(of, y, moved(direction, h));
      double[] below = graph().run(of, y, moved(direction, -h));
      double[] out = new double[above.length];
      Arrays.setAll(out, i -> (above[i] - below[i]) / (2 * h));
      return out;
    }

    private double[] moved(double[] direction, double h) {
      double[] out = eta.clone();
      for (int i = 0; i < out.length; i++) {
        out[i] += h * direction[i % width];
      }
      return out;
    }
  }

  @Test
  @Shows(Piece.START)
  void startingValuesGiveAFiniteDensity() {
    FamilyCase of = contract();
    int m = of.columns();
    List<Moments> columns =
        IntStream.range(0, m)
            .mapToObj(c -> Moments.of(of.rows().stream().mapToDouble(r -> r.y()[c]).toArray()))
            .toList();
    double[] eta = of.family().startingValues(columns);
    assertFinite("log_density", false, of.y(), eta);
  }

  @Test
  void singlePrecisionAgrees() {
    FamilyCase of = contract();
    try (FamilyGraph graph = new FamilyGraph(of.family(), ElementType.FLOAT32, of.columns())) {
      double[] got = graph.run("log_density", of.y(), of.eta());
      for (int i = 0; i < got.length; i++) {
        ReferenceRow row = of.rows().get(i);
        // Further out float32 follows the tangent of exp.
        if (Math.abs(row.value()) < 1e12) {
          assertThat(got[i])
              .as(at(row))
              .isCloseTo(row.value(), within(SINGLE * Math.max(1, Math.abs(row.value()))));
        }
      }
    }
  }

  @Test
  void columnsAreIndependent() {
    FamilyCase of = contract();
    assumeFalse(of.family().support().isMultivariate(), "columns belong together");
    int pairs = of.rows().size() / 2;
    assumeFalse(pairs == 0, "one row");
    int q = of.width();
    double[] y = Arrays.copyOf(of.y(), 2 * pairs);
    double[] eta = Arrays.copyOf(of.eta(), 2 * pairs * q);
    double[] wideEta = new double[eta.length];
    for (int i = 0; i < 2 * pairs; i++) {
      for (int j = 0; j < q; j++) {
        wideEta[(i / 2 * q + j) * 2 + i % 2] = eta[i * q + j];
      }
    }
    try (FamilyGraph wide = new FamilyGraph(of.family(), ElementType.FLOAT64, 2)) {
      assertThat(wide.run("log_density", y, wideEta)).isEqualTo(graph().run("log_density", y, eta));
    }
  }

  /** The family of parameter values: every predictor in place of its parameter. */
  @Test
  void parametersInThePlaceOfPredictorsGiveTheSame() {
    FamilyCase of = contract();
    Family family = of.family();
    Family plain = family.withLinks(Collections.nCopies(family.parameters().size(), Link.IDENTITY));
    // 1 − p keeps no digits of a probability further out.
    List<ReferenceRow> rows =
        of.rows().stream()
            .filter(row -> Arrays.stream(row.eta()).allMatch(v -> Math.abs(v) < 10))
            .toList();
    double[] y = rows.stream().flatMapToDouble(row -> Arrays.stream(row.y())).toArray();
    double[] eta = FamilyCase.etaOf(rows);
    double[] values = graph().run("parameters", y, eta);
    try (FamilyGraph graph = new FamilyGraph(plain, ElementType.FLOAT64, of.columns())) {
      for (Quantity quantity : Quantity.values()) {
        boolean isCheap =
            Set.of(Quantity.MEAN, Quantity.STDDEV, Quantity.MODE, Quantity.ENTROPY, Quantity.CDF)
                .contains(quantity);
        if (isCheap && quantity.isOf(family)) {
          assertSame(quantity.label(), graph, y, values, eta);
        }
      }
      assertSame("log_density", graph, y, values, eta);
    }
  }

  private void assertSame(
      String what, FamilyGraph plain, double[] y, double[] values, double[] eta) {
    double[] got = plain.run(what, y, values);
    double[] expected = graph().run(what, y, eta);
    for (int i = 0; i < got.length; i++) {
      double goal = expected[i];
      assertThat(got[i])
          .as("%s of %s, entry %s", what, key, i)
          .satisfies(v -> assertClose(v, goal, IDENTITY));
    }
  }
}
