package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.SpecialFunctions.LOG_SQRT_2PI;
import static org.deepregression4j.engine.family.SpecialFunctions.expm1;
import static org.deepregression4j.engine.family.SpecialFunctions.expm1LessX;
import static org.deepregression4j.engine.family.SpecialFunctions.lgamma;
import static org.deepregression4j.engine.family.SpecialFunctions.log1p;
import static org.deepregression4j.engine.family.SpecialFunctions.log1pLessX;
import static org.deepregression4j.onnx.graph.Ops.abs;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.unsqueeze;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.deepregression4j.onnx.graph.Value;

/**
 * The incomplete gamma and beta functions of large parameters as a density times the integral of
 * what it falls by beyond, over the logarithm (the logit) of the argument; deviations from the mode
 * are taken before they are multiplied by what is large. Relative error 1e-13 of the smaller tail
 * for any size, where continued fractions take √a trips. Source of the deviations: Loader (2000).
 */
final class TailSweep {
  /** exp() of more overflows. */
  private static final double STEEP = 700;

  private TailSweep() {}

  /** P(a, x) or Q(a, x), of one shape, for a from 10 on. */
  static Value gamma(Value a, Value x, boolean isLower) {
    Value excess = sub(x, a);
    Value isBelow = less(excess, scalar(x, 0));
    Value sign = where(isBelow, scalar(x, -1), scalar(x, 1));
    int axis = a.shape().rank();
    Value size = unsqueeze(x, axis);
    Value direction = unsqueeze(sign, axis);
    Value sum =
        sweep(
            abs(excess),
            sqrt(x),
            sigma -> mul(size, expm1LessX(mul(min(sigma, scalar(sigma, STEEP)), direction))));
    Value d = div(excess, a);
    Value fall = deviation(d, () -> log(div(x, a)));
    Value scale = sub(mul(log(a), 0.5), add(SpecialFunctions.stirling(a), LOG_SQRT_2PI));
    Value tail = mul(exp(add(mul(a, fall), scale)), sum);
    Value rest = sub(1.0, tail);
    return isLower ? where(isBelow, tail, rest) : where(isBelow, rest, tail);
  }

  /** I_x(a, b), all of one shape, for a and b from ½ on, x and 1 − x by their logarithms. */
  static Value beta(Value a, Value b, Value logX, Value logRest) {
    Value x = exp(logX);
    Value rest = exp(logRest);
    Value n = add(a, b);
    Value excess = sub(mul(a, rest), mul(b, x));
    Value isBelow = less(scalar(x, 0), excess);
    Value sum = betaSweep(n, excess, where(isBelow, x, rest), where(isBelow, rest, x));
    Value tail = mul(exp(logBetaFront(a, b, logX, logRest)), sum);
    return where(isBelow, tail, sub(1.0, tail));
  }

  /** log of x^a (1 − x)^b / B(a, b), which at the mean of any a and b is a few units. */
  static Value logBetaFront(Value a, Value b, Value logX, Value logRest) {
    Value n = add(a, b);
    Value excess = sub(mul(a, exp(logRest)), mul(b, exp(logX)));
    Value first = mul(a, deviation(neg(div(excess, a)), () -> sub(logX, log(div(a, n)))));
    Value second = mul(b, deviation(div(excess, b), () -> sub(logRest, log(div(b, n)))));
    Value remainders = sub(sub(remainder(n), remainder(a)), remainder(b));
    Value scale = sub(mul(sub(add(log(a), log(b)), log(n)), 0.5), LOG_SQRT_2PI);
    return add(add(first, second), add(remainders, scale));
  }

  /** Along the logit from x down; by the smaller one of x and 1 − x, whose terms do not cancel. */
  private static Value betaSweep(Value n, Value excess, Value x, Value rest) {
    Value isSmall = less(x, rest);
    int axis = n.shape().rank();
    Value sign = unsqueeze(where(isSmall, scalar(x, -1), scalar(x, 1)), axis);
    Value share = unsqueeze(min(x, rest), axis);
    Value total = unsqueeze(n, axis);
    return sweep(
        abs(excess),
        sqrt(mul(n, mul(x, rest))),
        sigma -> {
          // Downwards σ may be large, and counts; upwards all has fallen before exp() overflows.
          Value isDown = less(sign, scalar(sigma, 0));
          Value s = where(isDown, neg(sigma), min(sigma, scalar(sigma, STEEP)));
          Value change = mul(share, expm1(s));
          Value isNear = less(abs(change), scalar(s, 0.25));
          Value near = add(log1pLessX(change), mul(share, expm1LessX(s)));
          return mul(total, where(isNear, near, sub(log1p(change), mul(share, s))));
        });
  }

  /**
   * ∫ exp(−rate σ − bend(σ)) dσ from 0 on.
   *
   * @param width reciprocal of the length on which the bend counts
   */
  private static Value sweep(Value rate, Value width, UnaryOperator<Value> bend) {
    DoubleExponential rule = DoubleExponential.fineFallingHalfLine();
    int axis = rate.shape().rank();
    Value length = div(1.0, add(rate, width));
    Value sigma = mul(unsqueeze(length, axis), rule.nodes());
    Value depth = add(mul(unsqueeze(rate, axis), sigma), bend.apply(sigma));
    return mul(length, rule.sum(exp(neg(depth))));
  }

  /** log(1 + d) − d, far from 0 by the logarithm itself, as 1 + d may have lost its digits. */
  private static Value deviation(Value d, Supplier<Value> logarithm) {
    Value isClose = less(abs(d), scalar(d, 0.5));
    Value close = log1pLessX(where(isClose, d, scalar(d, 0)));
    return where(isClose, close, sub(logarithm.get(), d));
  }

  /** lgamma(z) less the main terms of Stirling's series, for z &gt; 0. */
  private static Value remainder(Value z) {
    Value large = max(z, scalar(z, 10));
    Value small = min(z, scalar(z, 10));
    Value main = sub(mul(sub(small, 0.5), log(small)), sub(small, LOG_SQRT_2PI));
    Value near = sub(lgamma(small), main);
    return where(less(z, scalar(z, 10)), near, SpecialFunctions.stirling(large));
  }
}
