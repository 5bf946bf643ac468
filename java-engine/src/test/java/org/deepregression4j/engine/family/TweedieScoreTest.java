package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.deepregression4j.onnx.graph.ElementType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The continuous ranked probability score of Tweedie, by integrals over its distribution function.
 */
class TweedieScoreTest {
  /** Of the integrals; panels double, so that the power of y at zero is followed. */
  private static final double RELATIVE = 1e-10;

  private static final double[] RESPONSES = {0, 0.9};
  private static final int NODES = 16;

  @ParameterizedTest(name = "power {0}, eta {1}, {2}")
  @CsvSource({"1.5, 0.4, 0", "1.2, 0.3, -0.5", "1.08, 0.2, -1", "1.75, -0.3, 0.6"})
  void isTheIntegralOfSquares(double power, double logMean, double logDispersion) {
    Family tweedie = Families.of(FamilySpec.of("tweedie", "power", power));
    try (FamilyGraph graph = new FamilyGraph(tweedie, ElementType.FLOAT64, 1)) {
      double[] got = graph.runAt("crps", RESPONSES, logMean, logDispersion);
      for (int i = 0; i < RESPONSES.length; i++) {
        double y = RESPONSES[i];
        double below = integral(graph, 0, y, true, logMean, logDispersion);
        double above = integral(graph, y, 40, false, logMean, logDispersion);
        assertThat(got[i]).as("y %s", y).isCloseTo(below + above, within(RELATIVE * got[i]));
      }
    }
  }

  /** ∫ F² or ∫ (1 − F)² over panels that double away from both ends. */
  private static double integral(
      FamilyGraph graph, double from, double to, boolean isBelow, double... eta) {
    double[][] rule = GaussLegendre.rule(NODES);
    double sum = 0;
    double left = from;
    double width = 1e-10;
    while (left < to) {
      double right = Math.min(to, left + width);
      double half = (right - left) / 2;
      double[] x = new double[NODES];
      for (int i = 0; i < NODES; i++) {
        x[i] = left + half * (1 + rule[0][i]);
      }
      double[] p = graph.runAt(isBelow ? "cdf" : "survival", x, eta);
      for (int i = 0; i < NODES; i++) {
        sum += half * rule[1][i] * p[i] * p[i];
      }
      left = right;
      width = Math.min(2 * width, 1.5);
    }
    return sum;
  }
}
