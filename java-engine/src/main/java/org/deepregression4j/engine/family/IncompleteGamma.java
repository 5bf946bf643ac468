package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.SpecialFunctions.LOG_SQRT_2PI;
import static org.deepregression4j.engine.family.SpecialFunctions.lgamma;
import static org.deepregression4j.engine.family.SpecialFunctions.log1p;
import static org.deepregression4j.engine.family.SpecialFunctions.reciprocal;
import static org.deepregression4j.onnx.graph.Ops.abs;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.List;
import org.deepregression4j.onnx.graph.Value;

/**
 * The regularised incomplete gamma functions P(a, x) and Q(a, x), float64, as a Loop: the series
 * below x = a + 1, Legendre's continued fraction by Lentz's method above, until every row has
 * converged (about 5 √a trips); of large a by {@link TailSweep}. No gradients. Source: DLMF 8.11.4
 * and 8.9.2.
 */
final class IncompleteGamma {
  private static final double HUGE = 1e300;

  /** Beyond, one sweep over the tail costs less than √a trips. */
  private static final double LARGE = 1000;

  private IncompleteGamma() {}

  /** P(a, x) for a &gt; 0, x ≥ 0. */
  static Value lower(Value a, Value x) {
    return of(a, x, true);
  }

  /** Q(a, x) = 1 − P(a, x), without cancellation for large x. */
  static Value upper(Value a, Value x) {
    return of(a, x, false);
  }

  private static Value of(Value shape, Value point, boolean isLower) {
    Value x = add(min(point, scalar(point, HUGE)), mul(shape, 0.0));
    Value whole = add(shape, mul(x, 0.0));
    Value isLarge = less(scalar(whole, LARGE), whole);
    Value usual = ofModerate(where(isLarge, scalar(whole, 1), whole), x, isLower);
    return Repeat.whereAny(
        "large_gamma",
        isLarge,
        usual,
        () -> TailSweep.gamma(max(whole, scalar(whole, LARGE)), x, isLower));
  }

  private static Value ofModerate(Value a, Value x, boolean isLower) {
    Value border = add(a, 1.0);
    List<Value> sums = sums(a, min(x, border), max(x, border));
    Value front = exp(logFront(a, x));
    Value isNear = less(x, border);
    Value near = mul(front, sums.get(0));
    Value far = mul(front, sums.get(1));
    return isLower ? where(isNear, near, sub(1.0, far)) : where(isNear, sub(1.0, near), far);
  }

  /** Σ x^n / (a ... (a + n)) and the continued fraction. */
  private static List<Value> sums(Value a, Value x, Value y) {
    Value b = sub(add(y, 1.0), a);
    Value first = reciprocal(a);
    Value d = reciprocal(b);
    Value one = add(mul(a, 0.0), 1.0);
    List<Value> start = List.of(a, first, first, mul(one, 0.0), b, mul(one, HUGE), d, d);
    List<Value> end = Repeat.untilSettled("incomplete_gamma", 100_000, start, s -> trip(s, a, x));
    return List.of(end.get(2), end.get(7));
  }

  private static Repeat.Next trip(List<Value> s, Value a, Value x) {
    Value shifted = add(s.get(0), 1.0);
    Value term = mul(s.get(1), div(x, shifted));
    Value sum = add(s.get(2), term);
    Value i = add(s.get(3), 1.0);
    Value numerator = mul(i, sub(a, i));
    Value b = add(s.get(4), 2.0);
    Value c = add(b, div(numerator, s.get(5)));
    Value d = reciprocal(add(mul(numerator, s.get(6)), b));
    Value factor = mul(c, d);
    Value change = max(abs(sub(factor, 1.0)), div(term, sum));
    List<Value> next = List.of(shifted, term, sum, i, b, c, d, mul(s.get(7), factor));
    return new Repeat.Next(next, change);
  }

  /** log(x^a exp(−x) / Γ(a)); for large a by Stirling's series, around x = a without cancelling. */
  private static Value logFront(Value a, Value x) {
    Value large = max(a, scalar(a, 10));
    Value d = div(sub(x, large), large);
    Value isClose = less(abs(d), scalar(d, 0.5));
    Value logRatio = where(isClose, log1p(where(isClose, d, mul(d, 0.0))), log(div(x, large)));
    Value main = mul(large, sub(logRatio, d));
    Value scale = sub(mul(log(large), 0.5), add(SpecialFunctions.stirling(large), LOG_SQRT_2PI));
    Value direct = sub(sub(mul(a, log(x)), x), lgamma(a));
    return where(less(a, scalar(a, 10)), direct, add(main, scale));
  }

  /** Q(k + 1, λ): the distribution function of the Poisson at a count. */
  static Value poissonCdf(Value k, Value rate) {
    return upper(add(k, 1.0), rate);
  }
}
