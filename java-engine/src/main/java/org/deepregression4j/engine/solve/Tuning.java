package org.deepregression4j.engine.solve;

import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/** The smoothing parameters in the course of a fit: as they are, or updated by REML. Mutable. */
final class Tuning {
  /** Standard errors by which new smoothing parameters may still move the fit. */
  private static final double SETTLED = 1e-3;

  /** Standard errors from the optimum within which the quadratic model can be trusted. */
  private static final double NEAR = 1;

  private static final int LONGEST = 60;

  private final NewtonObjective objective;
  private final Optional<FellnerSchall> rule;
  private int settledFor;
  private int updates;

  /** Takes over the penalty of an objective, which it starts anew from the first place. */
  Tuning(NewtonObjective objective, SolverOptions.Select select, NewtonObjective.Place first) {
    QuadraticPenalty penalty = objective.penalty();
    boolean isWished = select == SolverOptions.Select.REML && !penalty.pieces().isEmpty();
    this.objective = objective;
    this.rule =
        isWished
            ? Optional.of(new FellnerSchall(penalty, first.sums().hessian, objective.rows()))
            : Optional.empty();
    rule.ifPresent(r -> objective.setPenalty(penalty.withFactors(r.start())));
  }

  boolean isSettled() {
    return rule.isEmpty() || settledFor >= 2 || updates >= LONGEST;
  }

  /** Notes how far the last parameters moved the optimum. */
  void settle(double distance) {
    settledFor = distance <= SETTLED ? settledFor + 1 : 0;
  }

  /** The same place under new smoothing parameters. */
  NewtonObjective.Place next(NewtonObjective.Place here) {
    if (isSettled() || rule.isEmpty()) {
      return here;
    }
    NewtonObjective.Move move = objective.move(here);
    if (move.system().isIndefinite() || !(move.distance(objective.rows()) <= NEAR)) {
      return here;
    }
    updates++;
    update(here, move, rule.get());
    return objective.again(here);
  }

  private void update(
      NewtonObjective.Place here, NewtonObjective.Move move, FellnerSchall updates) {
    SparsePenalty sparse = objective.sparse();
    double[] slope = objective.unknowns().take(here.sums().gradient);
    DMatrixRMaj v = move.system().inverse();
    CommonOps_DDRM.scale(1 / objective.rows(), v);
    sparse.clear(v, move.target());
    double[] bend = objective.logDeterminantSlope(here, v);
    DMatrixRMaj curvature = here.sums().hessian.copy();
    sparse.attach(curvature, slope, bend, here.w(), objective.rows());
    objective.setPenalty(updates.update(objective.penalty(), curvature, slope, bend, here.w()));
  }
}
