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
 * The modified Bessel functions I0 and I1: their power series, whose terms are all positive, up to
 * 20; beyond, √(2 π κ) exp(−κ) I(κ) as a polynomial of 1 / κ, interpolated at Chebyshev nodes when
 * the class loads. Source: DLMF 10.25.2, 10.32.3.
 */
final class BesselI {
  static final BesselI ZERO = new BesselI(0);
  static final BesselI ONE = new BesselI(1);

  private static final double BORDER = 20;
  private static final int TERMS = 45;
  private static final int DEGREE = 16;

  private final int order;
  private final double[] series = new double[TERMS];
  private final double[] scaled;

  private BesselI(int order) {
    this.order = order;
    for (int j = 1; j < TERMS; j++) {
      double last = j == 1 ? 1 : series[j - 1];
      series[j] = last / ((double) j * (j + order));
    }
    this.scaled = interpolate(order);
  }

  /** log I(κ) for κ ≥ 0, relative error 1e-13. */
  Value log(Value k) {
    return value(k, false);
  }

  /** log I(κ) − κ, which stays small. */
  Value logScaled(Value k) {
    return value(k, true);
  }

  private Value value(Value k, boolean isScaled) {
    Value border = scalar(k, BORDER);
    Value isNear = less(k, border);
    Value small = min(k, border);
    Value large = max(k, border);
    Value near = isScaled ? sub(near(small), small) : near(small);
    return where(isNear, near, isScaled ? far(large) : add(far(large), large));
  }

  /** (κ / 2)^order Σ (κ² / 4)^j / (j! (j + order)!), without rounding 1 + small. */
  private Value near(Value k) {
    Value log = SpecialFunctions.log1p(polynomial(mul(square(k), 0.25), series));
    return order == 0 ? log : add(log, Ops.log(mul(k, 0.5)));
  }

  private Value far(Value k) {
    Value t = sub(div(2 * BORDER, k), 1.0);
    // Clenshaw: powers of t would lose digits.
    Value ahead = mul(t, 0.0);
    Value last = add(ahead, scaled[DEGREE]);
    Value twice = mul(t, 2.0);
    for (int j = DEGREE - 1; j >= 1; j--) {
      Value next = add(sub(mul(twice, last), ahead), scaled[j]);
      ahead = last;
      last = next;
    }
    Value sum = add(sub(mul(t, last), ahead), scaled[0]);
    return sub(Ops.log(sum), mul(Ops.log(mul(k, 2 * Math.PI)), 0.5));
  }

  private static double[] interpolate(int order) {
    int n = 4 * DEGREE;
    double[] out = new double[DEGREE + 1];
    for (int i = 0; i < n; i++) {
      double angle = Math.PI * (i + 0.5) / n;
      double value = scaled(2 * BORDER / (1 + Math.cos(angle)), order);
      for (int j = 0; j <= DEGREE; j++) {
        out[j] += value * Math.cos(j * angle) * (j == 0 ? 1.0 : 2.0) / n;
      }
    }
    return out;
  }

  /**
   * √(2 π κ) exp(−κ) I(κ) for κ ≥ 20, by the midpoint rule over the peak of exp(κ cos θ) cos(order
   * θ), 12 deviations wide.
   */
  private static double scaled(double k, int order) {
    int n = 2000;
    double width = Math.min(Math.PI, 12 / Math.sqrt(k));
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double angle = width * (i + 0.5) / n;
      double half = Math.sin(0.5 * angle);
      sum += Math.exp(-2 * k * half * half) * Math.cos(order * angle);
    }
    return Math.sqrt(2 * Math.PI * k) * sum * width / (n * Math.PI);
  }
}
