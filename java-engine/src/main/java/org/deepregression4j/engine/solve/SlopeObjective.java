package org.deepregression4j.engine.solve;

import org.deepregression4j.engine.model.TrainingData;

/** The smooth objective with gradients only; nothing of it has size (k, k). */
final class SlopeObjective {
  /** Curvature that is taken for granted, as a part of the mean over all unknowns. */
  private static final double LEAST_CURVATURE = 1e-8;

  private final Unknowns unknowns;
  private final Likelihood likelihood;
  private final QuadraticPenalty penalty;
  private final double[] start;
  private final double rows;

  /** Objective and its gradient at one place. */
  record Place(double[] w, double value, double[] gradient) {
    boolean isFinite() {
      double sum = value;
      for (double g : gradient) {
        sum += g;
      }
      return Double.isFinite(sum);
    }
  }

  /**
   * The objective of a likelihood.
   *
   * @param start a trained vector with the weights that are not unknown
   */
  SlopeObjective(
      Unknowns unknowns,
      Likelihood likelihood,
      QuadraticPenalty penalty,
      double[] start,
      TrainingData data) {
    this.unknowns = unknowns;
    this.likelihood = likelihood;
    this.penalty = penalty;
    this.start = start.clone();
    this.rows = data.rows();
  }

  /** Value and gradient; one pass over the data. */
  Place at(double[] w) {
    Sums sums = likelihood.sums(unknowns.put(w, start), DerivativeGraph.Level.GRADIENT);
    double[] gradient = mean(sums.gradient);
    penalty.addGradient(w, gradient);
    return new Place(w, sums.value / rows + penalty.value(w), gradient);
  }

  /** Sizes of the second derivatives by each unknown, positive; one pass over the data. */
  double[] curvature(double[] w) {
    double[] out = mean(likelihood.diagonal(unknowns.put(w, start)));
    double sum = 0;
    for (int i = 0; i < out.length; i++) {
      out[i] = Double.isFinite(out[i]) ? Math.abs(out[i]) : 0;
    }
    penalty.addDiagonal(out);
    for (double h : out) {
      sum += h;
    }
    double least = sum > 0 ? LEAST_CURVATURE * sum / out.length : 1;
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.max(out[i], least);
    }
    return out;
  }

  private double[] mean(double[] summed) {
    double[] out = unknowns.take(summed);
    for (int i = 0; i < out.length; i++) {
      out[i] /= rows;
    }
    return out;
  }
}
