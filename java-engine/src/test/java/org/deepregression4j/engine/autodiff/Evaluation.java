package org.deepregression4j.engine.autodiff;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Node;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;

/** A written and loaded graph over unnamed inputs and outputs. */
final class Evaluation implements AutoCloseable {
  private final OnnxSession session;
  private final List<String> inputs = new ArrayList<>();
  private final List<String> outputs = new ArrayList<>();

  Evaluation(List<Value> in, List<Value> out) {
    Map<String, Value> from = new LinkedHashMap<>();
    in.forEach(v -> from.put("in" + from.size(), v));
    Map<String, Value> to = new LinkedHashMap<>();
    out.forEach(v -> to.put("out" + to.size(), v));
    session = OnnxSession.open(OnnxWriter.toBytes(Graph.of("test", from, to)));
    inputs.addAll(from.keySet());
    outputs.addAll(to.keySet());
  }

  List<Tensor> run(List<Tensor> in) {
    Map<String, Tensor> named = new LinkedHashMap<>();
    in.forEach(t -> named.put(inputs.get(named.size()), t));
    Map<String, Tensor> out = session.run(named, new LinkedHashSet<>(outputs));
    return outputs.stream().map(out::get).toList();
  }

  static List<Tensor> run(List<Value> in, List<Tensor> data, List<Value> out) {
    try (Evaluation evaluation = new Evaluation(in, out)) {
      return evaluation.run(data);
    }
  }

  /** The operators that computing the values takes, without inputs and constants. */
  static List<Op> ops(List<Value> values) {
    return Graph.sort(values).stream()
        .map(Node::op)
        .filter(op -> op != Op.IN && op != Op.CONSTANT)
        .toList();
  }

  @Override
  public void close() {
    session.close();
  }
}
