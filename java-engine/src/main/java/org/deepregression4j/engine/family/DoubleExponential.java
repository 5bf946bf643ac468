package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.vector;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * Nodes and weights of the trapezoidal rule after a double exponential substitution, for smooth
 * functions that may be singular at the ends. Source: Takahasi and Mori (1974).
 *
 * @param nodes in (0, 1), or from 0 on
 * @param weights of the nodes
 */
record DoubleExponential(Value nodes, Value weights) {
  /** (0, 1), 67 nodes: relative error about 1e-12 for quantiles times their level. */
  static DoubleExponential unit() {
    return unit(0.1, 33);
  }

  /** (0, 1) with as many nodes as {@link #halfLine}. */
  static DoubleExponential fineUnit() {
    return unit(0.06, 55);
  }

  private static DoubleExponential unit(double step, int half) {
    return rule(
        step, -half, half, u -> 1 / (1 + Math.exp(-2 * u)), u -> 0.5 / Math.pow(Math.cosh(u), 2));
  }

  /**
   * (0, ∞), 111 nodes, in units of the scale on which the function falls; power tails are followed
   * far.
   */
  static DoubleExponential halfLine() {
    return rule(1.0 / 12, -45, 65, Math::exp, Math::exp);
  }

  /** (0, ∞), 103 nodes, for what falls like exp(−x) or a normal density: relative error 1e-14. */
  static DoubleExponential fallingHalfLine() {
    return rule(1.0 / 18, -68, 34, Math::exp, Math::exp);
  }

  /** As {@link #fallingHalfLine}, 180 nodes, for what falls more steeply. */
  static DoubleExponential fineFallingHalfLine() {
    return rule(1.0 / 32, -120, 59, Math::exp, Math::exp);
  }

  private static DoubleExponential rule(
      double step, int from, int to, DoubleUnaryOperator map, DoubleUnaryOperator slope) {
    double[] t = IntStream.rangeClosed(from, to).mapToDouble(i -> i * step).toArray();
    double[] nodes = new double[t.length];
    double[] weights = new double[t.length];
    for (int i = 0; i < t.length; i++) {
      double u = Math.PI / 2 * Math.sinh(t[i]);
      nodes[i] = map.applyAsDouble(u);
      weights[i] = slope.applyAsDouble(u) * Math.PI / 2 * Math.cosh(t[i]) * step;
    }
    return new DoubleExponential(
        vector(ElementType.FLOAT64, nodes), vector(ElementType.FLOAT64, weights));
  }

  /** Σ of values at the nodes, which lie along the last axis, times the weights. */
  Value sum(Value values) {
    return Ops.sum(mul(values, weights), false, values.shape().rank() - 1);
  }
}
