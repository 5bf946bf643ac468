package org.deepregression4j.engine.solve;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * Smoothing parameters that minimise {@link PredictionError}, by a quasi-Newton method (BFGS) in
 * their logarithms, over exact fits that each start from the best one so far. Slopes are central
 * differences, which also give the curvatures to begin with. A scan along the common factor of all
 * parameters comes first, since the criterion may have several minima. Deterministic. For one
 * search; the fits follow each other.
 */
final class SmoothingSearch {
  /** Common log factors of the first scan, from smooth to rough and from penalties' balance. */
  private static final double[] SCAN = {6, 3, 0, -3, -6, -9};

  /** Parameters stay within this log factor of where penalty and likelihood have equal weight. */
  private static final double FARTHEST = Math.log(1e8);

  /** Of differences: large against errors of the fits, small against the criterion's features. */
  private static final double WIDTH = 0.03;

  /** The criterion is in units of deviance: smaller slopes do not change the fit. */
  private static final double FLAT = 1e-4;

  private static final double SMALLEST_CURVATURE = 0.02;
  private static final double LONGEST_STEP = 4;
  private static final double SUFFICIENT = 1e-4;
  private static final int STEPS = 60;
  private static final int HALVINGS = 12;

  private final Fitter fitter;
  private final PredictionError criterion;
  private final QuadraticPenalty penalty;
  private final double[] middle;

  /** Fits with given smoothing parameters. */
  interface Fitter {
    /** The optimum under a penalty, sought from a trained vector. */
    ExactFit fit(QuadraticPenalty penalty, double[] trained);
  }

  /** A fit, and the criterion there. */
  private record Trial(double[] logs, ExactFit fit, double value) {
    boolean isCancelled() {
      return fit.stop() == ExactFit.Stop.CANCELLED;
    }
  }

  /** Slopes and curvatures along each parameter, and the last fit they took. */
  private record Slope(double[] first, double[] second, Trial last) {}

  /**
   * A search.
   *
   * @param factors scale · λᵢ of penalty and likelihood in balance, one per piece
   */
  SmoothingSearch(
      Fitter fitter, PredictionError criterion, QuadraticPenalty penalty, double[] factors) {
    this.fitter = fitter;
    this.criterion = criterion;
    this.penalty = penalty;
    this.middle = Arrays.stream(factors).map(Math::log).toArray();
  }

  /** The best fit found, or the one that was cancelled. */
  ExactFit run(double[] start) {
    Trial here = scan(start);
    if (here.isCancelled()) {
      return here.fit();
    }
    Slope slope = slope(here);
    DMatrixRMaj curvature = diagonal(slope);
    for (int i = 0; i < STEPS && !slope.last().isCancelled(); i++) {
      double[] pull = pull(here, slope);
      if (Arrays.stream(pull).allMatch(g -> Math.abs(g) <= FLAT)) {
        return here.fit();
      }
      Trial next = advance(here, pull, NewtonSystem.of(curvature).solve(pull));
      if (next == here) {
        next = advance(here, pull, NewtonSystem.of(diagonal(slope)).solve(pull));
      }
      if (next == here || next.isCancelled()) {
        return next.fit();
      }
      Slope then = slope(next);
      curvature = updated(curvature, here, next, slope, then);
      here = next;
      slope = then;
    }
    return slope.last().isCancelled() ? slope.last().fit() : here.fit();
  }

  private Trial scan(double[] start) {
    Trial best = at(shifted(SCAN[0]), start);
    Trial last = best;
    for (int i = 1; i < SCAN.length && !last.isCancelled(); i++) {
      last = at(shifted(SCAN[i]), last.fit().trained());
      best = last.isCancelled() || last.value() < best.value() ? last : best;
    }
    return best;
  }

  private double[] shifted(double by) {
    return Arrays.stream(middle).map(m -> m + by).toArray();
  }

