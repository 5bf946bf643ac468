package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

class FamiliesTest {
  @Test
  void theWrongNumberOfPredictorsIsRefused() {
    Value eta = Ops.input("eta", ElementType.FLOAT64, Shape.rows("n", 1));
    assertThatThrownBy(() -> Families.named("gamma").mean(List.of(eta)))
        .isInstanceOf(FamilyException.class)
        .hasMessage(
            "family 'gamma': expected 2 linear predictors for [concentration, rate], got 1");
  }

  @Test
  void otherLinksChangeTheParametersAndTheDensityAlike() {
    Family family = Families.named("gamma").withLinks(List.of(Link.SOFTPLUS, Link.EXP_NEG));
    double[] y = {0.3, 2};
    double[] eta = {-1, 0.5, 2, -0.7};
    double[] same = {logSoftplus(-1), -0.5, logSoftplus(2), 0.7};
    try (FamilyGraph changed = new FamilyGraph(family, ElementType.FLOAT64, 1);
        FamilyGraph plain = new FamilyGraph(Families.named("gamma"), ElementType.FLOAT64, 1)) {
      for (String output : List.of("log_density", "mean", "stddev")) {
        assertThat(changed.run(output, y, eta))
            .containsExactly(plain.run(output, y, same), within(1e-13));
      }
    }
  }

  @Test
  void squaredErrorIsOfTheMeanAndLeavesTheMomentsAlone() {
    Family gamma = Families.named("gamma");
    double[] y = {0.3, 2};
    double[] eta = {-1, 0.5, 2, -0.7};
    try (FamilyGraph error = new FamilyGraph(gamma.squaredError(), ElementType.FLOAT64, 1)) {
      double[] mean = {Math.exp(-1 - 0.5), Math.exp(2 + 0.7)};
      assertThat(error.run("mean", y, eta)).containsExactly(mean, within(1e-12));
      assertThat(error.run("log_density", y, eta))
          .containsExactly(
              new double[] {-Math.pow(0.3 - mean[0], 2), -Math.pow(2 - mean[1], 2)}, within(1e-12));
    }
    assertThat(gamma.squaredError().isPseudo()).isTrue();
    assertThat(gamma.squaredError().support()).isEqualTo(gamma.support());
  }

  private static double logSoftplus(double x) {
    return Math.log(Math.log1p(Math.exp(x)));
  }

  static Stream<Link> linksOfNumbers() {
    return Link.rows().stream().filter(link -> link != Link.SOFTMAX);
  }

  @ParameterizedTest
  @MethodSource("linksOfNumbers")
  void linksAndTheirInversesMeet(Link link) {
    double[] x = {-30, -2.5, 0, 0.4, 1, 12, 30};
    Value eta = Ops.input("eta", ElementType.FLOAT64, Shape.rows("n", 1));
    Map<String, Value> out = Map.of("value", link.value(eta), "log", link.logValue(eta));
    Graph graph = Graph.of("link", Map.of("eta", eta), out);
    try (OnnxSession session = OnnxSession.open(OnnxWriter.toBytes(graph))) {
      Map<String, Tensor> got =
          session.run(
              Map.of("eta", Tensor.copyOf(ElementType.FLOAT64, x, x.length, 1)), out.keySet());
      for (int i = 0; i < x.length; i++) {
        double h = link.at(x[i]);
        assertThat(got.get("value").toDoubles()[i]).isCloseTo(h, within(1e-15 * Math.abs(h)));
        if (h > 0) {
          assertThat(got.get("log").toDoubles()[i]).isCloseTo(Math.log(h), within(1e-14));
        }
        // 1 - h keeps no digits of a sigmoid near one.
        double tolerance = link == Link.SIGMOID && x[i] > 12 ? 1e-2 : 1e-9;
        assertThat(link.inverse(h)).isCloseTo(x[i], within(tolerance));
      }
    }
    assertThat(Link.named(link.label())).isEqualTo(link);
  }

  @Test
  void supportsKnowTheirNumbers() {
    assertThat(Support.COUNT.contains(3)).isTrue();
    assertThat(Support.COUNT.contains(2.5)).isFalse();
    assertThat(Support.COUNT.contains(-1)).isFalse();
    assertThat(Support.POSITIVE.contains(0)).isFalse();
    assertThat(Support.NON_NEGATIVE.contains(0)).isTrue();
    assertThat(Support.UNIT_OPEN.contains(1)).isFalse();
    for (Support support : Support.values()) {
      assertThat(support.contains(Double.NaN)).as(support + " and NaN").isFalse();
      assertThat(support.contains(Double.POSITIVE_INFINITY)).isFalse();
    }
  }

  @Test
  void startingValuesAreTheMoments() {
    Moments moments = Moments.of(new double[] {1, 2, 6}, 1, 2, 1);
    assertThat(moments.mean()).isCloseTo(2.75, within(1e-14));
    assertThat(moments.variance()).isCloseTo(3.6875, within(1e-14));
    // Of 1, 2, 2, 6.
    double cubes = Math.pow(-1.75, 3) + 2 * Math.pow(-0.75, 3) + Math.pow(3.25, 3);
    assertThat(moments.skewness()).isCloseTo(cubes / 4 / Math.pow(3.6875, 1.5), within(1e-14));
    assertThat(moments.logMean()).isCloseTo(Math.log(24) / 4, within(1e-14));
    assertThat(Families.named("normal").startingValues(moments))
        .containsExactly(new double[] {2.75, Math.log(3.6875) / 2}, within(1e-14));
    assertThat(Families.named("poisson").startingValues(moments))
        .containsExactly(new double[] {Math.log(2.75)}, within(1e-14));
    assertThat(Families.named("normal").startingValues(Moments.of(new double[] {3, 3})))
        .containsExactly(3, 0);
    assertThatThrownBy(() -> Moments.of(new double[] {1, 2}, 1))
        .isInstanceOf(FamilyException.class)
        .hasMessageContaining("2 responses and 1 weights");
  }

  @Test
  void anUnknownNameIsRefusedWithTheNamesThereAre() {
    assertThatThrownBy(() -> Families.named("gaussian"))
        .isInstanceOf(FamilyException.class)
        .hasMessageContaining("gaussian")
        .hasMessageContaining("log_normal");
  }
}
