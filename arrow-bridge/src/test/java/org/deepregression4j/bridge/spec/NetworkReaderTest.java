package org.deepregression4j.bridge.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.deepregression4j.engine.layer.Activation;
import org.deepregression4j.engine.layer.BatchNormalization;
import org.deepregression4j.engine.layer.Dense;
import org.deepregression4j.engine.layer.Dropout;
import org.deepregression4j.engine.layer.Initializer;
import org.deepregression4j.engine.layer.Layer;
import org.deepregression4j.engine.layer.Network;
import org.deepregression4j.engine.layer.Regularizer;
import org.deepregression4j.onnx.graph.Shape;
import org.junit.jupiter.api.Test;

class NetworkReaderTest extends ReaderTest {
  private static final String NETWORK =
      """
      {'name': 'net', 'inputs': ['a', 'b'], 'output': 'last', 'layers': [
        {'id': 'd', 'type': 'dense', 'inputs': ['a'], 'weights': 'w', 'units': 3,
         'activation': 'relu', 'use_bias': false, 'kernel_initializer': {'type': 'he_normal'},
         'bias_initializer': {'type': 'ones'}, 'kernel_regularizer': {'l1': 0.1, 'l2': 0.2},
         'bias_regularizer': {'l2': 0.3}},
        {'id': 'usual', 'type': 'dense', 'inputs': 'b', 'units': 3},
        {'id': 'sum', 'type': 'add', 'inputs': ['d', 'usual']},
        {'id': 'act', 'type': 'activation', 'inputs': ['sum'], 'activation': 'leaky_relu'},
        {'id': 'drop', 'type': 'dropout', 'inputs': ['act'], 'rate': 0.25},
        {'id': 'bn', 'type': 'batch_normalization', 'inputs': ['drop'], 'momentum': 0.5,
         'epsilon': 0.1, 'center': false, 'scale': false},
        {'id': 'bn2', 'type': 'batch_normalization', 'inputs': ['bn']},
        {'id': 'last', 'type': 'concatenate', 'inputs': ['bn2', 'a']}]}
      """;

  @Test
  void everyLayerIsReadWithItsOptionsAndDefaults() {
    Network network = NetworkReader.network(node(NETWORK));
    assertThat(network.name()).isEqualTo("net");
    assertThat(network.inputs()).containsExactly("a", "b");
    assertThat(network.output()).isEqualTo("last");
    Layer dense =
        new Dense(
            "w",
            3,
            Activation.RELU,
            false,
            Initializer.HE_NORMAL,
            Initializer.ONES,
            new Regularizer(.1, .2),
            new Regularizer(0, .3));
    assertThat(layer(network, "d")).isEqualTo(dense);
    assertThat(layer(network, "usual")).isEqualTo(new Dense("usual", 3, Activation.LINEAR));
    assertThat(layer(network, "drop")).isEqualTo(new Dropout("drop", .25));
    assertThat(layer(network, "bn")).isEqualTo(new BatchNormalization("bn", .5, .1, false, false));
    assertThat(layer(network, "bn2")).isEqualTo(new BatchNormalization("bn2"));
    assertThat(network.steps().get(2).inputs()).containsExactly("d", "usual");
    assertThat(network.steps().get(1).inputs()).containsExactly("b");
    Set<String> types = new HashSet<>();
    json(NETWORK).get("layers").forEach(l -> types.add(l.get("type").asText()));
    assertThat(types).isEqualTo(NetworkReader.LAYERS.keySet());
  }

  private static Layer layer(Network network, String id) {
    return network.steps().stream()
        .filter(s -> s.id().equals(id))
        .findFirst()
        .orElseThrow()
        .layer();
  }

  @Test
  void everyInitializerIsRead() {
    Map<String, Initializer> expected =
        Map.of(
            "{'type': 'glorot_uniform'}", Initializer.GLOROT_UNIFORM,
            "{'type': 'glorot_normal'}", Initializer.GLOROT_NORMAL,
            "{'type': 'he_uniform'}", Initializer.HE_UNIFORM,
            "{'type': 'he_normal'}", Initializer.HE_NORMAL,
            "{'type': 'zeros'}", Initializer.ZEROS,
            "{'type': 'ones'}", Initializer.ONES,
            "{'type': 'constant', 'value': 2}", Initializer.constant(2),
            "{'type': 'random_normal', 'mean': 1, 'stddev': 3}", Initializer.normal(1, 3),
            "{'type': 'random_uniform', 'minval': 1, 'maxval': 3}", Initializer.uniform(1, 3));
    Set<String> types = new HashSet<>();
    expected.forEach(
        (text, initializer) -> {
          types.add(json(text).get("type").asText());
          assertThat(draw(NetworkReader.initializer(node(text)), 1))
              .as(text)
              .containsExactly(draw(initializer, 1));
        });
    assertThat(types).isEqualTo(NetworkReader.INITIALIZERS.keySet());
    assertThat(draw(NetworkReader.initializer(node("{'type': 'random_normal'}")), 1))
        .containsExactly(draw(Initializer.normal(0, .05), 1));
    assertThat(draw(NetworkReader.initializer(node("{'type': 'random_uniform'}")), 1))
        .containsExactly(draw(Initializer.uniform(-.05, .05), 1));
    Initializer seeded = NetworkReader.initializer(node("{'type': 'he_normal', 'seed': 4}"));
    assertThat(draw(seeded, 1)).containsExactly(draw(Initializer.HE_NORMAL, 4));
  }

  private static double[] draw(Initializer initializer, long seed) {
    return initializer.draw(Shape.of(3, 2), new SplittableRandom(seed));
  }

  @Test
  void mistakesSayWhere() {
    String step = "{'name': 'net', 'inputs': ['a'], 'output': 'd', 'layers': [%s]}";
    Map<String, String> mistakes =
        Map.of(
            "{'id': 'd', 'type': 'conv', 'inputs': ['a']}",
            "specification, here.layers[0]: unknown layer 'conv', known are [activation, add,",
            "{'id': 'd', 'type': 'dense', 'inputs': ['a']}",
            "specification, here.layers[0]: expected a number as 'units', got nothing",
            "{'id': 'd', 'type': 'dense', 'inputs': ['a'], 'units': 1.5}",
            "expected a whole number as 'units', got 1.5",
            "{'id': 'd', 'type': 'dense', 'inputs': ['a'], 'units': 1, 'use_bias': 'yes'}",
            "expected true or false as 'use_bias', got \"yes\"",
            "{'id': 'd', 'type': 'dense', 'inputs': ['a'], 'units': 1, 'activation': 'mish'}",
            "got 'mish'",
            "{'id': 'd', 'type': 'dense', 'inputs': ['a'], 'units': 1,"
                + " 'kernel_initializer': {'type': 'magic'}}",
            "specification, here.layers[0].kernel_initializer: unknown initializer 'magic'",
            "{'id': 'd', 'type': 'dense', 'inputs': [{}], 'units': 1}",
            "specification, here.layers[0].inputs[0]: expected a text, got {}");
    mistakes.forEach(
        (text, message) ->
            assertThatThrownBy(() -> NetworkReader.network(node(String.format(step, text))))
                .as(text)
                .hasMessageContaining(message));
  }
}
