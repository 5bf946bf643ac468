package org.deepregression4j.engine.solve;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.solve.NewtonObjective.Move;
import org.deepregression4j.engine.solve.NewtonObjective.Place;
import org.deepregression4j.onnx.graph.ElementType;

/**
 * Maximises the penalised likelihood over the structured coefficients of all predictors jointly, by
 * Newton's method with step control (proximal Newton where a penalty is sparse). Networks are left
 * out: their contribution counts as zero, and their weights stay as they start.
 *
 * <p>Models with more than {@value #DENSE_COEFFICIENTS} coefficients go to {@link
 * LimitedMemorySolver}, which needs no second derivatives.
 *
 * <p>Minimises mean(−weight · log p(y | η)) + penalties, as training does, in float64. Mutable; for
 * one fit and one thread, which may pass over the data with several.
 */
public final class ExactSolver {
  /** Distances that shrink less than that from step to step are rounding errors. */
  private static final double SHRINKING = 0.3;

  /** Standard errors from the optimum where only rounding errors may keep a fit. */
  private static final double CLOSE = 1e-4;

  /**
   * Standard errors from the optimum beyond which a parameter at the edge of its range is no fit.
   */
  private static final double AWAY = 1e-3;

  /** Coefficients beyond which their (k, k) second derivatives do not fit: half a gigabyte. */
  static final int DENSE_COEFFICIENTS = 8000;

  private final SolverOptions options;
  private final SolverListener listener;
  private final ModelGraph model;
  private final Likelihood likelihood;
  private final NewtonObjective objective;
  private final double[] start;
  private final List<Double> history = new ArrayList<>();
  private Optional<Reached> reached = Optional.empty();
  private boolean canDrift = true;

  /** The last place whose next step is known. */
  private record Reached(Place here, Move move) {}

  ExactSolver(
      ModelGraph full,
      ModelGraph structured,
      Likelihood likelihood,
      double[] start,
      SolverOptions options,
      SolverListener listener) {
    this.options = options;
    this.listener = listener;
    this.model = structured;
    this.likelihood = likelihood;
    this.start = start.clone();
    Unknowns unknowns = new Unknowns(full);
    QuadraticPenalty penalty = QuadraticPenalty.of(full, unknowns, start);
    SparsePenalty sparse = SparsePenalty.of(full, unknowns, start);
    this.objective = new NewtonObjective(unknowns, likelihood, penalty, sparse, start);
  }

  /**
   * Solves a model.
   *
   * @param model with or without deep terms, which are left out
   * @param data rows to fit
   * @param start a trained vector of the model, such as {@link Start#of} makes
   * @throws SolverException naming the term that has no exact solution or where the likelihood is
   *     not finite
   */
  public static ExactFit solve(
      ModelGraph model,
      TrainingData data,
      double[] start,
      SolverOptions options,
      SolverListener listener) {
    return solve(model, data, start, options, listener, DENSE_COEFFICIENTS);
  }

  /** Solves a model, without second derivatives where it has more coefficients than allowed. */
  static ExactFit solve(
      ModelGraph model,
      TrainingData data,
      double[] start,
      SolverOptions options,
      SolverListener listener,
      int denseCoefficients) {
    ModelGraph structured = structuredPart(model);
    Unknowns unknowns = new Unknowns(structured);
    if (unknowns.size() > denseCoefficients) {
      return LimitedMemorySolver.solve(model, structured, data, start, options, listener);
    }
    try (Likelihood likelihood = new Likelihood(structured, unknowns, data, options, listener)) {
      KinkedFit.Stage stage =
          (from, how, watch, smoothing, isWide) -> {
            Maker maker = near -> new ExactSolver(model, structured, likelihood, near, how, watch);
            return maker.at(from).fit(maker, smoothing, data, isWide);
          };
      if (likelihood.isKinked()) {
        KinkedFit.narrow(likelihood, start, 1);
      }
      double[] from = Pilot.start(model, structured, likelihood, start, options);
      return likelihood.isKinked()
          ? new KinkedFit(likelihood, options, listener).run(from, stage)
          : stage.from(from, options, listener, List.of(), true);
    } catch (PassCancelled e) {
      return ExactFit.cancelledAt(start, QuadraticPenalty.of(model, unknowns, start).smoothing());
    }
  }

  /** The same solver with another start. */
  @FunctionalInterface
  private interface Maker {
    ExactSolver at(double[] start);
  }

  private ExactFit fit(
      Maker maker,
      List<ExactFit.SmoothingParameter> smoothing,
      TrainingData data,
      boolean canDrift) {
    this.canDrift = canDrift;
    objective.setPenalty(objective.penalty().withSmoothing(smoothing));
    boolean isSearch =
        options.select() == SolverOptions.Select.GCV && !objective.penalty().pieces().isEmpty();
    return isSearch ? search((p, near) -> maker.at(near).under(p), data) : run();
  }

  private ExactFit under(QuadraticPenalty given) {
    objective.setPenalty(given);
    return run();
  }

  private ExactFit search(SmoothingSearch.Fitter fitter, TrainingData data) {
    QuadraticPenalty penalty = objective.penalty();
    Unknowns unknowns = objective.unknowns();
    Place here = objective.at(unknowns.take(start));
    double[] balance = new FellnerSchall(penalty, here.sums().hessian, data.rows()).start();
    PredictionError criterion =
        new PredictionError(model.definition(), data, likelihood, unknowns, objective.sparse());
    return new SmoothingSearch(fitter, criterion, penalty, balance).run(start);
  }