  private Trial at(double[] logs, double[] from) {
    QuadraticPenalty now = penalty.withFactors(Arrays.stream(logs).map(Math::exp).toArray());
    ExactFit fit = fitter.fit(now, from);
    if (fit.stop() == ExactFit.Stop.CANCELLED) {
      return new Trial(logs, fit, Double.POSITIVE_INFINITY);
    }
    try {
      return new Trial(logs, fit, criterion.of(fit.trained(), now));
    } catch (PassCancelled e) {
      return new Trial(logs, fit.cancelled(), Double.POSITIVE_INFINITY);
    }
  }

  private Slope slope(Trial here) {
    int d = here.logs().length;
    double[] first = new double[d];
    double[] second = new double[d];
    Trial last = here;
    for (int i = 0; i < d && !last.isCancelled(); i++) {
      Trial less = beside(here, i, -WIDTH);
      last = less.isCancelled() ? less : beside(here, i, WIDTH);
      double gap = last.value() - less.value();
      double bend = last.value() - 2 * here.value() + less.value();
      first[i] = Double.isFinite(gap) ? gap / (2 * WIDTH) : 0;
      second[i] = Double.isFinite(bend) ? bend / (WIDTH * WIDTH) : 0;
    }
    return new Slope(first, second, last);
  }

  private Trial beside(Trial here, int i, double by) {
    double[] logs = here.logs().clone();
    logs[i] += by;
    return at(logs, here.fit().trained());
  }

  /** The slope without parameters that it pulls over the end of their range. */
  private double[] pull(Trial here, Slope slope) {
    double[] out = slope.first().clone();
    for (int i = 0; i < out.length; i++) {
      double away = here.logs()[i] - middle[i];
      boolean isOutwards = Math.abs(away) >= FARTHEST && -out[i] * away > 0;
      out[i] = isOutwards ? 0 : out[i];
    }
    return out;
  }

  private static DMatrixRMaj diagonal(Slope slope) {
    int d = slope.second().length;
    DMatrixRMaj out = new DMatrixRMaj(d, d);
    for (int i = 0; i < d; i++) {
      out.set(i, i, Math.max(Math.abs(slope.second()[i]), SMALLEST_CURVATURE));
    }
    return out;
  }

  /** The longest of a step's halves that improves enough; here when none does. */
  private Trial advance(Trial here, double[] pull, double[] step) {
    double most = Arrays.stream(step).map(Math::abs).max().orElse(0);
    double length = most > LONGEST_STEP ? LONGEST_STEP / most : 1;
    for (int trial = 0; trial < HALVINGS; trial++, length /= 2) {
      double[] logs = here.logs().clone();
      double expected = 0;
      for (int i = 0; i < logs.length; i++) {
        double wished = logs[i] - length * step[i];
        logs[i] = Math.min(Math.max(wished, middle[i] - FARTHEST), middle[i] + FARTHEST);
        expected += pull[i] * (here.logs()[i] - logs[i]);
      }
      Trial next = at(logs, here.fit().trained());
      if (next.isCancelled() || next.value() < here.value() - SUFFICIENT * Math.max(0, expected)) {
        return next;
      }
    }
    return here;
  }

  /** The BFGS update, left out where the slope does not grow along the step. */
  private static DMatrixRMaj updated(
      DMatrixRMaj b, Trial here, Trial next, Slope before, Slope then) {
    int d = b.numRows;
    double[] bent = new double[d];
    double[] growth = new double[d];
    double along = 0;
    double modelled = 0;
    for (int i = 0; i < d; i++) {
      growth[i] = then.first()[i] - before.first()[i];
      for (int k = 0; k < d; k++) {
        bent[i] += b.get(i, k) * (next.logs()[k] - here.logs()[k]);
      }
      along += growth[i] * (next.logs()[i] - here.logs()[i]);
      modelled += bent[i] * (next.logs()[i] - here.logs()[i]);
    }
    if (along <= 1e-3 * modelled) {
      return diagonal(then);
    }
    DMatrixRMaj out = b.copy();
    for (int i = 0; i < d; i++) {
      for (int k = 0; k < d; k++) {
        out.add(i, k, growth[i] * growth[k] / along - bent[i] * bent[k] / modelled);
      }
    }
    return out;
  }
}
