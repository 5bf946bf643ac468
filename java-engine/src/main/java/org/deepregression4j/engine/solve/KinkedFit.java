package org.deepregression4j.engine.solve;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Fits a log-density with kinks, which is not differentiable just where its optimum lies: with √(x²
 * + width²) in the place of |x|, from wide to narrow, each fit starting at the one before. In the
 * end the objective is within 1e-8 of the mean |x| times the number of rows that are fitted
 * exactly.
 *
 * <p>Smoothing parameters are chosen where the width is {@value #CHOOSING} of the mean |x|: there
 * the curvature tells of the density at the kink, at narrow ones of single rows.
 *
 * <p>Source: Madsen and Nielsen (1993), A finite smoothing algorithm for linear l1 estimation; Chen
 * (2007), A finite smoothing algorithm for quantile regression.
 */
final class KinkedFit {
  /** Widths at which smoothing parameters are chosen, and the last, in mean |x|. */
  private static final double CHOOSING = 0.3;

  private static final double NARROWEST = 1e-8;

  /** From width to width; two of them a power of ten. */
  private static final double NARROWING = Math.sqrt(0.1);

  /** Standard errors, of a wider kink, from its optimum. */
  private static final double ROUGH = 1e-2;

  private final Likelihood likelihood;
  private final SolverOptions options;
  private final SolverListener listener;
  private final List<Double> history = new ArrayList<>();
  private List<ExactFit.SmoothingParameter> smoothing = List.of();

  /** A fit at one width. */
  @FunctionalInterface
  interface Stage {
    /**
     * The fit.
     *
     * @param smoothing parameters that take the place of the model's; empty for those
     * @param isWide where the curvature is that of many rows
     */
    ExactFit from(
        double[] start,
        SolverOptions options,
        SolverListener listener,
        List<ExactFit.SmoothingParameter> smoothing,
        boolean isWide);
  }

  KinkedFit(Likelihood likelihood, SolverOptions options, SolverListener listener) {
    this.likelihood = likelihood;
    this.options = options;
    this.listener = listener;
  }

  /** Narrows the kinks of a likelihood to such a part of their mean size. */
  static void narrow(Likelihood likelihood, double[] trained, double part) {
    likelihood.setKinkWidth(part * likelihood.kinkSize(trained));
  }

  /** The narrowest kinks, as a fit ends with. */
  static void narrow(Likelihood likelihood, double[] trained) {
    narrow(likelihood, trained, NARROWEST);
  }

  ExactFit run(double[] start, Stage stage) {
    narrow(likelihood, start, 1);
    ExactFit fit = fit(start, 1, stage);
    // What is identified is a matter of design and penalties, which wide kinks show.
    List<Note> notes = fit.notes();
    for (double part = NARROWING; part > NARROWEST / 2 && goesOn(fit); part *= NARROWING) {
      narrow(likelihood, fit.trained(), part);
      fit = fit(fit.trained(), part, stage);
      notes = isWide(part) ? fit.notes() : notes;
    }
    Set<Note> all = new LinkedHashSet<>(notes);
    fit.notes().stream().filter(n -> n.kind() != Note.Kind.NOT_IDENTIFIED).forEach(all::add);
    List<ExactFit.SmoothingParameter> chosen = smoothing.isEmpty() ? fit.smoothing() : smoothing;
    return fit.with(history, chosen, List.copyOf(all));
  }

  private static boolean isWide(double part) {
    return part > CHOOSING / 2;
  }

  private static boolean goesOn(ExactFit fit) {
    boolean isAtEnd = fit.stop() == ExactFit.Stop.CONVERGED || fit.stop() == ExactFit.Stop.STALLED;
    return isAtEnd && fit.notes().stream().allMatch(n -> n.kind() == Note.Kind.NOT_IDENTIFIED);
  }

  private ExactFit fit(double[] start, double part, Stage stage) {
    boolean isLast = part < NARROWEST * 2;
    boolean isChoosing = Math.abs(part - CHOOSING) < CHOOSING / 2;
    int before = Math.max(0, history.size() - 1);
    SolverOptions here =
        options
            .withSelect(isChoosing ? options.select() : SolverOptions.Select.FIXED)
            .withTolerance(isLast || isChoosing ? options.tolerance() : ROUGH)
            .withIterations(Math.max(1, options.iterations() - before));
    ExactFit fit = stage.from(start, here, new Onwards(before), smoothing, isWide(part));
    history.addAll(fit.objective().subList(history.isEmpty() ? 0 : 1, fit.objective().size()));
    if (isChoosing) {
      smoothing = fit.smoothing();
    }
    return fit;
  }

  /** Counts the iterations before. */
  private final class Onwards implements SolverListener {
    private final int before;

    Onwards(int before) {
      this.before = before;
    }

    @Override
    public boolean goesOn(Progress p) {
      return listener.goesOn(
          new Progress(
              before + p.iteration(), before + p.iterations(), p.objective(), p.distance()));
    }
  }
}
