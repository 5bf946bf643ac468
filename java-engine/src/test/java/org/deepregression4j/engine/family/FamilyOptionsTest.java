package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.junit.jupiter.api.Test;

/** What is wrong with a family is said by name. */
class FamilyOptionsTest {
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
    assertThatThrownBy(() -> FamilyCases.mixture("normal", "poisson"))
        .hasMessageContaining(
            "all families continuous or all discrete, got 'normal' and 'poisson'");
    assertThatThrownBy(() -> FamilyCases.censored("gamma"))
        .hasMessage(
            "censored: family 'gamma' cannot be censored; these can: " + CensoredFamilies.names());
    assertThatThrownBy(() -> FamilyCases.censored("normal", "weibull"))
        .hasMessage("censored: expected one family, got 2");
    assertThatThrownBy(() -> FamilyCases.mixture("normal", "dirichlet"))
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

  @Test
  void whatIsMissingIsNamed() {
    Value y = Ops.input("y", ElementType.FLOAT64, Shape.rows("n", 1));
    List<Value> two = List.of(y, y);
    assertThatThrownBy(() -> Families.named("zip").property(Family.Property.ENTROPY, two))
        .hasMessage("family 'zip' has no closed form of its entropy");
    assertThatThrownBy(() -> Families.named("von_mises").crps(y, two))
        .hasMessage(
            "family 'von_mises' has no continuous ranked probability score: angles have no order");
    assertThatThrownBy(() -> Families.named("mvr").sample(y, two))
        .hasMessage("family 'mvr' cannot be sampled");
    assertThatThrownBy(() -> Families.of(FamilySpec.of("dirichlet_multinomial", "trials", 0)))
        .hasMessageContaining("expected a whole number of trials from 1 on, got 0.0");
  }
}
