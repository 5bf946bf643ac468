package org.deepregression4j.engine.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deepregression4j.engine.family.Link;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.onnx.graph.ElementType;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

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
  /** Part of the expected decrease that a step must reach. */
  private static final double SUFFICIENT = 1e-4;

  /** Relative rounding error of the objective, which a step may seem to lose. */
  private static final double ROUNDING = 1e-14;

  private static final double SHRINKING = 0.3;

  /** So close to the largest likelihood, in standard errors, an ordinary fit hardly moves. */
  private static final double CALM = 1e-2;

  /** Densities are not made for linear predictors that large. */
  private static final double FAR = 300;

  /** Coefficients beyond which their (k, k) second derivatives do not fit: half a gigabyte. */
  static final int DENSE_COEFFICIENTS = 8000;

  private static final int HALVINGS = 40;

  /** Linear predictors beyond this belong to parameters at the edge of their range. */
  private static final double EDGE = 30;

  private final TrainingData data;
  private final SolverOptions options;
  private final SolverListener listener;
  private final ModelGraph model;
  private final Unknowns unknowns;
  private final Likelihood likelihood;
  private final List<Double> history = new ArrayList<>();
  private final double[] start;
  private final SparsePenalty sparse;
  private QuadraticPenalty penalty;
  private double[] w;

  /** Objective, slope of its smooth part, and curvature at one place. */
  private record Place(double[] w, double value, double[] gradient, Sums sums) {}

  /**
   * A step: to target = w − step.
   *
   * @param system the curvature, at the coefficients that are not held at zero
   * @param decrease what the step gains at first order
   */
  private record Move(NewtonSystem system, double[] target, double[] step, double decrease) {}

  private ExactSolver(
      ModelGraph full,
      TrainingData data,
      double[] start,
      SolverOptions options,
      SolverListener listener,
      ModelGraph model,
      Likelihood likelihood) {
    this.data = data;
    this.options = options;
    this.listener = listener;
    this.model = model;
    this.start = start.clone();
    this.unknowns = new Unknowns(full);
    this.penalty = QuadraticPenalty.of(full, unknowns, start);
    this.sparse = SparsePenalty.of(full, unknowns, start);
    this.likelihood = likelihood;
    this.w = unknowns.take(start);
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
    try (Likelihood likelihood = new Likelihood(structured, unknowns, data, options)) {
      SmoothingSearch.Fitter fitter =
          (p, from) ->
              new ExactSolver(model, data, from, options, listener, structured, likelihood)
                  .under(p);
      ExactSolver solver =
          new ExactSolver(model, data, start, options, listener, structured, likelihood);
      boolean isSearch =
          options.select() == SolverOptions.Select.GCV && !solver.penalty.pieces().isEmpty();
      return isSearch ? solver.search(fitter) : solver.run();
    }
  }

  private ExactFit under(QuadraticPenalty given) {
    penalty = given;
    return run();
  }

  private ExactFit search(SmoothingSearch.Fitter fitter) {
    Place here = at(w);
    double[] balance = new FellnerSchall(penalty, here.sums().hessian, data.rows()).start();
    PredictionError criterion =
        new PredictionError(model.definition(), data, likelihood, unknowns, sparse);
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

  private ExactFit run() {
    Place here = at(w);
    if (!Double.isFinite(here.value()) || !here.sums().isFinite()) {
      here = at(new double[w.length]);
      if (!Double.isFinite(here.value()) || !here.sums().isFinite()) {
        throw SolverException.notFinite(model.definition().family().name());
      }
    }
    Tuning tuning = new Tuning(here);
    here = tuning.next(here);
    history.add(here.value());
    DMatrixRMaj curvatureAtStart = hessian(here);
    double before = Double.POSITIVE_INFINITY;
    double movedBefore = Double.POSITIVE_INFINITY;
    while (true) {
      Move move = move(here);
      NewtonSystem system = move.system();
      double[] step = move.step();
      double decrease = move.decrease();
      double distance = Math.sqrt(Math.max(0, decrease) * data.rows());
      tuning.settle(distance);
      boolean isClose = tuning.isSettled() && distance <= 1e-4;
      double moved = moved(curvatureAtStart, step);
      boolean isFar = Arrays.stream(here.sums().reach).anyMatch(r -> r > FAR);
      List<String> drifting =
          tuning.isSettled()
                  && (isFar || distance <= CALM)
                  && moved > Math.max(CALM, movedBefore / 4)
              ? drifting(curvatureAtStart, step)
              : List.of();
      movedBefore = moved;
      if (!drifting.isEmpty()) {
        return fit(here, system, distance, ExactFit.Stop.CONVERGED, Note.separation(drifting));
      }
      int edge = distance > 1e-3 ? edge(here) : -1;
      if (edge >= 0) {
        String parameter = model.definition().predictors().get(edge).name();
        Note note = Note.unbounded(parameter, termsOf(edge, step));
        return fit(here, system, distance, ExactFit.Stop.UNBOUNDED, note);
      }
      // Close to the optimum steps shrink fast; where they do not, they are rounding errors.
      boolean isStill = isClose || (tuning.isSettled() && distance <= CALM && isUnchanged());
      boolean isRounding = isStill && distance > SHRINKING * before;
      before = distance;
      if (isRounding || (tuning.isSettled() && distance <= options.tolerance())) {
        here = snapped(here, move);
        return fit(here, system, distance, ExactFit.Stop.CONVERGED);
      }
      if (history.size() > options.iterations()) {
        return fit(here, system, distance, ExactFit.Stop.LIMIT);
      }
      Place next = advance(here, step, decrease);
      if (next == here && tuning.isSettled()) {
        boolean isDone = isClose || decrease <= ROUNDING * 100 * Math.abs(here.value());
        ExactFit.Stop stop = isDone ? ExactFit.Stop.CONVERGED : ExactFit.Stop.STALLED;
        return fit(here, system, distance, stop);
      }
      here = tuning.next(next);
      history.add(here.value());
      if (!listener.goesOn(
          new SolverListener.Progress(
              history.size() - 1, options.iterations(), here.value(), distance))) {
        return fit(here, system, distance, ExactFit.Stop.CANCELLED);
      }
    }
  }

  private ExactFit fit(
      Place here, NewtonSystem system, double distance, ExactFit.Stop stop, Note... more) {
    List<Note> notes = new ArrayList<>(List.of(more));
    List<double[]> flat = system.nullDirections();
    notes.addAll(Note.notIdentified(unknowns, flat));
    double norm = 0;
    for (double g : sparse.residual(here.w(), here.gradient())) {
      norm = Math.max(norm, Math.abs(g));
    }
    double condition = flat.isEmpty() ? system.condition() : Double.POSITIVE_INFINITY;
    return new ExactFit(
        unknowns.put(here.w(), start),
        history,
        norm,
        distance,
        condition,
        stop,
        penalty.smoothing(),
        notes);
  }

  /** The smoothing parameters in the course of a fit. Mutable. */
  private final class Tuning {
    /** Standard errors by which new smoothing parameters may still move the fit. */
    private static final double SETTLED = 1e-3;

    /** Standard errors from the optimum within which the quadratic model can be trusted. */
    private static final double NEAR = 1;

    private static final int LONGEST = 60;

    private final Optional<FellnerSchall> rule;
    private int settledFor;
    private int updates;

    Tuning(Place first) {
      boolean isWished =
          options.select() == SolverOptions.Select.REML && !penalty.pieces().isEmpty();
      rule =
          isWished
              ? Optional.of(new FellnerSchall(penalty, first.sums().hessian, data.rows()))
              : Optional.empty();
      rule.ifPresent(r -> penalty = penalty.withFactors(r.start()));
    }

    boolean isSettled() {
      return rule.isEmpty() || settledFor >= 2 || updates >= LONGEST;
    }

    /** Notes how far the last parameters moved the optimum. */
    void settle(double distance) {
      settledFor = distance <= SETTLED ? settledFor + 1 : 0;
    }

    /** The same place under new smoothing parameters. */
    Place next(Place here) {
      if (isSettled()) {
        return here;
      }
      Move move = move(here);
      NewtonSystem system = move.system();
      boolean isNear = move.decrease() * data.rows() <= NEAR * NEAR;
      if (system.isIndefinite() || !isNear || rule.isEmpty()) {
        return here;
      }
      updates++;
      double[] slope = unknowns.take(here.sums().gradient);
      DMatrixRMaj v = system.inverse();
      CommonOps_DDRM.scale(1.0 / data.rows(), v);
      sparse.clear(v, move.target());
      double[] bend = unknowns.take(likelihood.logDeterminantSlope(trained(here.w()), v));
      DMatrixRMaj curvature = here.sums().hessian.copy();
      sparse.attach(curvature, slope, bend, here.w(), data.rows());
      penalty = rule.get().update(penalty, curvature, slope, bend, here.w());
      return place(here.w(), here.sums());
    }
  }

  private Place at(double[] where) {
    return place(where, likelihood.sums(trained(where), DerivativeGraph.Level.HESSIAN));
  }

  private Place place(double[] where, Sums sums) {
    double n = data.rows();
    double[] gradient = unknowns.take(sums.gradient);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] /= n;
    }
    penalty.addGradient(where, gradient);
    return new Place(where, sums.value / n + penalties(where), gradient, sums);
  }

  private double penalties(double[] where) {
    return penalty.value(where) + sparse.value(where);
  }

  /** The Newton step, or the proximal one where coefficients may be zero. */
  private Move move(Place here) {
    DMatrixRMaj hessian = hessian(here);
    if (sparse.isEmpty()) {
      NewtonSystem system = NewtonSystem.of(hessian);
      double[] step = system.solve(here.gradient());
      return new Move(system, here.w(), step, dot(step, here.gradient()));
    }
    double[] target = ProximalStep.target(sparse, hessian, here.gradient(), here.w(), data.rows());
    double[] step = here.w().clone();
    for (int i = 0; i < step.length; i++) {
      step[i] -= target[i];
    }
    sparse.restrict(hessian, target, 1);
    double gain = sparse.gain(here.w(), target, here.gradient());
    return new Move(NewtonSystem.of(hessian), target, step, gain);
  }

  /** At the optimum, with exact zeros where the next step would have them. */
  private Place snapped(Place here, Move move) {
    double[] w = sparse.snapped(here.w(), move.target());
    return Arrays.equals(w, here.w()) ? here : at(w);
  }

  private double[] trained(double[] where) {
    return unknowns.put(where, start);
  }

  private DMatrixRMaj hessian(Place place) {
    DMatrixRMaj out = place.sums().hessian.copy();
    double n = data.rows();
    for (int i = 0; i < out.data.length; i++) {
      out.data[i] /= n;
    }
    penalty.addHessian(out, 1);
    return out;
  }

  /** The first of the full step and its halves that improves enough; here when none does. */
  private Place advance(Place here, double[] step, double decrease) {
    double slack = ROUNDING * (1 + Math.abs(here.value()));
    double length = 1;
    for (int trial = 0; trial < HALVINGS; trial++, length /= trial < 3 ? 2 : 4) {
      double[] there = here.w().clone();
      for (int i = 0; i < there.length; i++) {
        there[i] -= length * step[i];
      }
      double goal = here.value() - SUFFICIENT * length * decrease + slack;
      if (trial == 0) {
        Place next = at(there);
        if (next.value() <= goal && next.sums().isFinite()) {
          return next;
        }
        continue;
      }
      double value = likelihood.value(trained(there)) / data.rows() + penalties(there);
      if (value <= goal) {
        Place next = at(there);
        if (next.sums().isFinite()) {
          return next;
        }
      }
    }
    return here;
  }

  /** The predictor of a bounded parameter that has left every reasonable range, or -1. */
  private int edge(Place here) {
    double[] reach = here.sums().reach;
    for (int j = 0; j < reach.length; j++) {
      Link link = model.definition().family().parameters().get(j).link();
      if (link != Link.IDENTITY && reach[j] > EDGE) {
        return j;
      }
    }
    return -1;
  }

  private List<String> termsOf(int predictor, double[] step) {
    double[] own = new double[step.length];
    for (Unknowns.Span span : unknowns.spans()) {
      if (span.predictor() == predictor) {
        System.arraycopy(step, span.from(), own, span.from(), span.size());
      }
    }
    return Note.terms(unknowns, own, 0.01);
  }

  /** True when the last step changed the objective by no more than rounding. */
  private boolean isUnchanged() {
    int last = history.size() - 1;
    double slack = 10 * ROUNDING * (1 + Math.abs(history.get(last)));
    return last > 0 && Math.abs(history.get(last) - history.get(last - 1)) <= slack;
  }

  /** Squared length of a step, in the curvature that the likelihood had at the start. */
  private double moved(DMatrixRMaj atStart, double[] step) {
    double sum = 0;
    for (int i = 0; i < step.length; i++) {
      double row = 0;
      for (int k = 0; k < step.length; k++) {
        row += atStart.get(i, k) * step[k];
      }
      sum += data.rows() * row * step[i];
    }
    return sum;
  }

  /**
   * Terms that go on moving, in steps that do not shrink, although little is to be gained: the
   * curvature along the step has vanished since the start.
   */
  private List<String> drifting(DMatrixRMaj atStart, double[] step) {
    double[] parts = new double[step.length];
    for (int i = 0; i < step.length; i++) {
      parts[i] = step[i] * Math.sqrt(Math.abs(atStart.get(i, i)));
    }
    return Note.terms(unknowns, parts, 0.01);
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
