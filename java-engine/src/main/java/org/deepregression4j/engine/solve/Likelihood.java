package org.deepregression4j.engine.solve;

import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.deepregression4j.engine.family.Link;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;
import org.ejml.data.DMatrixRMaj;

/**
 * The likelihood of a structured model over data, by passes over blocks of rows, which several
 * threads share. The sums depend on the number of threads, but not on their timing. The caller
 * closes it.
 */
final class Likelihood implements AutoCloseable {
  /** Multiplications of a pass below which one thread is faster. */
  private static final double WORTH_THREADS = 5e6;

  private static final long LISTENING_MILLIS = 50;

  /** Its square, and that of a width far below it, are not zero. */
  private static final double SMALLEST_KINK = 1e-100;

  private final ModelGraph model;
  private final Unknowns unknowns;
  private final RowBlocks blocks;
  private final DerivativeGraph graphs;
  private final int threads;
  private final Map<DerivativeGraph.Level, OnnxSession> sessions;
  private final ExecutorService workers;
  private final SolverListener listener;
  private final double weight;
  private final boolean isKinked;
  private double kinkWidth = SMALLEST_KINK;

  /** Of all rows; the listener hears of every pass. */
  Likelihood(
      ModelGraph model,
      Unknowns unknowns,
      TrainingData data,
      SolverOptions options,
      SolverListener listener) {
    this.model = model;
    this.unknowns = unknowns;
    this.listener = listener;
    data.weights().requireValid();
    this.weight = data.weights().sum();
    this.blocks = RowBlocks.of(model, data, options.memoryBudget());
    this.graphs = new DerivativeGraph(model, unknowns, data.weights().haveZeros());
    this.isKinked = graphs.hasKinks(blocks.batch());
    double work = (double) data.rows() * unknowns.size() * (unknowns.size() + 20);
    int wished =
        options.threads() > 0
            ? options.threads()
            : work < WORTH_THREADS ? 1 : Runtime.getRuntime().availableProcessors();
    this.threads = Math.max(1, Math.min(wished, blocks.count()));
    this.sessions = new EnumMap<>(DerivativeGraph.Level.class);
    this.workers = Executors.newFixedThreadPool(threads, Likelihood::worker);
  }

  /** Of some rows of another one, which it needs open and which closes it. */
  private Likelihood(Likelihood whole, RowBlocks part) {
    this.model = whole.model;
    this.unknowns = whole.unknowns;
    this.listener = whole.listener;
    this.weight = whole.weight;
    this.isKinked = whole.isKinked;
    this.kinkWidth = whole.kinkWidth;
    this.blocks = part;
    this.graphs = whole.graphs;
    this.threads = whole.threads;
    this.workers = whole.workers;
    this.sessions = whole.sessions;
  }

  private static Thread worker(Runnable task) {
    Thread thread = new Thread(null, task, "deepregression4j-solve", 1L << 24);
    thread.setDaemon(true);
    return thread;
  }

  /** The likelihood of about so many rows, spread evenly. To be used while this one is open. */
  Likelihood ofSome(long rows) {
    return new Likelihood(this, RowBlocks.Part.of(blocks, rows));
  }

  /** True when it is no likelihood, but a criterion whose slopes have a variance of their own. */
  boolean hasSandwich() {
    return model.definition().family().hasSandwich();
  }

  /** True when the log-density has kinks, which passes round off. */
  boolean isKinked() {
    return isKinked;
  }

  /**
   * The mean size of what has its kinks at zero, one pass over the data; more than zero even where
   * all is fitted exactly.
   */
  double kinkSize(double[] trained) {
    double sum = sums(trained, DerivativeGraph.Level.KINKS).value;
    return Math.max(sum / weight, SMALLEST_KINK);
  }

  /** From now on |x| is √(x² + width²), with a width &gt; 0. */
  void setKinkWidth(double width) {
    this.kinkWidth = width;
  }

  /** Number of rows n. */
  long rows() {
    return blocks.rows();
  }

  /** Whether the parameter's range ends somewhere, at an infinite linear predictor. */
  boolean hasEdge(int predictor) {
    Link link = model.definition().family().parameters().get(predictor).link();
    return link.hasLowerEdge() || link.hasUpperEdge();
  }

  /** −Σ wᵢ log p(yᵢ) at a trained vector. */
  double value(double[] trained) {
    return sums(trained, DerivativeGraph.Level.VALUE).value;
  }

  /** The diagonal of the second derivatives of −Σ wᵢ log p(yᵢ), laid out as W. */
  double[] diagonal(double[] trained) {
    return sums(trained, DerivativeGraph.Level.DIAGONAL).gradient;
  }

  /**
   * Value and derivatives of the likelihood itself, without what a family adds to it; another pass
   * over the data where it adds something.
   *
   * @param objective {@link #sums} at the same place, with second derivatives
   */
  Sums likelihood(double[] trained, Sums objective) {
    return model.definition().family().isPenalised()
        ? sums(trained, DerivativeGraph.Level.LIKELIHOOD)
        : objective;
  }

  /** The gradient of log |H + S| at a trained vector, by the whole of W; V = (H + S)⁻¹. */
  double[] logDeterminantSlope(double[] trained, DMatrixRMaj v) {
    Map<String, Tensor> blocksOfV = new LinkedHashMap<>();
    for (DerivativeGraph.Pair pair : graphs.blocks()) {
      blocksOfV.put(pair.covariance(), covariance(v, pair));
    }
    return sums(trained, DerivativeGraph.Level.LOG_DETERMINANT, blocksOfV).gradient;
  }

