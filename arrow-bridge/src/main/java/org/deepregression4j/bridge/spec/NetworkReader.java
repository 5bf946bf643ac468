package org.deepregression4j.bridge.spec;

import java.util.Map;
import java.util.function.Function;
import org.deepregression4j.engine.layer.Activation;
import org.deepregression4j.engine.layer.BatchNormalization;
import org.deepregression4j.engine.layer.Dense;
import org.deepregression4j.engine.layer.Dropout;
import org.deepregression4j.engine.layer.Elementary;
import org.deepregression4j.engine.layer.Initializer;
import org.deepregression4j.engine.layer.Layer;
import org.deepregression4j.engine.layer.Network;
import org.deepregression4j.engine.layer.Regularizer;

/** Reads NETWORK, LAYER, INITIALIZER and REGULARIZER. */
final class NetworkReader {
  /** How each layer reads its fields; what is missing is the layer's default. */
  static final Map<String, Function<Node, Layer>> LAYERS =
      Map.of(
          "dense", NetworkReader::dense,
          "activation", node -> Elementary.activation(Activation.of(node.text("activation"))),
          "dropout", node -> new Dropout(node.text("id"), node.number("rate")),
          "batch_normalization", NetworkReader::batchNormalization,
          "concatenate", node -> Elementary.concatenate(),
          "add", node -> Elementary.add());

  /** Initialisers by name. */
  static final Map<String, Function<Node, Initializer>> INITIALIZERS =
      Map.of(
          "glorot_uniform", node -> Initializer.GLOROT_UNIFORM,
          "glorot_normal", node -> Initializer.GLOROT_NORMAL,
          "he_uniform", node -> Initializer.HE_UNIFORM,
          "he_normal", node -> Initializer.HE_NORMAL,
          "zeros", node -> Initializer.ZEROS,
          "ones", node -> Initializer.ONES,
          "constant", node -> Initializer.constant(node.number("value", 0)),
          "random_normal",
              node -> Initializer.normal(node.number("mean", 0), node.number("stddev", .05)),
          "random_uniform",
              node -> Initializer.uniform(node.number("minval", -.05), node.number("maxval", .05)));

  private NetworkReader() {}

  static Network network(Node node) {
    return new Network(
        node.text("name"),
        node.texts("inputs"),
        node.list("layers", NetworkReader::step),
        node.text("output"));
  }

  private static Network.Step step(Node node) {
    String type = node.text("type");
    Function<Node, Layer> read = LAYERS.get(type);
    if (read == null) {
      throw node.unknown("layer", type, LAYERS.keySet());
    }
    return new Network.Step(node.text("id"), node.texts("inputs"), read.apply(node));
  }

  private static Layer dense(Node node) {
    Dense usual =
        new Dense(node.text("weights", node.text("id")), node.integer("units"), Activation.LINEAR);
    return new Dense(
        usual.weights(),
        usual.units(),
        node.has("activation") ? Activation.of(node.text("activation")) : usual.activation(),
        node.flag("use_bias", usual.useBias()),
        initializer(node, "kernel_initializer", usual.kernelInitializer()),
        initializer(node, "bias_initializer", usual.biasInitializer()),
        regularizer(node, "kernel_regularizer"),
        regularizer(node, "bias_regularizer"));
  }

  private static Layer batchNormalization(Node node) {
    BatchNormalization usual = new BatchNormalization(node.text("weights", node.text("id")));
    return new BatchNormalization(
        usual.weights(),
        node.number("momentum", usual.momentum()),
        node.number("epsilon", usual.epsilon()),
        node.flag("center", usual.center()),
        node.flag("scale", usual.scale()));
  }

  private static Initializer initializer(Node node, String name, Initializer missing) {
    return node.optional(name).map(NetworkReader::initializer).orElse(missing);
  }

  static Initializer initializer(Node node) {
    String type = node.text("type");
    Function<Node, Initializer> read = INITIALIZERS.get(type);
    if (read == null) {
      throw node.unknown("initializer", type, INITIALIZERS.keySet());
    }
    Initializer initializer = read.apply(node);
    return node.optionalNumber("seed")
        .map(seed -> initializer.withSeed(seed.longValue()))
        .orElse(initializer);
  }

  private static Regularizer regularizer(Node node, String name) {
    return node.optional(name).map(NetworkReader::regularizer).orElse(Regularizer.NONE);
  }

  static Regularizer regularizer(Node node) {
    return new Regularizer(node.number("l1", 0), node.number("l2", 0));
  }
}
