package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.deepregression4j.onnx.graph.ElementType;
import org.junit.jupiter.api.Test;

class CensoredFamiliesTest {
  /** Rows that are neither seen nor bounds spoil the loss rather than enter it. */
  @Test
  void censoringIsZeroOrOneAndLeavesTheMomentsAlone() {
    double[] eta = {0.3, -0.8};
    try (FamilyGraph censored =
            new FamilyGraph(FamilyCases.censored("weibull"), ElementType.FLOAT64, 2);
        FamilyGraph plain = new FamilyGraph(Families.named("weibull"), ElementType.FLOAT64, 1)) {
      assertThat(censored.runAt("log_density", new double[] {1, 2, 1, 0.5}, eta))
          .containsOnly(Double.NaN);
      for (String moment : List.of("mean", "stddev")) {
        assertThat(censored.property(moment, eta)).isEqualTo(plain.property(moment, eta));
      }
    }
  }
}
