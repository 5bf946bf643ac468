package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.unsqueeze;
import static org.deepregression4j.onnx.graph.Ops.vector;

import java.util.function.UnaryOperator;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** Nodes and weights on [−1, 1]. Source: DLMF 3.5(v). */
final class GaussLegendre {
  private GaussLegendre() {}

  /**
   * ∫ f between two ends of one shape.
   *
   * @param f from nodes, one more axis, to values of that shape; what else it reads has that axis
   *     in length one
   */
  static Value integral(int nodes, Value from, Value to, UnaryOperator<Value> f) {
    double[][] rule = rule(nodes);
    int axis = from.shape().rank();
    Value half = unsqueeze(mul(sub(to, from), 0.5), axis);
    Value middle = unsqueeze(mul(add(to, from), 0.5), axis);
    Value x = add(middle, mul(half, vector(from.type(), rule[0])));
    Value weighted = mul(f.apply(x), mul(half, vector(from.type(), rule[1])));
    return Ops.sum(weighted, false, axis);
  }

  /** {nodes, weights}, by Newton's method on the Legendre polynomial of degree n. */
  static double[][] rule(int n) {
    double[][] out = new double[2][n];
    for (int i = 0; i < n; i++) {
      double x = Math.cos(Math.PI * (i + 0.75) / (n + 0.5));
      double slope = 1;
      for (int trip = 0; trip < 20; trip++) {
        double[] p = legendre(n, x);
        slope = n * (x * p[0] - p[1]) / (x * x - 1);
        x -= p[0] / slope;
      }
      out[0][i] = x;
      out[1][i] = 2 / ((1 - x * x) * slope * slope);
    }
    return out;
  }

  /** The polynomials of degree n and n − 1. */
  private static double[] legendre(int n, double x) {
    double before = 1;
    double last = x;
    for (int k = 2; k <= n; k++) {
      double next = ((2 * k - 1) * x * last - (k - 1) * before) / k;
      before = last;
      last = next;
    }
    return new double[] {last, before};
  }
}
