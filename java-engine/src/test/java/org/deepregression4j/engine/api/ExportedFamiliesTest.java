package org.deepregression4j.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deepregression4j.engine.family.CustomFamily;
import org.deepregression4j.engine.family.CustomFamily.Expression;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.family.FamilySpec;
import org.deepregression4j.engine.family.Link;
import org.deepregression4j.engine.family.Mixture;
import org.deepregression4j.engine.family.Quantity;
import org.deepregression4j.engine.family.Support;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.scoring.Rows;
import org.deepregression4j.onnx.scoring.Scores;
import org.deepregression4j.onnx.scoring.ScoringModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every family as a file: what it gives of raw rows is what the model says. */
class ExportedFamiliesTest {
  private static final double[] X = {0, .2, .4, .6, .8, 1};
  private static final int N = X.length;
  private static final double[] LEVELS = {.05, .5, .9};

  /** Relative, absolute below one. */
  private static final double SAME = 1e-12;

  private static final Map<String, Family> FAMILIES = families();

  private static Map<String, Family> families() {
    Map<String, Family> out = new LinkedHashMap<>();
    Families.all().forEach(family -> out.put(family.name(), family));
    Map<String, FamilySpec> options = new LinkedHashMap<>();
    for (String level : List.of("quantile", "expectile")) {
      options.put(level, FamilySpec.of(level, "level", .3));
    }
    for (String trials : List.of("binomial", "beta_binomial")) {
      options.put(trials, FamilySpec.of(trials, "trials", 5));
    }
    for (String classes : List.of("categorical", "ordered_logit", "ordered_probit")) {
      options.put(classes, FamilySpec.of(classes, "categories", 3));
    }
    options.put("multivariate_normal", FamilySpec.of("multivariate_normal", "dimension", 3));
    for (String name : Families.withOptions()) {
      out.put(name, Families.of(options.getOrDefault(name, FamilySpec.of(name))));
    }
    out.put("binomial of two columns", Families.named("binomial"));
    out.put("mixture", Mixture.of(parts("normal", "cauchy"), .1).family());
    out.put("mixture of counts", Mixture.of(parts("poisson", "geometric")).family());
    out.put("inflated", Mixture.inflated(Families.named("beta"), 0, 1));
    out.put("inflated counts", Mixture.inflated(Families.named("negbinom"), 0, 3));
    FamilySpec weibull = FamilySpec.of("weibull");
    out.put("censored", Families.of(new FamilySpec("censored", Map.of(), List.of(weibull))));
    out.put("custom", custom());
    out.put("normal of a link", Families.named("normal").withLinks(List.of(link(), link())));
    return out;
  }

  private static List<Family> parts(String... names) {
    return Stream.of(names).map(Families::named).toList();
  }

  private static Link link() {
    Expression softplus = CustomFamily.call("softplus", new CustomFamily.Symbol("eta"));
    return Link.custom(CustomFamily.call("+", softplus, new CustomFamily.Number(.001)));
  }

  /** An exponential distribution by hand. */
  private static Family custom() {
    Expression rate = new CustomFamily.Symbol("rate");
    Expression product = CustomFamily.call("*", rate, new CustomFamily.Symbol("y"));
    Expression one = new CustomFamily.Number(1);
    Expression below = CustomFamily.call("exp", CustomFamily.call("-", product));
    return CustomFamily.of(
        "mine",
        List.of(new Family.Parameter("rate", Link.EXP)),
        Support.POSITIVE,
        Map.of(
            "log_density", CustomFamily.call("-", CustomFamily.call("log", rate), product),
            "mean", CustomFamily.call("/", one, rate),
            "cdf", CustomFamily.call("-", one, below)));
  }

  static Collection<String> names() {
    return FAMILIES.keySet();
  }

  private static Family family(String name) {
    return Objects.requireNonNull(FAMILIES.get(name), name);
  }

  private static int responseColumns(String name) {
    Support support = family(name).support();
    boolean isPair = support == Support.CENSORED || name.equals("binomial of two columns");
    return isPair ? 2 : support.isMultivariate() ? 3 : 1;
  }

