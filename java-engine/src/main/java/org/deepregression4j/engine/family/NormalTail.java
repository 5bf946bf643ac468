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
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * The log of the standard normal distribution function; ONNX Runtime has no float64 kernel of Erf.
 */
final class NormalTail {
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
    Value isNarrow = less(mul(width, max(size, scalar(size, 1))), scalar(size, NARROW));
    // Reflected, the range is [z, z + width] with its middle above zero.
    Value z = where(less(middle, scalar(middle, 0)), neg(add(a, width)), a);
    // At zero one-sided, since max differentiates z there.
    Value hasZero = Ops.apply(Op.AND, less(z, scalar(z, 0)), Ops.apply(Op.NOT, isNarrow));
    Value square = mul(square(z), -0.5);
    List<Value> tails = SideBySide.of(MillsRatio::of, List.of(max(z, neg(z)), add(z, width)));
    Value bend = mul(mul(width, add(mul(z, 2.0), width)), -0.5);
    Value far = mul(exp(bend), tails.get(1));
    Value outside = mul(exp(square), add(tails.get(0), far));
    Value rest = sub(1.0, outside);
    // As in log1p, the rounding of the difference is put back.
    Value rounding = where(hasZero, sub(sub(1.0, rest), outside), scalar(z, 0));
    Value wide = where(hasZero, rest, sub(tails.get(0), far));
    Value density = sub(mul(square(middle), -0.5), SpecialFunctions.LOG_SQRT_2PI);
    Value main = where(isNarrow, density, where(hasZero, scalar(z, 0), square));
    Value inside = where(isNarrow, narrow(middle, where(isNarrow, width, scalar(z, 1e-3))), wide);
    return add(main, add(log(inside), div(rounding, inside)));
  }

  /** The width, and what the bends of φ around m add to it. */
  private static Value narrow(Value m, Value width) {
    Value s = square(width);
    Value t = square(mul(m, width));
    Value fourth = add(mul(t, sub(t, mul(s, 6.0))), mul(square(s), 3.0));
    Value bends = add(mul(sub(t, s), 1.0 / 24), mul(fourth, 1.0 / 1920));
    return mul(width, add(bends, 1.0));
  }

  /** log Φ(x) for any x, with its derivatives; relative error 1e-13. */
  static Value logCdf(Value x) {
    // Not abs: of equal arguments max differentiates the first, so that the slope at 0 is that of
    // the branch which 0 takes.
    Value z = max(x, neg(x));
    Value scaled = MillsRatio.of(z);
    Value square = mul(square(z), -0.5);
    Value upper = SpecialFunctions.log1p(neg(mul(exp(square), scaled)));
    return where(less(x, scalar(x, 0)), add(square, log(scaled)), upper);
  }
}
