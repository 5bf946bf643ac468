package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import org.deepregression4j.onnx.graph.Value;

/** The exponential integral E1(x) = ∫ exp(−t) / t dt from x on. Source: DLMF 6.6.2 and 6.9.1. */
final class ExponentialIntegral {
  private static final double EULER = 0.57721566490153286061;
  private static final int SERIES = 15;

  // x exp(x) E1(x) for x ≥ 1 as a polynomial of (x − 4) / (x + 2), interpolated at Chebyshev nodes
  // from the continued fraction; relative error 3e-13.
  private static final double[] FAR = {
    0.8253825996042233,
    0.19036949703467765,
    -0.02430031365390792,
    0.010133650546455705,
    -0.0025078525963821395,
    0.001128959121834019,
    -0.00033798538355658386,
    0.00016174318161787937,
    -5.219731311113587e-05,
    2.6638771715089372e-05,
    -8.708035309723526e-06,
    4.509597162220751e-06,
    -1.5558007422250257e-06,
    1.2694208216520274e-06,
    -2.2951571497144056e-07,
    -1.0170446043239756e-07,
    -7.605185122596785e-08,
    1.5286834815541576e-07,
    -9.209830559005862e-11
  };

  private ExponentialIntegral() {}

  /** x + log E1(x) for x &gt; 0, relative error of exp(·) 1e-12. */
  static Value logScaled(Value x) {
    Value one = scalar(x, 1);
    return where(less(x, one), near(min(x, one)), far(max(x, one)));
  }

  /** E1(x) = −γ − log x − Σ (−x)^k / (k k!). */
  private static Value near(Value x) {
    double[] series = new double[SERIES + 1];
    series[0] = -EULER;
    double term = 1;
    for (int k = 1; k <= SERIES; k++) {
      term *= -1.0 / k;
      series[k] = -term / k;
    }
    return add(x, log(sub(SpecialFunctions.polynomial(x, series), log(x))));
  }

  private static Value far(Value x) {
    Value t = div(sub(x, 4.0), add(x, 2.0));
    return sub(log(SpecialFunctions.polynomial(t, FAR)), log(x));
  }
}
