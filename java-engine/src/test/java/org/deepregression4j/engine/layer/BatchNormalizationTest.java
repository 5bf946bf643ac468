package org.deepregression4j.engine.layer;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;

class BatchNormalizationTest extends LayerContract {
  @Override
  String covers() {
    return "BatchNormalization";
  }

  @Override
  String label() {
    return "batch_normalization 'bn'";
  }

  @Override
  List<Case> cases() {
    List<Case> out = new ArrayList<>();
    for (boolean center : new boolean[] {true, false}) {
      for (boolean scale : new boolean[] {true, false}) {
        Map<String, Integer> weights = new LinkedHashMap<>();
        weights.put("moving_mean", 2);
        weights.put("moving_variance", 2);
        if (scale) {
          weights.put("gamma", 2);
        }
        if (center) {
          weights.put("beta", 2);
        }
        Layer layer = new BatchNormalization("bn", .9, .01, center, scale);
        out.add(new Case(layer, List.of(2), weights, (in, w, t) -> plain(in.get(0), w, t)));
      }
    }
    return out;
  }

  private static double mean(double[][] x, int k) {
    double sum = 0;
    for (double[] row : x) {
      sum += row[k] / x.length;
    }
    return sum;
  }

  private static double variance(double[][] x, int k) {
    double sum = 0;
    for (double[] row : x) {
      sum += Math.pow(row[k] - mean(x, k), 2) / x.length;
    }
    return sum;
  }

  private static double[][] plain(double[][] x, Map<String, double[]> w, boolean isTraining) {
    double[][] out = new double[x.length][2];
    for (int i = 0; i < x.length; i++) {
      for (int k = 0; k < 2; k++) {
        double m = isTraining ? mean(x, k) : w.get("moving_mean")[k];
        double v = isTraining ? variance(x, k) : w.get("moving_variance")[k];
        double gamma = w.getOrDefault("gamma", new double[] {1, 1})[k];
        double beta = w.getOrDefault("beta", new double[2])[k];
        out[i][k] = gamma * (x[i][k] - m) / Math.sqrt(v + .01) + beta;
      }
    }
    return out;
  }

  @Override
  List<Refusal> refusals() {
    Layer layer = new BatchNormalization("bn");
    return List.of(
        new Refusal(layer, List.of(LayerHarness.input("x", Shape.rows("n")))),
        new Refusal(layer, List.of(LayerHarness.input("x", Shape.rows("n", 2, 2)))),
        new Refusal(layer, List.of()));
  }

  @Test
  void movingAveragesFollowTheBatches() {
    SplittableRandom random = new SplittableRandom(3);
    Layer layer = new BatchNormalization("bn", .9, .01, false, false);
    double[] mean = new double[2];
    double[] variance = {1, 1};
    try (LayerHarness harness = new LayerHarness(layer, List.of(2), true, 1)) {
      double[] gotMean = mean.clone();
      double[] gotVariance = variance.clone();
      for (int step = 0; step < 4; step++) {
        double[][] x = rows(3 + step, 2, random);
        Map<String, double[]> weights =
            Map.of("moving_mean", gotMean, "moving_variance", gotVariance);
        Map<String, Tensor> got = harness.run(List.<double[][]>of(x), x, weights);
        gotMean = got.get("next moving_mean").toDoubles();
        gotVariance = got.get("next moving_variance").toDoubles();
        for (int k = 0; k < 2; k++) {
          mean[k] = .9 * mean[k] + .1 * mean(x, k);
          variance[k] = .9 * variance[k] + .1 * variance(x, k);
        }
      }
      close(gotMean, mean, 1e-14);
      close(gotVariance, variance, 1e-14);
    }
  }

  @Test
  void domainsAreChecked() {
    for (double[] bad : new double[][] {{-.1, 1}, {1.1, 1}, {.9, 0}, {Double.NaN, 1}}) {
      assertThatThrownBy(() -> new BatchNormalization("bn", bad[0], bad[1], true, true))
          .hasMessageStartingWith("batch_normalization 'bn': expected momentum in [0, 1]");
    }
  }
}
