package org.deepregression4j.engine.family;

/** Nodes and weights on [−1, 1]. Source: DLMF 3.5(v). */
final class GaussLegendre {
  private GaussLegendre() {}

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
