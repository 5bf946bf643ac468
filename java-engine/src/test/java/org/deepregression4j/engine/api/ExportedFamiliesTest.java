package org.deepregression4j.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.deepregression4j.engine.family.CustomFamily;
import org.deepregression4j.engine.family.CustomFamily.Expression;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.family.Link;
import org.deepregression4j.engine.family.Mixture;
import org.deepregression4j.engine.family.Support;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.scoring.Rows;
import org.deepregression4j.onnx.scoring.Scores;
import org.deepregression4j.onnx.scoring.ScoringModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of further families than {@link FamilyExportTest} has, of several margins and of none. */
class ExportedFamiliesTest {
  private static final Map<String, Family> FAMILIES = families();

  private static Map<String, Family> families() {
    Map<String, Family> out = new LinkedHashMap<>();
    out.put("mixture", Mixture.of(parts("normal", "cauchy"), .1).family());
    out.put("mixture of counts", Mixture.of(parts("poisson", "geometric")).family());
    out.put("inflated", Mixture.inflated(Families.named("beta"), 0, 1));
    out.put("inflated counts", Mixture.inflated(Families.named("negbinom"), 0, 3));
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

  @ParameterizedTest
  @MethodSource("names")
  void aFileSaysWhatItsModelSays(String name) {
    new ExportedFamily(family(name), 1).check();
  }

  @Test
  void marginsHaveQuantilesAndOneDensity() {
    ExportedFamily pair = new ExportedFamily(Families.named("normal"), 2);
    Model model = pair.model();
    byte[] bytes = model.toOnnx(ExportOptions.NONE.withQuantiles(.5, .975).withLogDensity());
    double[] y = pair.responses();
    try (ScoringModel file = ScoringModel.load(bytes)) {
      Rows rows = Rows.builder().doubles("x", ExportedFamily.X).build();
      Scores got = file.score(rows);
      double[] density = file.logDensity(rows, y);
      for (int i = 0; i < ExportedFamily.N; i++) {
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
    Model mse = new ExportedFamily(Families.named("mvr"), 1).model();
    assertThatThrownBy(() -> mse.toOnnx(ExportOptions.NONE.withQuantiles(.5)))
        .hasMessageContaining("family 'mvr' has no quantile; there are [parameters, mean");
  }
}
