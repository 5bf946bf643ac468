package org.deepregression4j.engine.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * A symmetric system H d = r, scaled to a unit diagonal: by Cholesky where H is safely positive
 * definite, otherwise by eigenvalues. Negative curvature is used by its absolute value, directions
 * without curvature stay at rest unless r pulls along them.
 */
final class NewtonSystem {
  /** Smallest squared pivot (1 − R² of a column given those before it) that Cholesky may have. */
  private static final double SAFE_PIVOT = 1e-9;

  /** Eigenvalues below this part of the largest are rounding errors of zero. */
  static final double NULL_DIRECTION = 1e-13;

  /** Entries of a unit vector below which it is a rounding error of zero. */
  private static final double NOTHING = 1e-6;

  /** Curvature that a step divides by is at least this part of the largest. */
  private static final double SMALLEST_CURVATURE = 1e-8;

  /** A pull along a direction without curvature that is more than rounding. */
  private static final double PULL = 1e-9;

  /** Systems up to this size are taken apart by eigenvalues; larger ones are damped. */
  private static final int EIGEN_LIMIT = 1500;

  private final int size;
  private final double[] scale; // 1 / sqrt of the diagonal
  private final double[] lower; // L of the scaled matrix, row-major; empty with eigenvalues
  private final double[] eigenvalues;
  private final double[][] eigenvectors;
  private final double damping;

  private NewtonSystem(
      double[] scale,
      double[] lower,
      double[] eigenvalues,
      double[][] eigenvectors,
      double damping) {
    this.size = scale.length;
    this.scale = scale;
    this.lower = lower;
    this.eigenvalues = eigenvalues;
    this.eigenvectors = eigenvectors;
    this.damping = damping;
  }

