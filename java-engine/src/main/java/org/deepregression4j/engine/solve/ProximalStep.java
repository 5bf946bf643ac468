package org.deepregression4j.engine.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/**
 * A Newton step for a smooth objective with a sparse penalty: minimises its quadratic model plus Σ
 * t_g ‖w_g + d_g‖. Coefficients in no group are solved for jointly and eliminated; the groups are
 * found by coordinate descent, which sets them exactly to zero, and those that stay are then solved
 * for jointly by Newton's method. Mutable; for one step.
 *
 * <p>Source: Lee, Sun and Saunders (2014), Proximal Newton-type methods for minimizing composite
 * functions; Friedman, Hastie and Tibshirani (2010) for the coordinate descent.
 */
final class ProximalStep {
  private static final int SWEEPS = 2000;

  /** Sweeps between two attempts to solve for the groups that are not zero jointly. */
  private static final int BETWEEN = 5;

  /** Sweeps end when no coefficient moves by more, in standard errors. */
  private static final double STILL = 1e-9;

  private static final int POLISHES = 20;

  private final double rows;
  private final DMatrixRMaj curvature;
  private final NewtonSystem free;
  private final int[] freePlaces;
  private final int[] sparsePlaces;
  private final double[] gradient;
  private final double[] w;

  /** The model of the sparse coefficients alone: ½ d'Hd + g'd. */
  private final DMatrixRMaj h;

  private final double[] g;
  private final List<SparsePenalty.Group> groups = new ArrayList<>();
  private final List<GroupMinimum> minima = new ArrayList<>();
  private final double[] z;
  private final double[] slope;

  private ProximalStep(
      SparsePenalty penalty, DMatrixRMaj hessian, double[] gradient, double[] w, double rows) {
    this.rows = rows;
    this.gradient = gradient;
    this.w = w;
    this.curvature = NewtonSystem.convex(hessian);
    sparsePlaces =
        penalty.groups().stream().flatMapToInt(x -> Arrays.stream(x.places())).sorted().toArray();
    freePlaces =
        java.util.stream.IntStream.range(0, w.length)
            .filter(i -> Arrays.binarySearch(sparsePlaces, i) < 0)
            .toArray();
    free = NewtonSystem.of(block(curvature, freePlaces, freePlaces));
    h = block(curvature, sparsePlaces, sparsePlaces);
    g = take(gradient, sparsePlaces);
    eliminate();
    z = take(w, sparsePlaces);
    slope = g.clone();
    for (SparsePenalty.Group group : penalty.groups()) {
      int[] at =
          Arrays.stream(group.places()).map(i -> Arrays.binarySearch(sparsePlaces, i)).toArray();
      groups.add(new SparsePenalty.Group(at, group.threshold()));
      minima.add(new GroupMinimum(block(h, at, at), group.threshold()));
    }
  }

  /**
   * Where the model has its minimum, for the Hessian and gradient of the smooth part at w.
   *
   * @param rows n, of which the objective is the mean: says what a standard error is
   */
  static double[] target(
      SparsePenalty penalty, DMatrixRMaj hessian, double[] gradient, double[] w, double rows) {
    ProximalStep step = new ProximalStep(penalty, hessian, gradient, w, rows);
    step.descend();
    return step.assembled();
  }

  private static DMatrixRMaj block(DMatrixRMaj of, int[] rows, int[] columns) {
    DMatrixRMaj out = new DMatrixRMaj(rows.length, columns.length);
    for (int i = 0; i < rows.length; i++) {
      for (int k = 0; k < columns.length; k++) {
        out.set(i, k, of.get(rows[i], columns[k]));
      }
    }
    return out;
  }

  private static double[] take(double[] of, int[] places) {
    double[] out = new double[places.length];
    Arrays.setAll(out, i -> of[places[i]]);
    return out;
  }

  /** Takes the free coefficients out of the model: h −= C'F⁻¹C, g −= C'F⁻¹f. */
  private void eliminate() {
    double[] pull = free.solve(take(gradient, freePlaces));
    for (int k = 0; k < sparsePlaces.length; k++) {
      double[] cross = new double[freePlaces.length];
      for (int i = 0; i < cross.length; i++) {
        cross[i] = curvature.get(freePlaces[i], sparsePlaces[k]);
        g[k] -= cross[i] * pull[i];
      }
      double[] solved = free.solve(cross);
      for (int l = 0; l < sparsePlaces.length; l++) {
        double sum = 0;
        for (int i = 0; i < cross.length; i++) {
          sum += solved[i] * curvature.get(freePlaces[i], sparsePlaces[l]);
        }
        h.add(l, k, -sum);
      }
    }
  }

