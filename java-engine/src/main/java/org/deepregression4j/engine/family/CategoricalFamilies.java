package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.sum;

import java.util.List;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** One of K classes: response and linear predictor are (n, K), the response one-hot. */
final class CategoricalFamilies {
  private CategoricalFamilies() {}

  static List<Family> rows() {
    return List.of(
        Family.named("multinomial")
            .parameter("probs", Link.SOFTMAX)
            .support(Support.ONE_HOT)
            .logDensity((y, p) -> sum(mul(y, p.get(0).log()), true, 1))
            .moments(p -> p.get(0).value(), p -> stddev(p.get(0).eta()))
            .entropy(p -> neg(sum(mul(p.get(0).value(), p.get(0).log()), true, 1)))
            .build(),
        Family.named("multinoulli")
            .parameter("logits", Link.IDENTITY)
            .support(Support.ONE_HOT)
            .logDensity((y, p) -> sum(mul(y, Link.SOFTMAX.logValue(p.get(0).value())), true, 1))
            .moments(p -> Link.SOFTMAX.value(p.get(0).value()), p -> stddev(p.get(0).value()))
            .entropy(
                p ->
                    neg(
                        sum(
                            mul(
                                Link.SOFTMAX.value(p.get(0).value()),
                                Link.SOFTMAX.logValue(p.get(0).value())),
                            true,
                            1)))
            .build());
  }

  /** Of each column on its own, √(p (1 − p)). */
  private static Value stddev(Value logits) {
    Value p = Link.SOFTMAX.value(logits);
    return Ops.sqrt(mul(p, sub(1.0, p)));
  }
}
