package org.deepregression4j.engine.solve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.engine.model.Batch;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.Tensor;

/** Where a pass over the data takes blocks of rows from: features made before, or raw columns. */
interface RowBlocks {
  /** The graph inputs that hold a block. */
  Map<String, Value> inputs();

  /** The rows of a block, with weights where these differ. */
  Batch batch();

  /** Number of blocks. */
  int count();

  /** The tensors of one block. */
  Map<String, Tensor> block(int index);

  /** Features in memory when they fit the budget, otherwise evaluated in every pass. */
  static RowBlocks of(ModelGraph model, TrainingData data, int rows, long budget) {
    long bytes = data.rows() * model.featureWidth() * model.definition().precision().bytes();
    return bytes <= budget ? Evaluated.of(model, data, rows) : PerPass.of(model, data, rows);
  }

  /** Features that were evaluated once, in chunks below the limit of a direct buffer. */
  record Evaluated(Map<String, Value> inputs, Batch batch, List<Map<String, Tensor>> blocks)
      implements RowBlocks {
    private static final long CHUNK_BYTES = 1L << 28;

    static Evaluated of(ModelGraph model, TrainingData data, int rows) {
      boolean isWeighted = data.isWeighted();
      long width =
          Math.max(1, model.featureWidth()) * (long) model.definition().precision().bytes();
      long chunk = Math.max(1, CHUNK_BYTES / width / rows) * rows;
      List<Map<String, Tensor>> blocks = new ArrayList<>();
      for (long from = 0; from < data.rows(); from += chunk) {
        long to = Math.min(data.rows(), from + chunk);
        Map<String, Tensor> parts = data.asRows(from, to).standingParts(model, isWeighted);
        for (long at = 0; at < to - from; at += rows) {
          long start = at;
          long end = Math.min(to - from, at + rows);
          Map<String, Tensor> block = new LinkedHashMap<>();
          parts.forEach((name, tensor) -> block.put(name, tensor.asRows(start, end)));
          blocks.add(block);
        }
      }
      Map<String, Value> inputs = model.standingInputs(isWeighted, "n");
      return new Evaluated(inputs, model.batchOf(inputs), blocks);
    }

    @Override
    public int count() {
      return blocks.size();
    }

    @Override
    public Map<String, Tensor> block(int index) {
      return blocks.get(index);
    }
  }

  /** Raw columns, whose features are evaluated anew in every pass. */
  record PerPass(
      ModelGraph model,
      TrainingData data,
      int rows,
      boolean isWeighted,
      Map<String, Value> inputs,
      Batch batch)
      implements RowBlocks {
    static PerPass of(ModelGraph model, TrainingData data, int rows) {
      boolean isWeighted = data.isWeighted();
      Map<String, Value> inputs = TrainingData.inputs(model, "n", isWeighted);
      Batch batch = TrainingData.batch(model, inputs, isWeighted);
      return new PerPass(model, data, rows, isWeighted, inputs, batch);
    }

    @Override
    public int count() {
      return (int) ((data.rows() + rows - 1) / rows);
    }

    @Override
    public Map<String, Tensor> block(int index) {
      long from = (long) index * rows;
      TrainingData block = data.asRows(from, Math.min(data.rows(), from + rows));
      return block.tensors(model, isWeighted);
    }
  }
}
