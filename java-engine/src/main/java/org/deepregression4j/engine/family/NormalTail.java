package org.deepregression4j.engine.family;

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
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import org.deepregression4j.onnx.graph.Value;

/**
 * The log of the standard normal distribution function; ONNX Runtime has no float64 kernel of Erf.
 * Source of the form: Shepherd and Laframboise (1981).
 */
final class NormalTail {
  // (1 + 2 a) exp(a²) erfc(a) for a ≥ 0 as a polynomial of (a − 3.75) / (a + 3.75), interpolated at
  // Chebyshev nodes; relative error 8e-14.
  private static final double[] SCALED = {
    1.2375126308378277,
    -0.14024059858484406,
    0.003585415486832261,
    0.08227673844773868,
    -0.10880393022586649,
    0.09230432191129673,
    -0.05869339708623977,
    0.02836227133714199,
    -0.009746591772387377,
    0.0017556527830321438,
    0.00029376763392396986,
    -0.00029022508240903036,
    5.150790813489426e-05,
    2.2499870973398156e-05,
    -1.1217617506051166e-05,
    -1.0900472203224626e-06,
    1.5293166519349739e-06,
    1.2912017784271109e-08,
    -1.3093367856335843e-07
  };

  private NormalTail() {}

  /** log(Φ(b) − Φ(a)) for a &lt; b, from the tail in which they lie. */
  static Value logDifference(Value a, Value b) {
    Value isUpper = greater(add(a, b), scalar(a, 0));
    Value high = logCdf(where(isUpper, neg(a), b));
    Value low = logCdf(where(isUpper, neg(b), a));
    return add(high, SpecialFunctions.log1mexp(sub(low, high)));
  }

  /** log Φ(x) for any x, with its derivatives; relative error 1e-13. */
  static Value logCdf(Value x) {
    // Not abs: of equal arguments max differentiates the first, so that the slope at 0 is that of
    // the branch which 0 takes.
    Value z = max(x, neg(x));
    Value a = mul(z, Math.sqrt(0.5));
    Value t = div(sub(a, 3.75), add(a, 3.75));
    Value scaled = div(SpecialFunctions.polynomial(t, SCALED), add(mul(a, 4.0), 2.0));
    Value square = mul(square(z), -0.5);
    Value upper = SpecialFunctions.log1p(neg(mul(exp(square), scaled)));
    return where(less(x, scalar(x, 0)), add(square, log(scaled)), upper);
  }
}
