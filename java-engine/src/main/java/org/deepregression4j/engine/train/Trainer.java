package org.deepregression4j.engine.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.model.WeightEntries;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Device;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;

/**
 * One training run. Mutable and for one thread; after {@link #run} the weights are read from {@link
 * #trained()} and {@link #state()}.
 */
public final class Trainer {
  /** Time that one call of the runtime should take, so that progress and cancelling stay prompt. */
  private static final double CALL_SECONDS = .05;

  private final ModelGraph model;
  private final FitOptions options;
  private final TrainingListener listener;
  private final ElementType type;
  private final List<Double> losses = new ArrayList<>();
  private final List<Double> validationLosses = new ArrayList<>();
  private final List<double[]> savedWeights = new ArrayList<>();
  private Map<String, Tensor> carried = new LinkedHashMap<>();
  private Map<String, Tensor> start = Map.of();
  private Map<String, Tensor> previous = Map.of();
  private Map<String, Tensor> best = new LinkedHashMap<>();
  private double bestLoss = Double.POSITIVE_INFINITY;
  private int bestEpoch;
  private long step;
  private long stepsPerCall = 16;

  /** A run that starts at the given weights. */
  public Trainer(
      ModelGraph model,
      FitOptions options,
      double[] trained,
      double[] state,
      TrainingListener listener) {
    this.model = model;
    this.options = options;
    this.listener = listener;
    this.type = model.definition().precision();
    carried.put("trained", Tensor.copyOf(type, trained, trained.length));
    carried.put("state", Tensor.copyOf(type, state, state.length));
    for (int i = 0; i < options.optimizer().slots(); i++) {
      carried.put("slot" + i, Tensor.allocate(type, trained.length));
    }
    this.start = carried;
    this.previous = carried;
  }

  /** The weights now: (trainedSize). */
  public double[] trained() {
    return numbers("trained");
  }

  /** The layers' state now. */
  public double[] state() {
    return numbers("state");
  }

  private double[] numbers(String name) {
    Tensor tensor = carried.get(name);
    return tensor == null ? new double[0] : tensor.toDoubles();
  }

  /**
   * Trains.
   *
   * @param data rows to train on
   * @param validation rows to watch, if any
   * @throws IllegalArgumentException when early stopping watches what is not there
   */
  public History run(TrainingData data, Optional<TrainingData> validation) {
    requireWatched(validation.isPresent());
    Device device = Device.of(options.device());
    boolean isFullBatch = options.batchSize() >= data.rows();
    RowSource source = source(data);
    RowOrder order = new RowOrder(data.rows(), options.batchSize(), options.seed());
    try (EpochProgram program =
            EpochProgram.of(
                model, source, options.optimizer(), isFullBatch, options.seed(), device, work());
        Validation watched = new Validation(validation.map(v -> new LossProgram(model, v)))) {
      for (int epoch = 1; epoch <= options.epochs(); epoch++) {
        if (options.shuffle() && !isFullBatch) {
          order.shuffle();
        }
        Map<String, Tensor> before = carried;
        Optional<History> end = epoch(epoch, program, order, before, data);
        previous = before;
        if (end.isPresent()) {
          return end.get();
        }
        watched.loss(carried).ifPresent(validationLosses::add);
        if (options.savesWeights()) {
          savedWeights.add(shown());
        }
        if (isOver(epoch)) {
          return early(epoch);
        }
      }
    }
    if (options.earlyStopping()) {
      restoreBest();
    }
    return history(History.Stop.FINISHED, "");
  }

  /** The weights as a user sees them, before orthogonalisation moves any. */
  private double[] shown() {
    WeightEntries entries = new WeightEntries(model);
    double[] lambdas = model.definition().lambdas();
    return entries.gather(trained(), state(), new double[entries.movedSize()], lambdas);
  }

  private void requireWatched(boolean hasValidation) {
    if (options.earlyStopping() && options.metric().equals("val_loss") && !hasValidation) {
      throw new IllegalArgumentException(
          "early_stopping watches 'val_loss', but there are no validation data; give"
              + " validation_data or validation_split, or watch 'loss'");
    }
  }

  /** A loss program that may be absent, closed with the run. */
  private record Validation(Optional<LossProgram> program) implements AutoCloseable {
    Optional<Double> loss(Map<String, Tensor> weights) {
      return program.map(p -> p.loss(weights));
    }

    @Override
    public void close() {
      program.ifPresent(LossProgram::close);
    }
  }

  private RowSource source(TrainingData data) {
    long bytes = data.rows() * model.trainingWidth() * type.bytes();
    boolean fits = bytes <= options.memoryBudget() && bytes < Integer.MAX_VALUE;
    return fits ? RowSource.Evaluated.of(model, data) : RowSource.PerBatch.of(model, data);
  }

