package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.SpecialFunctions.polynomial;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * The modified Bessel function I0: its power series, whose terms are all positive, up to 20;
 * beyond, √(2 π κ) exp(−κ) I0(κ) as a polynomial of 1 / κ, interpolated at Chebyshev nodes when the
 * class loads. Source: DLMF 10.25.2, 10.32.1.
 */
final class BesselI0 {
  private static final double BORDER = 20;
  private static final int TERMS = 45;
  private static final int DEGREE = 16;
  private static final double[] SCALED = interpolate();

  private BesselI0() {}

  /** log I0(κ) for κ ≥ 0, relative error of exp(·) 1e-14. */
  static Value log(Value k) {
    Value border = scalar(k, BORDER);
    Value isNear = less(k, border);
    return where(isNear, near(min(k, border)), far(max(k, border)));
  }

  /** Σ (κ² / 4)^j / j!². */
  private static Value near(Value k) {
    double[] series = new double[TERMS];
    series[0] = 1;
    for (int j = 1; j < TERMS; j++) {
      series[j] = series[j - 1] / ((double) j * j);
    }
    return Ops.log(polynomial(mul(square(k), 0.25), series));
  }

  private static Value far(Value k) {
    Value t = sub(div(2 * BORDER, k), 1.0);
    // Clenshaw: powers of t would lose digits.
    Value ahead = mul(t, 0.0);
    Value last = add(ahead, SCALED[DEGREE]);
    Value twice = mul(t, 2.0);
    for (int j = DEGREE - 1; j >= 1; j--) {
      Value next = add(sub(mul(twice, last), ahead), SCALED[j]);
      ahead = last;
      last = next;
    }
    Value scaled = add(sub(mul(t, last), ahead), SCALED[0]);
    return add(sub(k, mul(Ops.log(mul(k, 2 * Math.PI)), 0.5)), Ops.log(scaled));
  }

  private static double[] interpolate() {
    int n = 4 * DEGREE;
    double[] out = new double[DEGREE + 1];
    for (int i = 0; i < n; i++) {
      double angle = Math.PI * (i + 0.5) / n;
      double value = scaled(2 * BORDER / (1 + Math.cos(angle)));
      for (int j = 0; j <= DEGREE; j++) {
        out[j] += value * Math.cos(j * angle) * (j == 0 ? 1.0 : 2.0) / n;
      }
    }
    return out;
  }

  /** √(2 π κ) exp(−κ) I0(κ) for κ ≥ 20, by the midpoint rule over the peak, 12 deviations wide. */
  private static double scaled(double k) {
    int n = 2000;
    double width = Math.min(Math.PI, 12 / Math.sqrt(k));
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double half = Math.sin(0.5 * width * (i + 0.5) / n);
      sum += Math.exp(-2 * k * half * half);
    }
    return Math.sqrt(2 * Math.PI * k) * sum * width / (n * Math.PI);
  }
}
