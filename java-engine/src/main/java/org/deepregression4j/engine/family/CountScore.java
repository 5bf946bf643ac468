package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.greater;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.relu;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.List;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * The continuous ranked probability score of counts, ∫ (F(x) − 1{x ≥ y})² dx, interval after
 * interval from the first count that matters until what is left is negligible.
 */
final class CountScore {
  private static final int LONGEST = 100_000;

  /** Counts below this level of F are as if they had no probability. */
  private static final double FIRST = 1e-12;

  /** What is left, relative to the score. */
  private static final double LAST = 1e-12;

  private CountScore() {}

  /** The score for any y; NaN where it has not settled after {@value #LONGEST} counts. */
  static Value of(Family family, Value y, List<LinkedValue> theta) {
    Value zero = Distances.zeros(theta);
    Value at = add(y, zero);
    Value start = family.quantileAt(add(zero, FIRST), theta);
    Value below = family.boundedCdf(start, theta);
    Value before = relu(sub(start, at));
    List<Value> state = List.of(start, below, before, add(zero, 1.0));
    List<Value> end =
        Repeat.untilSettled("score", LONGEST, state, s -> trip(s, at, start, family, theta));
    Value after = relu(sub(at, end.get(0)));
    Value hasSettled = Ops.less(end.get(3), scalar(zero, 0.5));
    return where(hasSettled, add(end.get(2), after), scalar(zero, Double.NaN));
  }

  /** State: count k, F(k), the sum so far, one while it goes on. */
  private static Repeat.Next trip(
      List<Value> s, Value y, Value start, Family family, List<LinkedValue> theta) {
    Value k = s.get(0);
    Value p = s.get(1);
    Value isGoing = greater(s.get(3), scalar(k, 0.5));
    Value share = min(relu(sub(y, k)), scalar(k, 1));
    Value rest = relu(sub(1.0, p));
    Value part = add(mul(square(p), share), mul(square(rest), sub(1.0, share)));
    Value sum = where(isGoing, add(s.get(2), part), s.get(2));
    Value next = where(isGoing, add(k, 1.0), k);
    Value density = Ops.exp(family.densityAt(next, theta));
    Value reached = where(isGoing, min(add(p, density), scalar(p, 1)), p);
    Value goesOn =
        greater(left(sub(1.0, reached), next, start, y), mul(max(sum, scalar(sum, FIRST)), LAST));
    Value flag = where(isGoing, Ops.cast(goesOn, k.type()), scalar(k, 0));
    return new Repeat.Next(List.of(next, reached, sum, flag), flag);
  }

  /**
   * What intervals from here on may add: 1 − F², of what is counted as one, up to y, and (1 − F)²
   * beyond. As many intervals as there were bound power tails.
   */
  private static Value left(Value tail, Value k, Value start, Value y) {
    Value height = where(Ops.less(k, y), mul(tail, 2.0), square(tail));
    return mul(height, add(sub(k, start), 1.0));
  }
}
