package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.relu;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.tanh;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.List;
import java.util.stream.IntStream;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * Functions that ONNX lacks, or has in a form that loses digits, as expressions with few nodes:
 * training runs them millions of times. All are elementwise; each is smooth enough that its
 * derivatives of first and second order may be taken node by node.
 */
public final class SpecialFunctions {
  /** log √(2π). */
  public static final double LOG_SQRT_2PI = 0.91893853320467274178;

  // Stirling's remainder (lgamma(z) − (z − ½) log z + z − log √2π) · z as a polynomial of 1/z²,
  // interpolated at Chebyshev nodes: 8e-15 for z ≥ 6, 8e-8 for z ≥ 2.
  private static final double[] REMAINDER_FROM_6 = {
    0.08333333333328333,
    -0.0027777776876118394,
    0.0007936245907921503,
    -0.000592543492701384,
    0.0007257957828800089
  };
  private static final double[] REMAINDER_FROM_2 = {
    0.08333314044300526, -0.0027636680062443765, 0.0006291495054793959
  };

  // B_2k / (2k) of ψ(z) = log z − 1 / (2z) − Σ B_2k / (2k z^2k).
  private static final double[] DIGAMMA = {
    1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12, -3617.0 / 8160
  };

  private SpecialFunctions() {}

  /**
   * log Γ(x) for x &gt; 0: Stirling's series for x + 6, less the logarithm of x (x + 1) ... (x +
   * 5); relative error 1e-13 (absolute around the zeros 1 and 2). In float32 the shift is 2.
   */
  public static Value lgamma(Value x) {
    int shift = shift(x);
    Value log = log(add(x, (double) shift));
    Value main = sub(mul(add(x, shift - 0.5), log), add(x, shift - LOG_SQRT_2PI));
    return add(main, correction(x));
  }

  /**
   * log Γ(x + h) − log Γ(x) for x &gt; 0, h ≥ 0, without the cancellation of large x: the main
   * terms of Stirling's series are subtracted by hand. The error is 1e-15 of the logarithms, so
   * that it is not relative for h far below 1 / log x.
   */
  public static Value lgammaDifference(Value x, Value h) {
    int shift = shift(x);
    Value z = add(x, (double) shift);
    Value ratio = mul(add(x, shift - 0.5), log1p(div(h, z)));
    Value main = add(ratio, mul(h, sub(log(add(z, h)), 1.0)));
    List<Value> corrections = SideBySide.of(SpecialFunctions::correction, List.of(x, add(x, h)));
    return add(main, sub(corrections.get(1), corrections.get(0)));
  }

  /**
   * log B(a, b) = log Γ(a) + log Γ(b) − log Γ(a + b) for a, b &gt; 0 of any sizes: of the main
   * terms of Stirling's series those of the larger one cancel by hand.
   */
  public static Value lbeta(Value a, Value b) {
    int shift = shift(a);
    // Where a = b, min differentiates the one and max the other.
    Value small = min(b, a);
    Value large = max(a, b);
    Value sum = add(a, b);
    List<Value> corrections =
        SideBySide.of(SpecialFunctions::correction, List.of(small, large, sum));
    Value total = add(sum, (double) shift);
    Value log = log(add(small, (double) shift));
    Value power = add(mul(small, sub(log, log(total))), mul(log, shift - 0.5));
    Value rest = mul(add(large, shift - 0.5), log1mOfShare(div(small, total)));
    Value correction = sub(add(corrections.get(0), corrections.get(1)), corrections.get(2));
    return add(add(power, rest), add(correction, LOG_SQRT_2PI - shift));
  }

  /** log(1 − x) for 0 ≤ x ≤ ½. */
  private static Value log1mOfShare(Value x) {
    Value u = sub(1.0, x);
    return add(log(u), sub(sub(1.0, u), x));
  }

