package org.deepregression4j.engine.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.deepregression4j.onnx.graph.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitializerTest {
  private static final int FAN_IN = 300;
  private static final int FAN_OUT = 100;

  private static Initializer named(String name) {
    return switch (name) {
      case "glorot_uniform" -> Initializer.GLOROT_UNIFORM;
      case "glorot_normal" -> Initializer.GLOROT_NORMAL;
      case "he_uniform" -> Initializer.HE_UNIFORM;
      case "he_normal" -> Initializer.HE_NORMAL;
      case "normal" -> Initializer.normal(1, .5);
      default -> Initializer.uniform(-1, 3);
    };
  }

  private static double[] draw(Initializer initializer) {
    return initializer.draw(Shape.of(FAN_IN, FAN_OUT), new SplittableRandom(5));
  }

  /** Mean, variance and largest distance from the mean, in closed form. */
  @ParameterizedTest
  @CsvSource({
    "glorot_uniform, 0, 0.005, 0.12247449", // 2 / 400; √(6 / 400)
    "glorot_normal,  0, 0.005, 0.16077396", // truncated at 2 standard deviations before rescaling
    "he_uniform,     0, 0.0066666667, 0.14142136", // 2 / 300; √(6 / 300)
    "he_normal,      0, 0.0066666667, 0.18564578",
    "normal,         1, 0.25, 100",
    "uniform,        1, 1.3333333333, 2"
  })
  void momentsAreThoseOfKeras(String name, double mean, double variance, double reach) {
    double[] values = draw(named(name));
    int n = values.length;
    double average = Arrays.stream(values).average().orElseThrow();
    double spread = Arrays.stream(values).map(v -> (v - average) * (v - average)).sum() / n;
    double furthest = Arrays.stream(values).map(v -> Math.abs(v - mean)).max().orElseThrow();
    // Four standard errors of the mean; kurtosis is at most that of a normal, 3.
    assertThat(average).isCloseTo(mean, within(4 * Math.sqrt(variance / n)));
    assertThat(spread).isCloseTo(variance, within(4 * variance * Math.sqrt(2.0 / n)));
    assertThat(furthest).isLessThanOrEqualTo(reach);
    if (reach < 100) {
      assertThat(furthest).isGreaterThan(.99 * reach);
    }
  }

  @Test
  void vectorsHaveTheirLengthAsBothFans() {
    double[] values = Initializer.GLOROT_UNIFORM.draw(Shape.of(600), new SplittableRandom(1));
    double limit = Math.sqrt(6.0 / 1200);
    assertThat(Arrays.stream(values).map(Math::abs).max().orElseThrow())
        .isBetween(.98 * limit, limit);
  }

  @Test
  void constantsAndGivenValues() {
    assertThat(draw(Initializer.ZEROS)).containsOnly(0);
    assertThat(draw(Initializer.ONES)).containsOnly(1);
    assertThat(draw(Initializer.constant(2.5))).containsOnly(2.5);
    double[] given = {1, 2, 3, 4};
    Initializer values = Initializer.values(given);
    given[0] = 9;
    assertThat(values.draw(Shape.of(2, 2), new SplittableRandom(1))).containsExactly(1, 2, 3, 4);
    assertThatThrownBy(() -> values.draw(Shape.of(3), new SplittableRandom(1)))
        .hasMessage("initial values: expected 3 for shape (3), got 4");
  }

  @Test
  void anOwnSeedReplacesTheModels() {
    Initializer seeded = Initializer.HE_NORMAL.withSeed(7);
    double[] a = seeded.draw(Shape.of(3, 2), new SplittableRandom(1));
    assertThat(seeded.draw(Shape.of(3, 2), new SplittableRandom(2))).containsExactly(a);
  }

  @Test
  void domainsAreChecked() {
    assertThatThrownBy(() -> Initializer.normal(0, -1)).hasMessageContaining("stddev >= 0");
    assertThatThrownBy(() -> Initializer.normal(0, Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> Initializer.uniform(1, 0)).hasMessageContaining("minval <= maxval");
    assertThatThrownBy(() -> new Regularizer(-1, 0)).hasMessageContaining("l1 = -1.0");
  }
}
