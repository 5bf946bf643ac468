package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sin;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.unsqueeze;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.List;
import org.deepregression4j.engine.autodiff.Gradients;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * Angles. A response may be any number of turns away from loc: its density is periodic, and its
 * distribution function is that of the angle next to loc, in [loc − π, loc + π]. Source: Mardia and
 * Jupp (2000).
 */
final class VonMises {
  private static final double LOG_2PI = Math.log(2 * Math.PI);
  private static final int NODES = 64;

  /** In units of 1 / √κ: beyond, the density has fallen by exp(−39) or more. */
  private static final double REACH = 14;

  private VonMises() {}

  static Family family() {
    return Family.named("von_mises")
        .parameter("loc", Link.IDENTITY)
        .parameter("concentration", Link.EXP)
        .support(Support.ANGLE)
        .logDensity((y, p) -> logDensity(sub(y, p.get(0).value()), p.get(1).value()))
        .moments(p -> p.get(0).value(), p -> stddev(p.get(1).value()))
        .mode(p -> p.get(0).value())
        .entropy(p -> entropy(p.get(1).value()))
        .cdf(
            (y, p) -> cdf(nearest(sub(y, p.get(0).value())), p.get(1).value()),
            (u, p) -> add(p.get(0).value(), quantile(u, p.get(1).value())))
        .start(m -> new double[] {m.mean(), 1})
        .build();
  }

  /** κ (cos t − 1) − log(2 π exp(−κ) I0(κ)), without cancelling for large κ. */
  private static Value logDensity(Value t, Value k) {
    return sub(mul(k, depth(t)), logNorm(k));
  }

  /** cos t − 1. */
  private static Value depth(Value t) {
    return mul(square(sin(mul(t, 0.5))), -2.0);
  }

  private static Value logNorm(Value k) {
    return add(BesselI.ZERO.logScaled(k), LOG_2PI);
  }

  /** I1 / I0 − 1, with its digits for large κ. */
  private static Value resultantLessOne(Value k) {
    return Gradients.of(Ops.sumAll(BesselI.ZERO.logScaled(k)), List.of(k)).get(0);
  }

  /** √(−2 log(I1 / I0)), the circular standard deviation. */
  private static Value stddev(Value k) {
    return sqrt(mul(SpecialFunctions.log1p(resultantLessOne(k)), -2.0));
  }

  private static Value entropy(Value k) {
    return sub(logNorm(k), mul(k, resultantLessOne(k)));
  }

  /** The angle of the same direction in [−π, π]. */
  private static Value nearest(Value t) {
    Value turns = Ops.apply(Op.ROUND, mul(t, 1 / (2 * Math.PI)));
    return sub(t, mul(turns, 2 * Math.PI));
  }

  /** P(T ≤ t) for t in [−π, π] around zero, from the tail on its side. */
  static Value cdf(Value t, Value k) {
    Value size = min(max(t, neg(t)), scalar(t, Math.PI));
    Value start = add(size, mul(k, 0.0));
    Value end = min(add(start, div(REACH, sqrt(k))), scalar(start, Math.PI));
    Value concentration = unsqueeze(add(k, mul(start, 0.0)), start.shape().rank());
    Value norm = unsqueeze(logNorm(k), k.shape().rank());
    Value tail =
        GaussLegendre.integral(
            NODES, start, end, x -> exp(sub(mul(concentration, depth(x)), norm)));
    return where(less(t, scalar(t, 0)), tail, sub(1.0, tail));
  }

  /** The angle in [−π, π] around zero. */
  static Value quantile(Value u, Value k) {
    Value level = add(u, mul(k, 0.0));
    Value angle =
        Inversion.continuous(
            Support.REAL,
            level,
            mul(level, 0.0),
            t -> bounded(t, cdf(t, k)),
            t -> exp(logDensity(t, add(k, mul(level, 0.0)))));
    return max(min(angle, scalar(angle, Math.PI)), scalar(angle, -Math.PI));
  }

  private static Value bounded(Value t, Value p) {
    Value isBelow = less(t, scalar(t, -Math.PI));
    Value isAbove = less(scalar(t, Math.PI), t);
    return where(isBelow, scalar(t, 0), where(isAbove, scalar(t, 1), p));
  }
}
