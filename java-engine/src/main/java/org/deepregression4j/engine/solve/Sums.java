package org.deepregression4j.engine.solve;

import org.ejml.data.DMatrixRMaj;

/**
 * What fits minimise, mostly the negative log-likelihood, over all rows and its derivatives by the
 * unknowns. Mutable while a pass adds blocks of rows to it.
 */
final class Sums {
  /** −Σ wᵢ log p(yᵢ). */
  double value;

  /** Its gradient, by the whole of W. */
  final double[] gradient;

  /** How far each predictor is out, towards the edges of its link. */
  final double[] reach;

  /** Its second derivatives by the unknowns; symmetric. */
  final DMatrixRMaj hessian;

  Sums(int cells, int predictors, int unknowns) {
    gradient = new double[cells];
    reach = new double[predictors];
    hessian = new DMatrixRMaj(unknowns, unknowns);
  }

  private Sums(Sums other, DMatrixRMaj second) {
    value = other.value;
    gradient = other.gradient.clone();
    reach = other.reach.clone();
    hessian = second.copy();
  }

  /** The same with other second derivatives. */
  Sums withHessian(DMatrixRMaj second) {
    return new Sums(this, second);
  }

  void add(Sums other) {
    value += other.value;
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] += other.gradient[i];
    }
    for (int j = 0; j < reach.length; j++) {
      reach[j] = Math.max(reach[j], other.reach[j]);
    }
    for (int i = 0; i < hessian.data.length; i++) {
      hessian.data[i] += other.hessian.data[i];
    }
  }

  boolean isFinite() {
    double sum = value;
    for (double g : gradient) {
      sum += g;
    }
    for (double h : hessian.data) {
      sum += h;
    }
    return Double.isFinite(sum);
  }
}
