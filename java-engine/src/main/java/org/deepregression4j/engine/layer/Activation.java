package org.deepregression4j.engine.layer;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** The table of activation functions, elementwise but for softmax. Source: Keras 2. */
public enum Activation {
  LINEAR(x -> x),
  RELU(Ops::relu),
  TANH(Ops::tanh),
  SIGMOID(Ops::sigmoid),
  // max(x, 0) + log(1 + exp(-|x|)): no overflow, and faster than the Softplus kernel.
  SOFTPLUS(x -> Ops.add(Ops.relu(x), Ops.log(Ops.add(Ops.exp(Ops.neg(Ops.abs(x))), 1)))),
  // exp of min(x, 0), so that the branch not taken cannot overflow.
  ELU(x -> Ops.add(Ops.relu(x), Ops.sub(Ops.exp(negativePart(x)), 1))),
  SELU(x -> Ops.mul(elu(x, 1.6732632423543772), 1.0507009873554805)),
  LEAKY_RELU(x -> Ops.add(Ops.relu(x), Ops.mul(negativePart(x), 0.2))),
  // The sigmoid by tanh: ONNX Runtime fuses x * sigmoid(x) to QuickGelu, which has no float64
  // kernel.
  SWISH(x -> Ops.mul(x, Ops.mul(Ops.add(Ops.tanh(Ops.mul(x, 0.5)), 1), 0.5))),
  /** x Φ(x), by the tanh form, as Erf has no float64 kernel (Hendrycks and Gimpel 2016). */
  GELU(
      x -> {
        Value cubic = Ops.add(x, Ops.mul(Ops.mul(Ops.square(x), x), 0.044715));
        Value gate = Ops.add(Ops.tanh(Ops.mul(cubic, Math.sqrt(2 / Math.PI))), 1);
        return Ops.mul(Ops.mul(x, gate), 0.5);
      }),
  SOFTMAX(x -> Ops.softmax(x, x.shape().rank() - 1)),
  EXPONENTIAL(Ops::exp);

  private final UnaryOperator<Value> function;

  Activation(UnaryOperator<Value> function) {
    this.function = function;
  }

  private static Value negativePart(Value x) {
    return Ops.neg(Ops.relu(Ops.neg(x)));
  }

  private static Value elu(Value x, double alpha) {
    return Ops.add(Ops.relu(x), Ops.mul(Ops.sub(Ops.exp(negativePart(x)), 1), alpha));
  }

  /** Applies the function; the shape stays. */
  public Value apply(Value x) {
    return function.apply(x);
  }

  /**
   * The activation of a name as Keras writes it, such as {@code leaky_relu}.
   *
   * @throws IllegalArgumentException listing the names there are
   */
  public static Activation of(String name) {
    for (Activation activation : values()) {
      if (activation.label().equals(name)) {
        return activation;
      }
    }
    throw new IllegalArgumentException(
        "activation: expected one of "
            + Arrays.stream(values()).map(Activation::label).toList()
            + ", got '"
            + name
            + "'");
  }

  /** The name as Keras writes it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
