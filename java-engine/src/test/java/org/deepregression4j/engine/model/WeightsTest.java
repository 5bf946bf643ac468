package org.deepregression4j.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.layer.Activation;
import org.deepregression4j.engine.layer.Dense;
import org.deepregression4j.engine.layer.Network;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;
import org.junit.jupiter.api.Test;

/** Starting weights and random layers: streams of different seeds and names are unrelated. */
class WeightsTest {
  private static final int DRAWS = 20_000;

  private static ModelGraph graph(Activation activation) {
    Network network =
        new Network(
            "net",
            List.of("in"),
            List.of(
                new Network.Step("d1", List.of("in"), new Dense("d1", 50, activation)),
                new Network.Step("d2", List.of("d1"), new Dense("d2", 1, Activation.LINEAR))),
            "d2");
    Component x = Component.numeric("x");
    Linear slope = new Linear("x", List.of(), List.of(x), false, null);
    DeepTerm deep = new DeepTerm("net(x)", "net", List.of(List.of(x)));
    return new ModelGraph(
        new ModelDefinition(
            Families.named("poisson"),
            ElementType.FLOAT64,
            1,
            1,
            List.of(ColumnSpec.real("x")),
            List.of(Predictor.of("rate", List.of(new Intercept(), slope), deep)),
            Map.of("net", network)));
  }

  private static Weights weights(long seed) {
    ModelGraph graph = graph(Activation.RELU);
    Map<String, Value> flat = Weights.inputs(graph.layout(), ElementType.FLOAT64);
    return new Weights(graph.layout(), flat.get("trained"), flat.get("state"), true, seed);
  }

  private static double[] uniform(float seed) {
    Value x = Ops.input("x", ElementType.FLOAT64, Shape.rows("n", 1));
    Map<String, Value> out = Map.of("u", Ops.uniformLike(x, seed));
    try (OnnxSession session =
        OnnxSession.open(OnnxWriter.toBytes(Graph.of("draws", Map.of("x", x), out)))) {
      Tensor rows = Tensor.allocate(ElementType.FLOAT64, DRAWS, 1);
      return session.run(Map.of("x", rows), Set.of("u")).get("u").toDoubles();
    }
  }

  @Test
  void dropoutLayersDrawIndependently() {
    Set<Float> seeds = new HashSet<>();
    List<double[]> streams = new ArrayList<>();
    for (long seed : new long[] {1, 2, 1982}) {
      Weights weights = weights(seed);
      for (String name : List.of("dropout_1", "dropout_2", "dropout_3")) {
        assertThat(weights.seed(name)).isEqualTo(weights(seed).seed(name)).isBetween(1f, 8388608f);
        seeds.add(weights.seed(name));
        streams.add(uniform(weights.seed(name)));
      }
    }
    assertThat(seeds).hasSize(9);
    for (double[] a : streams) {
      for (double[] b : streams) {
        if (a != b) {
          // Four standard errors of a correlation of independent draws.
          assertThat(correlation(a, b)).isCloseTo(0, within(4 / Math.sqrt(DRAWS)));
        }
      }
    }
  }

  private static double correlation(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += 12 * (a[i] - .5) * (b[i] - .5);
    }
    return sum / a.length;
  }

  /** Seeds in a row are common: ensembles and folds use 1, 2, 3, ... */
  @Test
  void neighbouringSeedsStartUnrelated() {
    ModelGraph graph = graph(Activation.RELU);
    Set<Double> seen = new HashSet<>();
    for (long seed = 1; seed <= 5; seed++) {
      double[] kernel = new InitialWeights(graph, seed).trained(new double[1]);
      for (int i = 2; i < 52; i++) { // behind intercept and slope stands d1's kernel
        assertThat(seen.add(kernel[i])).as("seed %d repeats a draw", seed).isTrue();
      }
    }
  }

  @Test
  void startsDependOnNameAndSeedAlone() {
    double[] a = new InitialWeights(graph(Activation.RELU), 3).trained(new double[] {.5});
    double[] b = new InitialWeights(graph(Activation.TANH), 3).trained(new double[] {.7});
    assertThat(a[0]).isEqualTo(.5);
    a[0] = .7;
    assertThat(b).containsExactly(a);
  }
}
