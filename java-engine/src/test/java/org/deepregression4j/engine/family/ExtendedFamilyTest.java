package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepregression4j.engine.autodiff.Gradients;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Families with options, of vectors, mixtures and custom ones against R's densities. */
class ExtendedFamilyTest {
  /** Relative, absolute below one. */
  private static final double DENSITY = 1e-10;

  private static final Map<String, Supplier<Family>> FAMILIES = families();

  private static final Map<String, List<Row>> ROWS = rows();

  /** A line of families-extended.csv, which tests/parity/families-extended.R writes. */
  private record Row(String key, double[] y, double[] eta, double logDensity) {
    static Row parse(String line) {
      String[] cells = line.split(",");
      return new Row(cells[0], numbers(cells[1]), numbers(cells[2]), Double.parseDouble(cells[3]));
    }

    private static double[] numbers(String text) {
      return Stream.of(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }
  }

  private static Map<String, Supplier<Family>> families() {
    Map<String, Supplier<Family>> out = new LinkedHashMap<>();
    for (String plain :
        List.of(
            "deterministic",
            "von_mises",
            "tweedie",
            "sinh_arcsinh",
            "zero_adjusted_gamma",
            "zero_one_inflated_beta",
            "dirichlet",
            "dirichlet_multinomial",
            "von_mises_fisher")) {
      out.put(plain, () -> Families.named(plain));
    }
    for (String level : List.of("quantile", "expectile")) {
      out.put(level, () -> Families.of(FamilySpec.of(level, "level", 0.9)));
    }
    for (String counts : List.of("binomial", "beta_binomial")) {
      out.put(counts, () -> Families.of(FamilySpec.of(counts, "trials", 10)));
    }
    for (String classes : List.of("categorical", "ordered_logit", "ordered_probit")) {
      double k = classes.equals("categorical") ? 3 : 4;
      out.put(classes, () -> Families.of(FamilySpec.of(classes, "categories", k)));
    }
    for (String limited : List.of("truncated_normal", "censored_normal")) {
      out.put(
          limited,
          () ->
              Families.of(
                  new FamilySpec(
                      limited, Map.of("low", List.of(-1.0), "high", List.of(4.0)), List.of())));
    }
    out.put("binomial_columns", () -> Families.named("binomial"));
    out.put("truncated_below", () -> Families.of(FamilySpec.of("truncated_normal", "low", 0)));
    out.put("tobit", () -> Families.of(FamilySpec.of("censored_normal", "low", 0)));
    out.put("tweedie_low", () -> Families.of(FamilySpec.of("tweedie", "power", 1.2)));
    out.put("von_mises_fisher_3", () -> Families.named("von_mises_fisher"));
    out.put(
        "multivariate_normal",
        () -> Families.of(FamilySpec.of("multivariate_normal", "dimension", 2)));
    out.put(
        "multivariate_normal_3",
        () -> Families.of(FamilySpec.of("multivariate_normal", "dimension", 3)));
    out.put("mixture", () -> mixture("normal", "logistic", "normal"));
    out.put("mixture_supports", () -> mixture("normal", "gamma"));
    out.put(
        "inflated_poisson",
        () ->
            Families.of(
                new FamilySpec(
                    "inflated",
                    Map.of("values", List.of(0.0, 3.0)),
                    List.of(FamilySpec.of("poisson")))));
    for (String base : CensoredFamilies.names()) {
      out.put("censored(" + base + ")", () -> censored(base));
    }
    out.put("custom", () -> logistic(CustomFamily.call("plogis", standardised())));
    return out;
  }

  private static Family mixture(String... names) {
    List<FamilySpec> parts = Stream.of(names).map(FamilySpec::of).toList();
    return Families.of(new FamilySpec("mixture", Map.of(), parts));
  }

  private static Family censored(String... names) {
    List<FamilySpec> parts = Stream.of(names).map(FamilySpec::of).toList();
    return Families.of(new FamilySpec("censored", Map.of(), parts));
  }