  /** Handing work to other threads pays only for large products. */
  private OnnxSession.Work work() {
    double operations = (double) options.batchSize() * model.layout().trainedSize();
    return operations > 5e6 ? OnnxSession.Work.LARGE : OnnxSession.Work.SMALL;
  }

  private Optional<History> epoch(
      int epoch,
      EpochProgram program,
      RowOrder order,
      Map<String, Tensor> before,
      TrainingData data) {
    double sum = 0; // Σ loss · rows
    long batch = 0;
    while (batch < order.batches()) {
      int steps = order.run(batch, stepsPerCall);
      long started = System.nanoTime();
      EpochProgram.State next =
          program.run(carried, order.indices(batch, steps), rates(steps), sum);
      if (!Double.isFinite(next.lossSum())) {
        return Optional.of(broken(epoch, "after batch " + batch, before, data));
      }
      adapt(steps, (System.nanoTime() - started) * 1e-9);
      carried = next.carried();
      step += steps;
      batch += steps;
      sum = next.lossSum();
      double loss = sum / Math.min(batch * order.size(0), data.rows());
      if (!listener.goesOn(progress(epoch, batch, order.batches(), loss))) {
        return Optional.of(history(History.Stop.CANCELLED, cancelled(epoch, batch, order)));
      }
    }
    if (!isFinite("trained") || !isFinite("state")) {
      return Optional.of(broken(epoch, "in its last batches", before, data));
    }
    losses.add(sum / data.rows());
    return Optional.empty();
  }

  private TrainingListener.Progress progress(int epoch, long batch, long batches, double loss) {
    int done = validationLosses.size();
    double validation = done == 0 ? Double.NaN : validationLosses.get(done - 1);
    return new TrainingListener.Progress(epoch, options.epochs(), batch, batches, loss, validation);
  }

  private void adapt(int steps, double seconds) {
    double perStep = Math.max(seconds / steps, 1e-7);
    stepsPerCall = Math.max(1, Math.min(1 << 20, (long) (CALL_SECONDS / perStep)));
  }

  private Tensor rates(int steps) {
    double[] rates = new double[steps];
    for (int i = 0; i < steps; i++) {
      rates[i] = options.optimizer().rate(step + i + 1, options.optimizer().learningRate());
    }
    return Tensor.copyOf(type, rates, steps);
  }

  private boolean isOver(int epoch) {
    if (!options.earlyStopping()) {
      return false;
    }
    List<Double> watched = options.metric().equals("val_loss") ? validationLosses : losses;
    double now = watched.get(watched.size() - 1);
    if (now < bestLoss) {
      bestLoss = now;
      bestEpoch = epoch;
      best = carried;
      return false; // as Keras: patience 0 stops at the first epoch that is no better
    }
    return epoch - bestEpoch >= options.patience() && epoch < options.epochs();
  }

  private History early(int epoch) {
    restoreBest();
    return history(
        History.Stop.EARLY,
        options.metric()
            + " has not improved since epoch "
            + bestEpoch
            + "; stopped after epoch "
            + epoch
            + " with the weights of epoch "
            + bestEpoch);
  }

  private void restoreBest() {
    if (bestEpoch > 0) {
      carried = best;
    }
  }

  private String cancelled(int epoch, long batch, RowOrder order) {
    return "stopped in epoch "
        + epoch
        + " of "
        + options.epochs()
        + " after "
        + batch
        + " of "
        + order.batches()
        + " batches; the model keeps the weights it had then";
  }

  private boolean isFinite(String name) {
    return Arrays.stream(numbers(name)).allMatch(Double::isFinite);
  }

  /**
   * Goes back to weights that work: those from before this epoch, or, where these have an infinite
   * loss already (the step to them was the one too far), those from before the last, or the start.
   */
  private History broken(int epoch, String when, Map<String, Tensor> before, TrainingData data) {
    String why = Diagnosis.of(model, isFinite("trained") ? carried : before, data);
    String kept = "from before this epoch";
    carried = before;
    try (LossProgram program = new LossProgram(model, data)) {
      if (!Double.isFinite(program.loss(before))) {
        boolean isPreviousGood = Double.isFinite(program.loss(previous));
        carried = isPreviousGood ? previous : start;
        kept = isPreviousGood ? "from before epoch " + Math.max(1, epoch - 1) : "it started with";
      }
    }
    return history(
        History.Stop.NOT_FINITE,
        "the loss is no longer a number in epoch "
            + epoch
            + " ("
            + when
            + "): "
            + why
            + "; the model keeps the weights "
            + kept);
  }

  private History history(History.Stop stop, String message) {
    return new History(losses, validationLosses, savedWeights, bestEpoch, stop, message);
  }
}
