package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.SpecialFunctions.reciprocal;
import static org.deepregression4j.onnx.graph.Ops.abs;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.greater;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.List;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * The regularised incomplete beta function, float64, as a Loop: the continued fraction by Lentz's
 * method on the side of the mean where it converges fast, until every row has converged (about 5
 * √max(a, b) trips); of large parameters by {@link TailSweep}. No gradients. Source: DLMF 8.17.22.
 */
final class IncompleteBeta {
  /** Beyond, one sweep over the tail costs less than trips of the fraction. */
  private static final double LARGE = 1000;

  /** The sweep is too steep for what is smaller. */
  private static final double SMALL = 0.25;

  private IncompleteBeta() {}

  /** I_x(a, b) for x = exp(logX) and 1 − x = exp(logRest), both given so that neither rounds. */
  static Value of(Value first, Value second, Value logX, Value logRest) {
    Value zero = mul(add(add(first, second), max(logX, logRest)), 0.0);
    Value a = add(first, zero);
    Value b = add(second, zero);
    Value isLarge =
        Ops.apply(
            Op.AND,
            greater(max(a, b), scalar(a, LARGE)),
            Ops.apply(Op.GREATER_OR_EQUAL, min(a, b), scalar(a, SMALL)));
    Value one = scalar(a, 1);
    Value usual = ofModerate(where(isLarge, one, a), where(isLarge, one, b), logX, logRest);
    return Repeat.whereAny(
        "large_beta",
        isLarge,
        usual,
        () ->
            TailSweep.beta(
                max(a, scalar(a, SMALL)),
                max(b, scalar(b, SMALL)),
                add(logX, zero),
                add(logRest, zero)));
  }

  private static Value ofModerate(Value a, Value b, Value logX, Value logRest) {
    Value zero = mul(a, 0.0);
    Value x = exp(add(logX, zero));
    Value isFar = greater(x, div(add(a, 1.0), add(add(a, b), 2.0)));
    Value p = where(isFar, add(b, zero), add(a, zero));
    Value q = where(isFar, add(a, zero), add(b, zero));
    Value fraction = fraction(p, q, where(isFar, exp(add(logRest, zero)), x));
    Value front = exp(TailSweep.logBetaFront(a, b, logX, logRest));
    Value near = div(mul(front, fraction), p);
    return where(isFar, sub(1.0, near), near);
  }

  private static Value fraction(Value a, Value b, Value x) {
    Value d = reciprocal(sub(1.0, div(mul(add(a, b), x), add(a, 1.0))));
    Value one = add(mul(x, 0.0), 1.0);
    List<Value> start = List.of(mul(one, 0.0), one, d, d);
    return Repeat.untilSettled("incomplete_beta", 100_000, start, s -> trip(s, a, b, x)).get(3);
  }

  private static Repeat.Next trip(List<Value> s, Value a, Value b, Value x) {
    Value m = add(s.get(0), 1.0);
    Value am = add(a, mul(m, 2.0));
    Value even = div(mul(mul(m, sub(b, m)), x), mul(sub(am, 1.0), am));
    Value d = reciprocal(add(mul(even, s.get(2)), 1.0));
    Value c = add(div(even, s.get(1)), 1.0);
    Value h = mul(s.get(3), mul(c, d));
    Value top = mul(mul(add(a, m), add(add(a, b), m)), x);
    Value odd = neg(div(top, mul(am, add(am, 1.0))));
    Value d2 = reciprocal(add(mul(odd, d), 1.0));
    Value c2 = add(div(odd, c), 1.0);
    Value factor = mul(c2, d2);
    return new Repeat.Next(List.of(m, c2, d2, mul(h, factor)), abs(sub(factor, 1.0)));
  }
}