  private void descend() {
    for (int sweep = 1; sweep <= SWEEPS; sweep++) {
      double moved = 0;
      for (int i = 0; i < groups.size(); i++) {
        moved = Math.max(moved, update(groups.get(i), minima.get(i)));
      }
      if (moved <= STILL) {
        return;
      }
      if (sweep % BETWEEN == 0) {
        for (int i = 0; i < POLISHES && polish() > STILL; i++) {
          continue;
        }
      }
    }
  }

  /** Minimises over one group; how far it moved, in standard errors. */
  private double update(SparsePenalty.Group group, GroupMinimum minimum) {
    int[] at = group.places();
    double[] b = new double[at.length];
    for (int i = 0; i < at.length; i++) {
      b[i] = -slope[at[i]];
      for (int k : at) {
        b[i] += h.get(at[i], k) * z[k];
      }
    }
    double[] next = minimum.at(b);
    double moved = 0;
    for (int i = 0; i < at.length; i++) {
      double change = next[i] - z[at[i]];
      if (change != 0) {
        moved = Math.max(moved, move(at[i], change));
        z[at[i]] = next[i];
      }
    }
    return moved;
  }

  private double move(int at, double change) {
    for (int k = 0; k < slope.length; k++) {
      slope[k] += h.get(at, k) * change;
    }
    return Math.abs(change) * Math.sqrt(rows * Math.max(0, h.get(at, at)));
  }

  /**
   * A Newton step over the groups that are not zero, where the norm is smooth; none when one of
   * them would come to zero or turn round. How far it moved, in standard errors.
   */
  private double polish() {
    List<SparsePenalty.Group> active = groups.stream().filter(x -> x.norm(z) > 0).toList();
    int[] at = active.stream().flatMapToInt(x -> Arrays.stream(x.places())).sorted().toArray();
    DMatrixRMaj whole = block(h, at, at);
    double[] right = take(slope, at);
    for (SparsePenalty.Group group : active) {
      double norm = group.norm(z);
      for (int i : group.places()) {
        int row = Arrays.binarySearch(at, i);
        right[row] += group.threshold() * z[i] / norm;
        for (int k : group.size() > 1 ? group.places() : new int[0]) {
          double bend = (i == k ? 1 : 0) - z[i] / norm * (z[k] / norm);
          whole.add(row, Arrays.binarySearch(at, k), group.threshold() / norm * bend);
        }
      }
    }
    NewtonSystem system = NewtonSystem.of(whole);
    if (!system.isPositiveDefinite()) {
      return 0;
    }
    double[] step = system.solve(right);
    double[] next = z.clone();
    for (int i = 0; i < at.length; i++) {
      next[at[i]] -= step[i];
    }
    for (SparsePenalty.Group group : active) {
      double along = 0;
      for (int i : group.places()) {
        along += next[i] * z[i];
      }
      // Far steps are for the descent: beyond half the length the norm is not what it was.
      if (!(along > 0.5 * group.norm(z) * group.norm(z)) && group.size() > 1 || !(along > 0)) {
        return 0;
      }
    }
    double moved = 0;
    for (int i : at) {
      moved = Math.max(moved, move(i, next[i] - z[i]));
      z[i] = next[i];
    }
    return moved;
  }

  private double[] assembled() {
    double[] out = w.clone();
    double[] right = take(gradient, freePlaces);
    for (int k = 0; k < sparsePlaces.length; k++) {
      double d = z[k] - w[sparsePlaces[k]];
      for (int i = 0; d != 0 && i < freePlaces.length; i++) {
        right[i] += curvature.get(freePlaces[i], sparsePlaces[k]) * d;
      }
      out[sparsePlaces[k]] = z[k];
    }
    double[] d = free.solve(right);
    for (int i = 0; i < freePlaces.length; i++) {
      out[freePlaces[i]] -= d[i];
    }
    return out;
  }
}
