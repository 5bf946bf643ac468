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
  // (x + |x|) / 2 + log(1 + exp(-|x|)): no overflow, faster than the Softplus kernel, and of slope
  // 1/2 at 0, where a network with weights of zero starts.
  SOFTPLUS(
      x -> {
        Value size = Ops.abs(x);
        Value tail = Ops.log(Ops.add(Ops.exp(Ops.neg(size)), 1));
        return Ops.add(Ops.mul(Ops.add(x, size), 0.5), tail);
      }),
  ELU(x -> elu(x, 1)),
  SELU(x -> Ops.mul(elu(x, 1.6732632423543772), 1.0507009873554805)),
  LEAKY_RELU(x -> Ops.add(Ops.relu(x), Ops.mul(negativePart(x), 0.2))),
  // The sigmoid by tanh: ONNX Runtime fuses x * sigmoid(x) to QuickGelu, which lacks float64.
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

  /** min(x, 0), whose slope at 0 is 1, so that zero weights can learn as they do in Keras. */
  private static Value negativePart(Value x) {
    return Ops.min(x, Ops.scalar(x, 0));
  }

  // exp of min(x, 0), so that the branch not taken cannot overflow.
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
