package org.deepregression4j.engine.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.TrainingData;
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
   */
  public History run(TrainingData data, Optional<TrainingData> validation) {
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
        if (end.isPresent()) {
          return end.get();
        }
        watched.loss(carried).ifPresent(validationLosses::add);
        if (options.savesWeights()) {
          savedWeights.add(trained());
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
        String why = Diagnosis.of(model, carried, data);
        carried = before;
        return Optional.of(history(History.Stop.NOT_FINITE, notFinite(epoch, batch, why)));
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
    boolean watchesValidation = options.metric().equals("val_loss");
    if (watchesValidation && validationLosses.isEmpty()) {
      throw new IllegalArgumentException(
          "early_stopping watches 'val_loss', but there are no validation data; give"
              + " validation_data or validation_split, or watch 'loss'");
    }
    List<Double> watched = watchesValidation ? validationLosses : losses;
    double now = watched.get(watched.size() - 1);
    if (now < bestLoss) {
      bestLoss = now;
      bestEpoch = epoch;
      best = carried;
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

  private static String notFinite(int epoch, long batch, String why) {
    return "the loss is no longer a number in epoch "
        + epoch
        + " (after batch "
        + batch
        + "): "
        + why
        + "; the model keeps the weights from before this epoch";
  }

  private History history(History.Stop stop, String message) {
    return new History(losses, validationLosses, savedWeights, bestEpoch, stop, message);
  }
}
