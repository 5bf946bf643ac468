package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.SpecialFunctions.lgamma;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.sub;

import java.util.List;
import org.deepregression4j.onnx.graph.Value;

/** Families of counts and of yes or no. */
final class CountFamilies {
  private CountFamilies() {}

  static List<Family> rows() {
    return List.of(
        Family.named("bernoulli")
            .parameter("logits", Link.IDENTITY)
            .support(Support.BINARY)
            .logDensity((y, p) -> sub(mul(y, logits(p)), SpecialFunctions.softplus(logits(p))))
            .moments(
                p -> SpecialFunctions.sigmoid(logits(p)),
                p -> SpecialFunctions.sigmoidStddev(logits(p)))
            .start(m -> new double[] {Link.SIGMOID.inverse(m.mean())})
            .build(),
        Family.named("poisson")
            .parameter("rate", Link.EXP)
            .support(Support.COUNT)
            .logDensity((y, p) -> poisson(y, p.get(0).log()))
            .moments(p -> p.get(0).value(), p -> exp(mul(p.get(0).log(), 0.5)))
            .start(m -> new double[] {m.mean()})
            .build());
  }

  private static Value logits(List<LinkedValue> p) {
    return p.get(0).value();
  }

  /** y log λ − λ − lgamma(y + 1). */
  static Value poisson(Value y, Value logRate) {
    return sub(sub(mul(y, logRate), exp(logRate)), lgamma(add(y, 1.0)));
  }
}
