package org.deepregression4j.engine.train;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.Tensor;

/** Where a program takes the rows of a batch from: features made before, or the raw columns. */
interface RowSource {
  /** The graph inputs that hold the data. */
  Map<String, Value> inputs();

  /** The tensors for these inputs. */
  Map<String, Tensor> tensors();

  /** Rows {@code indices} (b) as a matrix (b, trainingWidth); all rows when there are none. */
  Value rows(Optional<Value> indices);

  /** Features that were evaluated once: (n, trainingWidth). */
  record Evaluated(Value input, Tensor data) implements RowSource {
    static Evaluated of(ModelGraph graph, TrainingData data) {
      ElementType type = graph.definition().precision();
      Tensor matrix = data.evaluate(graph);
      Value input = Ops.input("data", type, Shape.rows("n", graph.trainingWidth()));
      return new Evaluated(input, matrix);
    }

    @Override
    public Map<String, Value> inputs() {
      return Map.of("data", input);
    }

    @Override
    public Map<String, Tensor> tensors() {
      return Map.of("data", data);
    }

    @Override
    public Value rows(Optional<Value> indices) {
      return indices.map(i -> Ops.gather(input, i, 0)).orElse(input);
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
    public Value rows(Optional<Value> indices) {
      Map<String, Value> rows = new LinkedHashMap<>();
      inputs.forEach(
          (name, value) -> rows.put(name, indices.map(i -> Ops.gather(value, i, 0)).orElse(value)));
      return TrainingData.matrix(graph, rows);
    }
  }
}
