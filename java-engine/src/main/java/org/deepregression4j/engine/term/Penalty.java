package org.deepregression4j.engine.term;

import java.util.Arrays;
import java.util.List;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * A quadratic penalty of coefficients w: scale · Σ λᵢ w'Sᵢw, without ½.
 *
 * @param matrices the Sᵢ, each symmetric (p, p) and positive semi-definite; at least one
 * @param lambdas the λᵢ &gt;= 0, one per matrix
 * @param scale &gt; 0, by custom 1/n
 */
public record Penalty(List<Matrix> matrices, List<Double> lambdas, double scale) {
  /** Eigenvalues below this part of the largest are rounding errors of a null direction. */
  private static final double NULL_DIRECTION = 1e-12;

  /** Copies the lists and checks sizes and signs. */
  public Penalty {
    matrices = List.copyOf(matrices);
    lambdas = List.copyOf(lambdas);
    if (matrices.isEmpty() || matrices.size() != lambdas.size()) {
      throw new TermException(
          "penalty", matrices.size() + " matrices, but " + lambdas.size() + " lambdas");
    }
    int p = matrices.get(0).rows();
    for (Matrix s : matrices) {
      if (s.rows() != p || s.columns() != p) {
        throw new TermException("penalty", "expected matrix(" + p + ", " + p + "), got " + s);
      }
    }
    for (double value : lambdas) {
      if (!(value >= 0 && Double.isFinite(value))) {
        throw new TermException("penalty", "expected lambda >= 0, got " + value);
      }
    }
    if (!(scale > 0 && Double.isFinite(scale))) {
      throw new TermException("penalty", "expected scale > 0, got " + scale);
    }
  }

  /** Number p of coefficients that it penalises. */
  public int size() {
    return matrices.get(0).rows();
  }

  /** The whole penalty as one matrix P, (p, p): it adds w'Pw. */
  public Matrix total() {
    if (matrices.stream().allMatch(Matrix::isDiagonal)) {
      double[] diagonal = new double[size()];
      for (int i = 0; i < matrices.size(); i++) {
        for (int k = 0; k < diagonal.length; k++) {
          diagonal[k] += scale * lambdas.get(i) * matrices.get(i).get(k, k);
        }
      }
      return Matrix.diagonal(diagonal);
    }
    DMatrixRMaj sum = new DMatrixRMaj(size(), size());
    for (int i = 0; i < matrices.size(); i++) {
      CommonOps_DDRM.addEquals(sum, scale * lambdas.get(i), matrices.get(i).toEjml());
    }
    DMatrixRMaj transposed = CommonOps_DDRM.transpose(sum, null);
    CommonOps_DDRM.addEquals(sum, transposed);
    CommonOps_DDRM.scale(0.5, sum);
    return Matrix.copyOf(sum);
  }

  /**
   * R of (rank, p) with R'R = P, so that the penalty is ‖Rw‖². It has no rows when all λ are 0.
   *
   * @throws TermException when P has a negative eigenvalue, so that there is no root
   */
  public Matrix root() {
    int p = size();
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(p, true, true);
    if (!eigen.decompose(total().toEjml())) {
      throw new TermException("penalty", "its eigenvalues cannot be found; is it finite?");
    }
    double largest = 0;
    for (int i = 0; i < p; i++) {
      largest = Math.max(largest, Math.abs(eigen.getEigenvalue(i).getReal()));
    }
    double[] rows = new double[p * p];
    int rank = 0;
    for (int i = 0; i < p; i++) {
      double value = checked(eigen.getEigenvalue(i).getReal(), largest);
      if (value > NULL_DIRECTION * largest) {
        fillRow(rows, rank++ * p, Math.sqrt(value), eigen.getEigenVector(i));
      }
    }
    return Matrix.copyOf(rank, p, Arrays.copyOf(rows, rank * p));
  }

  private static double checked(double eigenvalue, double largest) {
    if (eigenvalue < -Math.sqrt(NULL_DIRECTION) * largest) {
      throw new TermException("penalty", "expected no negative eigenvalue, got " + eigenvalue);
    }
    return eigenvalue;
  }

  private static void fillRow(double[] rows, int from, double factor, DMatrixRMaj vector) {
    for (int j = 0; j < vector.getNumElements(); j++) {
      rows[from + j] = factor * vector.get(j);
    }
  }

  /** What the loss adds: a scalar, for coefficients (p, outputs). */
  public Value loss(Value coefficients) {
    Matrix root = root();
    if (root.rows() == 0) {
      return Ops.scalar(coefficients, 0);
    }
    Value mapped = Ops.matMul(root.toConstant(coefficients.type()), coefficients);
    return Ops.sumAll(Ops.square(mapped));
  }
}
