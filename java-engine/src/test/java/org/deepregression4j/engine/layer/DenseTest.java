package org.deepregression4j.engine.layer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.onnx.graph.Shape;
import org.junit.jupiter.api.Test;

class DenseTest extends LayerContract {
  @Override
  String covers() {
    return "Dense";
  }

  @Override
  String label() {
    return "dense 'd'";
  }

  private static Dense dense(int units, Activation activation, boolean useBias) {
    return new Dense(
        "d",
        units,
        activation,
        useBias,
        Initializer.HE_NORMAL,
        Initializer.ONES,
        new Regularizer(.1, .2),
        Regularizer.NONE);
  }

  @Override
  List<Case> cases() {
    List<Case> out = new ArrayList<>();
    for (boolean useBias : new boolean[] {true, false}) {
      for (int units : new int[] {1, 3}) {
        Map<String, Integer> weights = new LinkedHashMap<>(Map.of("kernel", 2 * units));
        if (useBias) {
          weights.put("bias", units);
        }
        Layer layer = dense(units, Activation.TANH, useBias);
        out.add(new Case(layer, List.of(2), weights, (in, w, t) -> plain(in.get(0), w, units)));
      }
    }
    return out;
  }

  private static double[][] plain(double[][] x, Map<String, double[]> weights, int units) {
    double[] kernel = weights.get("kernel");
    double[] bias = weights.getOrDefault("bias", new double[units]);
    double[][] out = new double[x.length][units];
    for (int i = 0; i < x.length; i++) {
      for (int h = 0; h < units; h++) {
        double sum = bias[h];
        for (int k = 0; k < x[i].length; k++) {
          sum += x[i][k] * kernel[k * units + h];
        }
        out[i][h] = Math.tanh(sum);
      }
    }
    return out;
  }

  @Override
  List<Refusal> refusals() {
    Layer layer = dense(3, Activation.LINEAR, true);
    return List.of(
        new Refusal(layer, List.of(LayerHarness.input("x", Shape.rows("n")))),
        new Refusal(layer, List.of(LayerHarness.input("x", Shape.rows("n", 2, 2)))),
        new Refusal(layer, List.of()));
  }

  @Test
  void unitsAreChecked() {
    assertThatThrownBy(() -> new Dense("d", 0, Activation.RELU))
        .hasMessage("dense 'd': expected units >= 1, got 0");
  }
}