  /**
   * log of n! / (k! (n − k)!) for 0 ≤ k ≤ n, not necessarily whole: −log(n + 1) − log B(n − k + 1,
   * k + 1).
   */
  public static Value lchoose(Value n, Value k) {
    return neg(add(log(add(n, 1.0)), lbeta(add(sub(n, k), 1.0), add(k, 1.0))));
  }

  private static int shift(Value x) {
    return x.type() == ElementType.FLOAT64 ? 6 : 2;
  }

  /** log Γ(x) less the main terms of Stirling's series for x + shift. */
  private static Value correction(Value x) {
    boolean isDouble = x.type() == ElementType.FLOAT64;
    Value r = reciprocal(add(x, (double) shift(x)));
    Value series = polynomial(square(r), isDouble ? REMAINDER_FROM_6 : REMAINDER_FROM_2);
    return sub(mul(r, series), log(risingProduct(x, isDouble)));
  }

  /** lgamma(z) less its main terms, for z &gt; 6 in float64. */
  static Value stirling(Value z) {
    Value r = reciprocal(z);
    return mul(r, polynomial(square(r), REMAINDER_FROM_6));
  }

  /** The derivative of lgamma for x &gt; 0, by its asymptotic series for x + 10; float64 1e-15. */
  public static Value digamma(Value x) {
    Value z = add(x, 10.0);
    Value r = square(reciprocal(z));
    Value series = mul(r, polynomial(r, DIGAMMA));
    Value out = sub(sub(log(z), div(0.5, z)), series);
    for (int k = 0; k < 10; k++) {
      out = sub(out, reciprocal(add(x, (double) k)));
    }
    return out;
  }

  /**
   * x (x + 1) ... (x + 5) by t = x (x + 5), or x (x + 1) for the smaller shift. Where it would
   * overflow, its logarithm is nothing beside x, and stays what it was.
   */
  private static Value risingProduct(Value argument, boolean isDouble) {
    Value x = min(argument, scalar(argument, isDouble ? 1e40 : 1e15));
    if (!isDouble) {
      return mul(x, add(x, 1.0));
    }
    Value t = mul(x, add(x, 5.0));
    return mul(t, add(mul(t, add(t, 10.0)), 24.0));
  }

  /** Σ coefficients[k] x^k. */
  static Value polynomial(Value x, double... coefficients) {
    int last = coefficients.length - 1;
    Value out = add(mul(x, coefficients[last]), coefficients[last - 1]);
    for (int k = last - 2; k >= 0; k--) {
      out = add(mul(out, x), coefficients[k]);
    }
    return out;
  }

  /** 1 / x. */
  public static Value reciprocal(Value x) {
    return Ops.apply(Op.RECIPROCAL, x);
  }

  /** log(1 + x) with full relative accuracy for x &gt; −1: the rounding of 1 + x is put back. */
  public static Value log1p(Value x) {
    Value u = add(x, 1.0);
    return sub(log(u), div(sub(sub(u, 1.0), x), u));
  }

  /**
   * exp(x) − 1 with full relative accuracy: tanh(x / 2) (exp(x) + 1), far below zero, where the
   * slope of that cancels, as it stands.
   */
  public static Value expm1(Value x) {
    Value exp = exp(x);
    return where(less(x, scalar(x, -1)), sub(exp, 1.0), expm1(x, exp));
  }

  private static Value expm1(Value x, Value exp) {
    return mul(tanh(mul(x, 0.5)), add(exp, 1.0));
  }

  /** log(1 + x) − x with full relative accuracy for x &gt; −1: by atanh around 0. */
  static Value log1pLessX(Value x) {
    Value isNear = less(Ops.abs(x), scalar(x, 0.25));
    Value near = where(isNear, x, scalar(x, 0));
    Value r = div(near, add(near, 2.0));
    Value square = square(r);
    double[] series = IntStream.range(0, 10).mapToDouble(k -> 2.0 / (2 * k + 3)).toArray();
    Value inner = mul(r, sub(mul(square, polynomial(square, series)), near));
    return where(isNear, inner, sub(log1p(x), x));
  }

