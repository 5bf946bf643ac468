package org.deepregression4j.engine.layer;

import java.util.List;
import java.util.Map;
import org.deepregression4j.onnx.graph.Shape;

class AddTest extends LayerContract {
  @Override
  String covers() {
    return "add";
  }

  @Override
  String label() {
    return "add";
  }

  @Override
  List<Case> cases() {
    return List.of(
        new Case(Elementary.add(), List.of(2, 2, 2), Map.of(), (in, w, t) -> plain(in)),
        new Case(Elementary.add(), List.of(2), Map.of(), (in, w, t) -> plain(in)));
  }

  private static double[][] plain(List<double[][]> inputs) {
    double[][] out = new double[inputs.get(0).length][2];
    for (double[][] input : inputs) {
      for (int i = 0; i < out.length; i++) {
        out[i][0] += input[i][0];
        out[i][1] += input[i][1];
      }
    }
    return out;
  }

  @Override
  List<Refusal> refusals() {
    return List.of(
        new Refusal(Elementary.add(), List.of()),
        new Refusal(
            Elementary.add(),
            List.of(
                LayerHarness.input("a", Shape.rows("n", 1)),
                LayerHarness.input("b", Shape.rows("n", 2)))));
  }
}
