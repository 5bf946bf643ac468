package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.abs;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.unsqueeze;
import static org.deepregression4j.onnx.graph.Ops.where;

import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** Owen's T function by Gauss-Legendre quadrature, absolute error 1e-15. Source: Owen (1956). */
final class OwenT {
  private static final int NODES = 48;

  private OwenT() {}

  /** Φ(z) − 2 T(z, a), the distribution function of the skew normal; absolute error 1e-15. */
  static Value skewNormalCdf(Value z, Value a) {
    Value h = abs(z);
    Value slope = abs(add(a, mul(z, 0.0)));
    Value isSteep = Ops.greater(slope, scalar(slope, 1));
    Value ah = mul(slope, h);
    Value start = where(isSteep, ah, h);
    Value ratio = div(min(slope, scalar(slope, 1)), max(slope, scalar(slope, 1)));
    Value t = integral(min(start, scalar(start, 40)), ratio);
    Value upper = RealFamilies.normalCdf(Ops.neg(h));
    Value steep = RealFamilies.normalCdf(Ops.neg(ah));
    // T(h, a) = (Q(h) + Q(ah)) / 2 − Q(h) Q(ah) − T(ah, 1 / a) with upper tails Q.
    Value reflected = sub(sub(mul(add(upper, steep), 0.5), mul(upper, steep)), t);
    Value whole = mul(where(isSteep, reflected, t), Ops.apply(Op.SIGN, a));
    Value p = sub(RealFamilies.normalCdf(z), mul(whole, 2.0));
    return where(less(p, scalar(p, 0)), scalar(p, 0), p);
  }

  /** ∫ exp(−h² (1 + x²) / 2) / (1 + x²) dx / (2 π) over [0, a], a ≤ 1. */
  private static Value integral(Value h, Value a) {
    Value half = unsqueeze(mul(square(h), -0.5), h.shape().rank());
    Value sum =
        GaussLegendre.integral(
            NODES,
            mul(a, 0.0),
            a,
            x -> {
              Value s = add(square(x), 1.0);
              return div(exp(mul(half, s)), s);
            });
    return mul(sum, 0.5 / Math.PI);
  }
}
