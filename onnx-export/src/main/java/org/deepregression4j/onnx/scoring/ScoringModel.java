package org.deepregression4j.onnx.scoring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.RuntimeFailure;
import org.deepregression4j.onnx.scoring.ScoringException.Code;

/**
 * An exported model, ready to score raw columns from any number of threads at once. The caller
 * closes it; closing waits for the scoring under way.
 *
 * <pre>{@code
 * try (ScoringModel model = ScoringModel.load(Path.of("house.onnx"))) {
 *   Scores scores = model.score(Map.of("age", 0.3, "stories", "one"));
 *   double loc = scores.parameter("loc")[0];
 * }
 * }</pre>
 *
 * <p>NaN in a double or matrix column is allowed and gives NaN predictions for its row. Columns
 * that the model does not use are passed over, so that whole records can be scored.
 */
public final class ScoringModel implements AutoCloseable {
  // Large enough that a run's fixed cost vanishes, small enough that a block stays in the cache.
  private static final int BLOCK_ROWS = 4096;
  private static final int BLOCK_VALUES = 1 << 22;

  private final OnnxSession session;
  private final ModelSignature signature;
  private final int blockRows;
  private final List<Block.Output> outputs;
  private final int responseWidth;
  private final Queue<Block> singles = new ConcurrentLinkedQueue<>();
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean isClosed;

  private ScoringModel(OnnxSession session, ModelSignature signature) {
    this.session = session;
    this.signature = signature;
    long width = signature.columns().stream().mapToLong(Column::width).sum();
    this.blockRows = (int) Math.max(1, Math.min(BLOCK_ROWS, BLOCK_VALUES / Math.max(1, width)));
    Block first = Block.ofScores(session, signature, 1);
    this.outputs = first.outputs();
    this.responseWidth = first.responseWidth();
    this.singles.add(first);
    if (responseWidth > 0) {
      Block.ofDensities(session, signature, 1).close();
    }
  }

  /**
   * Loads a file.
   *
   * @throws ScoringException when it cannot be read, is damaged, or was not written by this project
   */
  public static ScoringModel load(Path file) {
    try {
      return load(Files.readAllBytes(file), "'" + file + "'");
    } catch (IOException e) {
      throw new ScoringException(Code.UNREADABLE_FILE, "the file '" + file + "' cannot be read", e);
    }
  }

  /**
   * Loads a model from its bytes.
   *
   * @throws ScoringException when they are damaged or were not written by this project
   */
  public static ScoringModel load(byte[] bytes) {
    return load(bytes, "the bytes given");
  }

  private static ScoringModel load(byte[] bytes, String source) {
    OnnxSession session;
    try {
      session = OnnxSession.open(bytes);
    } catch (RuntimeFailure e) {
      throw new ScoringException(Code.NOT_A_MODEL, source + " (" + bytes.length + " bytes)", e);
    }
    try {
      return new ScoringModel(session, ModelSignature.of(session.metadata()));
    } catch (ScoringException e) {
      session.close();
      throw new ScoringException(e, source + ": ");
    } catch (RuntimeFailure e) {
      session.close();
      throw new ScoringException(
          Code.FOREIGN_MODEL, source + ": the graph is not what its signature says", e);
    }
  }

  /** Columns of an output; 0 when scores have none of that name. */
  int width(String output) {
    return outputs.stream()
        .filter(o -> o.name().equals(output))
        .mapToInt(Block.Output::width)
        .sum();
  }

  /** What the model reads and gives. */
  public ModelSignature signature() {
    return signature;
  }

  /**
   * Scores rows, in blocks, so that the memory beyond the result does not grow with them.
   *
   * @throws ScoringException when a column is missing or does not fit; names the column
   */
  public Scores score(Rows rows) {
    Scores scores = new Scores(signature, outputs, rows.size());
    if (signature.columns().isEmpty() && rows.size() > 0) {
      onOneRow(scores, block -> block.score(rows, 0, 1));
      scores.repeatFirst();
    } else if (rows.size() == 1) {
      onOneRow(scores, block -> block.score(rows, 0, 1));
    } else {
      inBlocks(
          capacity -> Block.ofScores(session, signature, capacity),
          rows,
          (block, from, to) -> {
            block.score(rows, from, to);
            scores.take(block, from, to);
          });
    }
    return scores;
  }

  /**
   * Scores one row, given as a value per column: any {@code Number} for a double column; {@code
   * Integer}, {@code Short}, {@code Byte} or a {@code Long} in range for an integer one; {@code
   * Boolean}; {@code String} for a factor; {@code double[]} for a matrix.
   *
   * @return scores of size 1
   * @throws ScoringException when a column is missing or does not fit; names the column
   */
  public Scores score(Map<String, ?> row) {
    Scores scores = new Scores(signature, outputs, 1);
    onOneRow(scores, block -> block.score(row));
    return scores;
  }

  /**
   * Log-densities of the rows' responses (n): −∞ outside the support of the family, NaN for NaN.
   *
   * @param response m values per row, row-major (n, m)
   * @throws ScoringException when the model was exported without them, there are not m values per
   *     row, or a column does not fit
   */
  public double[] logDensity(Rows rows, double[] response) {
    if (responseWidth == 0) {
      throw new ScoringException(
          Code.UNKNOWN_OUTPUT,
          "",
          "the model was exported without the output '"
              + ModelSignature.LOG_DENSITY
              + "', it has "
              + signature.outputs());
    }
    if (response.length != rows.size() * responseWidth) {
      throw new ScoringException(
          Code.WRONG_LENGTH,
          "",
          "response: expected "
              + rows.size()
              + " rows of "
              + responseWidth
              + " values, got "
              + response.length
              + " values");
    }
    double[] out = new double[rows.size()];
    inBlocks(
        capacity -> Block.ofDensities(session, signature, capacity),
        rows,
        (block, from, to) -> {
          block.setResponse(response, from, to);
          block.score(rows, from, to);
          block.outputs().get(0).values().get(0, out, from, to - from);
        });
    return out;
  }

  private void onOneRow(Scores scores, Consumer<Block> run) {
    Lock reading = open();
    try {
      Block known = singles.poll();
      Block block = known != null ? known : Block.ofScores(session, signature, 1);
      try {
        run.accept(block);
        scores.take(block, 0, 1);
      } finally {
        singles.add(block);
      }
    } catch (RuntimeFailure e) {
      throw new ScoringException(Code.RUNTIME, "scoring one row", e);
    } finally {
      reading.unlock();
    }
  }

  private interface Run {
    void on(Block block, int from, int to);
  }

  private void inBlocks(IntFunction<Block> memory, Rows rows, Run run) {
    int n = rows.size();
    Lock reading = open();
    try (Block block = memory.apply(Math.max(1, Math.min(blockRows, n)))) {
      block.check(rows);
      for (int from = 0; from < n; from += block.capacity()) {
        run.on(block, from, Math.min(n, from + block.capacity()));
      }
    } catch (RuntimeFailure e) {
      throw new ScoringException(Code.RUNTIME, "scoring " + n + " rows", e);
    } finally {
      reading.unlock();
    }
  }

  private Lock open() {
    Lock reading = lock.readLock();
    reading.lock();
    if (isClosed) {
      reading.unlock();
      throw new ScoringException(Code.CLOSED, "", "the model was closed");
    }
    return reading;
  }

  /** Waits for the scoring under way, then frees the model. A second call does nothing. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (!isClosed) {
        isClosed = true;
        singles.forEach(Block::close);
        session.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
