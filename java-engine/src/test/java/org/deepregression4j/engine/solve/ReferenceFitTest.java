package org.deepregression4j.engine.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exact fits against R: lm, glm, and mgcv::gam with the same smoothing parameters or by REML. */
class ReferenceFitTest {
  /** R's own fits are converged to about 1e-10. */
  private static final double LINEAR = 1e-8;

  /** mgcv stops a little earlier, and its coefficients of wiggly functions are large. */
  private static final double SMOOTH = 1e-6;

  private static final double STANDARD_ERROR = 1e-6;

  /** mgcv maximises the same criterion, but stops early where it is flat. */
  private static final double REML_FREEDOM = 2e-3;

  /** With a free scale mgcv's criterion also integrates over the scale's prior. */
  private static final double REML_FREEDOM_SCALE = 0.02;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lm",
        "glm-poisson",
        "glm-weights",
        "glm-binomial",
        "glm-gamma",
        "glm-counts",
        "glm-counts-weights"
      })
  void linearModelsEqualThoseOfR(String name) {
    compare(ReferenceFit.read(name), LINEAR);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gam-tp", "gam-cr", "gam-te", "gaulss"})
  void additiveModelsEqualThoseOfMgcv(String name) {
    compare(ReferenceFit.read(name), SMOOTH);
  }

  private static void compare(ReferenceFit want, double tolerance) {
    ExactFit fit = want.solve(SolverOptions.DEFAULT);
    assertThat(fit.stop()).isEqualTo(ExactFit.Stop.CONVERGED);
    assertThat(fit.notes()).isEmpty();
    Inference inference =
        Inference.of(want.model(), want.data(), fit.trained(), SolverOptions.DEFAULT);
    near(want.inOrder(inference.coefficients()::get), want.numbers("beta"), tolerance);
    near(want.inOrder(inference::standardError), want.numbers("se"), STANDARD_ERROR);
    if (want.has("loglik")) {
      double expected = want.number("loglik");
      assertThat(inference.logLikelihood()).isCloseTo(expected, within(1e-8 * -expected));
    }
    if (want.has("edf")) {
      assertThat(inference.totalFreedom()).isCloseTo(want.number("edf"), within(1e-5));
    }
  }

  private static void near(double[] got, double[] want, double tolerance) {
    assertThat(got).hasSameSizeAs(want);
    for (int i = 0; i < got.length; i++) {
      double allowed = tolerance * Math.max(1, Math.abs(want[i]));
      assertThat(got[i]).as("coefficient %d", i).isCloseTo(want[i], within(allowed));
    }
  }

  @Test
  void mcycleReachesTheGoldenNumbers() {
    ReferenceFit want = ReferenceFit.read("golden-mcycle");
    ExactFit fit = want.solve(SolverOptions.DEFAULT);
    List<Double> history = fit.objective();
    double last = history.get(history.size() - 1);
    assertThat(last).isCloseTo(want.number("objective"), within(5.1e-8));
    int place = new Unknowns(want.model()).spans().get(2).from();
    double[] found = new Unknowns(want.model()).take(fit.trained());
    assertThat(found[place]).isCloseTo(want.number("log_sigma"), within(5.1e-8));
    for (int i = 1; i < history.size(); i++) {
      assertThat(history.get(i)).isLessThanOrEqualTo(history.get(i - 1) + 1e-13);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reml-poisson", "reml-te", "reml-gaulss", "reml-mcycle-gaulss"})
  void smoothingParametersByRemlGiveTheFreedomOfMgcv(String name) {
    compareFreedom(ReferenceFit.read(name), REML_FREEDOM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"reml-mcycle", "reml-gamma"})
  void smoothingParametersWithAFreeScale(String name) {
    compareFreedom(ReferenceFit.read(name), REML_FREEDOM_SCALE);
  }

  /** What was selected is selected again, from where the first fit ended. */
  @Test
  void smoothingParametersAreTheSameFromAnotherStart() {
    ReferenceFit want = ReferenceFit.read("reml-poisson");
    SolverOptions options = SolverOptions.DEFAULT.withSelect(SolverOptions.Select.REML);
    ExactFit first = want.solve(options);
    ExactFit again =
        ExactSolver.solve(want.model(), want.data(), first.trained(), options, SolverListener.NONE);
    assertThat(again.stop()).isEqualTo(ExactFit.Stop.CONVERGED);
    for (int i = 0; i < first.smoothing().size(); i++) {
      double lambda = first.smoothing().get(i).lambda();
      assertThat(again.smoothing().get(i).lambda()).isCloseTo(lambda, within(1e-3 * lambda));
    }
  }

  private static void compareFreedom(ReferenceFit want, double tolerance) {
    SolverOptions options = SolverOptions.DEFAULT.withSelect(SolverOptions.Select.REML);
    ExactFit fit = want.solve(options);
    assertThat(fit.stop()).isEqualTo(ExactFit.Stop.CONVERGED);
    Inference inference =
        Inference.of(want.model(), want.data(), fit.trained(), fit.smoothing(), options);
    double[] got =
        inference.unknowns().spans().stream()
            .filter(s -> s.term().matches("(s|te).*\\(.*"))
            .mapToDouble(inference::freedom)
            .toArray();
    double[] expected = want.numbers("term_edf");
    assertThat(got).hasSameSizeAs(expected);
    for (int i = 0; i < got.length; i++) {
      assertThat(got[i]).isCloseTo(expected[i], within(tolerance * expected[i]));
    }
  }
}
