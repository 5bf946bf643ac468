package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.SpecialFunctions.expm1;
import static org.deepregression4j.engine.family.SpecialFunctions.lgamma;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;

import java.util.List;
import org.deepregression4j.onnx.graph.Value;

/** Families on the positive half-line. */
final class PositiveFamilies {
  private PositiveFamilies() {}

  static List<Family> rows() {
    return List.of(
        Family.named("log_normal")
            .parameter("loc", Link.IDENTITY)
            .parameter("scale", Link.EXP)
            .support(Support.POSITIVE)
            .logDensity((y, p) -> sub(RealFamilies.normal(log(y), p.get(0), p.get(1)), log(y)))
            .moments(p -> logNormalMean(p), p -> logNormalStddev(p))
            .start(m -> new double[] {m.logMean(), Math.sqrt(m.logVariance())})
            .build(),
        Family.named("gamma")
            .parameter("concentration", Link.EXP)
            .parameter("rate", Link.EXP)
            .support(Support.POSITIVE)
            .logDensity((y, p) -> gamma(y, p.get(0), p.get(1)))
            .moments(
                p -> mul(p.get(0).value(), p.get(1).reciprocal()),
                p -> mul(sqrt(p.get(0).value()), p.get(1).reciprocal()))
            .start(m -> new double[] {m.mean() * m.mean() / m.variance(), m.mean() / m.variance()})
            .build());
  }

  private static Value logNormalMean(List<LinkedValue> p) {
    return exp(add(p.get(0).value(), mul(square(p.get(1).value()), 0.5)));
  }

  private static Value logNormalStddev(List<LinkedValue> p) {
    return mul(logNormalMean(p), sqrt(expm1(square(p.get(1).value()))));
  }

  /** With t = log(rate · y): a t − exp(t) − lgamma(a) − log y. */
  static Value gamma(Value y, LinkedValue concentration, LinkedValue rate) {
    Value a = concentration.value();
    Value t = add(rate.log(), log(y));
    return sub(sub(mul(a, t), exp(t)), add(lgamma(a), log(y)));
  }
}
