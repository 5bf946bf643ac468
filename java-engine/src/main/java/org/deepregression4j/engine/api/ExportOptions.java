package org.deepregression4j.engine.api;

import java.util.HashSet;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * What an exported model gives beside parameters, mean and standard deviation. Immutable.
 *
 * @param quantiles levels of quantiles, each in (0, 1); empty for none
 * @param logDensity whether it gives log p of a response, which is then one more input
 * @param linearPredictors whether it gives the predictors before their inverse links
 */
public record ExportOptions(List<Double> quantiles, boolean logDensity, boolean linearPredictors) {
  /** Nothing more. */
  public static final ExportOptions NONE = new ExportOptions(List.of(), false, false);

  /**
   * Copies the levels and checks them.
   *
   * @throws IllegalArgumentException naming the level that is not in (0, 1) or comes twice
   */
  public ExportOptions {
    quantiles = List.copyOf(quantiles);
    for (double level : quantiles) {
      if (!(level > 0 && level < 1)) {
        throw new IllegalArgumentException(
            "quantiles: expected levels between 0 and 1, got " + level);
      }
    }
    if (new HashSet<>(quantiles).size() != quantiles.size()) {
      throw new IllegalArgumentException("quantiles: a level twice among " + quantiles);
    }
  }

  /** These options with quantiles of other levels. */
  public ExportOptions withQuantiles(double... levels) {
    return new ExportOptions(
        DoubleStream.of(levels).boxed().toList(), logDensity, linearPredictors);
  }

  /** These options with the log-density. */
  public ExportOptions withLogDensity() {
    return new ExportOptions(quantiles, true, linearPredictors);
  }

  /** These options with the linear predictors. */
  public ExportOptions withLinearPredictors() {
    return new ExportOptions(quantiles, logDensity, true);
  }
}
