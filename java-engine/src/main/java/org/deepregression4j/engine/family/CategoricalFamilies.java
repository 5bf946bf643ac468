package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.cast;
import static org.deepregression4j.onnx.graph.Ops.cumSum;
import static org.deepregression4j.onnx.graph.Ops.equal;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.reduceMax;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.sum;

import java.util.List;
import org.deepregression4j.onnx.graph.Op;
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
            .moments(p -> p.get(0).value(), p -> stddev(p.get(0).value()))
            .mode(p -> largest(p.get(0).value()))
            .entropy(p -> entropy(p.get(0).value(), p.get(0).log()))
            .sampler(Sampler.perRow(1, (u, p) -> draw(u, p.get(0).value())))
            .shiftInvariant()
            .build(),
        Family.named("multinoulli")
            .parameter("logits", Link.IDENTITY)
            .support(Support.ONE_HOT)
            .logDensity((y, p) -> sum(mul(y, logShares(p)), true, 1))
            .moments(p -> shares(p), p -> stddev(shares(p)))
            .mode(p -> largest(p.get(0).value()))
            .entropy(p -> entropy(shares(p), logShares(p)))
            .sampler(Sampler.perRow(1, (u, p) -> draw(u, shares(p))))
            .shiftInvariant()
            .build());
  }

  private static Value shares(List<LinkedValue> p) {
    return Link.SOFTMAX.value(p.get(0).value());
  }

  private static Value logShares(List<LinkedValue> p) {
    return Link.SOFTMAX.logValue(p.get(0).value());
  }

  /** Of each column on its own, √(p (1 − p)). */
  private static Value stddev(Value p) {
    return sqrt(mul(p, sub(1.0, p)));
  }

  private static Value entropy(Value p, Value logP) {
    return neg(sum(mul(p, logP), true, 1));
  }

  /** One at the first of the largest columns. */
  private static Value largest(Value x) {
    Value hits = cast(equal(x, reduceMax(x, true, 1)), x.type());
    return mul(hits, cast(equal(cumSum(hits, 1, false, false), Ops.scalar(x, 1)), x.type()));
  }

  /** One at the last class whose predecessors have a probability of at most u together. */
  private static Value draw(Value u, Value p) {
    Value before = cumSum(p, 1, true, false);
    Value isReached = cast(Ops.apply(Op.NOT, less(u, before)), p.type());
    Value index = sum(isReached, true, 1);
    Value place = cumSum(add(mul(p, 0.0), 1.0), 1, false, false);
    return cast(equal(place, index), p.type());
  }
}