  private Tensor covariance(DMatrixRMaj v, DerivativeGraph.Pair pair) {
    int height = unknowns.rowsOf(pair.first()).length;
    int width = unknowns.rowsOf(pair.second()).length;
    double[] block = new double[height * width];
    for (int i = 0; i < height; i++) {
      for (int l = 0; l < width; l++) {
        block[i * width + l] =
            v.get(unknowns.start(pair.first()) + i, unknowns.start(pair.second()) + l);
      }
    }
    return Tensor.copyOf(ElementType.FLOAT64, block, height, width);
  }

  /** Value and derivatives at a trained vector. */
  Sums sums(double[] trained, DerivativeGraph.Level level) {
    return sums(trained, level, Map.of());
  }

  private Sums sums(double[] trained, DerivativeGraph.Level level, Map<String, Tensor> more) {
    OnnxSession session = sessions.computeIfAbsent(level, this::open);
    int cells = model.layout().rows() * model.layout().columns();
    double[] w = java.util.Arrays.copyOf(trained, cells);
    Map<String, Tensor> fixed = new LinkedHashMap<>(more);
    if (isKinked && level != DerivativeGraph.Level.KINKS) {
      double[] width = {kinkWidth};
      fixed.put("kink_width", Tensor.copyOf(ElementType.FLOAT64, width, 1, 1));
    }
    fixed.put(
        "coefficients",
        Tensor.copyOf(ElementType.FLOAT64, w, model.layout().rows(), model.layout().columns()));
    Work work = new Work();
    List<Future<Sums>> parts = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      int from = (int) ((long) blocks.count() * t / threads);
      int to = (int) ((long) blocks.count() * (t + 1) / threads);
      parts.add(workers.submit(() -> pass(session, fixed, level, from, to, work)));
    }
    return work.await(parts);
  }

  /** A pass that several threads share. Mutable, thread safe. */
  private final class Work {
    private final AtomicInteger done = new AtomicInteger();
    private volatile boolean isCancelled;

    /** Counts a block before it is done. */
    void next() {
      if (isCancelled) {
        throw new PassCancelled();
      }
      done.incrementAndGet();
    }

    Sums await(List<Future<Sums>> parts) {
      try {
        Sums total = await(parts.get(0));
        for (Future<Sums> part : parts.subList(1, parts.size())) {
          total.add(await(part));
        }
        return total;
      } catch (InterruptedException e) {
        isCancelled = true;
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted in a pass over the data", e);
      } catch (ExecutionException e) {
        isCancelled = true;
        throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
      }
    }

    /** Waits on the caller's thread, which the listener hears on, once in a short pass too. */
    private Sums await(Future<Sums> part) throws InterruptedException, ExecutionException {
      while (true) {
        isCancelled |= !listener.goesOnWithin(done.get(), blocks.count());
        try {
          return part.get(LISTENING_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          continue; // and listen again
        }
      }
    }
  }

  private OnnxSession open(DerivativeGraph.Level level) {
    Graph graph = graphs.of(blocks.inputs(), blocks.batch(), level);
    return OnnxSession.open(OnnxWriter.toBytes(graph));
  }

  private Sums pass(
      OnnxSession session,
      Map<String, Tensor> fixed,
      DerivativeGraph.Level level,
      int from,
      int to,
      Work work) {
    int q = model.definition().predictors().size();
    int cells = model.layout().rows() * model.layout().columns();
    Sums sums = new Sums(cells, q, level.hasBlocks() ? unknowns.size() : 0);
    Map<String, Tensor> into = new LinkedHashMap<>();
    session
        .outputs()
        .forEach((name, port) -> into.put(name, Tensor.allocate(port.type(), port.sizes())));
    for (int b = from; b < to; b++) {
      work.next();
      Map<String, Tensor> inputs = new LinkedHashMap<>(blocks.block(b));
      inputs.putAll(fixed);
      session.run(inputs, Set.of(), into);
      add(sums, into);
    }
    return sums;
  }

  private static DoubleBuffer numbers(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalStateException("no output '" + name + "'");
    }
    return tensor.buffer().asDoubleBuffer();
  }

  private void add(Sums sums, Map<String, Tensor> block) {
    sums.value -= numbers(block, "value").get(0);
    if (!block.containsKey("gradient")) {
      return;
    }
    DoubleBuffer gradient = numbers(block, "gradient");
    for (int i = 0; i < sums.gradient.length; i++) {
      sums.gradient[i] -= gradient.get(i);
    }
    if (!block.containsKey("reach")) {
      return;
    }
    DoubleBuffer reach = numbers(block, "reach");
    for (int j = 0; j < sums.reach.length; j++) {
      sums.reach[j] = Math.max(sums.reach[j], reach.get(j));
    }
    if (sums.hessian.numRows > 0) {
      for (DerivativeGraph.Pair pair : graphs.blocks()) {
        addBlock(sums, numbers(block, pair.block()), pair);
      }
    }
  }

  private void addBlock(Sums sums, DoubleBuffer block, DerivativeGraph.Pair pair) {
    int height = unknowns.rowsOf(pair.first()).length;
    int width = unknowns.rowsOf(pair.second()).length;
    int top = unknowns.start(pair.first());
    int left = unknowns.start(pair.second());
    int size = unknowns.size();
    double[] h = sums.hessian.data;
    for (int i = 0; i < height; i++) {
      for (int l = pair.first() == pair.second() ? i : 0; l < width; l++) {
        double value = block.get(i * width + l);
        h[(top + i) * size + left + l] -= value;
        if (top + i != left + l) {
          h[(left + l) * size + top + i] -= value;
        }
      }
    }
  }

  /** Waits for the blocks that are in work: they read the data and use the sessions. */
  @Override
  public void close() {
    workers.shutdownNow();
    boolean isInterrupted = false;
    while (!workers.isTerminated()) {
      try {
        workers.awaitTermination(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
    sessions.values().forEach(OnnxSession::close);
  }
}
