package org.deepregression4j.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.layer.Activation;
import org.deepregression4j.engine.layer.Dense;
import org.deepregression4j.engine.layer.Network;
import org.deepregression4j.engine.layer.Regularizer;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Expression;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.engine.term.Offset;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.EngineException;
import org.junit.jupiter.api.Test;

/** What does not fit is refused with the predictor and the term that the user wrote. */
class ModelDefinitionTest {
  private static final List<ColumnSpec> COLUMNS =
      List.of(ColumnSpec.real("x"), ColumnSpec.factor("f", List.of("a", "b")));

  private static Network network(int units) {
    Dense dense = new Dense("d", units, Activation.LINEAR);
    return new Network(
        "net", List.of("in"), List.of(new Network.Step("d", List.of("in"), dense)), "d");
  }

  private static DeepTerm deep(String network, String... columns) {
    List<Component> parts = java.util.Arrays.stream(columns).map(Component::numeric).toList();
    return new DeepTerm("net(x)", network, List.of(parts));
  }

  private static Linear linear(String name, String column, String... labels) {
    return new Linear(name, List.of(labels), List.of(Component.numeric(column)), false, null);
  }

  private static EngineException refused(Network network, Predictor... predictors) {
    EngineException thrown =
        catchThrowableOfType(
            EngineException.class,
            () ->
                new ModelGraph(
                    new ModelDefinition(
                        Families.named("poisson"),
                        ElementType.FLOAT64,
                        1,
                        1,
                        COLUMNS,
                        List.of(predictors),
                        Map.of("net", network))));
    assertThat(thrown).as("nothing was refused").isNotNull();
    return thrown;
  }

  private static void names(EngineException thrown, String term, String message) {
    assertThat(thrown).hasMessageContaining(message);
    assertThat(thrown.kind()).isEqualTo("model");
    assertThat(thrown.fields()).containsEntry("predictor", "rate").containsEntry("term", term);
    assertThat(thrown).hasMessageStartingWith("term '" + term + "' of 'rate': ");
  }

  @Test
  void termsThatDoNotFitAreNamed() {
    names(
        refused(network(1), Predictor.of("rate", List.of(linear("z", "z")))),
        "z",
        "uses the column 'z', which the model does not have");
    names(
        refused(network(1), Predictor.of("rate", List.of(linear("log(f)", "f")))),
        "log(f)",
        "expected numbers, got a factor");
    names(
        refused(network(1), Predictor.of("rate", List.of(linear("x", "x", "one", "two")))),
        "x",
        "2");
    Offset offset = new Offset("offset(t)", Expression.column("t"));
    names(
        refused(network(1), Predictor.of("rate", List.of(offset))),
        "offset(t)",
        "uses the column 't'");
  }

  @Test
  void deepTermsThatDoNotFitAreNamed() {
    names(
        refused(network(1), Predictor.of("rate", List.of(), deep("other", "x"))),
        "net(x)",
        "no network is called 'other', there are [net]");
    names(
        refused(network(3), Predictor.of("rate", List.of(), deep("net", "x"))),
        "net(x)",
        "the network must end with 1 unit(s), its output has shape (n, 3)");
    names(
        refused(network(1), Predictor.of("rate", List.of(), deep("net", "f"))),
        "net(x)",
        "expected numbers, got a factor");
    DeepTerm two =
        new DeepTerm(
            "net(x)",
            "net",
            List.of(List.of(Component.numeric("x")), List.of(Component.numeric("x"))));
    names(
        refused(network(1), Predictor.of("rate", List.of(), two)),
        "net(x)",
        "the network 'net' takes 1 input(s), got 2");
  }

  @Test
  void termsOfOtherWidthsCannotShareCoefficients() {
    TermWeights shared = new TermWeights(Optional.empty(), true, Regularizer.NONE, "id");
    Linear wide =
        new Linear(
            "both", List.of(), List.of(Component.numeric("x"), Component.numeric("x")), true, null);
    Predictor rate =
        new Predictor(
            "rate",
            List.of(
                new Predictor.Weighted(linear("x", "x"), shared),
                new Predictor.Weighted(wide, shared)),
            List.of(),
            List.of());
    names(refused(network(1), rate), "x", "'x' and 'both' cannot share coefficients");
  }

  @Test
  void theModelAsAWhole() {
    Predictor rate = Predictor.of("rate", List.of(linear("x", "x")));
    assertThat(refused(network(1), rate, rate))
        .hasMessage("family 'poisson' has 1 parameters, got 2 formulas");
    assertThat(refused(network(1), Predictor.of("rate", List.of())))
        .hasMessage("the model has no term");
  }
}
