package org.deepregression4j.engine.solve;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * The penalised mean negative log-likelihood with its curvature, and steps that never make it
 * worse. Mutable: the smoothing parameters may change between steps.
 */
final class NewtonObjective {
  /** Relative rounding error of the objective, which a step may seem to lose. */
  static final double ROUNDING = 1e-14;

  /** Part of the expected decrease that a step must reach. */
  private static final double SUFFICIENT = 1e-4;

  private static final int HALVINGS = 40;

  /** A link's predictor beyond its edge that rises by more in a step has lost its way. */
  private static final double WILD = 10;

  private final Unknowns unknowns;
  private final Likelihood likelihood;
  private final SparsePenalty sparse;
  private final double[] start;
  private final double rows;
  private QuadraticPenalty penalty;

  /** Objective, slope of its smooth part, and curvature at one place. */
  record Place(double[] w, double value, double[] gradient, Sums sums) {
    boolean isFinite() {
      return Double.isFinite(value) && sums.isFinite();
    }
  }

  /**
   * A step: to target = w − step.
   *
   * @param system the curvature, at the coefficients that are not held at zero
   * @param decrease what the step gains at first order
   */
  record Move(NewtonSystem system, double[] target, double[] step, double decrease) {
    /** The way to the optimum in standard errors, as the step predicts it. */
    double distance(double rows) {
      return Math.sqrt(Math.max(0, decrease) * rows);
    }
  }

  /**
   * The objective of a likelihood.
   *
   * @param start a trained vector with the weights that are not unknown
   */
  NewtonObjective(
      Unknowns unknowns,
      Likelihood likelihood,
      QuadraticPenalty penalty,
      SparsePenalty sparse,
      double[] start) {
    this.unknowns = unknowns;
    this.likelihood = likelihood;
    this.penalty = penalty;
    this.sparse = sparse;
    this.start = start.clone();
    this.rows = likelihood.rows();
  }

  Unknowns unknowns() {
    return unknowns;
  }

  double rows() {
    return rows;
  }

  /** As {@link Likelihood#hasEdge}. */
  boolean hasEdge(int predictor) {
    return likelihood.hasEdge(predictor);
  }

  QuadraticPenalty penalty() {
    return penalty;
  }

  SparsePenalty sparse() {
    return sparse;
  }

  void setPenalty(QuadraticPenalty next) {
    penalty = next;
  }

  /** The trained vector with unknowns in their places. */
  double[] trained(double[] where) {
    return unknowns.put(where, start);
  }

  /** One pass over the data. */
  Place at(double[] where) {
    return place(where, likelihood.sums(trained(where), DerivativeGraph.Level.HESSIAN));
  }

  /** The same place under the present penalty, without a pass. */
  Place again(Place here) {
    return place(here.w(), here.sums());
  }

  /** The same place where other second derivatives are taken for true. */
  Place again(Place here, DMatrixRMaj hessian) {
    return place(here.w(), here.sums().withHessian(hessian));
  }

  private Place place(double[] where, Sums sums) {
    double[] gradient = unknowns.take(sums.gradient);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] /= rows;
    }
    penalty.addGradient(where, gradient);
    return new Place(where, sums.value / rows + penalties(where), gradient, sums);
  }

  private double penalties(double[] where) {
    return penalty.value(where) + sparse.value(where);
  }

  /** The gradient of log |H + S| through H, by the unknowns; one pass over the data. */
  double[] logDeterminantSlope(Place here, DMatrixRMaj v) {
    return unknowns.take(likelihood.logDeterminantSlope(trained(here.w()), v));
  }

  /** Second derivatives of the objective's smooth part. */
  DMatrixRMaj hessian(Place here) {
    DMatrixRMaj out = here.sums().hessian.copy();
    for (int i = 0; i < out.data.length; i++) {
      out.data[i] /= rows;
    }
    penalty.addHessian(out, 1);
    return out;
  }

  /** Largest absolute slope, where a sparse penalty cannot balance it. */
  double slope(Place here) {
    double norm = 0;
    for (double g : sparse.residual(here.w(), here.gradient())) {
      norm = Math.max(norm, Math.abs(g));
    }
    return norm;
  }

  /** The Newton step, or the proximal one where coefficients may be zero. */
  Move move(Place here) {
    DMatrixRMaj hessian = hessian(here);
    if (sparse.isEmpty()) {
      NewtonSystem system = NewtonSystem.of(hessian);
      double[] step = system.solve(here.gradient());
      return new Move(system, here.w(), step, ExactSolver.dot(step, here.gradient()));
    }
    double[] target = ProximalStep.target(sparse, hessian, here.gradient(), here.w(), rows);
    double[] step = here.w().clone();
    for (int i = 0; i < step.length; i++) {
      step[i] -= target[i];
    }
    sparse.restrict(hessian, target, 1);
    double gain = sparse.gain(here.w(), target, here.gradient());
    return new Move(NewtonSystem.of(hessian), target, step, gain);
  }

  /** At the optimum, with exact zeros where the next step would have them. */
  Place snapped(Place here, Move move) {
    double[] w = sparse.snapped(here.w(), move.target());
    return Arrays.equals(w, here.w()) ? here : at(w);
  }

  /** The first of the full step and its halves that improves enough; here when none does. */
  Place advance(Place here, Move move) {
    double slack = ROUNDING * (1 + Math.abs(here.value()));
    double length = 1;
    for (int trial = 0; trial < HALVINGS; trial++, length /= trial < 3 ? 2 : 4) {
      double[] there = here.w().clone();
      for (int i = 0; i < there.length; i++) {
        there[i] -= length * move.step()[i];
      }
      if (Arrays.equals(there, here.w())) {
        return here;
      }
      double goal = here.value() - SUFFICIENT * length * move.decrease() + slack;
      // Full steps are the rule: their curvature is computed at once.
      if (trial > 0 && !(valueAt(there) <= goal)) {
        continue;
      }
      Place next = at(there);
      if (next.value() <= goal && next.sums().isFinite() && !isWild(here, next)) {
        return next;
      }
    }
    return here;
  }

  /**
   * Whether a step throws a predictor over the edge of its link's range, where the likelihood is so
   * flat that no step leads back. One that walks over it goes on: the likelihood may be unbounded.
   */
  private boolean isWild(Place from, Place to) {
    double[] before = from.sums().reach;
    double[] after = to.sums().reach;
    for (int j = 0; j < after.length; j++) {
      if (after[j] > Drift.EDGE && after[j] > before[j] + WILD && likelihood.hasEdge(j)) {
        return true;
      }
    }
    return false;
  }

  private double valueAt(double[] where) {
    return likelihood.value(trained(where)) / rows + penalties(where);
  }
}
