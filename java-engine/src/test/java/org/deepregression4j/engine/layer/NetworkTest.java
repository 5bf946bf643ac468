package org.deepregression4j.engine.layer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.junit.jupiter.api.Test;

/** Two inputs, branches and a dense layer that is used twice: the contract holds for the whole. */
class NetworkTest extends LayerContract {
  private static final Network BRANCHED =
      new Network(
          "inner",
          List.of("a", "b"),
          List.of(
              step("d1", new Dense("twin", 2, Activation.TANH), "a"),
              step("d2", new Dense("twin", 2, Activation.TANH), "b"),
              step("sum", Elementary.add(), "d1", "d2"),
              step("all", Elementary.concatenate(), "sum", "a"),
              step("out", new Dense("last", 1, Activation.SIGMOID), "all")),
          "out");

  private static Network.Step step(String id, Layer layer, String... inputs) {
    return new Network.Step(id, List.of(inputs), layer);
  }

  @Override
  String covers() {
    return "";
  }

  @Override
  String label() {
    return "network 'inner'";
  }

  @Override
  List<Case> cases() {
    Map<String, Integer> weights =
        Map.of("twin/kernel", 6, "twin/bias", 2, "last/kernel", 5, "last/bias", 1);
    return List.of(new Case(BRANCHED::apply, List.of(3, 3), weights, (in, w, t) -> plain(in, w)));
  }

  private static double[][] plain(List<double[][]> inputs, Map<String, double[]> w) {
    int n = inputs.get(0).length;
    double[][] out = new double[n][1];
    for (int i = 0; i < n; i++) {
      double sum = w.get("last/bias")[0];
      for (int h = 0; h < 2; h++) {
        double hidden = twin(inputs.get(0)[i], w, h) + twin(inputs.get(1)[i], w, h);
        sum += w.get("last/kernel")[h] * hidden;
      }
      for (int k = 0; k < 3; k++) {
        sum += w.get("last/kernel")[2 + k] * inputs.get(0)[i][k];
      }
      out[i][0] = 1 / (1 + Math.exp(-sum));
    }
    return out;
  }

  private static double twin(double[] x, Map<String, double[]> w, int h) {
    double sum = w.get("twin/bias")[h];
    for (int k = 0; k < 3; k++) {
      sum += x[k] * w.get("twin/kernel")[2 * k + h];
    }
    return Math.tanh(sum);
  }

  @Override
  List<Refusal> refusals() {
    return List.of(
        new Refusal(BRANCHED::apply, List.of(LayerHarness.input("a", Shape.rows("n", 3)))));
  }

  @Test
  void mistakesInTheDescriptionAreNamed() {
    Value x = LayerHarness.input("a", Shape.rows("n", 3));
    Network unknown =
        new Network("net", List.of("a"), List.of(step("d", Elementary.add(), "b")), "d");
    assertThatThrownBy(() -> unknown.apply(List.of(x), new Declared()))
        .hasMessage("network 'net': no layer or input is called 'b'");
    Network noOutput = new Network("net", List.of("a"), List.of(), "out");
    assertThatThrownBy(() -> noOutput.apply(List.of(x), new Declared()))
        .hasMessage("network 'net': no layer or input is called 'out'");
    assertThatThrownBy(
            () -> new Network("net", List.of("a"), List.of(step("a", Elementary.add(), "a")), "a"))
        .hasMessage("network 'net': two layers or inputs are called 'a'");
  }
}
