package org.deepregression4j.engine.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.model.Weights;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;

/** Log-densities of responses under a model, row by row. */
final class LogDensity {
  private static final long BLOCK = 1 << 16;

  private final Model model;

  LogDensity(Model model) {
    this.model = model;
  }

  double[] of(TrainingData data) {
    ModelGraph graph = model.graph();
    Map<String, Value> inputs = new LinkedHashMap<>(TrainingData.inputs(graph, "n"));
    Value matrix = TrainingData.matrix(graph, inputs);
    Map<String, Value> flat = Weights.inputs(graph.layout(), model.definition().precision());
    inputs.putAll(flat);
    Weights weights = Weights.of(graph.layout(), flat);
    Value density = graph.logDensity(matrix, graph.linearPredictors(matrix, weights));
    Map<String, Value> outputs = Map.of("density", Ops.cast(density, ElementType.FLOAT64));
    Tensor out = Tensor.allocate(ElementType.FLOAT64, data.rows(), 1);
    byte[] bytes = OnnxWriter.toBytes(Graph.of("density", inputs, outputs));
    try (OnnxSession session = OnnxSession.open(bytes)) {
      for (long from = 0; from < data.rows(); from += BLOCK) {
        long to = Math.min(data.rows(), from + BLOCK);
        Map<String, Tensor> tensors = new LinkedHashMap<>(data.asRows(from, to).tensors(graph));
        tensors.putAll(model.tensors());
        session.run(tensors, Set.of(), Map.of("density", out.asRows(from, to)));
      }
    }
    return out.toDoubles();
  }
}
