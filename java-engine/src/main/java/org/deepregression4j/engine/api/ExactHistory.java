package org.deepregression4j.engine.api;

import java.util.List;
import org.deepregression4j.engine.solve.ExactFit;
import org.deepregression4j.engine.solve.Note;
import org.deepregression4j.engine.solve.SolverListener;
import org.deepregression4j.engine.train.History;
import org.deepregression4j.engine.train.TrainingListener;

/** Shows an exact fit as a training run whose epochs are the solver's iterations. */
final class ExactHistory {
  private ExactHistory() {}

  static SolverListener listener(TrainingListener listener) {
    return new SolverListener() {
      private Progress last = new Progress(0, 0, Double.NaN, Double.NaN);

      @Override
      public boolean goesOn(Progress now) {
        last = now;
        return tell(1, 1);
      }

      @Override
      public boolean goesOnWithin(int done, int blocks) {
        return tell(done, blocks);
      }

      private boolean tell(long done, long blocks) {
        return listener.goesOn(
            new TrainingListener.Progress(
                last.iteration(), last.iterations(), done, blocks, last.objective(), Double.NaN));
      }
    };
  }

  static History of(ExactFit fit) {
    List<Double> objective = fit.objective().subList(1, fit.objective().size());
    String notes = String.join("; ", fit.notes().stream().map(Note::message).toList());
    return new History(objective, List.of(), List.of(), 0, stop(fit), message(fit, notes));
  }

  private static History.Stop stop(ExactFit fit) {
    return switch (fit.stop()) {
      case CONVERGED -> History.Stop.FINISHED;
      case CANCELLED -> History.Stop.CANCELLED;
      default -> History.Stop.NOT_CONVERGED;
    };
  }

  private static String message(ExactFit fit, String notes) {
    String end =
        switch (fit.stop()) {
          case CONVERGED, UNBOUNDED -> "";
          case CANCELLED ->
              "stopped after iteration "
                  + fit.iterations()
                  + "; the model keeps the coefficients it had then";
          case LIMIT ->
              "not converged after "
                  + fit.iterations()
                  + " iterations: largest slope "
                  + fit.gradientNorm();
          case STALLED ->
              "no step improves the objective after "
                  + fit.iterations()
                  + " iterations, yet the largest slope is "
                  + fit.gradientNorm();
        };
    return end.isEmpty() || notes.isEmpty() ? end + notes : end + "; " + notes;
  }
}
