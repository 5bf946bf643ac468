package org.deepregression4j.engine.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;

class DropoutTest extends LayerContract {
  private static final int N = 20_000;

  @Override
  String covers() {
    return "Dropout";
  }

  @Override
  String label() {
    return "dropout 'do'";
  }

  @Override
  boolean isDeterministic() {
    return false;
  }

  @Override
  List<Case> cases() {
    return List.of(
        new Case(new Dropout("do", .3), List.of(2), Map.of(), (in, w, t) -> in.get(0)),
        new Case(new Dropout("do", 0), List.of(2), Map.of(), (in, w, t) -> in.get(0)));
  }

  @Override
  List<Refusal> refusals() {
    return List.of(
        new Refusal(new Dropout("do", .5), List.of()),
        new Refusal(
            new Dropout("do", .5),
            List.of(
                LayerHarness.input("a", Shape.rows("n", 1)),
                LayerHarness.input("b", Shape.rows("n", 1)))));
  }

  private static Map<String, Tensor> run(LayerHarness harness) {
    double[][] x = new double[N][1];
    Arrays.stream(x).forEach(row -> row[0] = 2);
    return harness.run(List.<double[][]>of(x), x, Map.of());
  }

  private static double[] mask(float seed) {
    try (LayerHarness h = new LayerHarness(new Dropout("do", .3), List.of(1), true, seed)) {
      return run(h).get("out").toDoubles();
    }
  }

  @Test
  void dropsTheRateAndKeepsTheMean() {
    double[] out = mask(11);
    assertThat(Arrays.stream(out).filter(v -> v != 0)).allMatch(v -> Math.abs(v - 2 / .7) < 1e-15);
    double dropped = Arrays.stream(out).filter(v -> v == 0).count() / (double) N;
    // Four standard deviations of a share of N draws.
    assertThat(dropped).isCloseTo(.3, within(4 * Math.sqrt(.3 * .7 / N)));
    assertThat(Arrays.stream(out).average().orElseThrow()).isCloseTo(2, within(.04));
  }

  @Test
  void theGradientHasTheMaskOfTheForwardPass() {
    try (LayerHarness h = new LayerHarness(new Dropout("do", .3), List.of(1), true, 11)) {
      Map<String, Tensor> got = run(h);
      assertThat(got.get("gradient0").toDoubles()).containsExactly(got.get("out").toDoubles());
    }
  }

  @Test
  void masksFollowTheSeedAndChangeFromRunToRun() {
    assertThat(mask(11)).containsExactly(mask(11));
    try (LayerHarness h = new LayerHarness(new Dropout("do", .3), List.of(1), true, 11)) {
      double[] first = run(h).get("out").toDoubles();
      double[] second = run(h).get("out").toDoubles();
      assertThat(agreement(first, second)).isCloseTo(.58, within(.02));
    }
  }

  /**
   * Independent masks agree with probability .7² + .3². The runtime's generator is linear: seeds in
   * a small ratio would give dependent masks, so models mix theirs (see WeightsTest).
   */
  @Test
  void layersWithUnrelatedSeedsAreIndependent() {
    for (float seed : new float[] {12, 812_345, 5_000_001}) {
      assertThat(agreement(mask(11), mask(seed))).isCloseTo(.58, within(.02));
    }
  }

  private static double agreement(double[] a, double[] b) {
    int same = 0;
    for (int i = 0; i < a.length; i++) {
      same += (a[i] == 0) == (b[i] == 0) ? 1 : 0;
    }
    return same / (double) a.length;
  }

  @Test
  void ratesAreChecked() {
    for (double rate : new double[] {-.1, 1, Double.NaN}) {
      assertThatThrownBy(() -> new Dropout("do", rate))
          .hasMessage("dropout 'do': expected rate in [0, 1), got " + rate);
    }
  }
}
