package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.SpecialFunctions.expm1;
import static org.deepregression4j.engine.family.SpecialFunctions.log1p;
import static org.deepregression4j.engine.family.SpecialFunctions.reciprocal;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.unsqueeze;
import static org.deepregression4j.onnx.graph.Ops.vector;

import java.util.stream.IntStream;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * Sums of k^−s for s = 1 + e, e &gt; 0, by the Euler-Maclaurin formula after twelve terms: closed,
 * for any number of terms. Sources: DLMF 25.2.9 and 25.11.
 */
final class Zeta {
  private static final int TERMS = 12;

  /** B_2j / (2j)!. */
  private static final double[] BERNOULLI = {
    1.0 / 12, -1.0 / 720, 1.0 / 30240, -1.0 / 1209600, 1.0 / 47900160
  };

  /** Exponents beyond which only the first term counts; their products would overflow. */
  private static final double STEEP = 1e4;

  private Zeta() {}

  /** ζ(1 + e), relative error 1e-15. */
  static Value of(Value e) {
    Value s = add(e, 1.0);
    return add(first(s), rest(e, scalar(e, TERMS)));
  }

  /** Σ k^−s from {@code from} on, from ≥ 1. */
  static Value tail(Value e, Value from) {
    return add(next(add(e, 1.0), from), rest(e, add(from, (double) TERMS)));
  }

  /** Σ k^−s from 1 to {@code last}, of which the integrals are subtracted by hand. */
  static Value partial(Value e, Value last) {
    Value s = add(e, 1.0);
    Value from = add(last, 1.0);
    Value end = add(from, (double) TERMS);
    Value lead = exp(mul(e, -Math.log(TERMS)));
    Value fall = neg(expm1(neg(mul(e, log1p(div(from, (double) TERMS))))));
    Value integral = mul(lead, div(fall, e));
    Value bends = sub(bends(e, scalar(e, TERMS)), bends(e, end));
    return add(sub(first(s), next(s, from)), add(integral, bends));
  }

  /** Σ k^−s from 1 to 11. */
  private static Value first(Value s) {
    double[] logs = IntStream.range(2, TERMS).mapToDouble(k -> -Math.log(k)).toArray();
    int axis = s.shape().rank();
    return add(Ops.sum(exp(mul(unsqueeze(s, axis), vector(s.type(), logs))), false, axis), 1.0);
  }

  /** Twelve terms from a place on. */
  private static Value next(Value s, Value from) {
    double[] steps = IntStream.range(0, TERMS).mapToDouble(k -> k).toArray();
    int axis = s.shape().rank();
    Value places = add(unsqueeze(from, from.shape().rank()), vector(s.type(), steps));
    return Ops.sum(exp(neg(mul(unsqueeze(s, axis), log(places)))), false, axis);
  }

  /** Σ k^−s from n on: the integral, n^−e / e, and what the bends add. */
  private static Value rest(Value e, Value n) {
    return add(div(exp(neg(mul(e, log(n)))), e), bends(e, n));
  }

  /** n^−s (½ + Σ B_2j / (2j)! s (s + 1) ... (s + 2j − 2) / n^(2j − 1)). */
  private static Value bends(Value e, Value n) {
    Value s = min(add(e, 1.0), scalar(e, STEEP));
    Value inverse = reciprocal(n);
    Value square = square(inverse);
    Value rising = mul(s, inverse);
    Value sum = scalar(e, 0.5);
    for (int j = 0; j < BERNOULLI.length; j++) {
      sum = add(sum, mul(rising, BERNOULLI[j]));
      Value next = mul(add(s, 2.0 * j + 1), add(s, 2.0 * j + 2));
      rising = mul(rising, mul(next, square));
    }
    return mul(exp(neg(mul(s, log(n)))), sum);
  }
}
