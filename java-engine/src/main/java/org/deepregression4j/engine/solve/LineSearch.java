package org.deepregression4j.engine.solve;

/**
 * How far to go along a step: to where the objective has improved enough and its slope has shrunk
 * (the strong Wolfe conditions), by doubling and interpolation. It never ends at a worse place.
 *
 * <p>Source: Nocedal and Wright (2006), Numerical Optimization, section 3.5.
 */
final class LineSearch {
  private static final double SUFFICIENT = 1e-4;
  private static final double FLATTER = 0.9;

  /** Relative rounding error of the objective, which a step may seem to lose. */
  private static final double ROUNDING = 1e-14;

  private static final int TRIALS = 40;

  private final SlopeObjective objective;

  LineSearch(SlopeObjective objective) {
    this.objective = objective;
  }

  /** The place to go on from towards w − step; {@code here} when nothing there is better. */
  SlopeObjective.Place from(SlopeObjective.Place here, double[] step) {
    double decrease = ExactSolver.dot(step, here.gradient());
    double slack = ROUNDING * (1 + Math.abs(here.value()));
    SlopeObjective.Place best = here;
    double low = 0;
    double slopeAtLow = -decrease;
    double high = Double.POSITIVE_INFINITY;
    double length = 1;
    for (int trial = 0; trial < TRIALS; trial++) {
      SlopeObjective.Place there = objective.at(along(here.w(), step, length));
      double slope = -ExactSolver.dot(step, there.gradient());
      if (!there.isFinite()) {
        high = length;
        length = low + (length - low) / 10;
        continue;
      }
      if (there.value() > here.value() - SUFFICIENT * length * decrease + slack) {
        high = length;
      } else {
        best = best == here || there.value() <= best.value() ? there : best;
        if (Math.abs(slope) <= FLATTER * decrease) {
          return there;
        }
        if (slope > 0) {
          high = length;
        } else {
          low = length;
          slopeAtLow = slope;
        }
      }
      length = next(low, slopeAtLow, high, length, slope);
    }
    return best;
  }

  /** Twice as far without an upper end; otherwise where the slope would vanish, or the middle. */
  private static double next(double low, double atLow, double high, double tried, double slope) {
    if (high == Double.POSITIVE_INFINITY) {
      return 2 * tried;
    }
    double width = high - low;
    double zero = low - atLow * (tried - low) / (slope - atLow);
    boolean isInside = tried == high && zero > low + 0.1 * width && zero < high - 0.1 * width;
    return isInside ? zero : low + width / 2;
  }

  private static double[] along(double[] w, double[] step, double length) {
    double[] out = w.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] -= length * step[i];
    }
    return out;
  }
}
