package org.deepregression4j.engine.term;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;

/** Evaluates terms through ONNX Runtime, as training and scoring do. */
final class TermRun {
  /** Builds the value under test from the graph's columns. */
  interface Design {
    Value of(ColumnInputs columns);
  }

  private TermRun() {}

  static Tensor run(List<ColumnSpec> specs, Map<String, Tensor> data, Design design) {
    return run(specs, data, ElementType.FLOAT64, design);
  }

  static Tensor run(
      List<ColumnSpec> specs, Map<String, Tensor> data, ElementType precision, Design design) {
    ColumnInputs columns = ColumnInputs.declare(specs, "n", precision);
    Value out = design.of(columns);
    Graph graph = Graph.of("terms", columns.values(), Map.of("design", out));
    try (OnnxSession session = OnnxSession.open(OnnxWriter.toBytes(graph))) {
      return session.run(data, Set.of("design")).get("design");
    }
  }

  static Tensor doubles(double... values) {
    return Tensor.copyOf(ElementType.FLOAT64, values, values.length);
  }

  static Tensor ints(int... values) {
    return Tensor.copyOf(values, values.length);
  }
}
