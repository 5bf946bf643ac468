package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Samples of every distribution: where they lie, their moments and their distribution. */
@ParameterizedClass(name = "{0}")
@MethodSource("keys")
class FamilySampleTest implements GapRule.OfFamily {
  /** Draws; fewer where each is a search for a quantile. */
  private static final int MANY = 100_000;

  private static final int SEARCHED = 5_000;

  /** Of these the distribution is seen. */
  private static final int FIRST = 2_000;

  private static final double STANDARD_ERRORS = 4;

  /** Of √n sup |F_n − F|: exceeded once in 2,000 samples. */
  private static final double KOLMOGOROV = 2;

  private static final FamilyGraph.Store GRAPHS = new FamilyGraph.Store();

  private static final Map<String, double[]> SAMPLES = new HashMap<>();

  @Parameter String key;

  @Override
  public String key() {
    return key;
  }

  static Stream<String> keys() {
    return FamilyCases.keys();
  }

  private Family family() {
    return FamilyCases.named(key).family();
  }

  @AfterAll
  static void closeGraphs() {
    GRAPHS.close();
    SAMPLES.clear();
  }

  private double[] eta() {
    return SampleCases.eta(key);
  }

  /** The sample of a family, drawn once for all tests. */
  private double[] draws() {
    return SAMPLES.computeIfAbsent(key, k -> draws(size()));
  }

  private double[] draws(int n) {
    SplittableRandom random = new SplittableRandom(20);
    double[] u = new double[n * family().uniforms(FamilyCases.named(key).columns())];
    Arrays.setAll(u, i -> random.nextDouble(Double.MIN_NORMAL, 1));
    return GRAPHS.of(key).runAt("sample", u, eta());
  }

  private int size() {
    return SampleCases.isDirect(key) ? MANY : SEARCHED;
  }

  @Test
  @Shows(Piece.SAMPLE)
  void momentsAreThoseOfTheFamily() {
    FamilyCase of = FamilyCases.named(key);
    int m = of.columns();
    int n = size();
    double[] y = draws();
    assertThat(y).hasSize(n * m);
    double[] mean = GRAPHS.of(key).property("mean", eta());
    double[] stddev = GRAPHS.of(key).property("stddev", eta());
    for (int c = 0; c < mean.length; c++) {
      double[] column = column(y, m, c);
      double found = Arrays.stream(column).average().orElseThrow();
      double spread = spread(column, found);
      if (Double.isFinite(mean[c]) && !FamilyGaps.isMissing(key, Piece.MEAN)) {
        double error = STANDARD_ERRORS * spread / Math.sqrt(n);
        assertThat(found).as("mean of %s", key).isCloseTo(mean[c], within(error + 1e-12));
      }
      if (Double.isFinite(stddev[c]) && !FamilyGaps.isMissing(key, Piece.STDDEV)) {
        double error = STANDARD_ERRORS * spreadOfSquares(column, found) / (2 * spread);
        double tolerance = spread == 0 ? 1e-12 : error / Math.sqrt(n);
        assertThat(spread).as("stddev of %s", key).isCloseTo(stddev[c], within(tolerance));
      }
    }
  }

  private static double[] column(double[] y, int m, int c) {
    double[] out = new double[y.length / m];
    Arrays.setAll(out, i -> y[i * m + c]);
    return out;
  }

  private static double spread(double[] y, double mean) {
    return Math.sqrt(Arrays.stream(y).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
  }

  private static double spreadOfSquares(double[] y, double mean) {
    double[] squares = Arrays.stream(y).map(v -> (v - mean) * (v - mean)).toArray();
    return spread(squares, Arrays.stream(squares).average().orElseThrow());
  }

  /** F(y) is uniform where y is drawn; over a jump, spread evenly. */
  @Test
  void theDistributionFunctionOfASampleIsUniform() {
    assumeTrue(family().canSample() && family().hasCdf(), "no distribution function");
    int n = FIRST;
    double[] y = Arrays.copyOf(draws(), n);
    double[] eta = FamilyCase.repeated(eta(), n);
    double[] below = GRAPHS.of(key).run("cdf_below", y, eta);
    double[] upTo = GRAPHS.of(key).run("cdf", y, eta);
    SplittableRandom random = new SplittableRandom(21);
    double[] p = new double[n];
    Arrays.setAll(p, i -> below[i] + random.nextDouble() * (upTo[i] - below[i]));
    Arrays.sort(p);
    double largest = 0;
    for (int i = 0; i < n; i++) {
      largest = Math.max(largest, Math.max(p[i] - (double) i / n, (i + 1.0) / n - p[i]));
    }
    assertThat(Math.sqrt(n) * largest).as("distance of %s", key).isLessThan(KOLMOGOROV);
  }

  /** Of vectors: E f over the sample is E f over the density for all products of two columns. */
  @Test
  void productsOfColumnsHaveTheirExpectation() {
    FamilyCase of = FamilyCases.named(key);
    assumeTrue(family().canSample() && family().support().isMultivariate(), "one column");
    int m = of.columns();
    int n = size();
    double[] y = draws();
    CaseQuadrature rule = CaseQuadrature.of(of, eta(), 0, 1);
    double[] density = GRAPHS.of(key).runAt("log_density", rule.nodes(), eta());
    for (int i = 0; i < m; i++) {
      for (int j = 0; j <= i; j++) {
        int a = i;
        int b = j;
        double expected = rule.expect(density, v -> v[a] * v[b]);
        double[] products = new double[n];
        Arrays.setAll(products, k -> y[k * m + a] * y[k * m + b]);
        double found = Arrays.stream(products).average().orElseThrow();
        double error = STANDARD_ERRORS * spread(products, found) / Math.sqrt(n);
        assertThat(found)
            .as("E y%s y%s of %s", i + 1, j + 1, key)
            .isCloseTo(expected, within(error + 1e-9));
      }
    }
  }
}