  /** Takes a symmetric matrix apart; it is not changed. */
  static NewtonSystem of(DMatrixRMaj matrix) {
    int n = matrix.numRows;
    double[] scale = new double[n];
    for (int i = 0; i < n; i++) {
      double d = Math.abs(matrix.get(i, i));
      scale[i] = d > Double.MIN_NORMAL ? 1 / Math.sqrt(d) : 1;
    }
    DMatrixRMaj scaled = new DMatrixRMaj(n, n);
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        scaled.set(i, k, matrix.get(i, k) * scale[i] * scale[k]);
      }
    }
    double[] lower = cholesky(scaled, n > EIGEN_LIMIT ? 0 : SAFE_PIVOT);
    if (lower.length > 0 || n == 0) {
      return new NewtonSystem(scale, lower, new double[0], new double[0][], 0);
    }
    return n > EIGEN_LIMIT ? damped(scaled, scale) : spectral(scaled, scale);
  }

  /** L row by row, or nothing when a squared pivot is too small. */
  private static double[] cholesky(DMatrixRMaj scaled, double smallest) {
    int n = scaled.numRows;
    CholeskyDecomposition_F64<DMatrixRMaj> chol = DecompositionFactory_DDRM.chol(n, true);
    if (!chol.decompose(scaled.copy())) {
      return new double[0];
    }
    DMatrixRMaj l = chol.getT(null);
    for (int i = 0; i < n; i++) {
      if (!(l.get(i, i) * l.get(i, i) > smallest)) {
        return new double[0];
      }
    }
    return Arrays.copyOf(l.data, n * n);
  }

  private static NewtonSystem damped(DMatrixRMaj scaled, double[] scale) {
    for (double shift = 1e-10; shift < 1e12; shift *= 100) {
      DMatrixRMaj shifted = scaled.copy();
      for (int i = 0; i < shifted.numRows; i++) {
        shifted.add(i, i, shift);
      }
      double[] lower = cholesky(shifted, 0);
      if (lower.length > 0) {
        return new NewtonSystem(scale, lower, new double[0], new double[0][], shift);
      }
    }
    throw new SolverException("the second derivatives of the likelihood are not finite");
  }

  private static NewtonSystem spectral(DMatrixRMaj scaled, double[] scale) {
    int n = scaled.numRows;
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, true, true);
    if (!eigen.decompose(scaled)) {
      throw new SolverException("the second derivatives of the likelihood are not finite");
    }
    double[] values = new double[n];
    double[][] vectors = new double[n][];
    for (int i = 0; i < n; i++) {
      values[i] = eigen.getEigenvalue(i).getReal();
      vectors[i] = Arrays.copyOf(eigen.getEigenVector(i).data, n);
    }
    return new NewtonSystem(scale, new double[0], values, vectors, 0);
  }

  /**
   * The matrix itself where it has no negative curvature beyond rounding; otherwise with the
   * absolute values of its eigenvalues, or damped where it is large.
   */
  static DMatrixRMaj convex(DMatrixRMaj matrix) {
    DMatrixRMaj lifted = matrix.copy();
    for (int i = 0; i < lifted.numRows; i++) {
      double d = Math.abs(lifted.get(i, i));
      lifted.add(i, i, d > Double.MIN_NORMAL ? SMALLEST_CURVATURE * d : 1);
    }
    NewtonSystem whole = of(lifted);
    if (!whole.isIndefinite()) {
      return matrix;
    }
    DMatrixRMaj out = matrix.copy();
    for (int i = 0; i < out.numRows; i++) {
      double d = 1 / (whole.scale[i] * whole.scale[i]);
      out.add(i, i, whole.damping * d);
      for (int k = 0; whole.eigenvalues.length > 0 && k < out.numRows; k++) {
        double sum = 0;
        for (int e = 0; e < whole.eigenvalues.length; e++) {
          sum +=
              whole.eigenvectors[e][i] * Math.abs(whole.eigenvalues[e]) * whole.eigenvectors[e][k];
        }
        out.set(i, k, sum / (whole.scale[i] * whole.scale[k]));
      }
    }
    return out;
  }

  /** False when directions had to be bent or left out. */
  boolean isPositiveDefinite() {
    return eigenvalues.length == 0 && damping == 0;
  }

  /** True when there is a direction of negative curvature. */
  boolean isIndefinite() {
    double largest = largest();
    return java.util.Arrays.stream(eigenvalues).anyMatch(v -> v < -NULL_DIRECTION * largest)
        || damping > 1e-8;
  }

  private double largest() {
    return java.util.Arrays.stream(eigenvalues).map(Math::abs).max().orElse(0);
  }

  /** The ratio of largest to smallest curvature of the scaled matrix; an estimate. */
  double condition() {
    if (eigenvalues.length > 0) {
      double least = java.util.Arrays.stream(eigenvalues).map(Math::abs).min().orElse(0);
      return largest() / least;
    }
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (int i = 0; i < size; i++) {
      double pivot = lower[i * size + i] * lower[i * size + i];
      least = Math.min(least, pivot);
      most = Math.max(most, pivot);
    }
    return size == 0 ? 1 : most / least;
  }

  /** The Newton step for a right-hand side. */
  double[] solve(double[] right) {
    double[] scaled = new double[size];
    for (int i = 0; i < size; i++) {
      scaled[i] = right[i] * scale[i];
    }
    double[] out = eigenvalues.length > 0 ? spectralStep(scaled) : choleskyStep(scaled);
    for (int i = 0; i < size; i++) {
      out[i] *= scale[i];
    }
    return out;
  }

  private double[] choleskyStep(double[] x) {
    for (int i = 0; i < size; i++) {
      double sum = x[i];
      for (int k = 0; k < i; k++) {
        sum -= lower[i * size + k] * x[k];
      }
      x[i] = sum / lower[i * size + i];
    }
    for (int i = size - 1; i >= 0; i--) {
      x[i] /= lower[i * size + i];
      for (int k = 0; k < i; k++) {
        x[k] -= lower[i * size + k] * x[i];
      }
    }
    return x;
  }

  private double[] spectralStep(double[] right) {
    double largest = largest();
    double strongest = java.util.Arrays.stream(right).map(Math::abs).max().orElse(0);
    double[] out = new double[size];
    for (int e = 0; e < size; e++) {
      double pull = dot(eigenvectors[e], right);
      double curvature = Math.abs(eigenvalues[e]);
      double step;
      if (curvature <= NULL_DIRECTION * largest || largest == 0) {
        step = Math.abs(pull) > PULL * Math.max(1, strongest) ? Math.signum(pull) : 0;
      } else {
        boolean isBent = eigenvalues[e] < 0;
        step = pull / (isBent ? Math.max(curvature, SMALLEST_CURVATURE * largest) : curvature);
      }
      for (int i = 0; i < size; i++) {
        out[i] += step * eigenvectors[e][i];
      }
    }
    return out;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** H⁻¹, without the directions that have no curvature. */
  DMatrixRMaj inverse() {
    DMatrixRMaj out = new DMatrixRMaj(size, size);
    double largest = largest();
    for (int i = 0; i < size && eigenvalues.length == 0; i++) {
      double[] unit = new double[size];
      unit[i] = 1;
      double[] column = solve(unit);
      for (int k = 0; k < size; k++) {
        out.set(k, i, column[k]);
      }
    }
    for (int e = 0; e < eigenvalues.length; e++) {
      if (eigenvalues[e] > NULL_DIRECTION * largest) {
        for (int i = 0; i < size; i++) {
          double left = eigenvectors[e][i] * scale[i] / eigenvalues[e];
          for (int k = 0; k < size; k++) {
            out.add(i, k, left * eigenvectors[e][k] * scale[k]);
          }
        }
      }
    }
    return out;
  }

  /**
   * A basis of the directions without curvature, in the scaled coefficients: each row has a one
   * where the others have zeros, so that it involves few terms.
   *
   * @param part what counts of a direction of the coefficients; of some nothing may
   */
  List<double[]> nullDirections(UnaryOperator<double[]> part) {
    List<double[]> basis = new ArrayList<>();
    double largest = largest();
    for (int e = 0; e < eigenvalues.length; e++) {
      if (Math.abs(eigenvalues[e]) <= NULL_DIRECTION * largest) {
        double[] direction = new double[size];
        double[] vector = eigenvectors[e];
        Arrays.setAll(direction, i -> vector[i] * scale[i]);
        double[] counted = part.apply(direction);
        Arrays.setAll(direction, i -> counted[i] / scale[i]);
        basis.add(direction);
      }
    }
    for (int r = 0; r < basis.size(); ) {
      if (Arrays.stream(basis.get(r)).allMatch(x -> Math.abs(x) < NOTHING)) {
        basis.remove(r);
      } else {
        reduce(basis, r++);
      }
    }
    return basis;
  }

  private void reduce(List<double[]> basis, int r) {
    double[] row = basis.get(r);
    int pivot = 0;
    for (int i = 1; i < size; i++) {
      pivot = Math.abs(row[i]) > Math.abs(row[pivot]) ? i : pivot;
    }
    double head = row[pivot];
    for (int i = 0; i < size; i++) {
      row[i] /= head;
    }
    for (int other = 0; other < basis.size(); other++) {
      double times = basis.get(other)[pivot];
      for (int i = 0; other != r && i < size; i++) {
        basis.get(other)[i] -= times * row[i];
      }
    }
  }
}