  /** The same model without networks, in float64, with the same places in W. */
  static ModelGraph structuredPart(ModelGraph model) {
    ModelDefinition d = model.definition();
    List<Predictor> predictors = new ArrayList<>();
    Set<String> used = new HashSet<>();
    for (Predictor p : d.predictors()) {
      predictors.add(new Predictor(p.name(), p.structured(), p.offsets(), List.of()));
      p.structured().forEach(s -> used.addAll(s.term().columnsUsed()));
      p.offsets().forEach(s -> used.addAll(s.columnsUsed()));
    }
    return new ModelGraph(
        new ModelDefinition(
            d.family(),
            ElementType.FLOAT64,
            d.seed(),
            d.responseColumns(),
            d.columns().stream().filter(c -> used.contains(c.name())).toList(),
            predictors,
            Map.of()));
  }

  /** An optimum, or the start where that may be one of other rows, or there is no optimum. */
  double[] approached() {
    Place here = objective.at(objective.unknowns().take(start));
    if (!here.isFinite()) {
      return start.clone();
    }
    double distance = objective.move(here).distance(objective.rows());
    if (distance * distance <= 2 * here.w().length) {
      return start.clone();
    }
    ExactFit fit = run();
    boolean isSeparated =
        fit.notes().stream().anyMatch(note -> note.kind() == Note.Kind.SEPARATION);
    return fit.isConverged() && !isSeparated ? fit.trained() : start.clone();
  }

  private ExactFit run() {
    try {
      return iterate();
    } catch (PassCancelled e) {
      Reached last = reached.orElseThrow(() -> e);
      return fit(last.here(), last.move(), ExactFit.Stop.CANCELLED);
    }
  }

  private ExactFit iterate() {
    Place here = first();
    Tuning tuning = new Tuning(objective, options.select(), here);
    // Under the penalty that the tuning may start with.
    here = tuning.next(objective.again(here));
    history.add(here.value());
    Drift drift = new Drift(objective, model.definition(), here);
    double before = Double.POSITIVE_INFINITY;
    while (true) {
      Move move = objective.move(here);
      reached = Optional.of(new Reached(here, move));
      double distance = move.distance(objective.rows());
      tuning.settle(distance);
      Optional<ExactFit> end = end(here, move, tuning.isSettled(), before, drift);
      if (end.isPresent()) {
        return end.get();
      }
      before = distance;
      Place next = objective.advance(here, move);
      if (next == here && tuning.isSettled()) {
        double rounding = NewtonObjective.ROUNDING * 100 * Math.abs(here.value());
        boolean isDone = distance <= CLOSE || move.decrease() <= rounding;
        return fit(here, move, isDone ? ExactFit.Stop.CONVERGED : ExactFit.Stop.STALLED);
      }
      here = tuning.next(next);
      history.add(here.value());
      if (!listener.goesOn(progress(here, distance))) {
        return fit(here, move, ExactFit.Stop.CANCELLED);
      }
    }
  }

  private Place first() {
    Place here = objective.at(objective.unknowns().take(start));
    if (!here.isFinite()) {
      here = objective.at(new double[here.w().length]);
    }
    if (!here.isFinite()) {
      throw SolverException.notFinite(family());
    }
    return here;
  }

  /** The fit where it ends before the move is made. */
  private Optional<ExactFit> end(
      Place here, Move move, boolean isSettled, double before, Drift drift) {
    double distance = move.distance(objective.rows());
    List<String> separated = canDrift ? drift.separated(here, move, isSettled) : List.of();
    if (!separated.isEmpty()) {
      Note note = Note.separation(separated);
      return Optional.of(fit(here, move, ExactFit.Stop.CONVERGED, note));
    }
    List<Note> unbounded = distance > AWAY ? drift.unbounded(here, move) : List.of();
    if (!unbounded.isEmpty()) {
      return Optional.of(fit(here, move, ExactFit.Stop.UNBOUNDED, unbounded.get(0)));
    }
    // Close to the optimum steps shrink fast; where they do not, they are rounding errors.
    boolean isStill = distance <= CLOSE || (distance <= Drift.CALM && isUnchanged());
    boolean isRounding = isStill && distance > SHRINKING * before;
    if (isSettled && (isRounding || distance <= options.tolerance())) {
      return Optional.of(fit(objective.snapped(here, move), move, ExactFit.Stop.CONVERGED));
    }
    boolean isLimit = history.size() > options.iterations();
    return isLimit ? Optional.of(fit(here, move, ExactFit.Stop.LIMIT)) : Optional.empty();
  }

  private SolverListener.Progress progress(Place here, double distance) {
    return new SolverListener.Progress(
        history.size() - 1, options.iterations(), here.value(), distance);
  }

  /** True when the last step changed the objective by no more than rounding. */
  private boolean isUnchanged() {
    int last = history.size() - 1;
    double slack = 10 * NewtonObjective.ROUNDING * (1 + Math.abs(history.get(last)));
    return last > 0 && Math.abs(history.get(last) - history.get(last - 1)) <= slack;
  }

  private ExactFit fit(Place here, Move move, ExactFit.Stop stop, Note... more) {
    List<Note> notes = new ArrayList<>(List.of(more));
    List<double[]> flat = move.system().nullDirections(objective.unknowns()::identified);
    boolean isAtEdge = stop == ExactFit.Stop.STALLED && family().hasMovingSupport();
    notes.addAll(
        isAtEdge ? List.of(Note.edge(family())) : Note.notIdentified(objective.unknowns(), flat));
    return new ExactFit(
        objective.trained(here.w()),
        history,
        objective.slope(here),
        move.distance(objective.rows()),
        flat.isEmpty() ? move.system().condition() : Double.POSITIVE_INFINITY,
        stop,
        objective.penalty().smoothing(),
        notes);
  }

  private Family family() {
    return model.definition().family();
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
