package org.deepregression4j.engine.train;

import java.util.Optional;

/**
 * How a model is trained. Immutable; every default of training stands here and nowhere else.
 *
 * @param epochs passes over the data, at least 1
 * @param batchSize rows per step, at least 1
 * @param validationSplit share of the rows, the last ones, kept for validation, in [0, 1)
 * @param earlyStopping whether to stop when the metric no longer falls, keeping the best weights
 * @param metric {@code val_loss} or {@code loss}
 * @param patience epochs without improvement before early stopping stops
 * @param shuffle whether rows are drawn in a new order in every epoch
 * @param seed of the order of rows and of dropout
 * @param optimizer how gradients change the weights
 * @param memoryBudget bytes that the design matrices may take; above it they are evaluated per
 *     batch
 * @param device cpu, cuda:N or auto
 * @param savesWeights whether the history keeps the weights after each epoch
 * @param isPlain true for gradient descent alone, from the weights as they are; otherwise
 *     structured terms are solved exactly, before the training of networks or instead of any. By
 *     custom true when an optimiser is asked for
 */
public record FitOptions(
    int epochs,
    int batchSize,
    double validationSplit,
    boolean earlyStopping,
    String metric,
    int patience,
    boolean shuffle,
    long seed,
    Optimizer optimizer,
    long memoryBudget,
    String device,
    boolean savesWeights,
    boolean isPlain) {
  /** The defaults of {@code deepregression::fit} and Keras. */
  public static final FitOptions DEFAULT =
      new FitOptions(
          10,
          32,
          .1,
          false,
          "val_loss",
          20,
          true,
          1982,
          new Optimizer.Adam(),
          1L << 31,
          "cpu",
          false,
          false);

  /** Checks the domains. */
  public FitOptions {
    require(epochs >= 1, "epochs: expected at least 1, got " + epochs);
    require(batchSize >= 1, "batch_size: expected at least 1, got " + batchSize);
    require(
        validationSplit >= 0 && validationSplit < 1,
        "validation_split: expected a share in [0, 1), got " + validationSplit);
    require(patience >= 0, "patience: expected at least 0, got " + patience);
    require(memoryBudget > 0, "memory_budget_mb: expected more than 0, got " + memoryBudget);
    require(
        metric.equals("val_loss") || metric.equals("loss"),
        "early_stopping_metric: expected 'val_loss' or 'loss', got '" + metric + "'");
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /** These options with some replaced; what is empty stays. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects options by name; mutable, for one thread. */
  public static final class Builder {
    private Optional<Integer> epochs = Optional.empty();
    private Optional<Integer> batchSize = Optional.empty();
    private Optional<Double> validationSplit = Optional.empty();
    private Optional<Boolean> earlyStopping = Optional.empty();
    private Optional<String> metric = Optional.empty();
    private Optional<Integer> patience = Optional.empty();
    private Optional<Boolean> shuffle = Optional.empty();
    private Optional<Long> seed = Optional.empty();
    private Optional<Optimizer> optimizer = Optional.empty();
    private Optional<Long> memoryBudget = Optional.empty();
    private Optional<String> device = Optional.empty();
    private Optional<Boolean> savesWeights = Optional.empty();
    private Optional<Boolean> isPlain = Optional.empty();

    private Builder() {}

    /** Passes over the data. */
    public Builder epochs(int value) {
      epochs = Optional.of(value);
      return this;
    }

    /** Rows per step. */
    public Builder batchSize(int value) {
      batchSize = Optional.of(value);
      return this;
    }

    /** Share of the last rows kept for validation. */
    public Builder validationSplit(double value) {
      validationSplit = Optional.of(value);
      return this;
    }

    /** Whether to stop early. */
    public Builder earlyStopping(boolean value) {
      earlyStopping = Optional.of(value);
      return this;
    }

    /** What early stopping watches. */
    public Builder metric(String value) {
      metric = Optional.of(value);
      return this;
    }

    /** Epochs without improvement. */
    public Builder patience(int value) {
      patience = Optional.of(value);
      return this;
    }

    /** Whether rows are shuffled. */
    public Builder shuffle(boolean value) {
      shuffle = Optional.of(value);
      return this;
    }

    /** Seed of the order of rows and of dropout. */
    public Builder seed(long value) {
      seed = Optional.of(value);
      return this;
    }

    /** The optimiser. */
    public Builder optimizer(Optimizer value) {
      optimizer = Optional.of(value);
      return this;
    }

    /** Bytes for design matrices. */
    public Builder memoryBudget(long value) {
      memoryBudget = Optional.of(value);
      return this;
    }

    /** Where to train. */
    public Builder device(String value) {
      device = Optional.of(value);
      return this;
    }

    /** Whether to keep the weights of every epoch. */
    public Builder savesWeights(boolean value) {
      savesWeights = Optional.of(value);
      return this;
    }

    /** Whether to train by gradient descent alone. */
    public Builder plain(boolean value) {
      isPlain = Optional.of(value);
      return this;
    }

    /** The options; missing ones are the defaults. */
    public FitOptions build() {
      return new FitOptions(
          epochs.orElse(DEFAULT.epochs),
          batchSize.orElse(DEFAULT.batchSize),
          validationSplit.orElse(DEFAULT.validationSplit),
          earlyStopping.orElse(DEFAULT.earlyStopping),
          metric.orElse(DEFAULT.metric),
          patience.orElse(DEFAULT.patience),
          shuffle.orElse(DEFAULT.shuffle),
          seed.orElse(DEFAULT.seed),
          optimizer.orElse(DEFAULT.optimizer),
          memoryBudget.orElse(DEFAULT.memoryBudget),
          device.orElse(DEFAULT.device),
          savesWeights.orElse(DEFAULT.savesWeights),
          isPlain.orElse(optimizer.isPresent()));
    }
  }
}
