package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.relu;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.sum;
import static org.deepregression4j.onnx.graph.Ops.unsqueeze;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.List;
import org.deepregression4j.onnx.graph.Value;

/**
 * By integrals over the distribution function, where quantiles have to be searched for. E|Y − y| is
 * |y − c| and twice the integral of the tail beyond y, up to what belongs to the median c alone.
 *
 * @param low the lower end of the support
 * @param high the upper end
 */
record CdfDistances(double low, double high) implements Distances {
  static CdfDistances of(Support support) {
    double inf = Double.POSITIVE_INFINITY;
    return switch (support) {
      case POSITIVE, NON_NEGATIVE, ZERO_OR_POSITIVE -> new CdfDistances(0, inf);
      case UNIT_OPEN, UNIT_CLOSED -> new CdfDistances(0, 1);
      default -> new CdfDistances(-inf, inf);
    };
  }

  @Override
  public Value to(Family family, Value y, List<LinkedValue> theta) {
    return new Middle(family, theta).to(y);
  }

  @Override
  public Value within(Family family, List<LinkedValue> theta) {
    return new Middle(family, theta).within();
  }

  @Override
  public Value score(Family family, Value y, List<LinkedValue> theta) {
    Middle middle = new Middle(family, theta);
    return sub(middle.to(y), middle.within());
  }

  /** Nodes from a place outwards and what they weigh, along a third axis. */
  private record Side(Value x, Value weights) {
    Value integral(Value f) {
      return sum(mul(f, weights), false, 2);
    }

    static Side choose(Value isFirst, Side a, Side b) {
      return new Side(where(isFirst, a.x, b.x), where(isFirst, a.weights, b.weights));
    }
  }

  /** Upwards (or downwards) from a place; a finite end is approached as singular. */
  private Side side(Value from, Value scale, boolean isUpper) {
    double end = isUpper ? high : low;
    boolean isEndless = Double.isInfinite(end);
    DoubleExponential rule =
        isEndless ? DoubleExponential.halfLine() : DoubleExponential.fineUnit();
    Value room = relu(isUpper ? sub(end, from) : sub(from, end));
    Value length = unsqueeze(isEndless ? scale : room, 2);
    Value offset = mul(length, rule.nodes());
    Value start = isEndless ? unsqueeze(from, 2) : scalar(from, end);
    Value x = isUpper == isEndless ? add(start, offset) : sub(start, offset);
    return new Side(x, mul(length, rule.weights()));
  }

  /** Integrals on both sides of the median, on the scale of the distance of the quartiles. */
  private final class Middle {
    private final Family family;
    private final List<LinkedValue> raised;
    private final Value median;
    private final Value scale;
    private final Value below;
    private final Value above;
    private final Value within;

    Middle(Family family, List<LinkedValue> theta) {
      this.family = family;
      this.raised = QuantileDistances.raised(theta);
      Value zero = Distances.zeros(theta);
      this.median = family.quantileAt(add(zero, 0.5), theta);
      Value last = family.quantileAt(add(zero, 0.75), theta);
      Value spread = sub(last, family.quantileAt(add(zero, 0.25), theta));
      this.scale = max(spread, scalar(spread, Double.MIN_NORMAL));
      Side lower = side(median, scale, false);
      Side upper = side(median, scale, true);
      Family.Tails left = family.clearTails(lower.x(), raised);
      Family.Tails right = family.clearTails(upper.x(), raised);
      this.below = lower.integral(left.below());
      this.above = upper.integral(right.above());
      this.within =
          add(
              lower.integral(mul(left.below(), left.above())),
              upper.integral(mul(right.below(), right.above())));
    }

    Value within() {
      return within;
    }

    Value to(Value y) {
      Value isBelow = less(y, median);
      Value raisedIsBelow = unsqueeze(isBelow, 2);
      Side side = Side.choose(raisedIsBelow, side(y, scale, false), side(y, scale, true));
      Family.Tails tails = family.clearTails(side.x(), raised);
      Value beyond = side.integral(where(raisedIsBelow, tails.below(), tails.above()));
      Value distance = sub(y, median);
      Value drop = sub(below, above);
      Value main = where(isBelow, sub(mul(drop, -1), distance), add(drop, distance));
      return add(main, mul(beyond, 2.0));
    }
  }
}
