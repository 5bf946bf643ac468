package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/** The mode of a family of vectors: no response around has a larger density. */
final class VectorMode {
  private static final double STEP = 1e-3;

  private VectorMode() {}

  static void check(FamilyCase of, FamilyGraph graph) {
    for (double[] eta : of.predictors()) {
      double[] mode = graph.property("mode", eta);
      if (Arrays.stream(mode).anyMatch(Double::isNaN)) {
        continue;
      }
      double best = graph.runAt("log_density", mode, eta)[0];
      int m = mode.length;
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < m; j++) {
          double[] y = moved(of.family().support(), mode, i, j);
          assertThat(graph.runAt("log_density", y, eta)[0])
              .as("%s beside its mode %s", of, Arrays.toString(mode))
              .isLessThanOrEqualTo(best + 1e-9);
        }
      }
    }
  }

  /** Column i up, column j down, and back into the support. */
  private static double[] moved(Support support, double[] mode, int i, int j) {
    double[] y = mode.clone();
    if (support == Support.ONE_HOT) {
      Arrays.fill(y, 0);
      y[i] = 1;
      return y;
    }
    y[i] += STEP;
    y[j] -= support == Support.SIMPLEX ? STEP : STEP / 2;
    if (support == Support.DIRECTION) {
      double length = Math.sqrt(Arrays.stream(y).map(v -> v * v).sum());
      return Arrays.stream(y).map(v -> v / length).toArray();
    }
    return y;
  }
}
