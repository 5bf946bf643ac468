package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.SpecialFunctions.lgammaDifference;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sub;

import java.util.List;
import org.deepregression4j.onnx.graph.Value;

/**
 * Distances of Pearson's families, whose Stein kernel τ is a polynomial: E|Y − y| = (y − μ) (2 F(y)
 * − 1) + 2 τ(y) f(y).
 *
 * @param kernel τ(y) = ∫ (t − μ) f(t) dt / f(y) over the tail beyond y
 * @param half ½ E|Y − Y′|
 */
record PearsonDistances(Family.Density kernel, Family.Statistic half) implements Distances {
  @Override
  public Value to(FamilyRules family, Value y, List<LinkedValue> theta) {
    Value f = exp(Range.of(family.support()).density(y, v -> family.density(v, theta)));
    Value sides = sub(mul(family.cdf(y, theta), 2.0), 1.0);
    Value centred = sub(y, family.property(Family.Property.MEAN, theta));
    Value inside = Range.of(family.support()).supported(y);
    return add(mul(centred, sides), mul(mul(kernel.at(inside, theta), f), 2.0));
  }

  @Override
  public Value within(FamilyRules family, List<LinkedValue> theta) {
    return half.at(theta);
  }

  /** 1 / B(x, ½), of which the halves of these families are made. */
  static Value inverseBeta(Value x) {
    return mul(exp(lgammaDifference(x, scalar(x, 0.5))), 1 / Math.sqrt(Math.PI));
  }
}
