package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.equal;
import static org.deepregression4j.onnx.graph.Ops.greater;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.function.UnaryOperator;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * Whether a response is in a support, in the graph: as {@link Support#contains}, row by row.
 *
 * @param test true for values inside; may be anything for NaN
 * @param harmless a value inside
 */
record Membership(UnaryOperator<Value> test, double harmless) {
  static Membership of(Support support) {
    return switch (support) {
      case POSITIVE -> new Membership(y -> greater(y, scalar(y, 0)), 1);
      case NON_NEGATIVE, ZERO_OR_POSITIVE -> new Membership(y -> atLeast(y, 0), 1);
      case UNIT_OPEN ->
          new Membership(y -> and(greater(y, scalar(y, 0)), less(y, scalar(y, 1))), 0.5);
      case UNIT_CLOSED -> new Membership(y -> and(atLeast(y, 0), atLeast(Ops.neg(y), -1)), 0.5);
      case BINARY -> new Membership(y -> equal(y, Ops.mul(y, y)), 0);
      case COUNT -> new Membership(y -> and(atLeast(y, 0), isWhole(y)), 0);
      case POSITIVE_COUNT -> new Membership(y -> and(atLeast(y, 1), isWhole(y)), 1);
      default -> new Membership(y -> equal(y, y), 0);
    };
  }

  /** The expression for values inside, {@code outside} for the others; NaN of NaN. */
  Value guard(Value y, double outside, UnaryOperator<Value> inside) {
    Value isInside = test.apply(y);
    Value value = inside.apply(where(isInside, y, scalar(y, harmless)));
    Value guarded = where(isInside, value, scalar(y, outside));
    return where(Ops.apply(Op.IS_NAN, y), y, guarded);
  }

  private static Value and(Value a, Value b) {
    return Ops.apply(Op.AND, a, b);
  }

  private static Value atLeast(Value y, double bound) {
    return Ops.apply(Op.GREATER_OR_EQUAL, y, scalar(y, bound));
  }

  private static Value isWhole(Value y) {
    return equal(y, Ops.apply(Op.FLOOR, y));
  }
}
