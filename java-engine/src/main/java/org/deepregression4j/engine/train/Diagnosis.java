package org.deepregression4j.engine.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.engine.autodiff.Gradients;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.model.Weights;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;

/** Finds which parameter of the distribution broke when the loss stopped being a number. */
final class Diagnosis {
  private Diagnosis() {}

  /**
   * Looks at all rows with the last weights whose loss was finite: the first predictor whose values
   * or whose gradients are not finite, otherwise the one that is furthest out.
   */
  static String of(ModelGraph model, Map<String, Tensor> weights, TrainingData data) {
    Map<String, Value> inputs = new LinkedHashMap<>(TrainingData.inputs(model, "n"));
    Map<String, Value> flat = Weights.inputs(model.layout(), model.definition().precision());
    Value matrix = TrainingData.matrix(model, inputs);
    inputs.putAll(flat);
    Weights values = Weights.of(model.layout(), flat);
    List<Value> eta = model.linearPredictors(matrix, values);
    Value loss = Ops.sumAll(model.logDensity(matrix, eta));
    List<Value> gradients = Gradients.of(loss, eta);
    Map<String, Value> outputs = new LinkedHashMap<>();
    for (int j = 0; j < eta.size(); j++) {
      outputs.put("eta" + j, eta.get(j));
      outputs.put("gradient" + j, gradients.get(j));
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>(data.tensors(model));
    tensors.put("trained", require(weights, "trained"));
    tensors.put("state", require(weights, "state"));
    byte[] bytes = OnnxWriter.toBytes(Graph.of("diagnosis", inputs, outputs));
    try (OnnxSession session = OnnxSession.open(bytes)) {
      return describe(model, session.run(tensors, Set.copyOf(outputs.keySet())));
    }
  }

  private static Tensor require(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalStateException("no tensor '" + name + "'");
    }
    return tensor;
  }

  private static String describe(ModelGraph model, Map<String, Tensor> results) {
    List<Double> extremes = new ArrayList<>();
    int q = model.definition().predictors().size();
    int r = model.definition().predictorColumns();
    for (int j = 0; j < q; j++) {
      double[] eta = require(results, "eta" + j).toDoubles();
      double[] gradient = require(results, "gradient" + j).toDoubles();
      String name = model.definition().predictors().get(j).name();
      for (int i = 0; i < eta.length; i++) {
        if (!Double.isFinite(eta[i]) || !Double.isFinite(gradient[i])) {
          return "parameter '"
              + name
              + "' breaks in row "
              + (i / r + 1)
              + " (linear predictor "
              + eta[i]
              + ", gradient "
              + gradient[i]
              + ")";
        }
      }
      extremes.add(Arrays.stream(eta).map(Math::abs).max().orElse(0));
    }
    int worst = 0;
    for (int j = 1; j < q; j++) {
      worst = extremes.get(j) > extremes.get(worst) ? j : worst;
    }
    return "parameter '"
        + model.definition().predictors().get(worst).name()
        + "' is furthest out (linear predictor "
        + extremes.get(worst)
        + "); a smaller learning rate or a scaled response may help";
  }
}
