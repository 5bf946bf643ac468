package org.deepregression4j.engine.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.Overlap;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.WeightLayout;
import org.deepregression4j.engine.model.Weights;
import org.deepregression4j.engine.term.ColumnInputs;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;

/** Designs and contributions of single terms. */
final class TermEffects {
  private static final String ROWS = "(rows)";
  private static final long BLOCK = 1 << 14;

  private final Model model;

  TermEffects(Model model) {
    this.model = model;
  }

  Tensor design(Dataset data, String predictor, String term) {
    StructuredTerm found = structured(predictor(predictor), term);
    return run(data, columns -> found.design(columns));
  }

  Tensor effect(Dataset data, String predictor, String term) {
    int j = predictor(predictor);
    Predictor where = model.definition().predictors().get(j);
    if (where.deep().stream().anyMatch(d -> d.name().equals(term))) {
      ModelGraph graph = model.graph();
      Map<String, Value> flat = new LinkedHashMap<>();
      model.tensors().forEach((n, t) -> flat.put(n, Ops.vector(t.type(), t.toDoubles())));
      Weights weights = Weights.of(model.layout(), flat);
      return run(
          data,
          columns -> {
            Value features = graph.features(columns);
            Value output = graph.deepContribution(features, j, term, weights);
            return withoutMoved(output, graph.design(features), j, term);
          });
    }
    StructuredTerm found = structured(j, term);
    if (found.isOffset()) {
      return run(data, found::design);
    }
    int r = model.definition().predictorColumns();
    double[] w = model.coefficients(predictor, term);
    Value coefficients = Ops.matrix(ElementType.FLOAT64, w, w.length / r, r);
    return run(data, columns -> Ops.matMul(found.design(columns), coefficients));
  }

  /** The network's output less what orthogonalisation counts to structured terms. */
  private Value withoutMoved(Value output, Value design, int predictor, String deep) {
    Value out = Ops.cast(output, ElementType.FLOAT64);
    for (Overlap overlap : model.graph().overlaps()) {
      if (overlap.predictor() == predictor && overlap.deep().equals(deep)) {
        List<Value> columns = new ArrayList<>();
        for (WeightLayout.Coefficients c : overlap.terms()) {
          columns.add(Ops.slice(design, 1, c.from(), (long) c.from() + c.size()));
        }
        Value x = Ops.cast(Ops.concat(columns, 1), ElementType.FLOAT64);
        double[] moved = model.moved(overlap);
        int r = model.definition().predictorColumns();
        Value alpha = Ops.matrix(ElementType.FLOAT64, moved, overlap.size(), r);
        out = Ops.sub(out, Ops.matMul(x, alpha));
      }
    }
    return out;
  }

  private int predictor(String name) {
    List<String> names = model.definition().predictors().stream().map(Predictor::name).toList();
    int j = names.indexOf(name);
    if (j < 0) {
      throw new IllegalArgumentException("no predictor '" + name + "', there are " + names);
    }
    return j;
  }

  private StructuredTerm structured(int j, String term) {
    Predictor predictor = model.definition().predictors().get(j);
    for (Predictor.Weighted weighted : predictor.structured()) {
      if (weighted.term().name().equals(term)) {
        return weighted.term();
      }
    }
    for (StructuredTerm offset : predictor.offsets()) {
      if (offset.name().equals(term)) {
        return offset;
      }
    }
    throw new IllegalArgumentException(
        "predictor '" + predictor.name() + "' has no term '" + term + "'");
  }

  private interface Expression {
    Value of(ColumnInputs columns);
  }

  /** Evaluates an expression of the rows, block by block. */
  private Tensor run(Dataset data, Expression expression) {
    List<ColumnSpec> specs = model.definition().columns();
    Map<String, Value> inputs = ModelGraph.inputs(specs);
    Value rows = Ops.input(ROWS, ElementType.FLOAT64, Shape.rows("n", 1));
    Value out = expression.of(model.graph().columnInputs(inputs, rows));
    inputs.put(ROWS, rows);
    Value typed = Ops.cast(out, ElementType.FLOAT64);
    Tensor result = Tensor.allocate(ElementType.FLOAT64, data.rows(), typed.shape().dim(1).size());
    Graph graph = Graph.of("term", inputs, Map.of("term", typed));
    try (OnnxSession session = OnnxSession.open(OnnxWriter.toBytes(graph))) {
      for (long from = 0; from < data.rows(); from += BLOCK) {
        long to = Math.min(data.rows(), from + BLOCK);
        Map<String, Tensor> tensors = new LinkedHashMap<>(data.asRows(from, to).select(specs));
        tensors.put(ROWS, Tensor.allocate(ElementType.FLOAT64, to - from, 1));
        session.run(tensors, Set.of(), Map.of("term", result.asRows(from, to)));
      }
    }
    return result;
  }
}
