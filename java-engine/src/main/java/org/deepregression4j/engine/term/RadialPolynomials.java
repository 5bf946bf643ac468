package org.deepregression4j.engine.term;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Σ_u δ_u |x - t_u|^p for odd p as polynomials between the knots t_u, so that a row costs a search
 * instead of a distance to every knot. About the knot t_j, with e_u = t_j - t_u, the left knots
 * give Σ δ_u (τ + e_u)^p and the right ones -Σ δ_u (τ + e_u)^p; the sums of δ_u e_u^i go from knot
 * to knot by the binomial theorem, always away from where they started, which keeps their signs.
 */
final class RadialPolynomials {
  private final int power;
  private final int k;
  private final double[] knots;
  private final double[][] weights;

  private RadialPolynomials(int power, double[] knots, double[][] weights) {
    this.power = power;
    this.k = weights[0].length;
    this.knots = knots;
    this.weights = weights;
  }

  /**
   * The functions of all columns.
   *
   * @param knots (u, 1), in any order, no two alike
   * @param weights δ (u, k)
   * @param power p, odd
   */
  static PiecewisePolynomial of(Matrix knots, Matrix weights, int power) {
    Integer[] order =
        IntStream.range(0, knots.rows())
            .boxed()
            .sorted(Comparator.comparingDouble(i -> knots.get(i, 0)))
            .toArray(Integer[]::new);
    double[] sorted = Arrays.stream(order).mapToDouble(i -> knots.get(i, 0)).toArray();
    double[][] rows = new double[order.length][weights.columns()];
    for (int u = 0; u < order.length; u++) {
      for (int i = 0; i < weights.columns(); i++) {
        rows[u][i] = weights.get(order[u], i);
      }
    }
    return new RadialPolynomials(power, sorted, rows).polynomials();
  }

  private PiecewisePolynomial polynomials() {
    int u = knots.length;
    double[][] tables = new double[power + 1][(u + 1) * k];
    double[][] left = new double[power + 1][k];
    for (int j = 0; j < u; j++) {
      shift(left, j == 0 ? 0 : knots[j] - knots[j - 1]);
      add(left, weights[j]);
      collect(tables, j + 1, left, 1);
    }
    double[][] right = new double[power + 1][k];
    for (int j = u - 1; j >= 0; j--) {
      // Right of knot j are the knots after it, seen from it; then its own for what is below it.
      shift(right, j == u - 1 ? 0 : knots[j + 1] - knots[j]);
      collect(tables, j + 1, right, -1);
      add(right, weights[j]);
    }
    collect(tables, 0, right, -1);
    List<Matrix> out = new ArrayList<>();
    for (double[] table : tables) {
      out.add(Matrix.copyOf(u + 1, k, table));
    }
    return PiecewisePolynomial.everywhere(knots, out);
  }

  /** Sums of δ d^i become those of δ (d + h)^i. */
  private static void shift(double[][] sums, double h) {
    for (int i = sums.length - 1; i > 0; i--) {
      double factor = 1;
      for (int l = i - 1; l >= 0; l--) {
        factor *= h * (l + 1) / (i - l); // C(i, l) h^(i - l)
        for (int c = 0; c < sums[i].length; c++) {
          sums[i][c] += factor * sums[l][c];
        }
      }
    }
  }

  private static void add(double[][] sums, double[] weight) {
    for (int c = 0; c < weight.length; c++) {
      sums[0][c] += weight[c]; // at distance zero only the zeroth power counts
    }
  }

  /** Adds what one side says of row {@code row}; distances are positive on both sides. */
  private void collect(double[][] tables, int row, double[][] sums, int side) {
    double binomial = 1; // C(p, degree)
    for (int degree = 0; degree <= power; degree++) {
      int rest = power - degree;
      // (τ + e)^p with e = side · d, times side.
      double sign = side > 0 || rest % 2 == 1 ? 1 : -1;
      for (int c = 0; c < k; c++) {
        tables[degree][row * k + c] += sign * binomial * sums[rest][c];
      }
      binomial = binomial * (power - degree) / (degree + 1);
    }
  }
}
