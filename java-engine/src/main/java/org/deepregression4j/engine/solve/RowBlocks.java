package org.deepregression4j.engine.solve;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.Tensor;

/** Where a pass over the data takes blocks of rows from: features made before, or raw columns. */
interface RowBlocks {
  /** The graph inputs that hold a block. */
  Map<String, Value> inputs();

  /** Features, response and weight of the block: (n, trainingWidth). */
  Value matrix();

  /** Number of blocks. */
  int count();

  /** The tensors of one block. */
  Map<String, Tensor> block(int index);

  /** Features in memory when they fit the budget, otherwise evaluated in every pass. */
  static RowBlocks of(ModelGraph model, TrainingData data, int rows, long budget) {
    long bytes = data.rows() * model.trainingWidth() * model.definition().precision().bytes();
    return bytes <= budget ? Evaluated.of(model, data, rows) : PerPass.of(model, data, rows);
  }

  /** Features that were evaluated once, in chunks below the limit of a direct buffer. */
  record Evaluated(Value matrix, List<Tensor> blocks) implements RowBlocks {
    private static final long CHUNK_BYTES = 1L << 28;

    static Evaluated of(ModelGraph model, TrainingData data, int rows) {
      long width = model.trainingWidth() * (long) model.definition().precision().bytes();
      long chunk = Math.max(1, CHUNK_BYTES / width / rows) * rows;
      List<Tensor> blocks = new ArrayList<>();
      for (long from = 0; from < data.rows(); from += chunk) {
        long to = Math.min(data.rows(), from + chunk);
        Tensor part = data.asRows(from, to).evaluate(model);
        for (long at = 0; at < to - from; at += rows) {
          blocks.add(part.asRows(at, Math.min(to - from, at + rows)));
        }
      }
      Shape shape = Shape.rows("n", model.trainingWidth());
      return new Evaluated(Ops.input("data", model.definition().precision(), shape), blocks);
    }

    @Override
    public Map<String, Value> inputs() {
      return Map.of("data", matrix);
    }

    @Override
    public int count() {
      return blocks.size();
    }

    @Override
    public Map<String, Tensor> block(int index) {
      return Map.of("data", blocks.get(index));
    }
  }

  /** Raw columns, whose features are evaluated anew in every pass. */
  record PerPass(
      ModelGraph model, TrainingData data, int rows, Map<String, Value> inputs, Value matrix)
      implements RowBlocks {
    static PerPass of(ModelGraph model, TrainingData data, int rows) {
      Map<String, Value> inputs = TrainingData.inputs(model, "n");
      return new PerPass(model, data, rows, inputs, TrainingData.matrix(model, inputs));
    }

    @Override
    public int count() {
      return (int) ((data.rows() + rows - 1) / rows);
    }

    @Override
    public Map<String, Tensor> block(int index) {
      long from = (long) index * rows;
      return data.asRows(from, Math.min(data.rows(), from + rows)).tensors(model);
    }
  }
}