  private static CustomFamily.Expression standardised() {
    CustomFamily.Expression distance =
        CustomFamily.call("-", new CustomFamily.Symbol("y"), new CustomFamily.Symbol("m"));
    return CustomFamily.call("/", distance, new CustomFamily.Symbol("s"));
  }

  /** −z − 2 log(1 + exp(−z)) − log s. */
  private static Family logistic(CustomFamily.Expression cdf) {
    CustomFamily.Expression minus = CustomFamily.call("-", standardised());
    CustomFamily.Expression tail =
        CustomFamily.call("*", new CustomFamily.Number(2), CustomFamily.call("softplus", minus));
    CustomFamily.Expression logScale = CustomFamily.call("log", new CustomFamily.Symbol("s"));
    CustomFamily.Expression density =
        CustomFamily.call("-", CustomFamily.call("-", minus, tail), logScale);
    return CustomFamily.of(
        "mine",
        List.of(new Family.Parameter("m", Link.IDENTITY), new Family.Parameter("s", Link.EXP)),
        Support.REAL,
        Map.of(
            "log_density",
            density,
            "cdf",
            cdf,
            "mean",
            new CustomFamily.Symbol("m"),
            "stddev",
            CustomFamily.call(
                "*",
                new CustomFamily.Symbol("s"),
                new CustomFamily.Number(Math.PI / Math.sqrt(3)))));
  }

