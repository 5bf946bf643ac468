package org.deepregression4j.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.deepregression4j.engine.train.TrainingListener;
import org.deepregression4j.onnx.graph.ElementType;

/** Microseconds per step of training, ours and libtorch's, epoch by epoch in turn. */
final class Training {
  private static final int EPOCHS = 61;
  private static final int WARM_UP = 10;

  private static final double LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);

  /** Keras, and so the engine, puts Adam's epsilon elsewhere than torch does. */
  private static final double FLOAT64_TOLERANCE = 1e-5;

  private static final double FLOAT32_TOLERANCE = 1e-3;

  private Training() {}

  /** Wall and CPU time of one epoch per step, in microseconds. */
  private record Lap(double wall, double cpu) {}

  /** A point in time on this thread. */
  private record Mark(long wall, long cpu) {
    static Mark now() {
      long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      return new Mark(System.nanoTime(), cpu);
    }

    Lap until(Mark end, int steps) {
      return new Lap((end.wall - wall) * 1e-3 / steps, (end.cpu - cpu) * 1e-3 / steps);
    }
  }

  /** A row of the table: medians of wall times, their ratio, and that of the CPU times. */
  static String compare(Workload work) {
    Lap[] ours = new Lap[EPOCHS];
    Lap[] theirs = new Lap[EPOCHS];
    check(work);
    try (Torch torch = new Torch(work, Engine.start(work))) {
      Mark[] start = {Mark.now()};
      TrainingListener inTurn =
          progress -> {
            if (progress.batch() == progress.batches()) {
              Mark end = Mark.now();
              ours[progress.epoch() - 1] = start[0].until(end, work.steps());
              torch.epoch(true);
              start[0] = Mark.now();
              theirs[progress.epoch() - 1] = end.until(start[0], work.steps());
            }
            return true;
          };
      Engine.fit(work, EPOCHS, true, inTurn);
    }
    return row(work, median(theirs), median(ours));
  }

  /** From one start and with the rows in one order, both must go through the same losses. */
  private static void check(Workload work) {
    List<Double> ours = Engine.fit(work, 3, false, TrainingListener.NONE);
    boolean isDouble = work.type() == ElementType.FLOAT64;
    double tolerance = isDouble ? FLOAT64_TOLERANCE : FLOAT32_TOLERANCE;
    try (Torch torch = new Torch(work, Engine.start(work))) {
      for (double loss : ours) {
        double theirs = torch.epoch(false) + LOG_SQRT_2PI;
        if (!(Math.abs(theirs / loss - 1) < tolerance)) {
          throw new IllegalStateException(
              work.label() + ": not the same work, losses " + theirs + " and " + loss);
        }
      }
    }
  }

  private static String row(Workload work, Lap theirs, Lap ours) {
    return String.format(
        Locale.ROOT,
        "| %s | %.1f | %.1f | %.1f | %.1f / %.1f = %.1f |",
        work.label(),
        theirs.wall,
        ours.wall,
        theirs.wall / ours.wall,
        theirs.cpu,
        ours.cpu,
        theirs.cpu / ours.cpu);
  }

  private static Lap median(Lap[] laps) {
    double[] wall = Arrays.stream(laps).skip(WARM_UP).mapToDouble(Lap::wall).sorted().toArray();
    double[] cpu = Arrays.stream(laps).skip(WARM_UP).mapToDouble(Lap::cpu).sorted().toArray();
    return new Lap(wall[wall.length / 2], cpu[cpu.length / 2]);
  }
}
