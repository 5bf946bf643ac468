package org.deepregression4j.engine.family;

import java.util.stream.IntStream;

/**
 * Nodes and weights on a support: the double exponential rule on a line or an interval, every count
 * up to a bound on the counts.
 */
record Quadrature(double[] nodes, double[] weights) {
  private static final double STEP = 1.0 / 128;
  private static final int HALF = 832;
  private static final int COUNTS = 60_000;

  /** A rule for a support; {@code center} and {@code spread} say where the mass is. */
  static Quadrature on(Support support, double center, double spread) {
    return switch (support) {
      case BINARY -> counts(2);
      case COUNT -> counts(COUNTS);
      case REAL ->
          doubleExponential(u -> center + spread * Math.sinh(u), u -> spread * Math.cosh(u));
      case POSITIVE, NON_NEGATIVE ->
          doubleExponential(u -> center * Math.exp(u), u -> center * Math.exp(u));
      case UNIT_OPEN ->
          doubleExponential(u -> 1 / (1 + Math.exp(-2 * u)), u -> 0.5 / Math.pow(Math.cosh(u), 2));
    };
  }

  private static Quadrature counts(int n) {
    return new Quadrature(
        IntStream.range(0, n).asDoubleStream().toArray(),
        IntStream.range(0, n).mapToDouble(i -> 1).toArray());
  }

  private static Quadrature doubleExponential(
      java.util.function.DoubleUnaryOperator map, java.util.function.DoubleUnaryOperator slope) {
    double[] t = IntStream.rangeClosed(-HALF, HALF).mapToDouble(i -> i * STEP).toArray();
    double[] nodes = new double[t.length];
    double[] weights = new double[t.length];
    for (int i = 0; i < t.length; i++) {
      double u = Math.PI / 2 * Math.sinh(t[i]);
      nodes[i] = map.applyAsDouble(u);
      weights[i] = slope.applyAsDouble(u) * Math.PI / 2 * Math.cosh(t[i]) * STEP;
    }
    return new Quadrature(nodes, weights);
  }

  /** Σ weight · f · exp(logDensity), without the nodes where the density vanishes. */
  double expect(double[] logDensity, java.util.function.DoubleUnaryOperator f) {
    double sum = 0;
    for (int i = 0; i < nodes.length; i++) {
      double p = Math.exp(logDensity[i]);
      if (p > 0 && Double.isFinite(weights[i])) {
        sum += weights[i] * p * f.applyAsDouble(nodes[i]);
      }
    }
    return sum;
  }
}