  /** exp(x) − 1 − x with full relative accuracy. */
  static Value expm1LessX(Value x) {
    Value isNear = less(Ops.abs(x), scalar(x, 0.5));
    Value near = where(isNear, x, scalar(x, 0));
    double[] series = new double[14];
    double factorial = 1;
    for (int k = 0; k < series.length; k++) {
      factorial *= k + 2;
      series[k] = 1 / factorial;
    }
    Value inner = mul(square(near), polynomial(near, series));
    return where(isNear, inner, sub(expm1(x), x));
  }

  /**
   * log(1 + exp(x)) as x / 2 + log(2 cosh(x / 2)): no branch, so the derivative at 0 is ½, and no
   * overflow for |x| &lt; 1400 (170 in float32). Error 1e-15 absolute, not relative.
   */
  public static Value softplus(Value x) {
    Value half = mul(x, 0.5);
    return add(half, logTwoCosh(half));
  }

  /** log(1 / (1 + exp(−x))), as {@link #softplus}. */
  public static Value logSigmoid(Value x) {
    Value half = mul(x, 0.5);
    return sub(half, logTwoCosh(half));
  }

  /** log(exp(x) + exp(−x)). */
  public static Value logTwoCosh(Value x) {
    return log(add(exp(x), exp(neg(x))));
  }

  /**
   * 1 / (1 + exp(−x)) with full relative accuracy; ONNX Runtime's kernel cancels for x far below 0.
   * Where exp(−x) would overflow x is held, as 0 · ∞ in the slope is no number.
   */
  public static Value sigmoid(Value x) {
    double lowest = x.type() == ElementType.FLOAT32 ? -80 : -700;
    return reciprocal(add(exp(neg(max(x, scalar(x, lowest)))), 1.0));
  }

  /** √(s (1 − s)) for s = sigmoid(x), which is 1 / (2 cosh(x / 2)). */
  public static Value sigmoidStddev(Value x) {
    Value half = mul(x, 0.5);
    return reciprocal(add(exp(half), exp(neg(half))));
  }

  /**
   * log(exp(a) + exp(b)) for a and b of any distance. Where a = b, max differentiates a and min b,
   * so that every derivative is right there, too.
   */
  public static Value logAddExp(Value a, Value b) {
    Value m = max(a, b);
    Value e = exp(sub(min(b, a), m));
    Value u = add(e, 1.0);
    return add(m, sub(log(u), sub(sub(u, 1.0), e)));
  }

  /** log Φ(x), Φ the standard normal distribution function, for x of any size. */
  public static Value logNormalCdf(Value x) {
    return NormalTail.logCdf(x);
  }

  /**
   * log(1 − exp(x)) with full relative accuracy for x &lt; 0: what rounding the difference to one
   * takes away is put back, in the slope, too.
   */
  public static Value log1mexp(Value x) {
    Value exp = exp(x);
    Value u = neg(expm1(x, exp));
    return sub(log(u), add(sub(u, 1.0), exp));
  }

  /**
   * exp(x) that does not overflow: beyond 500 (40 in float32) it goes on along its tangent, so that
   * gradients of densities far out stay finite and keep their sign.
   */
  public static Value boundedExp(Value x) {
    double bound = x.type() == ElementType.FLOAT64 ? 500 : 40;
    return mul(exp(min(x, scalar(x, bound))), add(relu(sub(x, bound)), 1.0));
  }

  /**
   * log(1 + exp(x)) with full relative accuracy, for x of any size; more nodes than {@link
   * #softplus}. Beyond 37 it is x.
   */
  public static Value exactSoftplus(Value x) {
    return add(log1p(exp(min(x, scalar(x, 37)))), relu(sub(x, 37.0)));
  }
}
