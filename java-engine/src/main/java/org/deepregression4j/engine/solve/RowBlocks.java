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

  /** Number of rows n. */
  long rows();

  /** Number of blocks. */
  int count();

  /** The tensors of one block. */
  Map<String, Tensor> block(int index);

  /** Bytes of features that are always small enough to be kept. */
  long SMALL = 1L << 28;

  /** Features in memory when they fit the budget, otherwise evaluated in every pass. */
  static RowBlocks of(ModelGraph model, TrainingData data, long budget) {
    int rows = TrainingData.rowsAtOnce(model);
    long bytes = data.rows() * model.featureWidth() * model.definition().precision().bytes();
    long allowed = budget > 0 ? budget : Math.max(SMALL, data.bytes());
    return bytes <= allowed ? Evaluated.of(model, data, rows) : PerPass.of(model, data, rows);
  }

  /** Features that were evaluated once, in chunks below the limit of a direct buffer. */
  record Evaluated(
      long rows, Map<String, Value> inputs, Batch batch, List<Map<String, Tensor>> blocks)
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
      return new Evaluated(data.rows(), inputs, model.batchOf(inputs), blocks);
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
      int perBlock,
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
    public long rows() {
      return data.rows();
    }

    @Override
    public int count() {
      return (int) ((data.rows() + perBlock - 1) / perBlock);
    }

    @Override
    public Map<String, Tensor> block(int index) {
      long from = (long) index * perBlock;
      TrainingData block = data.asRows(from, Math.min(data.rows(), from + perBlock));
      return block.tensors(model, isWeighted);
    }
  }

  /** The first rows of some blocks of others. */
  record Part(RowBlocks whole, int every, int perBlock, long rows) implements RowBlocks {
    /** Few enough for many places, enough for one run of a graph. */
    private static final int PER_BLOCK = 1024;

    static Part of(RowBlocks whole, long rows) {
      long wished = Math.max(1, rows / PER_BLOCK);
      int every = (int) Math.max(1, whole.count() / wished);
      Part part = new Part(whole, every, PER_BLOCK, 0);
      long found = 0;
      for (int i = 0; i < part.count(); i++) {
        found += rowsOf(part.block(i));
      }
      return new Part(whole, every, PER_BLOCK, found);
    }

    private static long rowsOf(Map<String, Tensor> block) {
      return block.values().stream().mapToLong(t -> t.sizes()[0]).findFirst().orElse(0);
    }

    @Override
    public Map<String, Value> inputs() {
      return whole.inputs();
    }

    @Override
    public Batch batch() {
      return whole.batch();
    }

    @Override
    public int count() {
      return (whole.count() + every - 1) / every;
    }

    @Override
    public Map<String, Tensor> block(int index) {
      Map<String, Tensor> block = whole.block(index * every);
      long end = Math.min(perBlock, rowsOf(block));
      Map<String, Tensor> out = new LinkedHashMap<>();
      block.forEach((name, tensor) -> out.put(name, tensor.asRows(0, end)));
      return out;
    }
  }
}
