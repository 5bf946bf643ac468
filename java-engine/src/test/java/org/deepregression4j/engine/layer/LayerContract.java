package org.deepregression4j.engine.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;

/** What every layer holds; a layer supplies cases with plain Java forms and inherits the tests. */
abstract class LayerContract {
  /** Rounding of float64 sums of a few terms. */
  private static final double EXACT = 1e-13;

  /** Error of central differences with step 1e-6 for values of order one. */
  private static final double DIFFERENCES = 2e-7;

  private static final double STEP = 1e-6;
  private static final long SEED = 20240517;

  /** The layer in plain Java. */
  interface Plain {
    double[][] at(List<double[][]> inputs, Map<String, double[]> weights, boolean isTraining);
  }

  /**
   * A layer with what is expected of it.
   *
   * @param layer the layer
   * @param widths of its inputs
   * @param weights name and length of the weights that it must ask for
   * @param plain the same in plain Java
   */
  record Case(Layer layer, List<Integer> widths, Map<String, Integer> weights, Plain plain) {}

  /** The layer that the test is about: class name or factory method; "" for none. */
  abstract String covers();

  abstract List<Case> cases();

  /** A layer and inputs that it must refuse. */
  record Refusal(Layer layer, List<Value> inputs) {}

  /** Inputs that do not fit; the message must begin with {@link #label}. */
  abstract List<Refusal> refusals();

  abstract String label();

  /** False for layers whose training form is random. */
  boolean isDeterministic() {
    return true;
  }

  private static Map<String, double[]> draw(Map<String, Integer> sizes, SplittableRandom random) {
    Map<String, double[]> out = new LinkedHashMap<>();
    sizes.forEach(
        (name, size) -> {
          double[] values = new double[size];
          for (int i = 0; i < size; i++) {
            values[i] = (name.contains("variance") ? 1 : -.7) + random.nextDouble();
          }
          out.put(name, values);
        });
    return out;
  }

  static double[][] rows(int n, int width, SplittableRandom random) {
    double[][] out = new double[n][width];
    for (double[] row : out) {
      for (int k = 0; k < width; k++) {
        row[k] = 3 * random.nextDouble() - 1.5;
      }
    }
    return out;
  }

  private static List<double[][]> inputs(Case about, int n, SplittableRandom random) {
    List<double[][]> out = new ArrayList<>();
    about.widths().forEach(width -> out.add(rows(n, width, random)));
    return out;
  }

  static double[] flat(double[][] rows) {
    return java.util.Arrays.stream(rows).flatMapToDouble(java.util.Arrays::stream).toArray();
  }

  static void close(double[] got, double[] want, double tolerance) {
    assertThat(got).hasSameSizeAs(want);
    for (int i = 0; i < got.length; i++) {
      assertThat(got[i])
          .as("[%d]", i)
          .isCloseTo(want[i], within(tolerance * Math.max(1, Math.abs(want[i]))));
    }
  }

