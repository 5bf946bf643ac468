package org.deepregression4j.engine.layer;

import java.util.List;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * While training, sets a share of the values to zero and divides the others by what is kept;
 * otherwise the identity. Source: Srivastava et al. (2014), {@code keras::layer_dropout}.
 *
 * @param id the layer, which has a stream of random numbers of its own
 * @param rate share dropped, in [0, 1)
 */
public record Dropout(String id, double rate) implements Layer {
  /** Checks the rate. */
  public Dropout {
    if (!(rate >= 0 && rate < 1)) {
      throw new IllegalArgumentException(
          "dropout '" + id + "': expected rate in [0, 1), got " + rate);
    }
  }

  @Override
  public Value apply(List<Value> inputs, LayerContext context) {
    Value x = Layer.only("dropout '" + id + "'", inputs);
    if (!context.isTraining() || rate == 0) {
      return x;
    }
    Value draw = Ops.uniformLike(x, context.seed(id));
    Value kept = Ops.cast(Ops.less(draw, Ops.scalar(x, 1 - rate)), x.type());
    return Ops.mul(x, Ops.mul(kept, 1 / (1 - rate)));
  }
}
