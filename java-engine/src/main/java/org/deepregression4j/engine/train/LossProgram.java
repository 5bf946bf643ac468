package org.deepregression4j.engine.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.model.Weights;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;

/**
 * The loss of given weights over data, as in scoring (no dropout): the mean of the weighted
 * negative log-densities plus the penalties. The caller closes it.
 */
public final class LossProgram implements AutoCloseable {
  private static final long BLOCK = 1 << 16;

  private final ModelGraph model;
  private final OnnxSession session;
  private final TrainingData data;

  /** A program for one set of data. */
  public LossProgram(ModelGraph model, TrainingData data) {
    this.model = model;
    this.data = data;
    Map<String, Value> inputs = new LinkedHashMap<>(TrainingData.inputs(model, "n"));
    Value matrix = TrainingData.matrix(model, inputs);
    Map<String, Value> flat = Weights.inputs(model.layout(), model.definition().precision());
    inputs.putAll(flat);
    Weights weights = Weights.of(model.layout(), flat);
    Map<String, Value> outputs = new LinkedHashMap<>();
    outputs.put("likelihood", model.negativeLogLikelihood(matrix, weights));
    outputs.put(
        "penalty", model.penalty(weights).orElse(Ops.scalar(model.definition().precision(), 0)));
    this.session = OnnxSession.open(OnnxWriter.toBytes(Graph.of("loss", inputs, outputs)));
  }

  /** The loss of the weights. */
  public double loss(Map<String, Tensor> weights) {
    double sum = 0;
    double penalty = 0;
    for (long from = 0; from < data.rows(); from += BLOCK) {
      long to = Math.min(data.rows(), from + BLOCK);
      Map<String, Tensor> inputs = new LinkedHashMap<>(data.asRows(from, to).tensors(model));
      weights.forEach(
          (name, tensor) -> {
            if (name.equals("trained") || name.equals("state")) {
              inputs.put(name, tensor);
            }
          });
      Map<String, Tensor> got = session.run(inputs, Set.of("likelihood", "penalty"));
      sum += value(got, "likelihood") * (to - from);
      penalty = value(got, "penalty");
    }
    return sum / data.rows() + penalty;
  }

  private static double value(Map<String, Tensor> results, String name) {
    Tensor tensor = results.get(name);
    return tensor == null ? Double.NaN : tensor.toDouble();
  }

  @Override
  public void close() {
    session.close();
  }
}
