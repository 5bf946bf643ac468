package org.deepregression4j.engine.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.engine.autodiff.Gradients;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;

/**
 * Derivatives by the linear predictors η, row by row, for standard errors by the delta method.
 *
 * <p>Of c values per row the result is (n, c · q·r): the q·r derivatives of the first value, then
 * those of the second, and so on.
 */
final class Slopes {
  private static final long BLOCK = 1 << 16;

  private Slopes() {}

  /** Of the mean, each of its columns a value. */
  static Tensor ofMean(ModelDefinition definition, Tensor eta) {
    return run(definition, eta, Family::mean);
  }

  /** Of the q·r parameters on the response scale. */
  static Tensor ofParameters(ModelDefinition definition, Tensor eta) {
    return run(definition, eta, (family, parts) -> Ops.concat(family.parameters(parts), 1));
  }

  private interface Target {
    Value of(Family family, List<Value> eta);
  }

  private static Tensor run(ModelDefinition definition, Tensor eta, Target target) {
    int width = definition.predictors().size() * definition.predictorColumns();
    Value input = Ops.input("eta", ElementType.FLOAT64, Shape.rows("n", width));
    Value slopes = slopes(definition, input, target);
    Graph graph = Graph.of("slopes", Map.of("eta", input), Map.of("slopes", slopes));
    Tensor out = Tensor.allocate(ElementType.FLOAT64, eta.sizes()[0], slopes.shape().dim(1).size());
    try (OnnxSession session = OnnxSession.open(OnnxWriter.toBytes(graph))) {
      for (long from = 0; from < eta.sizes()[0]; from += BLOCK) {
        long to = Math.min(eta.sizes()[0], from + BLOCK);
        session.run(
            Map.of("eta", eta.asRows(from, to)), Set.of(), Map.of("slopes", out.asRows(from, to)));
      }
    }
    return out;
  }

  private static Value slopes(ModelDefinition definition, Value eta, Target target) {
    long[] sizes = new long[definition.predictors().size()];
    java.util.Arrays.fill(sizes, definition.predictorColumns());
    Value values = target.of(definition.family(), Ops.split(eta, 1, sizes));
    List<Value> slopes = new ArrayList<>();
    for (int c = 0; c < values.shape().dim(1).size(); c++) {
      Value column = Ops.sumAll(Ops.slice(values, 1, c, c + 1));
      slopes.addAll(Gradients.of(column, List.of(eta)));
    }
    return Ops.concat(slopes, 1);
  }
}
