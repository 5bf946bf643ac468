package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.abs;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.greater;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.List;
import java.util.function.UnaryOperator;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * Quantiles from a distribution function, float64, as a Loop over whole columns. Continuous ones by
 * Newton's method on the logarithm of the smaller tail, which is nearly straight, kept inside a
 * bracket that halves whenever a step leaves it or shrinks too slowly; counts by doubling and
 * halving. No gradients.
 */
final class Inversion {
  private static final int MOST = 400;

  /** Counts that a sum goes through at most; what lies beyond is left out. */
  private static final int LONGEST = 200_000;

  /** Beside p, as R's quantiles of counts have it: sums fall a little short of one. */
  private static final double FUZZ = 1 - 1e-14;

  private static final double STEP = 3e-14;

  /** Rounding of the distribution function, relative to the smaller tail and next to one. */
  private static final double NOISE = 1e-14;

  private static final double ULP = 4e-16;

  private Inversion() {}

  /** A strictly increasing map of the line onto a support, with its slope and its inverse. */
  private enum Scale {
    LINE(
        709,
        t -> mul(sub(exp(t), exp(neg(t))), 0.5),
        t -> mul(add(exp(t), exp(neg(t))), 0.5),
        y -> mul(Ops.apply(Op.SIGN, y), log(add(abs(y), sqrt(add(square(y), 1.0)))))),
    HALF_LINE(709, Ops::exp, Ops::exp, Ops::log),
    UNIT(
        700,
        SpecialFunctions::sigmoid,
        t -> mul(SpecialFunctions.sigmoid(t), SpecialFunctions.sigmoid(neg(t))),
        y -> sub(log(y), log(sub(1.0, y))));

    private final double limit;
    private final UnaryOperator<Value> map;
    private final UnaryOperator<Value> slope;
    private final UnaryOperator<Value> inverse;

    Scale(
        double limit,
        UnaryOperator<Value> map,
        UnaryOperator<Value> slope,
        UnaryOperator<Value> inverse) {
      this.limit = limit;
      this.map = map;
      this.slope = slope;
      this.inverse = inverse;
    }

    static Scale of(Support support) {
      return switch (support) {
        case POSITIVE, NON_NEGATIVE -> HALF_LINE;
        case UNIT_OPEN -> UNIT;
        default -> LINE;
      };
    }

    /** Where y is, or 0 where that is not within the limits. */
    Value start(Value y) {
      Value t = inverse.apply(y);
      return where(less(abs(t), scalar(t, limit)), t, scalar(t, 0));
    }
  }

  /**
   * The y with F(y) = p, for p strictly between 0 and 1.
   *
   * @param start a guess of the shape of p, of any value
   */
  static Value continuous(
      Support support,
      Value p,
      Value start,
      UnaryOperator<Value> cdf,
      UnaryOperator<Value> density) {
    Scale scale = Scale.of(support);
    Value zero = mul(p, 0.0);
    Value limit = add(zero, scale.limit);
    Value first = add(scale.start(start), zero);
    List<Value> end =
        Repeat.untilSettled(
            "quantile",
            MOST,
            List.of(first, neg(limit), limit, mul(limit, 2.0)),
            s -> {
              Value y = scale.map.apply(s.get(0));
              Value slope = mul(density.apply(y), scale.slope.apply(s.get(0)));
              return step(s, cdf.apply(y), slope, p);
            });
    // What the search pushed to its upper end lies beyond all numbers.
    Value t = end.get(0);
    Value y = scale.map.apply(t);
    if (scale == Scale.UNIT) {
      return y;
    }
    Value isBeyond = greater(abs(t), scalar(t, 0.9999 * scale.limit));
    return where(isBeyond, mul(y, Double.POSITIVE_INFINITY), y);
  }

  private static Repeat.Next step(List<Value> s, Value at, Value slope, Value p) {
    Value t = s.get(0);
    Value excess = sub(at, p);
    Value isBelow = less(excess, scalar(t, 0));
    Value low = where(isBelow, t, s.get(1));
    Value high = where(isBelow, s.get(2), t);
    Value isUpper = greater(p, scalar(p, 0.5));
    Value newton = newton(at, slope, p, isUpper);
    Value size = abs(newton);
    Value next = sub(t, newton);
    Value isInside = and(greater(next, low), less(next, high));
    Value isNewton = and(isInside, less(size, mul(s.get(3), 0.5)));
    Value middle = mul(add(low, high), 0.5);
    Value rounding = where(isUpper, add(mul(sub(1.0, p), NOISE), ULP), mul(p, NOISE));
    Value isExact = less(abs(excess), rounding);
    Value moved = where(isExact, t, where(isNewton, next, middle));
    Value length = where(isNewton, size, sub(high, low));
    Value tolerance = mul(max(abs(t), scalar(t, 1)), STEP);
    Value isMoving = and(greater(length, tolerance), Ops.apply(Op.NOT, isExact));
    Value change = Ops.cast(isMoving, t.type());
    return new Repeat.Next(List.of(moved, low, high, length), change);
  }

