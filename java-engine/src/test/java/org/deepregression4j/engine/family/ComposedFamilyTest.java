package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.onnx.graph.ElementType;
import org.junit.jupiter.api.Test;

/** Families of other parameters are the inner family at these parameters. */
class ComposedFamilyTest {
  private static final double[] Y = {-3, -0.2, 0, 1.5, 20};
  private static final double[] LEVELS = {1e-6, 0.2, 0.5, 0.9, 0.999};

  private static CustomFamily.Expression symbol(String name) {
    return new CustomFamily.Symbol(name);
  }

  private static CustomFamily.Expression number(double value) {
    return new CustomFamily.Number(value);
  }

  private static Family.Parameter parameter(String name, Link link) {
    return new Family.Parameter(name, link);
  }

  private static void assertSame(double[] found, double[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(found[i]).isCloseTo(expected[i], within(1e-12 * (1 + Math.abs(expected[i]))));
    }
  }

  private static void assertSameDistribution(Family found, double[] eta, Family of, double[] at) {
    try (FamilyGraph mine = new FamilyGraph(found, ElementType.FLOAT64, 1);
        FamilyGraph theirs = new FamilyGraph(of, ElementType.FLOAT64, 1)) {
      for (String output : List.of("log_density", "cdf", "mode")) {
        assertSame(mine.runAt(output, Y, eta), theirs.runAt(output, Y, at));
      }
      assertSame(mine.runAt("quantile", LEVELS, eta), theirs.runAt("quantile", LEVELS, at));
    }
  }

  @Test
  void aParameterHeldAtAConstant() {
    Family t4 =
        ComposedFamily.of(
            "t4",
            List.of(parameter("loc", Link.IDENTITY), parameter("scale", Link.EXP)),
            Families.named("student_t_ls"),
            List.of(number(4), symbol("loc"), symbol("scale")));
    double[] full = {Math.log(4), 0.3, -0.7};
    assertSameDistribution(t4, new double[] {0.3, -0.7}, Families.named("student_t_ls"), full);
  }

  @Test
  void parametersOfAnotherKindAndOrder() {
    Family byPrecision =
        ComposedFamily.of(
            "by_precision",
            List.of(parameter("precision", Link.SOFTPLUS), parameter("centre", Link.IDENTITY)),
            Families.named("normal"),
            List.of(
                CustomFamily.call("*", number(2), symbol("centre")),
                CustomFamily.call("/", number(1), CustomFamily.call("sqrt", symbol("precision")))));
    double precision = Math.log1p(Math.exp(0.4));
    assertSameDistribution(
        byPrecision,
        new double[] {0.4, -0.6},
        Families.named("normal"),
        new double[] {-1.2, -0.5 * Math.log(precision)});
  }

  @Test
  void namedPartsAreWhatTheyStandFor() {
    CustomFamily.Expression z =
        CustomFamily.call("/", CustomFamily.call("-", symbol("y"), symbol("loc")), symbol("scale"));
    Map<String, CustomFamily.Expression> parts = new LinkedHashMap<>();
    parts.put("z", z);
    parts.put("z2", CustomFamily.call("*", symbol("z"), symbol("z")));
    CustomFamily.Expression constant = number(Math.log(2 * Math.PI) / 2);
    CustomFamily.Expression body =
        CustomFamily.call(
            "-",
            CustomFamily.call("*", number(-0.5), symbol("z2")),
            CustomFamily.call("+", CustomFamily.call("log", symbol("scale")), constant));
    Family family =
        CustomFamily.of(
            "let",
            List.of(parameter("loc", Link.IDENTITY), parameter("scale", Link.EXP)),
            Support.REAL,
            Map.of("log_density", new CustomFamily.Let(parts, body)));
    assertThat(new CustomFamily.Let(parts, body).names())
        .containsExactlyInAnyOrder("y", "loc", "scale");
    assertThat(new CustomFamily.Let(parts, symbol("z2")).text())
        .isEqualTo("{z <- ((y - loc) / scale); z2 <- (z * z); z2}");
    double[] eta = {0.2, -0.4};
    try (FamilyGraph mine = new FamilyGraph(family, ElementType.FLOAT64, 1);
        FamilyGraph theirs = new FamilyGraph(Families.named("normal"), ElementType.FLOAT64, 1)) {
      for (String output : List.of("log_density", "gradient", "curvature")) {
        assertSame(mine.runAt(output, Y, eta), theirs.runAt(output, Y, eta));
      }
    }
  }
}
