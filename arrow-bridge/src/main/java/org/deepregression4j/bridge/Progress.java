package org.deepregression4j.bridge;

/**
 * How far a job is; an immutable snapshot. Counts are 0 and losses NaN where a job has none.
 *
 * @param epoch epochs finished
 * @param epochs epochs asked for
 * @param batch steps finished in this epoch
 * @param batches steps per epoch
 * @param loss last training loss
 * @param valLoss last validation loss
 * @param message what it is doing, may be empty
 */
public record Progress(
    int epoch, int epochs, long batch, long batches, double loss, double valLoss, String message) {
  /** Before anything is known. */
  public static final Progress NONE = new Progress(0, 0, 0, 0, Double.NaN, Double.NaN, "");

  /** A step of a job that only has a text to show. */
  public static Progress of(String message) {
    return new Progress(0, 0, 0, 0, Double.NaN, Double.NaN, message);
  }

  /** An epoch is finished; {@code valLoss} is NaN without validation data. */
  public static Progress ofEpoch(int epoch, int epochs, double loss, double valLoss) {
    return new Progress(epoch, epochs, 0, 0, loss, valLoss, "");
  }
}
