package org.deepregression4j.engine.solve;

import java.util.Arrays;
import java.util.List;
import org.deepregression4j.engine.model.ModelDefinition;
import org.ejml.data.DMatrixRMaj;

/**
 * Watches for coefficients that run away since the likelihood has no maximum: by separation, where
 * it rises for ever by less and less, or without bound. Mutable: it remembers the last step.
 */
final class Drift {
  /** So close to the largest likelihood, in standard errors, an ordinary fit hardly moves. */
  static final double CALM = 1e-2;

  /**
   * A few steps further the exponential of such linear predictors leaves the range of doubles, and
   * curvatures are wrong, unless they are locations: the last standard error is not waited for.
   */
  private static final double FAR = 300;

  private static final double LITTLE = 1;

  /** Linear predictors beyond this are at the edge of their link's range, if that has one. */
  static final double EDGE = 30;

  private final NewtonObjective objective;
  private final ModelDefinition model;
  private final DMatrixRMaj curvatureAtStart;
  private double movedBefore = Double.POSITIVE_INFINITY;

  Drift(NewtonObjective objective, ModelDefinition model, NewtonObjective.Place first) {
    this.objective = objective;
    this.model = model;
    this.curvatureAtStart = objective.hessian(first);
  }

  /**
   * The terms that go on moving, in steps that do not shrink, although little is to be gained: the
   * curvature along the step has vanished since the start. To be asked once per step.
   */
  List<String> separated(NewtonObjective.Place here, NewtonObjective.Move move, boolean isSettled) {
    double moved = moved(move.step());
    double before = movedBefore;
    movedBefore = moved;
    boolean isFar = Arrays.stream(here.sums().reach).anyMatch(r -> r > FAR);
    boolean isCalm = move.distance(objective.rows()) <= (isFar ? LITTLE : CALM);
    boolean isMoving = moved > Math.max(CALM, before / 4);
    return isSettled && isCalm && isMoving ? drifting(move.step()) : List.of();
  }

  /** Squared length of a step, in the curvature that the likelihood had at the start. */
  private double moved(double[] step) {
    double sum = 0;
    for (int i = 0; i < step.length; i++) {
      double row = 0;
      for (int k = 0; k < step.length; k++) {
        row += curvatureAtStart.get(i, k) * step[k];
      }
      sum += objective.rows() * row * step[i];
    }
    return sum;
  }

  private List<String> drifting(double[] step) {
    double[] parts = new double[step.length];
    for (int i = 0; i < step.length; i++) {
      parts[i] = step[i] * Math.sqrt(Math.abs(curvatureAtStart.get(i, i)));
    }
    return Note.terms(objective.unknowns(), parts, 0.01);
  }

  /**
   * What to say where a bounded parameter has left every reasonable range and goes on outwards;
   * empty elsewhere. A step may also overshoot, and the next one comes back.
   */
  List<Note> unbounded(NewtonObjective.Place here, NewtonObjective.Move move) {
    double[] reach = here.sums().reach;
    for (int j = 0; j < reach.length; j++) {
      double[] own = ownPart(j, move.step());
      if (objective.hasEdge(j) && reach[j] > EDGE && ExactSolver.dot(own, here.w()) < 0) {
        String parameter = model.predictors().get(j).name();
        List<String> terms = Note.terms(objective.unknowns(), own, 0.01);
        return List.of(Note.unbounded(parameter, terms));
      }
    }
    return List.of();
  }

  /** A step where it belongs to a predictor, zero elsewhere. */
  private double[] ownPart(int predictor, double[] step) {
    double[] own = new double[step.length];
    for (Unknowns.Span span : objective.unknowns().spans()) {
      if (span.predictor() == predictor) {
        System.arraycopy(step, span.from(), own, span.from(), span.size());
      }
    }
    return own;
  }
}
