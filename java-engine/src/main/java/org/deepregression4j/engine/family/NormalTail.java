package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.List;
import org.deepregression4j.onnx.graph.Value;

/**
 * The log of the standard normal distribution function; ONNX Runtime has no float64 kernel of Erf.
 * Source of the form: Shepherd and Laframboise (1981).
 */
final class NormalTail {
  // (1 + 2 a) exp(a²) erfc(a) for a ≥ 0 as a polynomial of (a − 3.75) / (a + 3.75), interpolated at
  // Chebyshev nodes; relative error 4e-15, of its slope 2e-13.
  private static final double[] SCALED = {
    1.2375126308378275,
    -0.14024059858550464,
    0.0035854154855230586,
    0.08227673848703723,
    -0.10880393014607208,
    0.09230432122781818,
    -0.05869339849573224,
    0.028362276745721345,
    -0.009746580495721479,
    0.001755629561970017,
    2.9371883158293787E-4,
    -2.901664309031962E-4,
    5.1631901068043294E-5,
    2.2410222381498155E-5,
    -1.1407979622076559E-5,
    -1.0085305819264207E-6,
    1.7029934016673209E-6,
    -2.7657093836640687E-8,
    -2.1759244986628574E-7,
    8.506913358851907E-9,
    1.8207953144217294E-8
  };

  /** Width, in units of 1 / max(1, |m|), below which the density's bends are a short series. */
  private static final double NARROW = 0.05;

  private NormalTail() {}

  /** log(Φ(b) − Φ(a)) for a &lt; b. */
  static Value logDifference(Value a, Value b) {
    return logMass(a, sub(b, a));
  }

  /**
   * log(Φ(a + width) − Φ(a)) for a positive width, which a sum with a may round. From the tail in
   * which both lie, where the squares are subtracted by hand; of narrow ranges by the density.
   */
  static Value logMass(Value from, Value width) {
    Value a = from.shape().equals(width.shape()) ? from : add(from, mul(width, 0.0));
    Value middle = add(a, mul(width, 0.5));
    Value size = max(middle, neg(middle));
    // Reflected, the range is [z, z + width] with its middle above zero.
    Value z = where(less(middle, scalar(middle, 0)), neg(add(a, width)), a);
    Value far = add(z, width);
    List<Value> logs = SideBySide.of(NormalTail::logScaled, List.of(max(z, neg(z)), far));
    // At zero one-sided, since max differentiates z there.
    Value hasBothSides = less(z, scalar(z, 0));
    Value first = add(mul(square(z), -0.5), logs.get(0));
    Value safe = where(hasBothSides, first, scalar(z, -1));
    Value high = where(hasBothSides, SpecialFunctions.log1p(neg(exp(safe))), first);
    Value bend = mul(mul(width, add(mul(z, 2.0), width)), -0.5);
    Value beyond = add(mul(square(far), -0.5), logs.get(1));
    Value ratio = where(hasBothSides, sub(beyond, high), add(bend, sub(logs.get(1), logs.get(0))));
    Value isNarrow = less(mul(width, max(size, scalar(size, 1))), scalar(size, NARROW));
    Value low = where(isNarrow, scalar(ratio, -1), ratio);
    Value wide = add(high, SpecialFunctions.log1mexp(low));
    return where(isNarrow, narrow(middle, where(isNarrow, width, scalar(width, 1e-3))), wide);
  }

  /** log(φ(m) width) and what the bends of φ add. */
  private static Value narrow(Value m, Value width) {
    Value s = square(width);
    Value t = square(mul(m, width));
    Value fourth = add(mul(t, sub(t, mul(s, 6.0))), mul(square(s), 3.0));
    Value bends = add(mul(sub(t, s), 1.0 / 24), mul(fourth, 1.0 / 1920));
    Value density = sub(mul(square(m), -0.5), SpecialFunctions.LOG_SQRT_2PI);
    return add(add(density, log(width)), SpecialFunctions.log1p(bends));
  }

  /** exp(z² / 2) Φ(−z) for z ≥ 0. */
  private static Value scaled(Value z) {
    Value a = mul(z, Math.sqrt(0.5));
    Value t = div(sub(a, 3.75), add(a, 3.75));
    return div(SpecialFunctions.polynomial(t, SCALED), add(mul(a, 4.0), 2.0));
  }

  private static Value logScaled(Value z) {
    return log(scaled(z));
  }

  /** log Φ(x) for any x, with its derivatives; relative error 1e-13. */
  static Value logCdf(Value x) {
    // Not abs: of equal arguments max differentiates the first, so that the slope at 0 is that of
    // the branch which 0 takes.
    Value z = max(x, neg(x));
    Value scaled = scaled(z);
    Value square = mul(square(z), -0.5);
    Value upper = SpecialFunctions.log1p(neg(mul(exp(square), scaled)));
    return where(less(x, scalar(x, 0)), add(square, log(scaled)), upper);
  }
}
