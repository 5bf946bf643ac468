package org.deepregression4j.engine.train;

/** Watches a training run and may end it. Called on the thread that trains, some times a second. */
public interface TrainingListener {
  /** Watches nothing. */
  TrainingListener NONE = progress -> true;

  /**
   * Called after a part of an epoch.
   *
   * @return false to stop; the weights stay as they are now
   */
  boolean goesOn(Progress progress);

  /**
   * How far training is.
   *
   * @param epoch 1-based
   * @param epochs in all
   * @param batch batches done in this epoch
   * @param batches in an epoch
   * @param loss mean over the batches of this epoch so far
   * @param validationLoss of the last finished epoch; NaN when there is none
   */
  record Progress(
      int epoch, int epochs, long batch, long batches, double loss, double validationLoss) {}
}
