package org.deepregression4j.engine.family;

import java.util.Arrays;
import java.util.PrimitiveIterator;
import java.util.stream.DoubleStream;

/**
 * Weighted moments of a response, from which families take starting values.
 *
 * @param mean the mean
 * @param variance the variance, with divisor Σw
 * @param skewness the third central moment in units of the standard deviation; 0 without spread
 * @param logMean the mean of log y over the positive responses; 0 when there is none
 * @param logVariance the variance of log y over the positive responses
 * @param zeros the weighted share of zeros
 * @param min the smallest response
 * @param max the largest response
 */
public record Moments(
    double mean,
    double variance,
    double skewness,
    double logMean,
    double logVariance,
    double zeros,
    double min,
    double max) {

  /**
   * Moments of responses with weights.
   *
   * @param y n responses
   * @param weights n weights, or none for equal weights
   * @throws FamilyException when there are no responses, or not one weight for each
   */
  public static Moments of(double[] y, double... weights) {
    if (y.length == 0 || (weights.length != 0 && weights.length != y.length)) {
      throw new FamilyException(
          "expected responses and no weights or one each, got "
              + y.length
              + " responses and "
              + weights.length
              + " weights");
    }
    DoubleStream equal = DoubleStream.generate(() -> 1);
    return of(Arrays.stream(y), weights.length == 0 ? equal : Arrays.stream(weights));
  }

  /**
   * Moments in one sweep.
   *
   * @param y at least one response
   * @param weights one for each, or more
   */
  public static Moments of(DoubleStream y, DoubleStream weights) {
    double zeros = 0;
    double total = 0;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    Running plain = new Running();
    Running logs = new Running();
    PrimitiveIterator.OfDouble values = y.iterator();
    PrimitiveIterator.OfDouble weight = weights.iterator();
    while (values.hasNext()) {
      double value = values.nextDouble();
      double w = weight.nextDouble();
      plain.add(value, w);
      if (value > 0) {
        logs.add(Math.log(value), w);
      }
      total += w;
      zeros += value == 0 ? w : 0;
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    return new Moments(
        plain.mean,
        plain.variance(),
        plain.skewness(),
        logs.mean,
        logs.variance(),
        zeros / total,
        min,
        max);
  }

  /** These moments with the mean moved by so many standard deviations, log y likewise. */
  Moments shifted(double deviations) {
    double logMoved = logMean + deviations * Math.sqrt(logVariance);
    double moved = min > 0 ? mean * Math.exp(logMoved - logMean) : mean + deviations * stddev();
    return new Moments(moved, variance, skewness, logMoved, logVariance, zeros, min, max);
  }

  /** The standard deviation. */
  public double stddev() {
    return Math.sqrt(variance);
  }

  /**
   * Mutable: mean and sum of squares, and of cubes, updated by one response at a time (Pébay 2008).
   */
  private static final class Running {
    private double total;
    private double mean;
    private double squares;
    private double cubes;

    void add(double value, double weight) {
      if (weight > 0) {
        double before = total;
        total += weight;
        double delta = value - mean;
        double step = delta * weight / total;
        cubes += step * (delta * delta * before * (before - weight) / total - 3 * squares);
        mean += step;
        squares += weight * delta * (value - mean);
      }
    }

    double variance() {
      return total > 0 ? squares / total : 0;
    }

    double skewness() {
      return squares > 0 ? cubes / total / Math.pow(squares / total, 1.5) : 0;
    }
  }
}