  private void forward(boolean isTraining) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (Case about : cases()) {
      try (LayerHarness harness = new LayerHarness(about.layer(), about.widths(), isTraining, 1)) {
        for (int n : isTraining ? new int[] {1, 5} : new int[] {0, 1, 5}) {
          List<double[][]> inputs = inputs(about, n, random);
          Map<String, double[]> weights = draw(about.weights(), random);
          double[][] want = about.plain().at(inputs, weights, isTraining);
          Tensor got = harness.run(inputs, want, weights).get("out");
          assertThat(got.sizes()[0]).isEqualTo(n);
          close(got.toDoubles(), flat(want), EXACT);
        }
      }
    }
  }

  @Test
  void scoringEqualsPlainJavaForAnyRows() {
    forward(false);
  }

  @Test
  void trainingEqualsPlainJava() {
    if (isDeterministic()) {
      forward(true);
    }
  }

  @Test
  void itAsksForItsWeightsByNameAndSize() {
    for (Case about : cases()) {
      try (LayerHarness harness = new LayerHarness(about.layer(), about.widths(), true, 1)) {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        harness
            .specs()
            .values()
            .forEach(s -> sizes.put(LayerHarness.name(about.weights(), s), (int) s.shape().size()));
        assertThat(sizes).isEqualTo(about.weights());
      }
    }
  }

  @Test
  void gradientsEqualCentralDifferences() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (Case about : cases()) {
      gradients(about, isDeterministic(), random);
    }
  }

  private static void gradients(Case about, boolean isTraining, SplittableRandom random) {
    try (LayerHarness harness = new LayerHarness(about.layer(), about.widths(), isTraining, 1)) {
      List<double[][]> inputs = inputs(about, 4, random);
      Map<String, double[]> weights = draw(about.weights(), random);
      double[][] out = about.plain().at(inputs, weights, isTraining);
      double[][] direction = rows(4, out[0].length, random);
      Map<String, Tensor> got = harness.run(inputs, direction, weights);
      List<double[]> leaves = new ArrayList<>();
      inputs.forEach(rows -> leaves.addAll(List.of(rows)));
      int at = 0;
      for (double[][] rows : inputs) {
        double[] want = new double[rows.length * rows[0].length];
        for (int i = 0; i < want.length; i++) {
          double[] row = rows[i / rows[0].length];
          want[i] = slope(about, inputs, weights, isTraining, direction, row, i % rows[0].length);
        }
        close(got.get("gradient" + at++).toDoubles(), want, DIFFERENCES);
      }
      for (WeightSpec spec : harness.specs().values()) {
        if (spec.isTrainable()) {
          double[] values = weights.get(LayerHarness.name(weights, spec));
          double[] want = new double[values.length];
          for (int i = 0; i < want.length; i++) {
            want[i] = slope(about, inputs, weights, isTraining, direction, values, i);
          }
          close(got.get("gradient" + at++).toDoubles(), want, DIFFERENCES);
        }
      }
    }
  }

  /** Slope of Σ direction · out by {@code values[i]}, which lies in the inputs or weights. */
  private static double slope(
      Case about,
      List<double[][]> inputs,
      Map<String, double[]> weights,
      boolean isTraining,
      double[][] direction,
      double[] values,
      int i) {
    double kept = values[i];
    double[] sides = new double[2];
    for (int side = 0; side < 2; side++) {
      values[i] = kept + (side == 0 ? STEP : -STEP);
      double[] out = flat(about.plain().at(inputs, weights, isTraining));
      double[] seed = flat(direction);
      for (int k = 0; k < out.length; k++) {
        sides[side] += seed[k] * out[k];
      }
    }
    values[i] = kept;
    return (sides[0] - sides[1]) / (2 * STEP);
  }

  @Test
  void wrongInputsAreRefusedByName() {
    assertThat(refusals()).isNotEmpty();
    for (Refusal refusal : refusals()) {
      Network network =
          new Network(
              "net",
              names(refusal.inputs().size()),
              List.of(new Network.Step("bad_1", names(refusal.inputs().size()), refusal.layer())),
              "bad_1");
      assertThatThrownBy(() -> network.apply(refusal.inputs(), new Declared()))
          .hasMessageStartingWith("network 'net', layer 'bad_1': " + label())
          .hasMessageContaining("expected");
    }
  }

  private static List<String> names(int count) {
    List<String> out = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      out.add("in" + i);
    }
    return out;
  }

  /** A context whose weights are inputs of a graph that nobody runs. */
  static final class Declared implements LayerContext {
    @Override
    public Value weight(WeightSpec spec) {
      return LayerHarness.input(spec.key(), spec.shape());
    }

    @Override
    public void update(WeightSpec spec, Value next) {}

    @Override
    public boolean isTraining() {
      return true;
    }

    @Override
    public float seed(String owner) {
      return 1;
    }
  }
}
