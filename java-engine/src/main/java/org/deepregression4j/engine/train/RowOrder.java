package org.deepregression4j.engine.train;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.deepregression4j.onnx.runtime.Tensor;

/** The order in which an epoch visits the rows. Mutable: every epoch draws on from the last. */
final class RowOrder {
  private final long[] rows;
  private final int batchSize;
  private final SplittableRandom random;

  RowOrder(long n, int batchSize, long seed) {
    this.rows = new long[(int) n];
    this.batchSize = (int) Math.min(n, batchSize);
    this.random = new SplittableRandom(seed);
    for (int i = 0; i < n; i++) {
      rows[i] = i;
    }
  }

  /** Draws a new order (Fisher and Yates). */
  void shuffle() {
    for (int i = rows.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      long swap = rows[i];
      rows[i] = rows[j];
      rows[j] = swap;
    }
  }

  /** Number of batches, the short last one included. */
  long batches() {
    return (rows.length + batchSize - 1L) / batchSize;
  }

  /** Rows in batch {@code b}. */
  int size(long b) {
    return (int) Math.min(batchSize, rows.length - b * batchSize);
  }

  /** How many of the next {@code wanted} batches from {@code b} on have the same size. */
  int run(long b, long wanted) {
    long full = rows.length / batchSize;
    return b >= full ? 1 : (int) Math.min(wanted, full - b);
  }

  /** The indices of {@code steps} batches of equal size from batch {@code b} on. */
  Tensor indices(long b, int steps) {
    int size = size(b);
    long[] part =
        Arrays.copyOfRange(rows, (int) (b * batchSize), (int) (b * batchSize) + steps * size);
    return Tensor.copyOf(part, steps, size);
  }
}
