package org.deepregression4j.engine.solve;

import java.util.Arrays;
import java.util.List;

/**
 * An exact fit. Immutable: arrays are copied.
 *
 * @param trained the model's trained vector with the solved coefficients
 * @param objective the penalised mean negative log-likelihood: at the start, and after each
 *     iteration
 * @param gradientNorm largest absolute slope of the objective at the end
 * @param distance to the optimum in standard errors, as the last step predicts it; without second
 *     derivatives a rough estimate
 * @param condition of the scaled second derivatives; an estimate, infinite when not identified; NaN
 *     where the fit used no second derivatives, of which notes then say nothing either
 * @param stop why it ended
 * @param smoothing the smoothing parameters, of all penalties in order
 * @param notes terms that are not identified or run away
 */
public record ExactFit(
    double[] trained,
    List<Double> objective,
    double gradientNorm,
    double distance,
    double condition,
    Stop stop,
    List<SmoothingParameter> smoothing,
    List<Note> notes) {
  /** Why a fit ended. */
  public enum Stop {
    /** At the optimum. */
    CONVERGED,
    /** The listener asked for it. */
    CANCELLED,
    /** After as many iterations as allowed. */
    LIMIT,
    /** No step improves the objective, but the slope is not zero. */
    STALLED,
    /** The likelihood has no maximum; a note says where. */
    UNBOUNDED
  }

  /**
   * A smoothing parameter, of all columns of a predictor.
   *
   * @param predictor index of the predictor
   * @param term name of the term
   * @param index which of the term's penalty matrices
   * @param lambda as in {@link org.deepregression4j.engine.term.Penalty}
   */
  public record SmoothingParameter(int predictor, String term, int index, double lambda) {}

  /** Copies arrays and lists. */
  public ExactFit {
    trained = trained.clone();
    objective = List.copyOf(objective);
    smoothing = List.copyOf(smoothing);
    notes = List.copyOf(notes);
  }

  @Override
  public double[] trained() {
    return trained.clone();
  }

  /** A fit that was cancelled before its first step. */
  static ExactFit cancelledAt(double[] start, List<SmoothingParameter> smoothing) {
    double unknown = Double.NaN;
    List<Double> objective = List.of(unknown);
    return new ExactFit(
        start, objective, unknown, unknown, unknown, Stop.CANCELLED, smoothing, List.of());
  }

  /** The same fit, if it was cancelled. */
  ExactFit cancelled() {
    return new ExactFit(
        trained, objective, gradientNorm, distance, condition, Stop.CANCELLED, smoothing, notes);
  }

  /** The same fit after another history, and with other notes. */
  ExactFit with(List<Double> history, List<SmoothingParameter> chosen, List<Note> other) {
    return new ExactFit(trained, history, gradientNorm, distance, condition, stop, chosen, other);
  }

  /** Newton steps that were taken. */
  public int iterations() {
    return objective.size() - 1;
  }

  /** True at an optimum. */
  public boolean isConverged() {
    return stop == Stop.CONVERGED;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ExactFit o
        && Arrays.equals(trained, o.trained)
        && objective.equals(o.objective)
        && stop == o.stop
        && smoothing.equals(o.smoothing)
        && notes.equals(o.notes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(trained);
  }
}
