package org.deepregression4j.engine.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;

class ActivationTest extends LayerContract {
  private static final double SELU = 1.0507009873554805;
  private static final double SELU_ALPHA = 1.6732632423543772;

  /** Every activation as plain Java, a function of x or, for softmax, of a row. */
  private static final Map<Activation, DoubleUnaryOperator> PLAIN = plain();

  /** Slopes at 0, one-sided where there is a kink, as TensorFlow's gradients have them. */
  private static final Map<Activation, Double> SLOPE_AT_ZERO =
      Map.of(
          Activation.LINEAR, 1.0,
          Activation.RELU, 0.0,
          Activation.TANH, 1.0,
          Activation.SIGMOID, .25,
          Activation.SOFTPLUS, .5,
          Activation.ELU, 1.0,
          Activation.LEAKY_RELU, .2,
          Activation.SWISH, .5,
          Activation.GELU, .5,
          Activation.EXPONENTIAL, 1.0);

  private static Map<Activation, DoubleUnaryOperator> plain() {
    Map<Activation, DoubleUnaryOperator> out = new EnumMap<>(Activation.class);
    out.put(Activation.LINEAR, x -> x);
    out.put(Activation.RELU, x -> x > 0 ? x : 0);
    out.put(Activation.TANH, Math::tanh);
    out.put(Activation.SIGMOID, x -> 1 / (1 + Math.exp(-x)));
    out.put(Activation.SOFTPLUS, x -> x > 30 ? x : Math.log1p(Math.exp(x)));
    out.put(Activation.ELU, x -> x > 0 ? x : Math.expm1(x));
    out.put(Activation.SELU, x -> SELU * (x > 0 ? x : SELU_ALPHA * Math.expm1(x)));
    out.put(Activation.LEAKY_RELU, x -> x > 0 ? x : .2 * x);
    out.put(Activation.SWISH, x -> x / (1 + Math.exp(-x)));
    out.put(
        Activation.GELU,
        x -> .5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + .044715 * x * x * x))));
    out.put(Activation.EXPONENTIAL, Math::exp);
    return out;
  }

  private static double[][] apply(Activation activation, double[][] x) {
    double[][] out = new double[x.length][];
    for (int i = 0; i < x.length; i++) {
      double top = Arrays.stream(x[i]).max().orElse(0);
      double sum = Arrays.stream(x[i]).map(v -> Math.exp(v - top)).sum();
      out[i] =
          activation == Activation.SOFTMAX
              ? Arrays.stream(x[i]).map(v -> Math.exp(v - top) / sum).toArray()
              : Arrays.stream(x[i]).map(PLAIN.get(activation)).toArray();
    }
    return out;
  }

  @Override
  String covers() {
    return "activation";
  }

  @Override
  String label() {
    return "activation 'relu'";
  }

  @Override
  List<Case> cases() {
    return Arrays.stream(Activation.values())
        .map(
            a ->
                new Case(
                    Elementary.activation(a),
                    List.of(3),
                    Map.of(),
                    (in, w, t) -> apply(a, in.get(0))))
        .toList();
  }

  @Override
  List<Refusal> refusals() {
    Layer layer = Elementary.activation(Activation.RELU);
    return List.of(
        new Refusal(layer, List.of()),
        new Refusal(
            layer,
            List.of(
                LayerHarness.input("a", Shape.rows("n", 1)),
                LayerHarness.input("b", Shape.rows("n", 1)))));
  }

  @Test
  void everyActivationHasAPlainForm() {
    for (Activation activation : Activation.values()) {
      assertThat(activation == Activation.SOFTMAX || PLAIN.containsKey(activation)).isTrue();
    }
  }

  /** Values and gradients stay finite far out, where exp overflows or underflows. */
  @Test
  void extremeInputsNeitherOverflowNorBecomeNaN() {
    double[][] x = {{-700, -40, 0}, {40, 700, 0}, {-700, 700, 1e-300}};
    double[][] ones = {{1, 1, 1}, {1, 1, 1}, {1, 1, 1}};
    for (Activation activation : Activation.values()) {
      try (LayerHarness harness =
          new LayerHarness(Elementary.activation(activation), List.of(3), true, 1)) {
        Map<String, Tensor> got = harness.run(List.<double[][]>of(x), ones, Map.of());
        close(got.get("out").toDoubles(), flat(apply(activation, x)), 1e-13);
        assertThat(Arrays.stream(got.get("gradient0").toDoubles()))
            .as("%s", activation)
            .allMatch(Double::isFinite);
      }
    }
  }

  /** A network whose weights start at zero must be able to learn wherever Keras's can. */
  @Test
  void slopesAtZeroAreThoseOfTensorFlow() {
    double[][] zero = {{0}};
    SLOPE_AT_ZERO.forEach(
        (activation, slope) -> {
          try (LayerHarness harness =
              new LayerHarness(Elementary.activation(activation), List.of(1), true, 1)) {
            double[][] one = {{1}};
            Tensor got = harness.run(List.<double[][]>of(zero), one, Map.of()).get("gradient0");
            assertThat(got.toDoubles()).as("%s", activation).containsExactly(slope);
          }
        });
  }

  @Test
  void namesAreThoseOfKeras() {
    assertThat(Activation.of("leaky_relu")).isEqualTo(Activation.LEAKY_RELU);
    assertThatThrownBy(() -> Activation.of("mish"))
        .hasMessageContaining("activation: expected one of [linear, relu,")
        .hasMessageContaining("got 'mish'");
  }
}
