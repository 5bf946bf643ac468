package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.sub;

import org.deepregression4j.onnx.graph.Value;

/**
 * The modified Bessel function I0. log(1 + 2 π κ)^½ exp(−κ) I0(κ) is a polynomial of (κ − 4) / (κ +
 * 4), interpolated at Chebyshev nodes when the class loads, from the integral DLMF 10.32.1.
 */
final class BesselRatio {
  private static final int DEGREE = 30;
  private static final double CENTRE = 4;
  private static final double[] SCALED = interpolate();

  private BesselRatio() {}

  /** log I0(κ) for κ ≥ 0, absolute error 1e-13. */
  static Value logI0(Value k) {
    Value t = div(sub(k, CENTRE), add(k, CENTRE));
    // Clenshaw: powers of t would lose digits at this degree.
    Value ahead = mul(t, 0.0);
    Value last = add(ahead, SCALED[DEGREE]);
    Value twice = mul(t, 2.0);
    for (int j = DEGREE - 1; j >= 1; j--) {
      Value next = add(sub(mul(twice, last), ahead), SCALED[j]);
      ahead = last;
      last = next;
    }
    Value scaled = add(sub(mul(t, last), ahead), SCALED[0]);
    return add(sub(k, mul(log(add(mul(k, 2 * Math.PI), 1.0)), 0.5)), log(scaled));
  }

  private static double[] interpolate() {
    int n = 4 * DEGREE;
    double[] out = new double[DEGREE + 1];
    for (int i = 0; i < n; i++) {
      double angle = Math.PI * (i + 0.5) / n;
      double t = Math.cos(angle);
      double value = scaled(CENTRE * (1 + t) / (1 - t));
      for (int j = 0; j <= DEGREE; j++) {
        out[j] += value * Math.cos(j * angle) * (j == 0 ? 1.0 : 2.0) / n;
      }
    }
    return out;
  }

  /** √(1 + 2 π κ) exp(−κ) I0(κ), by the midpoint rule, which converges geometrically. */
  private static double scaled(double k) {
    int n = 2000;
    // Beyond, the peak is narrower than the grid; substitute θ = x / √κ and cut at 12 deviations.
    double width = k > 100 ? 12 / Math.sqrt(k) : Math.PI;
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double half = Math.sin(0.5 * width * (i + 0.5) / n);
      sum += Math.exp(-2 * k * half * half);
    }
    return Math.sqrt(1 + 2 * Math.PI * k) * sum * width / (n * Math.PI);
  }
}
