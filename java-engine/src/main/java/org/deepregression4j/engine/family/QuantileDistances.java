package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.unsqueeze;

import java.util.List;
import org.deepregression4j.onnx.graph.Value;

/** By integrals over the quantile function, where it has a closed form. */
final class QuantileDistances implements Distances {
  private static final double SMALLEST = 1e-300;

  private final DoubleExponential rule = DoubleExponential.unit();

  /** μ − y + 2 ∫ (y − Q(u)) du up to u = F(y). */
  @Override
  public Value to(FamilyRules family, Value y, List<LinkedValue> theta) {
    Value p = unsqueeze(family.cdf(y, theta), 2);
    Value below = sub(unsqueeze(y, 2), quantile(family, mul(p, rule.nodes()), theta));
    Value part = rule.sum(mul(below, p));
    Value mean = family.property(Family.Property.MEAN, theta);
    return add(sub(mean, y), mul(part, 2.0));
  }

  @Override
  public Value within(FamilyRules family, List<LinkedValue> theta) {
    Value half = add(Distances.zeros(theta), 0.5);
    Value median = family.quantile(half, theta);
    return sub(to(family, median, theta), score(family, median, theta));
  }

  /** 2 ∫ u (y − Q(u)) du up to F(y) and 2 ∫ (1 − u) (Q(u) − y) du from there on. */
  @Override
  public Value score(FamilyRules family, Value y, List<LinkedValue> theta) {
    Value p = unsqueeze(family.cdf(y, theta), 2);
    Value rest = sub(1.0, p);
    Value at = unsqueeze(y, 2);
    Value low = mul(p, rule.nodes());
    Value high = mul(rest, rule.nodes());
    Value below = mul(low, sub(at, quantile(family, low, theta)));
    Value above = mul(high, sub(quantile(family, sub(1.0, high), theta), at));
    return mul(rule.sum(add(mul(below, p), mul(above, rest))), 2.0);
  }

  private static Value quantile(FamilyRules family, Value levels, List<LinkedValue> theta) {
    Value inside = min(max(levels, scalar(levels, SMALLEST)), scalar(levels, Math.nextDown(1.0)));
    return family.quantile(inside, raised(theta));
  }

  /** Parameters with a third axis of length one. */
  static List<LinkedValue> raised(List<LinkedValue> theta) {
    return theta.stream().map(p -> new LinkedValue(unsqueeze(p.eta(), 2), p.link())).toList();
  }
}
