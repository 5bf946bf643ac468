package org.deepregression4j.engine.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepregression4j.engine.model.Batch;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.Tensor;

/** Where a program takes the rows of a batch from: features made before, or the raw columns. */
interface RowSource {
  /** The graph inputs that hold the data. */
  Map<String, Value> inputs();

  /** The tensors for these inputs. */
  Map<String, Tensor> tensors();

  /** Rows {@code indices} (b); all rows when there are none. */
  Batch rows(Optional<Value> indices);

  /** Features that were evaluated once. */
  record Evaluated(ModelGraph graph, Map<String, Value> inputs, Map<String, Tensor> tensors)
      implements RowSource {
    static Evaluated of(ModelGraph graph, TrainingData data) {
      Map<String, Tensor> tensors = data.evaluateParts(graph);
      Map<String, Value> inputs = new LinkedHashMap<>();
      graph
          .parts(tensors.containsKey("weight"))
          .forEach(part -> inputs.put(part, graph.partInput(part, "n")));
      return new Evaluated(graph, inputs, tensors);
    }

    @Override
    public Batch rows(Optional<Value> indices) {
      Map<String, Value> parts = new LinkedHashMap<>();
      inputs.forEach(
          (part, all) -> parts.put(part, indices.map(i -> graph.rowsOf(part, all, i)).orElse(all)));
      return graph.batch(parts);
    }

    @Override
    public Optional<ResponseTerms> terms(Value indices) {
      Value all = inputs.get(ModelGraph.RESPONSE);
      return Optional.ofNullable(all)
          .map(y -> new ResponseTerms(y, v -> graph.rowsOf(ModelGraph.RESPONSE, v, indices)));
    }
  }

  /** Raw columns, whose features are evaluated anew for every batch. */
  record PerBatch(ModelGraph graph, TrainingData data, Map<String, Value> inputs)
      implements RowSource {
    static PerBatch of(ModelGraph graph, TrainingData data) {
      return new PerBatch(graph, data, TrainingData.inputs(graph, "n"));
    }

    @Override
    public Map<String, Tensor> tensors() {
      return data.tensors(graph);
    }

    @Override
    public Batch rows(Optional<Value> indices) {
      Map<String, Value> rows = new LinkedHashMap<>();
      inputs.forEach(
          (name, value) -> rows.put(name, indices.map(i -> Ops.gather(value, i, 0)).orElse(value)));
      return TrainingData.batch(graph, rows, data.isWeighted());
    }
  }

  /** Terms of the responses of all rows, where these are at hand as a part of their own. */
  default Optional<ResponseTerms> terms(Value indices) {
    return Optional.empty();
  }

  /** The value names in order, for messages. */
  default List<String> names() {
    return List.copyOf(inputs().keySet());
  }
}
