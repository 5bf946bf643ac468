package org.deepregression4j.engine.solve;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.solve.SlopeObjective.Place;

/**
 * Minimises the same objective as {@link ExactSolver} by L-BFGS, for models whose second
 * derivatives do not fit: memory is a few vectors of their k coefficients and a block of rows.
 * Smoothing parameters stay as they are, sparse penalties are refused, and terms that are not
 * identified stay unnoticed: of a flat optimum it finds a point near the start. Mutable; for one
 * fit and one thread, which may pass over the data with several.
 *
 * <p>Source: Nocedal and Wright (2006), Numerical Optimization, algorithm 7.5.
 */
final class LimitedMemorySolver {
  /** Steps for each Newton step that the options allow. */
  private static final int STEPS = 10;

  /** Steps after which the preconditioner is made anew, for one more pass over the data. */
  private static final int REFRESHED = 20;

  /** Standard errors from the optimum within which a search may end in rounding errors. */
  private static final double CLOSE = 1e-4;

  /** Steps without a better gradient that show rounding errors. */
  private static final int PATIENCE = 30;

  private final ModelGraph structured;
  private final TrainingData data;
  private final double[] start;
  private final SolverOptions options;
  private final SolverListener listener;
  private final Unknowns unknowns;
  private final QuadraticPenalty penalty;
  private final SlopeObjective objective;
  private final List<Double> history = new ArrayList<>();
  private Optional<Place> reached = Optional.empty();

  private LimitedMemorySolver(
      ModelGraph structured,
      TrainingData data,
      double[] start,
      SolverOptions options,
      SolverListener listener,
      Unknowns unknowns,
      QuadraticPenalty penalty,
      Likelihood likelihood) {
    this.structured = structured;
    this.data = data;
    this.start = start.clone();
    this.options = options;
    this.listener = listener;
    this.unknowns = unknowns;
    this.penalty = penalty;
    this.objective = new SlopeObjective(unknowns, likelihood, penalty, start, data);
  }

  /**
   * Solves a model.
   *
   * @param model with or without deep terms
   * @param structured the same without them
   * @throws SolverException where the likelihood is not finite, a penalty is sparse, or smoothing
   *     parameters should be selected
   */
  static ExactFit solve(
      ModelGraph model,
      ModelGraph structured,
      TrainingData data,
      double[] start,
      SolverOptions options,
      SolverListener listener) {
    Unknowns unknowns = new Unknowns(model);
    QuadraticPenalty penalty = QuadraticPenalty.of(model, unknowns, start);
    String many = unknowns.size() + " coefficients are too many for second derivatives, which ";
    if (options.select() == SolverOptions.Select.REML && !penalty.pieces().isEmpty()) {
      throw new SolverException(many + "REML needs; give smoothing parameters or df");
    }
    SparsePenalty sparse = SparsePenalty.of(model, unknowns, start);
    if (!sparse.isEmpty()) {
      int first = sparse.groups().get(0).places()[0];
      throw new SolverException(
          many + "the sparse penalty of " + label(unknowns, first) + " needs");
    }
    try (Likelihood likelihood = new Likelihood(structured, unknowns, data, options, listener)) {
      KinkedFit.Stage stage =
          (from, how, watch, smoothing, isWide) ->
              new LimitedMemorySolver(
                      structured, data, from, how, watch, unknowns, penalty, likelihood)
                  .run();
      return likelihood.isKinked()
          ? new KinkedFit(likelihood, options, listener).run(start, stage)
          : stage.from(start, options, listener, List.of(), true);
    } catch (PassCancelled e) {
      return ExactFit.cancelledAt(start, penalty.smoothing());
    }
  }

  private static String label(Unknowns unknowns, int place) {
    return unknowns.spans().stream()
        .filter(s -> s.from() <= place && place < s.from() + s.size())
        .map(Unknowns.Span::label)
        .findFirst()
        .orElse("a term");
  }

  private Place first() {
    Place here = objective.at(unknowns.take(start));
    if (!here.isFinite()) {
      here = objective.at(new double[unknowns.size()]);
    }
    if (!here.isFinite()) {
      throw SolverException.notFinite(structured.definition().family());
    }
    return here;
  }

  private ExactFit run() {
    try {
      return iterate();
    } catch (PassCancelled e) {
      Place last = reached.orElseThrow(() -> e);
      return fit(last, Double.NaN, ExactFit.Stop.CANCELLED);
    }
  }

  private ExactFit iterate() {
    Place here = first();
    history.add(here.value());
    InverseCurvature curvature = new InverseCurvature(objective.curvature(here.w()));
    LineSearch search = new LineSearch(objective);
    int most = STEPS * options.iterations();
    double least = Double.POSITIVE_INFINITY;
    int leastAt = 0;
    while (true) {
      reached = Optional.of(here);
      int iteration = history.size() - 1;
      double[] step = curvature.times(here.gradient());
      double distance = distance(here, step, curvature);
      if (distance < least / 2) {
        least = distance;
        leastAt = iteration;
      }
      boolean isRounding = distance <= CLOSE && iteration - leastAt >= PATIENCE;
      if (distance <= options.tolerance() || isRounding) {
        return fit(here, distance, ExactFit.Stop.CONVERGED);
      }
      if (iteration > 0 && !listener.goesOn(progress(iteration, most, here, distance))) {
        return fit(here, distance, ExactFit.Stop.CANCELLED);
      }
      if (iteration >= most) {
        return fit(here, distance, ExactFit.Stop.LIMIT);
      }
      Place next = search.from(here, step);
      if (next == here && curvature.isEmpty()) {
        boolean isDone = distance <= CLOSE;
        return fit(here, distance, isDone ? ExactFit.Stop.CONVERGED : ExactFit.Stop.STALLED);
      }
      if (next == here) {
        curvature.forget();
        curvature.setDiagonal(objective.curvature(here.w()));
        continue;
      }
      curvature.learn(difference(next.w(), here.w()), difference(next.gradient(), here.gradient()));
      here = next;
      history.add(here.value());
      if (history.size() % REFRESHED == 0) {
        curvature.setDiagonal(objective.curvature(here.w()));
      }
    }
  }

  private SolverListener.Progress progress(int iteration, int most, Place here, double distance) {
    return new SolverListener.Progress(iteration, most, here.value(), distance);
  }

  /** In standard errors: by what the step gains, or by the diagonal alone where that is more. */
  private double distance(Place here, double[] step, InverseCurvature curvature) {
    double gain = ExactSolver.dot(step, here.gradient());
    double plain = curvature.plainGain(here.gradient());
    return Math.sqrt(Math.max(0, Math.max(gain, plain)) * data.rows());
  }

  private static double[] difference(double[] a, double[] b) {
    double[] out = a.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] -= b[i];
    }
    return out;
  }

  private ExactFit fit(Place here, double distance, ExactFit.Stop stop) {
    double norm = 0;
    for (double g : here.gradient()) {
      norm = Math.max(norm, Math.abs(g));
    }
    return new ExactFit(
        unknowns.put(here.w(), start),
        history,
        norm,
        distance,
        Double.NaN,
        stop,
        penalty.smoothing(),
        List.of());
  }
}
