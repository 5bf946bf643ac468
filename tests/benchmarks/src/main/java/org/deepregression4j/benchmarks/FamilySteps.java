package org.deepregression4j.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.deepregression4j.engine.api.Model;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.train.FitOptions;
import org.deepregression4j.engine.train.History;
import org.deepregression4j.engine.train.Optimizer;
import org.deepregression4j.engine.train.TrainingListener;

/**
 * What a step of training costs in every family, as a multiple of the normal's: all train in one
 * run, an epoch of one after an epoch of the other, each on its own thread while the rest wait.
 */
final class FamilySteps {
  private static final int ROUNDS = 25;

  /** So small that weights stay where responses were drawn. */
  private static final double RATE = 1e-9;

  private FamilySteps() {}

  /** CPU microseconds per step: the lower quartile of the rounds. */
  private record Cost(String label, double small, double large) {}

  /** Rows of the table for designs of so many columns, the cheapest family first. */
  static List<String> rows(int columns) throws InterruptedException {
    List<FamilyWork> all = FamilyWork.all(columns);
    double[] small = costs(all, 32);
    double[] large = costs(all, 1024);
    List<Cost> costs = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      costs.add(new Cost(all.get(i).label(), small[i], large[i]));
    }
    costs.sort(Comparator.comparing((Cost c) -> Math.max(c.small / small[0], c.large / large[0])));
    List<String> out = new ArrayList<>();
    out.add("| family | batch 32, us | ratio | batch 1024, us | ratio |");
    out.add("|---|---|---|---|---|");
    for (Cost c : costs) {
      out.add(
          String.format(
              Locale.ROOT,
              "| %s | %.1f | %.2f | %.1f | %.2f |",
              c.label,
              c.small,
              c.small / small[0],
              c.large,
              c.large / large[0]));
    }
    return out;
  }

  private static double[] costs(List<FamilyWork> all, int batch) throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(all.size());
    try {
      List<Runner> runners = new ArrayList<>();
      for (FamilyWork work : all) {
        Runner runner = new Runner(work, batch);
        runner.start(threads);
        runners.add(runner);
      }
      for (int round = 0; round < ROUNDS; round++) {
        for (Runner runner : runners) {
          runner.go.release();
          runner.done.acquire();
        }
      }
      return runners.stream().mapToDouble(Runner::result).toArray();
    } finally {
      threads.shutdownNow();
    }
  }

  /** A fit that trains one epoch whenever it is let go. Mutable: it collects its times. */
  private static final class Runner {
    private final FamilyWork work;
    private final int batch;
    private final double[] laps = new double[ROUNDS];
    private final Semaphore go = new Semaphore(0);
    private final Semaphore done = new Semaphore(0);
    private Optional<Future<History>> fit = Optional.empty();
    private long mark;

    Runner(FamilyWork work, int batch) {
      this.work = work;
      this.batch = batch;
    }

    /** Builds the program and returns before its second epoch; the first warms up. */
    void start(ExecutorService threads) throws InterruptedException {
      fit = Optional.of(threads.submit(this::train));
      done.acquire();
    }

    private History train() throws InterruptedException {
      try {
        Model model = work.model();
        TrainingData data = work.data();
        FitOptions options =
            FitOptions.builder()
                .epochs(ROUNDS + 1)
                .batchSize(batch)
                .validationSplit(0)
                .shuffle(false)
                .optimizer(new Optimizer.Adam(RATE))
                .build();
        TrainingListener inTurn = p -> p.batch() < p.batches() || pause(p.epoch());
        return model.fit(data, options, inTurn);
      } finally {
        done.release(ROUNDS + 1); // whoever waits for a fit that has ended waits no longer
      }
    }

    private boolean pause(int epoch) {
      int steps = FamilyWork.ROWS / batch;
      long now = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      if (epoch > 1) {
        laps[epoch - 2] = (now - mark) * 1e-3 / steps;
      }
      done.release();
      go.acquireUninterruptibly(epoch <= ROUNDS ? 1 : 0);
      mark = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      return true;
    }

    double result() {
      try {
        History history = fit.orElseThrow().get();
        if (history.stop() != History.Stop.FINISHED) {
          throw new IllegalStateException(work.label() + ": " + history.message());
        }
      } catch (ExecutionException | InterruptedException e) {
        throw new IllegalStateException(work.label() + " was not trained", e);
      }
      double[] sorted = Arrays.stream(laps).sorted().toArray();
      return sorted[sorted.length / 4];
    }
  }
}
