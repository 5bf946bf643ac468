package org.deepregression4j.engine.family;

import java.util.ArrayList;
import java.util.List;

/** Nodes and weights on vectors: classes, shares, counts of a total, directions, the plane. */
final class VectorQuadrature {
  static final int TOTAL = 5;

  private final List<double[]> nodes = new ArrayList<>();
  private final List<Double> weights = new ArrayList<>();

  private VectorQuadrature() {}

  static CaseQuadrature of(FamilyCase of, double[] eta) {
    VectorQuadrature out = new VectorQuadrature();
    int m = of.columns();
    switch (of.family().support()) {
      case ONE_HOT -> out.classes(m);
      case SIMPLEX -> out.triangle();
      case COUNTS -> out.counts(of.key().equals("binomial_columns") ? 1 : TOTAL, m);
      case DIRECTION -> out.directions(m);
      case VECTOR -> out.normal(m, eta);
      default -> throw new AssertionError(of + " is not multivariate");
    }
    double[] flat = out.nodes.stream().flatMapToDouble(java.util.Arrays::stream).toArray();
    double[] all = out.weights.stream().mapToDouble(Double::doubleValue).toArray();
    return new CaseQuadrature(flat, all, m);
  }

  private void add(double weight, double... node) {
    nodes.add(node);
    weights.add(weight);
  }

  private void classes(int m) {
    for (int k = 0; k < m; k++) {
      double[] node = new double[m];
      node[k] = 1;
      add(1, node);
    }
  }

  /** Shares of three, by a first share and how the rest is cut. */
  private void triangle() {
    Quadrature rule = Quadrature.coarseInterval();
    for (int i = 0; i < rule.nodes().length; i++) {
      for (int j = 0; j < rule.nodes().length; j++) {
        double s = rule.nodes()[i];
        double t = rule.nodes()[j];
        double weight = rule.weights()[i] * rule.weights()[j] * (1 - s);
        if (s > 0 && s < 1 && t > 0 && t < 1) {
          add(weight, s, (1 - s) * t, (1 - s) * (1 - t));
        }
      }
    }
  }

  private void counts(int total, int m) {
    for (int a = 0; a <= total; a++) {
      for (int b = 0; m > 2 && a + b <= total; b++) {
        add(1, a, b, total - a - b);
      }
      if (m == 2) {
        add(1, a, total - a);
      }
    }
  }

  private void directions(int m) {
    int n = 240;
    Quadrature heights = Quadrature.coarseInterval();
    for (int i = 0; i < n; i++) {
      double angle = 2 * Math.PI * i / n;
      double width = 2 * Math.PI / n;
      if (m == 2) {
        add(width, Math.cos(angle), Math.sin(angle));
      }
      for (int j = 0; m == 3 && j < heights.nodes().length; j++) {
        double z = 2 * heights.nodes()[j] - 1;
        double r = Math.sqrt(1 - z * z);
        add(2 * heights.weights()[j] * width, r * Math.cos(angle), r * Math.sin(angle), z);
      }
    }
  }

  /** loc + L z over a grid of z. */
  private void normal(int d, double[] eta) {
    double step = 0.5;
    int half = 17;
    double[] z = new double[d];
    double size = 1;
    for (int i = 0; i < d; i++) {
      size *= step * Math.exp(eta[d + i]);
    }
    grid(z, 0, step, half, size, eta);
  }

  private void grid(double[] z, int i, double step, int half, double size, double[] eta) {
    if (i == z.length) {
      add(size, transformed(z, eta));
      return;
    }
    for (int k = -half; k <= half; k++) {
      z[i] = k * step;
      grid(z, i + 1, step, half, size, eta);
    }
  }

  private static double[] transformed(double[] z, double[] eta) {
    int d = z.length;
    double[] out = new double[d];
    int lower = 2 * d;
    for (int i = 0; i < d; i++) {
      out[i] = eta[i] + Math.exp(eta[d + i]) * z[i];
      for (int j = 0; j < i; j++) {
        out[i] += eta[lower++] * z[j];
      }
    }
    return out;
  }
}
