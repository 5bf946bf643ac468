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
import org.deepregression4j.engine.autodiff.Told;
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
    Value w = width.shape().equals(a.shape()) ? width : add(width, mul(a, 0.0));
    Value middle = add(a, mul(w, 0.5));
    Value size = max(middle, neg(middle));
    Value isNarrow = less(mul(w, max(size, scalar(size, 1))), scalar(size, NARROW));
    // Reflected, the range is [z, z + width] with its middle above zero.
    Value isReflected = less(middle, scalar(middle, 0));
    Value z = where(isReflected, neg(add(a, w)), a);
    Value hasZero = Ops.apply(Op.AND, less(z, scalar(z, 0)), Ops.apply(Op.NOT, isNarrow));
    Value square = mul(square(z), -0.5);
    List<Value> tails = SideBySide.of(MillsRatio::of, List.of(max(z, neg(z)), add(z, w)));
    Value bend = mul(mul(w, add(mul(z, 2.0), w)), -0.5);
    Value far = mul(exp(bend), tails.get(1));
    Value outside = mul(exp(square), add(tails.get(0), far));
    Value rest = sub(1.0, outside);
    // As in log1p, the rounding of the difference is put back.
    Value rounding = where(hasZero, sub(sub(1.0, rest), outside), scalar(z, 0));
    Value wide = where(hasZero, rest, sub(tails.get(0), far));
    Value density = sub(mul(square(middle), -0.5), SpecialFunctions.LOG_SQRT_2PI);
    Value main = where(isNarrow, density, where(hasZero, scalar(z, 0), square));
    Value inside = where(isNarrow, narrow(middle, where(isNarrow, w, scalar(z, 1e-3))), wide);
    Value log = add(main, add(log(inside), div(rounding, inside)));
    List<Value> parts = List.of(z, bend, square, inside, isReflected, isNarrow, hasZero);
    return Told.of(log, List.of(a, w), parts, NormalTail::slopes);
  }

  /**
   * By a and the width: (φ(b) − φ(a)) and φ(b), over the mass between a and b. The density at z
   * over the mass is found from the parts of the mass, since its logarithm rounds far out.
   */
  private static List<Value> slopes(List<Value> variables, List<Value> parts) {
    Value w = variables.get(1);
    Value z = parts.get(0);
    Value bend = parts.get(1);
    Value isReflected = parts.get(4);
    Value usual = where(parts.get(6), parts.get(2), scalar(z, 0));
    Value low = sub(usual, SpecialFunctions.LOG_SQRT_2PI);
    // From z to the middle of a narrow range.
    Value near = mul(w, add(mul(z, 0.5), mul(w, 0.125)));
    Value lead = div(exp(where(parts.get(5), near, low)), parts.get(3));
    Value byZ = mul(lead, SpecialFunctions.expm1(bend));
    Value byWidth = mul(lead, where(isReflected, scalar(z, 1), exp(bend)));
    return List.of(where(isReflected, neg(byZ), byZ), byWidth);
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
