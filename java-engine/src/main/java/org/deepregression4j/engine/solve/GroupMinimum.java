package org.deepregression4j.engine.solve;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * Minimises ½ z'Az − b'z + t ‖z‖₂ for one group of coefficients and many b. Soft-thresholding for a
 * single one; otherwise z = (A + t/η I)⁻¹ b with the length η = ‖z‖ as the root of the secular
 * equation. Immutable.
 */
final class GroupMinimum {
  private static final int STEPS = 100;

  /** Curvature of a column that says nothing, relative to the threshold. */
  private static final double FLAT = 1e-14;

  private final double threshold;
  private final double[] values;
  private final double[][] vectors;

  /** For a positive semi-definite A of (k, k) and t &gt; 0. */
  GroupMinimum(DMatrixRMaj a, double threshold) {
    this.threshold = threshold;
    int k = a.numRows;
    values = new double[k];
    vectors = new double[k][];
    if (k == 1) {
      values[0] = a.get(0, 0);
      vectors[0] = new double[] {1};
      return;
    }
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(k, true, true);
    if (!eigen.decompose(a.copy())) {
      throw new SolverException("the second derivatives of the likelihood are not finite");
    }
    for (int i = 0; i < k; i++) {
      values[i] = Math.max(0, eigen.getEigenvalue(i).getReal());
      vectors[i] = eigen.getEigenVector(i).data.clone();
    }
  }

  /** The minimum for b; exactly zero when ‖b‖ is at most the threshold. */
  double[] at(double[] b) {
    int k = values.length;
    double[] z = new double[k];
    double norm = SparsePenalty.length(b);
    if (!(norm > threshold)) {
      return z;
    }
    if (k == 1) {
      z[0] = Math.copySign(norm - threshold, b[0]) / Math.max(values[0], FLAT * threshold);
      return z;
    }
    double[] turned = new double[k];
    for (int i = 0; i < k; i++) {
      for (int l = 0; l < k; l++) {
        turned[i] += vectors[i][l] * b[l];
      }
    }
    double length = length(turned);
    for (int i = 0; i < k; i++) {
      double part = turned[i] * length / (curvature(i) * length + threshold);
      for (int l = 0; l < k; l++) {
        z[l] += part * vectors[i][l];
      }
    }
    return z;
  }

  private double curvature(int i) {
    return Math.max(values[i], FLAT * threshold);
  }

  /**
   * The root η of 1/φ(η) = 1, φ² = Σ bᵢ² / (aᵢη + t)². Newton's method on 1/φ, which is concave and
   * increasing: from the left of the root it stays on the left.
   */
  private double length(double[] b) {
    double eta = 0;
    for (int step = 0; step < STEPS; step++) {
      double squares = 0;
      double slope = 0;
      for (int i = 0; i < b.length; i++) {
        double below = curvature(i) * eta + threshold;
        double part = b[i] / below;
        squares += part * part;
        slope += part * part * curvature(i) / below;
      }
      double phi = Math.sqrt(squares);
      double next = eta + (phi - 1) * squares / slope;
      if (!(Math.abs(next - eta) > 1e-16 * next)) {
        return next;
      }
      eta = Math.max(0, next);
    }
    return eta;
  }
}
