package org.deepregression4j.engine.family;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Nodes and weights on a support: the double exponential rule on a line, half-line or interval,
 * every count up to a bound on the counts. Source: Takahasi and Mori (1974).
 */
record Quadrature(double[] nodes, double[] weights) {
  private static final double STEP = 1.0 / 128;
  private static final int HALF = 832;
  private static final int COUNTS = 20_000;

  /** 0 and 1, or the counts. */
  static Quadrature counts(Support support) {
    int n = support == Support.BINARY ? 2 : COUNTS;
    return new Quadrature(
        IntStream.range(0, n).asDoubleStream().toArray(),
        DoubleStream.generate(() -> 1).limit(n).toArray());
  }

  /** The line; the density is smooth, with its mass around {@code center}. */
  static Quadrature line(double center, double spread) {
    return rule(u -> center + spread * Math.sinh(u), u -> spread * Math.cosh(u));
  }

  /** From {@code start} up (spread &gt; 0) or down (spread &lt; 0). */
  static Quadrature halfLine(double start, double spread) {
    return rule(u -> start + spread * Math.exp(u), u -> Math.abs(spread) * Math.exp(u));
  }

  /** From {@code low} to {@code high}. */
  static Quadrature interval(double low, double high) {
    return rule(
        u -> low + (high - low) / (1 + Math.exp(-2 * u)),
        u -> (high - low) * 0.5 / Math.pow(Math.cosh(u), 2));
  }

  /** From 0 to 1 with fewer nodes, for products of two rules. */
  static Quadrature coarseInterval() {
    Quadrature fine = interval(0, 1);
    int[] every = IntStream.range(0, fine.nodes.length).filter(i -> i % 8 == 0).toArray();
    return new Quadrature(
        IntStream.of(every).mapToDouble(i -> fine.nodes[i]).toArray(),
        IntStream.of(every).mapToDouble(i -> 8 * fine.weights[i]).toArray());
  }

  /** This rule and another one beside it. */
  Quadrature and(Quadrature other) {
    return new Quadrature(
        DoubleStream.concat(DoubleStream.of(nodes), DoubleStream.of(other.nodes)).toArray(),
        DoubleStream.concat(DoubleStream.of(weights), DoubleStream.of(other.weights)).toArray());
  }

  private static Quadrature rule(DoubleUnaryOperator map, DoubleUnaryOperator slope) {
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
}
