package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.RealFamilies.zeros;
import static org.deepregression4j.onnx.graph.Ops.abs;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.equal;
import static org.deepregression4j.onnx.graph.Ops.greater;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.function.UnaryOperator;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** Criteria in the form of a log-density, and the point mass. */
final class CriterionFamilies {
  private CriterionFamilies() {}

  static Family deterministic() {
    return Family.named("deterministic")
        .parameter("loc", Link.IDENTITY)
        .pseudo()
        .logDensity((y, p) -> pointMass(y, p.get(0).value()))
        .moments(p -> p.get(0).value(), p -> zeros(p.get(0)))
        .cdf((y, p) -> step(y, p.get(0).value()), (u, p) -> add(p.get(0).value(), mul(u, 0.0)))
        .cdfBelow((y, p) -> Ops.cast(greater(y, p.get(0).value()), y.type()))
        .mode(p -> p.get(0).value())
        .entropy(p -> zeros(p.get(0)))
        .start(m -> new double[] {m.mean()})
        .build();
  }

  private static Value step(Value y, Value loc) {
    return Ops.cast(Ops.apply(Op.GREATER_OR_EQUAL, y, loc), loc.type());
  }

  /**
   * Minus the check loss at a level, |u| / 2 + (level − ½) u: the predictor is the quantile.
   * Source: Koenker (2005).
   */
  static Family quantile(double level) {
    return criterion("quantile", level, u -> add(mul(abs(u), 0.5), mul(u, level - 0.5)))
        .kinked()
        .build();
  }

  /** Minus asymmetric squares at a level: the predictor is the expectile. */
  static Family expectile(double level) {
    return criterion(
            "expectile",
            level,
            u -> {
              Value isBelow = less(u, scalar(u, 0));
              return mul(square(u), where(isBelow, scalar(u, 1 - level), scalar(u, level)));
            })
        .build();
  }

  private static FamilyBuilder criterion(String name, double level, UnaryOperator<Value> loss) {
    if (!(level > 0 && level < 1)) {
      throw new FamilyException(
          "family '" + name + "': expected a level strictly between 0 and 1, got " + level);
    }
    return Family.named(name)
        .parameter("loc", Link.IDENTITY)
        .sandwich()
        .logDensity((y, p) -> neg(loss.apply(sub(y, p.get(0).value()))))
        .moments(p -> p.get(0).value(), p -> RealFamilies.undefined(p.get(0)))
        .start(m -> new double[] {m.mean()});
  }

  private static Value pointMass(Value y, Value loc) {
    Value hit = equal(y, loc);
    Value zero = mul(sub(y, loc), 0.0);
    return where(hit, zero, scalar(y, Double.NEGATIVE_INFINITY));
  }
}
