package org.deepregression4j.engine.layer;

import java.util.List;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;

/**
 * (x - mean) / sqrt(variance + epsilon) · gamma + beta per column; mean and variance of the batch
 * while training, their moving averages otherwise. Source: Ioffe and Szegedy (2015), {@code
 * keras::layer_batch_normalization}.
 *
 * @param weights owner of the weights
 * @param momentum of the moving averages, in [0, 1]
 * @param epsilon added to the variance, above 0
 * @param center whether beta is there
 * @param scale whether gamma is there
 */
public record BatchNormalization(
    String weights, double momentum, double epsilon, boolean center, boolean scale)
    implements Layer {
  /** Keras's defaults. */
  public BatchNormalization(String weights) {
    this(weights, .99, 1e-3, true, true);
  }

  /** Checks the domains. */
  public BatchNormalization {
    if (!(momentum >= 0 && momentum <= 1 && epsilon > 0)) {
      throw new IllegalArgumentException(
          "batch_normalization '"
              + weights
              + "': expected momentum in [0, 1] and epsilon > 0, got "
              + momentum
              + " and "
              + epsilon);
    }
  }

  @Override
  public Value apply(List<Value> inputs, LayerContext context) {
    Value x = Layer.only("batch_normalization '" + weights + "'", inputs);
    if (x.shape().rank() != 2 || !x.shape().dim(1).isFixed()) {
      throw new IllegalArgumentException(
          "batch_normalization '" + weights + "': expected input (n, p), got " + x.shape());
    }
    Shape shape = Shape.of(x.shape().dim(1).size());
    WeightSpec mean = spec("moving_mean", shape, Initializer.ZEROS, false);
    WeightSpec variance = spec("moving_variance", shape, Initializer.ONES, false);
    Value m = context.weight(mean);
    Value v = context.weight(variance);
    if (context.isTraining()) {
      Value batchMean = Ops.mean(x, false, 0);
      Value batchVariance = Ops.mean(Ops.square(Ops.sub(x, batchMean)), false, 0);
      context.update(mean, average(m, batchMean));
      context.update(variance, average(v, batchVariance));
      m = batchMean;
      v = batchVariance;
    }
    Value out = Ops.div(Ops.sub(x, m), Ops.sqrt(Ops.add(v, epsilon)));
    if (scale) {
      out = Ops.mul(out, context.weight(spec("gamma", shape, Initializer.ONES, true)));
    }
    return center
        ? Ops.add(out, context.weight(spec("beta", shape, Initializer.ZEROS, true)))
        : out;
  }

  private Value average(Value moving, Value batch) {
    return Ops.add(Ops.mul(moving, momentum), Ops.mul(batch, 1 - momentum));
  }

  private WeightSpec spec(String name, Shape shape, Initializer initializer, boolean isTrainable) {
    return new WeightSpec(weights, name, shape, initializer, Regularizer.NONE, isTrainable);
  }
}