  private static Model model(Family family, int m) {
    List<Predictor> predictors = new ArrayList<>();
    for (Family.Parameter parameter : family.parameters()) {
      Linear slope = new Linear("x", List.of("x"), List.of(Component.numeric("x")), false, null);
      List<StructuredTerm> terms = List.of(new Intercept(), slope);
      predictors.add(Predictor.of(parameter.name(), terms));
    }
    List<ColumnSpec> columns = List.of(ColumnSpec.real("x"));
    Model model =
        new Model(
            new ModelDefinition(family, ElementType.FLOAT64, 1, m, columns, predictors, Map.of()));
    double[] weights = model.weights();
    Arrays.setAll(weights, i -> .15 * i + .1 * (i % 3) - .2);
    model.setWeights(weights);
    return model;
  }

  /** Responses of the family, (N, m). */
  private static double[] responses(Support support, int m) {
    double[] y = new double[N * m];
    for (int i = 0; i < N; i++) {
      for (int c = 0; c < m; c++) {
        y[i * m + c] = response(support, i, c);
      }
    }
    return y;
  }

  private static double response(Support support, int i, int c) {
    return switch (support) {
      case REAL, ANGLE, VECTOR -> .7 * i - 1.5 + .2 * c;
      case POSITIVE -> .3 + .5 * i;
      case NON_NEGATIVE, ZERO_OR_POSITIVE -> .5 * i;
      case UNIT_OPEN -> .1 + .15 * i;
      case UNIT_CLOSED -> .2 * i;
      case BINARY -> i % 2;
      case ONE_HOT -> i % 3 == c ? 1 : 0;
      case POSITIVE_COUNT -> 1 + i % 3;
      case COUNT, COUNTS -> (i + c) % 4;
      case SIMPLEX -> (c + 1) / 6.0;
      case CENSORED -> c == 0 ? .3 + .5 * i : i % 2;
      case DIRECTION -> c == i % 3 ? .6 : c == (i + 1) % 3 ? .8 : 0;
    };
  }

  @ParameterizedTest
  @MethodSource("names")
  void aFileSaysWhatItsModelSays(String name) {
    Family family = family(name);
    int m = responseColumns(name);
    Model model = model(family, m);
    boolean hasQuantiles = Quantity.QUANTILE.isOf(family);
    ExportOptions options = ExportOptions.NONE.withLogDensity().withLinearPredictors();
    options = hasQuantiles ? options.withQuantiles(LEVELS) : options;
    Dataset data = Dataset.builder(N).doubles("x", X).build();
    Tensor y = Tensor.copyOf(ElementType.FLOAT64, responses(family.support(), m), N, m);
    Predictions want = model.predict(data);
    try (ScoringModel file = ScoringModel.load(model.toOnnx(options))) {
      Rows rows = Rows.builder().doubles("x", X).build();
      Scores got = file.score(rows);
      List<String> names = got.parameters();
      for (int j = 0; j < names.size(); j++) {
        same(names.get(j), got.parameter(names.get(j)), want.parameters(), j);
        same(
            "eta of " + names.get(j),
            got.linearPredictor(names.get(j)),
            want.linearPredictors(),
            j);
      }
      for (int c = 0; c < want.mean().sizes()[1]; c++) {
        same("mean", got.mean(c), want.mean(), c);
        same("stddev", got.stddev(c), want.stddev(), c);
      }
      double[] density = model.logDensity(TrainingData.of(data, y));
      Tensor column = Tensor.copyOf(ElementType.FLOAT64, density, N, 1);
      same("log density", file.logDensity(rows, y.toDoubles()), column, 0);
      if (hasQuantiles) {
        Tensor levels = Tensor.copyOf(ElementType.FLOAT64, LEVELS, 1, LEVELS.length);
        Tensor quantiles = model.distribution(data).at(Quantity.QUANTILE, levels);
        for (int k = 0; k < LEVELS.length; k++) {
          same("quantile", got.quantile(LEVELS[k]), quantiles, k);
        }
      }
    }
  }

  private static void same(String what, double[] got, Tensor want, int column) {
    int width = (int) want.sizes()[1];
    double[] all = want.toDoubles();
    for (int i = 0; i < N; i++) {
      double expected = all[i * width + column];
      boolean isSame = Double.compare(got[i], expected) == 0;
      double error = Math.abs(got[i] - expected) / Math.max(1, Math.abs(expected));
      assertThat(isSame || error <= SAME)
          .as("%s of row %d: expected %s, got %s", what, i, expected, got[i])
          .isTrue();
    }
  }

