package org.deepregression4j.engine.train;

import java.util.List;

/**
 * What a training run did.
 *
 * @param loss per finished epoch: mean over its batches, by their rows, of the batch loss,
 *     penalties included
 * @param validationLoss per finished epoch; empty without validation data
 * @param weights per finished epoch, when asked for, in the order of the model's entries and before
 *     orthogonalisation moves any
 * @param bestEpoch 1-based epoch whose weights were kept by early stopping; 0 when it did not act
 * @param stop why training ended
 * @param message for people: how far it came when it did not come to the end
 */
public record History(
    List<Double> loss,
    List<Double> validationLoss,
    List<double[]> weights,
    int bestEpoch,
    Stop stop,
    String message) {
  /** Why training ended. */
  public enum Stop {
    /** All epochs ran. */
    FINISHED,
    /** Early stopping. */
    EARLY,
    /** An exact fit ended before its optimum. */
    NOT_CONVERGED,
    /** The caller asked for it. */
    CANCELLED,
    /** The loss was no longer a number; the weights are the last that worked. */
    NOT_FINITE
  }

  /** This history with one more thing to say; "" says nothing. */
  public History with(String note) {
    String both = note.isEmpty() || message.isEmpty() ? note + message : note + "; " + message;
    return new History(loss, validationLoss, weights, bestEpoch, stop, both);
  }

  /** Copies the lists. */
  public History {
    loss = List.copyOf(loss);
    validationLoss = List.copyOf(validationLoss);
    weights = List.copyOf(weights);
  }
}
