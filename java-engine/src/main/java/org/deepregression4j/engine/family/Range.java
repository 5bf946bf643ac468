package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.greater;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.function.UnaryOperator;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * The ends of a support, where distribution functions are 0 and 1 and their expressions break.
 *
 * @param low the lower end
 * @param high the upper end
 * @param harmless what the expression is asked instead of what lies outside
 * @param isCount true when y counts as the whole number below it
 */
record Range(double low, double high, double harmless, boolean isCount) {
  private static final double INF = Double.POSITIVE_INFINITY;

  static Range of(Support support) {
    return switch (support) {
      case POSITIVE, NON_NEGATIVE -> new Range(0, INF, 1, false);
      case UNIT_OPEN -> new Range(0, 1, 0.5, false);
      case BINARY -> new Range(0, 1, 0, true);
      case ZERO_OR_POSITIVE, UNIT_CLOSED -> new Range(-Double.MIN_VALUE, INF, 1, false);
      case POSITIVE_COUNT -> new Range(1, INF, 1, true);
      case COUNT -> new Range(0, INF, 0, true);
      default -> new Range(-INF, INF, 0, false);
    };
  }

  /** The expression inside the support, 0 below and 1 above it; NaN of NaN. */
  Value cdf(Value response, UnaryOperator<Value> inside) {
    return probability(response, 0, 1, inside);
  }

  /** The expression inside the support, 1 below and 0 above it; NaN of NaN. */
  Value survival(Value response, UnaryOperator<Value> inside) {
    return probability(response, 1, 0, inside);
  }

  private Value probability(
      Value response, double below, double above, UnaryOperator<Value> inside) {
    Value y = isCount ? Ops.apply(Op.FLOOR, response) : response;
    Value isBelow = isCount ? less(y, scalar(y, low)) : atMost(y, low);
    Value isAbove = atLeast(y, high);
    Value isBeside = Ops.apply(Op.OR, Ops.apply(Op.OR, isBelow, isAbove), Ops.apply(Op.IS_NAN, y));
    Value p = inside.apply(where(isBeside, scalar(y, harmless), y));
    Value bounded = where(isBelow, scalar(y, below), where(isAbove, scalar(y, above), p));
    return where(Ops.apply(Op.IS_NAN, y), y, bounded);
  }

  /** A log-density inside the support, −∞ beside it. */
  Value density(Value y, UnaryOperator<Value> inside) {
    Value isBelow = isCount ? less(y, scalar(y, low)) : atMost(y, low);
    Value isBeside = Ops.apply(Op.OR, isBelow, atLeast(y, high));
    Value density = inside.apply(where(isBeside, scalar(y, harmless), y));
    return where(isBeside, scalar(y, Double.NEGATIVE_INFINITY), density);
  }

  /** The expression at levels inside (0, 1), the ends of the support at 0 and 1, NaN outside. */
  Value quantile(Value level, Value inside) {
    Value zero = scalar(level, 0);
    Value one = scalar(level, 1);
    Value ends = where(Ops.equal(level, zero), scalar(level, low), scalar(level, high));
    Value isOutside = Ops.apply(Op.OR, less(level, zero), greater(level, one));
    Value isNaN = Ops.apply(Op.OR, isOutside, Ops.apply(Op.IS_NAN, level));
    Value isInside = Ops.apply(Op.AND, greater(level, zero), less(level, one));
    return where(isNaN, scalar(level, Double.NaN), where(isInside, inside, ends));
  }

  /** The response, or a harmless one instead of what lies outside. */
  Value supported(Value y) {
    return where(Ops.apply(Op.OR, atMost(y, low), atLeast(y, high)), scalar(y, harmless), y);
  }

  /** Levels, with those outside [0, 1] put to its ends. */
  static Value clamp(Value level) {
    return min(max(level, scalar(level, 0)), scalar(level, 1));
  }

  /** {@code value} at levels in [0, 1], NaN elsewhere. */
  static Value levels(Value level, Value value) {
    return where(Ops.equal(level, clamp(level)), value, scalar(level, Double.NaN));
  }

  /** Levels, with ½ for those that are not in (0, 1), so that a search ends. */
  static Value inside(Value level) {
    Value isInside =
        Ops.apply(Op.AND, greater(level, scalar(level, 0)), less(level, scalar(level, 1)));
    return where(isInside, level, scalar(level, 0.5));
  }

  private static Value atMost(Value y, double bound) {
    return Ops.apply(Op.LESS_OR_EQUAL, y, scalar(y, bound));
  }

  private static Value atLeast(Value y, double bound) {
    return Ops.apply(Op.GREATER_OR_EQUAL, y, scalar(y, bound));
  }
}
