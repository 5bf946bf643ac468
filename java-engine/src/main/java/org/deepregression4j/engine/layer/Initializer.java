package org.deepregression4j.engine.layer;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.deepregression4j.onnx.graph.Shape;

/**
 * How a weight starts. Draws depend on the model's seed and the weight's name alone, so that a
 * model gains or loses other weights without a change in this one.
 *
 * <p>Source: Keras 2; Glorot and Bengio (2010), He et al. (2015). The normal forms are truncated at
 * two standard deviations and rescaled, as there.
 */
public interface Initializer {
  /** Fills a weight of the given fixed shape, row-major; fan-in is the last dimension but one. */
  double[] draw(Shape shape, SplittableRandom random);

  /** U(-l, l) with l² = 6 / (fan in + fan out). */
  Initializer GLOROT_UNIFORM = scaled(1, true, false);

  /** Truncated normal with variance 2 / (fan in + fan out). */
  Initializer GLOROT_NORMAL = scaled(1, true, true);

  /** U(-l, l) with l² = 6 / fan in. */
  Initializer HE_UNIFORM = scaled(2, false, false);

  /** Truncated normal with variance 2 / fan in. */
  Initializer HE_NORMAL = scaled(2, false, true);

  /** All zero. */
  Initializer ZEROS = constant(0);

  /** All one. */
  Initializer ONES = constant(1);

  /** All the same. */
  static Initializer constant(double value) {
    return (shape, random) -> fill(shape, () -> value);
  }

  /** Given values, row-major. */
  static Initializer values(double[] rowMajor) {
    double[] copy = rowMajor.clone();
    return (shape, random) -> {
      if (copy.length != shape.size()) {
        throw new IllegalArgumentException(
            "initial values: expected "
                + shape.size()
                + " for shape "
                + shape
                + ", got "
                + copy.length);
      }
      return copy.clone();
    };
  }

  /**
   * Normal, not truncated.
   *
   * @throws IllegalArgumentException unless stddev is at least 0
   */
  static Initializer normal(double mean, double stddev) {
    if (!(stddev >= 0)) {
      throw new IllegalArgumentException("random_normal: expected stddev >= 0, got " + stddev);
    }
    return (shape, random) -> fill(shape, () -> mean + stddev * random.nextGaussian());
  }

  /**
   * Uniform on [low, high).
   *
   * @throws IllegalArgumentException unless low is at most high
   */
  static Initializer uniform(double low, double high) {
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          "random_uniform: expected minval <= maxval, got " + low + " and " + high);
    }
    return (shape, random) -> fill(shape, () -> low + (high - low) * random.nextDouble());
  }

  /** This initializer with a seed of its own, whatever the model's. */
  default Initializer withSeed(long seed) {
    return (shape, random) -> draw(shape, new SplittableRandom(seed));
  }

  private static Initializer scaled(double scale, boolean isAverage, boolean isNormal) {
    return (shape, random) -> {
      double fanOut = shape.rank() == 0 ? 1 : shape.dim(-1).size();
      double fanIn = shape.rank() < 2 ? fanOut : shape.dim(-2).size();
      double variance = scale / Math.max(1, isAverage ? (fanIn + fanOut) / 2 : fanIn);
      if (!isNormal) {
        double limit = Math.sqrt(3 * variance);
        return fill(shape, () -> limit * (2 * random.nextDouble() - 1));
      }
      // .8796 is the standard deviation of a standard normal truncated at ±2.
      double stddev = Math.sqrt(variance) / .87962566103423978;
      return fill(shape, () -> stddev * truncated(random));
    };
  }

  private static double truncated(SplittableRandom random) {
    double z = random.nextGaussian();
    while (Math.abs(z) > 2) {
      z = random.nextGaussian();
    }
    return z;
  }

  private static double[] fill(Shape shape, DoubleSupplier next) {
    double[] out = new double[(int) shape.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = next.getAsDouble();
    }
    return out;
  }
}
