package org.deepregression4j.engine.model;

import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;

/**
 * How much each of n rows counts, at least 0. Rows that all count as one take no memory. Borrows
 * the tensor it was made of.
 */
public final class RowWeights {
  private final long rows;
  private final Optional<Tensor> given;

  private RowWeights(long rows, Optional<Tensor> given) {
    this.rows = rows;
    this.given = given;
  }

  /** Rows that all count as one. */
  public static RowWeights equal(long rows) {
    return new RowWeights(rows, Optional.empty());
  }

  /**
   * Given weights.
   *
   * @param weights FLOAT64 (n, 1)
   * @throws IllegalArgumentException when they have another shape
   */
  public static RowWeights of(Tensor weights) {
    long[] sizes = weights.sizes();
    if (sizes.length != 2 || sizes[1] != 1) {
      throw new IllegalArgumentException(
          "weights: expected 1 column, got shape " + Arrays.toString(sizes));
    }
    return new RowWeights(sizes[0], Optional.of(weights));
  }

  /** Number of rows n. */
  public long rows() {
    return rows;
  }

  /** Rows {@code from} (included) to {@code to} (excluded), sharing memory. */
  public RowWeights asRows(long from, long to) {
    return new RowWeights(to - from, given.map(t -> t.asRows(from, to)));
  }

  /** FLOAT64 (n, 1); new memory where none were given. */
  public Tensor tensor() {
    return given.orElseGet(
        () -> {
          Tensor ones = Tensor.allocate(ElementType.FLOAT64, rows, 1);
          DoubleBuffer values = ones.buffer().asDoubleBuffer();
          while (values.hasRemaining()) {
            values.put(1);
          }
          return ones;
        });
  }

  /** The weights in the order of the rows. */
  public DoubleStream stream() {
    if (given.isEmpty()) {
      return DoubleStream.generate(() -> 1).limit(rows);
    }
    DoubleBuffer values = given.get().buffer().asDoubleBuffer();
    return IntStream.range(0, (int) rows).mapToDouble(values::get);
  }

  /** True when all are one. */
  public boolean areOnes() {
    return given.isEmpty() || stream().allMatch(w -> w == 1);
  }

  /** True when a row does not count. */
  public boolean haveZeros() {
    return given.isPresent() && stream().anyMatch(w -> w == 0);
  }

  /** Number of rows that count. */
  public long positive() {
    return given.isEmpty() ? rows : stream().filter(w -> w > 0).count();
  }

  /** Σ wᵢ. */
  public double sum() {
    return given.isEmpty() ? rows : stream().sum();
  }

  /**
   * Refuses what is no weight.
   *
   * @throws IllegalArgumentException naming the first row whose weight is negative or not finite
   */
  public void requireValid() {
    if (given.isEmpty()) {
      return;
    }
    DoubleBuffer values = given.get().buffer().asDoubleBuffer();
    for (int i = 0; i < rows; i++) {
      double w = values.get(i);
      if (!(w >= 0 && w < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "weights: expected numbers of at least 0, got " + w + " in row " + (i + 1));
      }
    }
  }
}