  /** Of log F − log p, or of log(1 − p) − log(1 − F). */
  private static Value newton(Value at, Value slope, Value p, Value isUpper) {
    Value tail = where(isUpper, sub(1.0, at), at);
    Value goal = where(isUpper, sub(1.0, p), p);
    Value step = div(mul(log(div(tail, goal)), tail), slope);
    return where(isUpper, neg(step), step);
  }

  private static Value and(Value a, Value b) {
    return Ops.apply(Op.AND, a, b);
  }

  /** P(Y ≤ y) as the sum of the probabilities from {@code first} on, one trip for each count. */
  static Value sum(Value y, double first, UnaryOperator<Value> probability) {
    Value start = add(mul(y, 0.0), first);
    List<Value> end =
        Repeat.untilSettled(
            "sum",
            LONGEST,
            List.of(start, mul(start, 0.0)),
            s -> {
              Value k = s.get(0);
              Value isWithin = Ops.apply(Op.LESS_OR_EQUAL, k, y);
              Value sum = add(s.get(1), where(isWithin, probability.apply(k), scalar(k, 0)));
              Value next = add(k, 1.0);
              Value isMore = Ops.apply(Op.LESS_OR_EQUAL, next, y);
              return new Repeat.Next(List.of(next, sum), Ops.cast(isMore, k.type()));
            });
    return end.get(1);
  }

  /** The first count whose {@link #sum} reaches p, walking up from {@code first}. */
  static Value walk(Value p, double first, UnaryOperator<Value> probability) {
    Value target = mul(p, FUZZ);
    Value start = add(mul(p, 0.0), first);
    List<Value> end =
        Repeat.untilSettled(
            "walk",
            LONGEST,
            List.of(start, probability.apply(start)),
            s -> {
              Value isShort = less(s.get(1), target);
              Value next = where(isShort, add(s.get(0), 1.0), s.get(0));
              Value sum = where(isShort, add(s.get(1), probability.apply(next)), s.get(1));
              return new Repeat.Next(List.of(next, sum), Ops.cast(isShort, p.type()));
            });
    return end.get(0);
  }

  /** The smallest count k with F(k) ≥ p, for p strictly between 0 and 1. */
  static Value count(Value p, UnaryOperator<Value> cdf) {
    Value zero = mul(p, 0.0);
    List<Value> start = List.of(add(zero, -1.0), add(zero, Double.POSITIVE_INFINITY));
    List<Value> end = Repeat.untilSettled("quantile", 2 * MOST, start, s -> halve(s, p, cdf));
    return end.get(1);
  }

  private static Repeat.Next halve(List<Value> s, Value p, UnaryOperator<Value> cdf) {
    Value low = s.get(0);
    Value high = s.get(1);
    Value isOpen = Ops.apply(Op.IS_INF, high);
    Value closed = where(isOpen, low, high);
    Value middle = Ops.apply(Op.FLOOR, mul(add(low, closed), 0.5));
    Value k = where(isOpen, mul(add(low, 1.0), 2.0), middle);
    // At low + 1 = high the middle is low, which may be −1.
    Value reaches = Ops.apply(Op.GREATER_OR_EQUAL, cdf.apply(max(k, scalar(k, 0))), mul(p, FUZZ));
    Value isHit = and(reaches, Ops.apply(Op.GREATER_OR_EQUAL, k, scalar(k, 0)));
    Value isFar = and(isHit, greater(k, low));
    Value newHigh = where(isFar, k, high);
    Value newLow = where(isHit, low, max(k, low));
    Value gap = sub(newHigh, newLow);
    // Beyond 2^53 counts are as far apart as rounding has it.
    Value isMoving = greater(gap, max(scalar(gap, 1), mul(newLow, ULP)));
    return new Repeat.Next(List.of(newLow, newHigh), Ops.cast(isMoving, p.type()));
  }
}