  /** What has a distribution function has quantiles in its file. */
  @Test
  void quantilesOfEveryDistributionFunction() {
    List<String> without =
        FAMILIES.entrySet().stream()
            .filter(e -> !Quantity.QUANTILE.isOf(e.getValue()))
            .filter(e -> !e.getValue().support().isMultivariate() && !e.getValue().isPseudo())
            .map(Map.Entry::getKey)
            .collect(Collectors.toList());
    assertThat(without).isSubsetOf("horseshoe");
  }

  @Test
  void marginsHaveQuantilesAndOneDensity() {
    Model model = model(Families.named("normal"), 2);
    byte[] bytes = model.toOnnx(ExportOptions.NONE.withQuantiles(.5, .975).withLogDensity());
    double[] y = responses(Support.REAL, 2);
    try (ScoringModel file = ScoringModel.load(bytes)) {
      Rows rows = Rows.builder().doubles("x", X).build();
      Scores got = file.score(rows);
      double[] density = file.logDensity(rows, y);
      for (int i = 0; i < N; i++) {
        double sum = 0;
        for (int c = 0; c < 2; c++) {
          double loc = got.parameter("loc." + (c + 1))[i];
          double scale = got.parameter("scale." + (c + 1))[i];
          double z = (y[2 * i + c] - loc) / scale;
          sum -= .5 * z * z + Math.log(scale) + .5 * Math.log(2 * Math.PI);
          assertThat(got.quantile(.5, c)[i]).isCloseTo(loc, within(1e-12));
          assertThat(got.quantile(.975, c)[i])
              .isCloseTo(loc + 1.959963984540054 * scale, within(1e-12));
        }
        assertThat(density[i]).isCloseTo(sum, within(1e-12));
      }
      assertThatThrownBy(() -> got.quantile(.5)).hasMessageContaining("'quantile' has 2 columns");
      assertThatThrownBy(() -> got.mean(2)).hasMessageContaining("no column 2 of 'mean'");
    }
  }

  @Test
  void aModelWithoutColumnsHasOneDistributionForEveryResponse() {
    Predictor rate = Predictor.of("rate", List.of(new Intercept()));
    Model model =
        new Model(
            new ModelDefinition(
                Families.named("poisson"),
                ElementType.FLOAT64,
                1,
                1,
                List.of(),
                List.of(rate),
                Map.of()));
    model.setWeights(new double[] {Math.log(3)});
    byte[] bytes = model.toOnnx(ExportOptions.NONE.withQuantiles(.5).withLogDensity());
    try (ScoringModel file = ScoringModel.load(bytes)) {
      Scores got = file.score(Rows.builder().size(4).build());
      assertThat(got.quantile(.5)).containsExactly(3, 3, 3, 3);
      double[] y = {0, 2, 2.5, Double.NaN};
      double[] density = file.logDensity(Rows.builder().size(4).build(), y);
      assertThat(density[0]).isCloseTo(-3, within(1e-14));
      assertThat(density[1]).isCloseTo(-3 + 2 * Math.log(3) - Math.log(2), within(1e-14));
      assertThat(density[2]).isEqualTo(Double.NEGATIVE_INFINITY);
      assertThat(density[3]).isNaN();
    }
  }

  @Test
  void whatCannotBeExportedIsNamed() {
    for (double level : new double[] {0, 1, 1.5, -.1, Double.NaN}) {
      assertThatThrownBy(() -> ExportOptions.NONE.withQuantiles(.5, level))
          .hasMessage("quantiles: expected levels between 0 and 1, got " + level);
    }
    assertThatThrownBy(() -> ExportOptions.NONE.withQuantiles(.5, .5))
        .hasMessageContaining("a level twice among [0.5, 0.5]");
    Model mse = model(Families.named("mvr"), 1);
    assertThatThrownBy(() -> mse.toOnnx(ExportOptions.NONE.withQuantiles(.5)))
        .hasMessageContaining("family 'mvr' has no quantile; there are [parameters, mean");
  }
}
