package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.SpecialFunctions.LOG_SQRT_2PI;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;

import java.util.List;
import org.deepregression4j.onnx.graph.Value;

/** Families on the whole line. */
final class RealFamilies {
  private RealFamilies() {}

  static List<Family> rows() {
    return List.of(
        Family.named("normal")
            .parameter("loc", Link.IDENTITY)
            .parameter("scale", Link.EXP)
            .logDensity((y, p) -> normal(y, p.get(0), p.get(1)))
            .moments(p -> p.get(0).value(), p -> p.get(1).value())
            .start(m -> new double[] {m.mean(), m.stddev()})
            .build());
  }

  /** (y − loc) / scale. */
  static Value standardise(Value y, LinkedValue loc, LinkedValue scale) {
    return mul(sub(y, loc.value()), scale.reciprocal());
  }

  /** The normal log-density. */
  static Value normal(Value y, LinkedValue loc, LinkedValue scale) {
    Value z = standardise(y, loc, scale);
    return sub(sub(-LOG_SQRT_2PI, scale.log()), mul(square(z), 0.5));
  }
}