  private static Map<String, List<Row>> rows() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    ExtendedFamilyTest.class.getResourceAsStream("/families-extended.csv")),
                StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(line -> !line.startsWith("#") && !line.startsWith("key,"))
          .map(Row::parse)
          .collect(Collectors.groupingBy(Row::key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names of the families with rows. */
  static Set<String> tested() {
    return new TreeSet<>(ROWS.keySet());
  }

  static Stream<String> keys() {
    return FAMILIES.keySet().stream();
  }

  /** Those whose quantile gives mean and standard deviation. */
  static Stream<String> continuous() {
    return keys()
        .filter(
            key -> {
              Family family = FAMILIES.get(key).get();
              return family.hasCdf() && !family.support().isDiscrete();
            });
  }

  static Stream<String> counts() {
    return keys()
        .filter(
            key -> {
              Family family = FAMILIES.get(key).get();
              return family.hasCdf() && family.support().isDiscrete();
            });
  }

  /** A family's outputs; predictors are (n, their columns). */
  private static final class Run implements AutoCloseable {
    private final Family family;
    private final int m;
    private final int width;
    private final Map<String, Value> in = new LinkedHashMap<>();
    private final Map<String, Value> out = new LinkedHashMap<>();
    private final Map<String, OnnxSession> sessions = new LinkedHashMap<>();

    Run(Family family, int m) {
      this.family = family;
      this.m = m;
      this.width = family.predictorColumns(m);
      Value y = Ops.input("y", ElementType.FLOAT64, Shape.rows("n", m));
      in.put("y", y);
      List<Value> eta = new ArrayList<>();
      for (int i = 0; i < family.parameters().size(); i++) {
        eta.add(Ops.input("eta" + i, ElementType.FLOAT64, Shape.rows("n", width)));
        in.put("eta" + i, eta.get(i));
      }
      Value density = family.logDensity(y, eta);
      out.put("log_density", density);
      List<Value> gradient = Gradients.of(Ops.sumAll(density), eta);
      for (int i = 0; i < eta.size(); i++) {
        out.put("gradient" + i, gradient.get(i));
        out.put("hessian" + i, Gradients.of(Ops.sumAll(gradient.get(i)), eta).get(i));
      }
      out.put("mean", family.mean(eta));
      out.put("stddev", family.stddev(eta));
      if (family.hasCdf()) {
        out.put("cdf", family.cdf(y, eta));
        out.put("quantile", family.quantile(y, eta));
      }
    }

    /** n rows of y, every row with the same predictors. */
    double[] at(String output, double[] y, double[] eta) {
      int n = y.length / m;
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      tensors.put("y", Tensor.copyOf(ElementType.FLOAT64, y, n, m));
      for (int i = 0; i < family.parameters().size(); i++) {
        double[] column = new double[n * width];
        for (int r = 0; r < n; r++) {
          System.arraycopy(eta, i * width, column, r * width, width);
        }
        tensors.put("eta" + i, Tensor.copyOf(ElementType.FLOAT64, column, n, width));
      }
      OnnxSession session =
          sessions.computeIfAbsent(
              output,
              key ->
                  OnnxSession.open(
                      OnnxWriter.toBytes(
                          Graph.of(
                              "family", in, Map.of(key, Objects.requireNonNull(out.get(key)))))));
      return session.run(tensors, Set.of(output)).get(output).toDoubles();
    }

    @Override
    public void close() {
      sessions.values().forEach(OnnxSession::close);
    }
  }

  private static Run run(String key) {
    return new Run(FAMILIES.get(key).get(), ROWS.get(key).get(0).y().length);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("keys")
  void logDensityAndGradient(String key) {
    try (Run run = run(key)) {
      for (Row row : ROWS.get(key)) {
        String at =
            key + " at y = " + Arrays.toString(row.y) + ", eta = " + Arrays.toString(row.eta);
        double got = run.at("log_density", row.y, row.eta)[0];
        double scale = Math.max(1, Math.abs(row.logDensity));
        assertThat(got).as(at).isCloseTo(row.logDensity, within(DENSITY * scale));
        for (int i = 0; i < row.eta.length && !key.equals("deterministic"); i++) {
          double slope = (4 * slope(run, row, i, 1e-3) - slope(run, row, i, 2e-3)) / 3;
          double gradient = run.at("gradient" + i / run.width, row.y, row.eta)[i % run.width];
          double size = Math.max(scale, Math.abs(slope));
          assertThat(gradient)
              .as("gradient " + i + " of " + at)
              .isCloseTo(slope, within(1e-7 * size));
        }
      }
    }
  }

  private static double slope(Run run, Row row, int i, double h) {
    double[] up = row.eta.clone();
    double[] down = row.eta.clone();
    up[i] += h;
    down[i] -= h;
    double above = run.at("log_density", row.y, up)[0];
    return (above - run.at("log_density", row.y, down)[0]) / (2 * h);
  }

  private static List<double[]> predictors(String key) {
    List<double[]> out = new ArrayList<>();
    for (Row row : ROWS.get(key)) {
      if (out.stream().noneMatch(eta -> Arrays.equals(eta, row.eta)) && out.size() < 4) {
        out.add(row.eta);
      }
    }
    return out;
  }

  /** F(q(p)) ≥ p with equality outside of jumps; moments are integrals of the quantile. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("continuous")
  void quantilesAndMoments(String key) {
    Quadrature rule = Quadrature.interval(0, 0.5).and(Quadrature.interval(0.5, 1));
    int[] inside =
        IntStream.range(0, rule.nodes().length)
            .filter(i -> rule.nodes()[i] > 1e-12 && rule.nodes()[i] < 1 - 1e-12)
            .toArray();
    double[] u = Arrays.stream(inside).mapToDouble(i -> rule.nodes()[i]).toArray();
    try (Run run = run(key)) {
      for (double[] eta : predictors(key)) {
        String at = key + " at eta = " + Arrays.toString(eta);
        double mean = run.at("mean", new double[1], eta)[0];
        double stddev = run.at("stddev", new double[1], eta)[0];
        double[] q = run.at("quantile", u, eta);
        double[] p = run.at("cdf", q, eta);
        double first = 0;
        double second = 0;
        double jumps = 0;
        for (int i = 0; i < u.length; i++) {
          first += rule.weights()[inside[i]] * q[i];
          second += rule.weights()[inside[i]] * (q[i] - mean) * (q[i] - mean);
          assertThat(p[i]).as(at + ", p = " + u[i]).isGreaterThanOrEqualTo(u[i] - 1e-11);
          jumps += p[i] > u[i] + 1e-11 ? 1 : 0;
        }
        boolean hasJumps =
            key.startsWith("zero_") || key.equals("tobit") || key.equals("censored_normal");
        assertThat(jumps > 0).as("jumps of " + at).isEqualTo(hasJumps);
        // A jump inside the interval costs the rule its order.
        double tolerance = hasJumps ? 3e-2 : 1e-6;
        assertThat(mean)
            .as("mean of " + at)
            .isCloseTo(first, within(tolerance * Math.max(1, stddev)));
        assertThat(stddev)
            .as("stddev of " + at)
            .isCloseTo(Math.sqrt(second), within(tolerance * Math.max(1, stddev)));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("counts")
  void probabilitiesOfCounts(String key) {
    Support support = FAMILIES.get(key).get().support();
    double[] y =
        IntStream.range(support == Support.COUNT ? 0 : 1, support == Support.COUNT ? 60 : 8)
            .asDoubleStream()
            .filter(v -> !key.contains("binomial") || v <= 10)
            .filter(v -> !key.startsWith("ordered") || v <= 4)
            .filter(v -> !key.equals("categorical") || v <= 3)
            .toArray();
    try (Run run = run(key)) {
      for (double[] eta : predictors(key)) {
        String at = key + " at eta = " + Arrays.toString(eta);
        double[] density = run.at("log_density", y, eta);
        double[] p = run.at("cdf", y, eta);
        double[] q = run.at("quantile", Arrays.stream(p).map(v -> v * (1 - 1e-9)).toArray(), eta);
        double total = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < y.length; i++) {
          double mass = Math.exp(density[i]);
          total += mass;
          first += mass * y[i];
          second += mass * y[i] * y[i];
          assertThat(p[i]).as(at).isCloseTo(total, within(1e-12));
          if (mass > 1e-8) {
            assertThat(q[i]).as(at).isEqualTo(y[i]);
          }
        }
        assertThat(total).as(at).isCloseTo(1, within(1e-12));
        assertThat(run.at("mean", new double[1], eta)[0]).as(at).isCloseTo(first, within(1e-10));
        assertThat(run.at("stddev", new double[1], eta)[0])
            .as(at)
            .isCloseTo(Math.sqrt(Math.max(0, second - first * first)), within(1e-6));
      }
    }
  }

  /** Rows that are neither seen nor bounds spoil the loss rather than enter it. */
  @Test
  void censoringIsZeroOrOneAndLeavesTheMomentsAlone() {
    try (Run censored = new Run(censored("weibull"), 2);
        Run plain = new Run(Families.named("weibull"), 1)) {
      double[] eta = {0.3, -0.8};
      assertThat(censored.at("log_density", new double[] {1, 2, 1, 0.5}, eta))
          .containsOnly(Double.NaN);
      for (String moment : List.of("mean", "stddev")) {
        assertThat(censored.at(moment, new double[] {1, 0}, eta))
            .isEqualTo(plain.at(moment, new double[] {1}, eta));
      }
    }
  }

  /** Densities, tails and their first two derivatives where predictors are extreme. */
  @Test
  void censoredRowsAreFiniteAtTheBorderOfTheDomain() {
    for (String base : CensoredFamilies.names()) {
      double[] y = {0.003, 0, 0.9, 0, 0.9, 1};
      try (Run run = new Run(censored(base), 2)) {
        int q = run.family.parameters().size();
        for (int corner = 0; corner < 1 << q; corner++) {
          double[] eta = new double[q];
          for (int i = 0; i < q; i++) {
            eta[i] = (corner >> i & 1) == 0 ? -30 : 30;
          }
          for (String output : run.out.keySet()) {
            if (output.matches("log_density|gradient.*|hessian.*")) {
              assertThat(run.at(output, y, eta))
                  .as("%s of censored %s at %s", output, base, Arrays.toString(eta))
                  .doesNotContain(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
            }
          }
        }
      }
    }
  }

  /** Shares of the components of a mixture by Bayes' rule. */
  @Test
  void posteriorProbabilities() {
    Mixture mixture = Mixture.of(List.of(Families.named("normal"), Families.named("normal")));
    Value y = Ops.input("y", ElementType.FLOAT64, Shape.rows("n", 1));
    Value c = Ops.scalar(y, 0);
    List<Value> eta = new ArrayList<>();
    for (double v : new double[] {0.4, -1, 0.2, 2, -0.3}) {
      eta.add(Ops.add(Ops.mul(Ops.add(y, c), 0.0), v));
    }
    Map<String, Value> out =
        Map.of(
            "prior", mixture.weights(eta).get(1),
            "posterior", mixture.posterior(y, eta).get(1),
            "mean", mixture.ofComponents(Family.Property.MEAN, eta).get(1));
    try (OnnxSession session =
        OnnxSession.open(OnnxWriter.toBytes(Graph.of("mixture", Map.of("y", y), out)))) {
      Map<String, Tensor> got =
          session.run(
              Map.of("y", Tensor.copyOf(ElementType.FLOAT64, new double[] {0.9}, 1, 1)),
              out.keySet());
      double w = 1 / (1 + Math.exp(-0.4));
      double a = (1 - w) * Math.exp(-0.2 - 0.5 * Math.pow(1.9 / Math.exp(0.2), 2));
      double b = w * Math.exp(0.3 - 0.5 * Math.pow(-1.1 / Math.exp(-0.3), 2));
      assertThat(got.get("prior").toDoubles()[0]).isCloseTo(w, within(1e-14));
      assertThat(got.get("posterior").toDoubles()[0]).isCloseTo(b / (a + b), within(1e-13));
      assertThat(got.get("mean").toDoubles()[0]).isEqualTo(2);
    }
  }

  @Test
  void wrongOptionsAreNamed() {
    assertThatThrownBy(() -> Families.named("quantile"))
        .hasMessage("family 'quantile': expected one number 'level', got []");
    assertThatThrownBy(() -> Families.of(FamilySpec.of("quantile", "level", 1)))
        .hasMessage("family 'quantile': expected a level strictly between 0 and 1, got 1.0");
    assertThatThrownBy(() -> Families.of(FamilySpec.of("quantile", "tau", 0.5)))
        .hasMessage("family 'quantile' has no option [tau]; there are [level]");
    assertThatThrownBy(() -> Families.of(FamilySpec.of("normal", "level", 0.5)))
        .hasMessage("family 'normal' takes no options, got [level]");
    assertThatThrownBy(() -> Families.of(FamilySpec.of("binomial", "trials", 2.5)))
        .hasMessageContaining("expected a whole number of trials");
    assertThatThrownBy(() -> mixture("normal", "poisson"))
        .hasMessageContaining(
            "all families continuous or all discrete, got 'normal' and 'poisson'");
    assertThatThrownBy(() -> censored("gamma"))
        .hasMessage(
            "censored: family 'gamma' cannot be censored; these can: " + CensoredFamilies.names());
    assertThatThrownBy(() -> censored("normal", "weibull"))
        .hasMessage("censored: expected one family, got 2");
    assertThatThrownBy(() -> mixture("normal", "dirichlet"))
        .hasMessageContaining("got family 'dirichlet'");
  }

  @Test
  void wrongCustomFamiliesAreNamed() {
    CustomFamily.Expression y = new CustomFamily.Symbol("y");
    assertThatThrownBy(() -> CustomFamily.call("besselI", y))
        .hasMessageContaining("there is no function 'besselI'; there are + - * / ^ exp log");
    assertThatThrownBy(() -> CustomFamily.call("exp", y, y))
        .hasMessage("log-density: the function 'exp' does not take 2 arguments");
    List<Family.Parameter> m = List.of(new Family.Parameter("m", Link.IDENTITY));
    assertThatThrownBy(
            () ->
                CustomFamily.of(
                    "mine",
                    m,
                    Support.REAL,
                    Map.of(
                        "log_density", CustomFamily.call("-", y, new CustomFamily.Symbol("mu")))))
        .hasMessage("family 'mine': log_density reads [mu]; there are [y, m]");
    assertThatThrownBy(() -> CustomFamily.of("mine", m, Support.REAL, Map.of("mean", y)))
        .hasMessage("family 'mine': expected an expression 'log_density'");
  }
}
