package org.deepregression4j.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.family.FamilySpec;
import org.deepregression4j.engine.family.Quantity;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** P(Y ≤ y) − P(Y &lt; y) is the probability of y: of counts, and of single values elsewhere. */
class PointMassTest {
  private static final double ROUNDING = 1e-13;

  private static Family limited(String name, double low, double high) {
    return Families.of(
        new FamilySpec(name, Map.of("low", List.of(low), "high", List.of(high)), List.of()));
  }

  private static Family with(String name, List<Double> values, String... components) {
    Map<String, List<Double>> options = values.isEmpty() ? Map.of() : Map.of("values", values);
    List<FamilySpec> parts = Stream.of(components).map(FamilySpec::of).toList();
    return Families.of(new FamilySpec(name, options, parts));
  }

  /** A family, values that have a probability, and values that have none. */
  static Stream<Arguments> cases() {
    String gamma = "zero_adjusted_gamma";
    return Stream.of(
        Arguments.of(Families.named("normal"), values(), values(-1, 0, 2)),
        Arguments.of(Families.named("gamma"), values(), values(-1, 0, 2)),
        Arguments.of(Families.named("poisson"), values(0, 1, 4), values(-1, 0.5, 1.5)),
        Arguments.of(Families.named("zipf"), values(1, 2, 5), values(0, 0.5, 1.5)),
        Arguments.of(Families.named("bernoulli"), values(0, 1), values(-1, 0.5, 2)),
        Arguments.of(Families.named("tweedie"), values(0), values(-1, 1e-300, 2)),
        Arguments.of(Families.named("deterministic"), values(0.3), values(-1, 0, 2)),
        Arguments.of(Families.named(gamma), values(0), values(-1, 1e-300, 2)),
        Arguments.of(Families.named("zero_one_inflated_beta"), values(0, 1), values(-1, 0.3, 2)),
        Arguments.of(limited("censored_normal", -1, 2), values(-1, 2), values(-2, 0, 1.9, 3)),
        Arguments.of(with("inflated", List.of(0.0, 3.0), "normal"), values(0, 3), values(-1, 2)),
        Arguments.of(with("inflated", List.of(0.0), "poisson"), values(0, 1), values(-1, 0.5)),
        Arguments.of(with("mixture", List.of(), gamma, gamma), values(0), values(-1, 2)));
  }

  private static double[] values(double... values) {
    return values;
  }

  private static double[] ask(Family family, Quantity quantity, double[] y) {
    int q = family.parameters().size();
    double[] eta = new double[q];
    Arrays.setAll(eta, i -> 0.3 - 0.2 * i);
    double[] all = new double[y.length * q];
    Arrays.setAll(all, i -> eta[i % q]);
    Tensor rows = Tensor.copyOf(ElementType.FLOAT64, all, y.length, q);
    Tensor values = Tensor.copyOf(ElementType.FLOAT64, y, y.length, 1);
    return new Distribution(family, rows, 1).at(quantity, values).toDoubles();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void jumpsAreProbabilities(Family family, double[] masses, double[] others) {
    double[] y = Stream.of(masses, others).flatMapToDouble(Arrays::stream).toArray();
    double[] cdf = ask(family, Quantity.CDF, y);
    double[] below = ask(family, Quantity.CDF_BELOW, y);
    double[] density = ask(family, Quantity.LOG_PROB, y);
    for (int i = 0; i < y.length; i++) {
      double jump = i < masses.length ? Math.exp(density[i]) : 0;
      assertThat(cdf[i] - below[i]).as("at %s", y[i]).isCloseTo(jump, within(ROUNDING));
    }
    assertThat(Arrays.stream(density).limit(masses.length)).allMatch(v -> v > -20);
  }

  @Test
  void columnsOfAnswers() {
    Family normal = Families.named("normal");
    Family dirichlet = Families.named("dirichlet");
    assertThat(Distribution.columns(normal, Quantity.PARAMETERS, 3)).isEqualTo(6);
    assertThat(Distribution.columns(normal, Quantity.LOG_PROB, 3)).isEqualTo(3);
    assertThat(Distribution.columns(dirichlet, Quantity.MEAN, 3)).isEqualTo(3);
    assertThat(Distribution.columns(dirichlet, Quantity.LOG_PROB, 3)).isEqualTo(1);
    assertThat(Distribution.columns(Families.named("binomial"), Quantity.MEAN, 2)).isEqualTo(1);
  }
}
