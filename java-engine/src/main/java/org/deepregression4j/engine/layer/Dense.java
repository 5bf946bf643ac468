package org.deepregression4j.engine.layer;

import java.util.List;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;

/**
 * activation(x W + b): (n, p) to (n, units). Source: {@code keras::layer_dense}.
 *
 * @param weights owner of the weights
 * @param units width of the output, at least 1
 * @param activation applied at the end
 * @param useBias whether b is there
 * @param kernelInitializer of W (p, units)
 * @param biasInitializer of b (units)
 * @param kernelRegularizer of W
 * @param biasRegularizer of b
 */
public record Dense(
    String weights,
    int units,
    Activation activation,
    boolean useBias,
    Initializer kernelInitializer,
    Initializer biasInitializer,
    Regularizer kernelRegularizer,
    Regularizer biasRegularizer)
    implements Layer {
  /** Checks the width. */
  public Dense {
    if (units < 1) {
      throw new IllegalArgumentException(
          "dense '" + weights + "': expected units >= 1, got " + units);
    }
  }

  /** A layer with Keras's defaults. */
  public Dense(String weights, int units, Activation activation) {
    this(
        weights,
        units,
        activation,
        true,
        Initializer.GLOROT_UNIFORM,
        Initializer.ZEROS,
        Regularizer.NONE,
        Regularizer.NONE);
  }

  @Override
  public Value apply(List<Value> inputs, LayerContext context) {
    Value x = Layer.only("dense '" + weights + "'", inputs);
    if (x.shape().rank() != 2 || !x.shape().dim(1).isFixed()) {
      throw new IllegalArgumentException(
          "dense '" + weights + "': expected input (n, p), got " + x.shape());
    }
    Shape shape = Shape.of(x.shape().dim(1).size(), units);
    Value kernel =
        context.weight(
            new WeightSpec(weights, "kernel", shape, kernelInitializer, kernelRegularizer, true));
    if (!useBias) {
      return activation.apply(Ops.matMul(x, kernel));
    }
    Value bias =
        context.weight(
            new WeightSpec(
                weights, "bias", Shape.of(units), biasInitializer, biasRegularizer, true));
    return activation.apply(Ops.gemm(x, kernel, bias));
  }
}
