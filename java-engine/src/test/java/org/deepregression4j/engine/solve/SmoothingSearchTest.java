package org.deepregression4j.engine.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Smoothing parameters by prediction error, against mgcv::gam(method = "GCV.Cp"). */
class SmoothingSearchTest {
  private static final SolverOptions OPTIONS =
      SolverOptions.DEFAULT.withSelect(SolverOptions.Select.GCV);

  @ParameterizedTest
  @CsvSource({
    "gcv-mcycle,0.002",
    "gcv-normal,0.001",
    "gcv-poisson,0.0005",
    "gcv-poisson-wave,0.0005",
    "gcv-te,0.0005"
  })
  void freedomIsThatOfMgcv(String name, double tolerance) {
    ReferenceFit want = ReferenceFit.read(name);
    ExactFit fit = want.solve(OPTIONS);
    assertThat(fit.stop()).isEqualTo(ExactFit.Stop.CONVERGED);
    double[] got = freedom(want, fit);
    double[] expected = want.numbers("term_edf");
    assertThat(got).hasSameSizeAs(expected);
    for (int i = 0; i < got.length; i++) {
      assertThat(got[i]).isCloseTo(expected[i], within(tolerance * Math.max(1, expected[i])));
    }
  }

  private static double[] freedom(ReferenceFit of, ExactFit fit) {
    Inference inference =
        Inference.of(of.model(), of.data(), fit.trained(), fit.smoothing(), OPTIONS);
    return inference.unknowns().spans().stream()
        .filter(s -> s.term().matches("(s|te).*\\(.*"))
        .mapToDouble(inference::freedom)
        .toArray();
  }

  @Test
  void predictionErrorIsLessThanThatOfReml() {
    ReferenceFit of = ReferenceFit.read("reml-gaulss");
    SolverOptions reml = SolverOptions.DEFAULT.withSelect(SolverOptions.Select.REML);
    assertThat(akaike(of, of.solve(OPTIONS))).isLessThan(akaike(of, of.solve(reml)) - 1e-3);
  }

  private static double akaike(ReferenceFit of, ExactFit fit) {
    Inference inference =
        Inference.of(of.model(), of.data(), fit.trained(), fit.smoothing(), OPTIONS);
    return -2 * inference.logLikelihood() + 2 * inference.totalFreedom();
  }

  @Test
  void theListenerEndsTheWholeSearch() {
    ReferenceFit of = ReferenceFit.read("gcv-poisson-wave");
    AtomicInteger calls = new AtomicInteger();
    ExactFit fit =
        ExactSolver.solve(
            of.model(),
            of.data(),
            Start.of(of.model(), of.data(), 1),
            OPTIONS,
            progress -> calls.incrementAndGet() < 12);
    assertThat(fit.stop()).isEqualTo(ExactFit.Stop.CANCELLED);
    assertThat(calls).hasValue(12);
  }

  @Test
  void aModelWithoutPenaltiesIsFittedAsItIs() {
    ReferenceFit of = ReferenceFit.read("glm-poisson");
    assertThat(of.solve(OPTIONS)).isEqualTo(of.solve(SolverOptions.DEFAULT));
  }
}
