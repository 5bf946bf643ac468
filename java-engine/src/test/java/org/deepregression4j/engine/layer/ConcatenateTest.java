package org.deepregression4j.engine.layer;

import java.util.List;
import java.util.Map;
import org.deepregression4j.onnx.graph.Shape;

class ConcatenateTest extends LayerContract {
  @Override
  String covers() {
    return "concatenate";
  }

  @Override
  String label() {
    return "concatenate";
  }

  @Override
  List<Case> cases() {
    return List.of(
        new Case(Elementary.concatenate(), List.of(2, 1, 3), Map.of(), (in, w, t) -> plain(in)),
        new Case(Elementary.concatenate(), List.of(2), Map.of(), (in, w, t) -> in.get(0)));
  }

  private static double[][] plain(List<double[][]> inputs) {
    int n = inputs.get(0).length;
    double[][] out = new double[n][6];
    for (int i = 0; i < n; i++) {
      int at = 0;
      for (double[][] input : inputs) {
        for (double value : input[i]) {
          out[i][at++] = value;
        }
      }
    }
    return out;
  }

  @Override
  List<Refusal> refusals() {
    return List.of(
        new Refusal(Elementary.concatenate(), List.of()),
        new Refusal(
            Elementary.concatenate(),
            List.of(
                LayerHarness.input("a", Shape.rows("n", 1)),
                LayerHarness.input("b", Shape.rows("n", 2, 1)))));
  }
}
