package org.deepregression4j.engine.solve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.engine.term.Matrix;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * Smoothing parameters by restricted maximum likelihood (its Laplace approximation): the
 * generalized Fellner-Schall update λᵢ ← λᵢ (tr(S⁻Sᵢ) − tr(V Sᵢ) + c'V Sᵢβ) / β'Sᵢβ with S = Σ λᵢSᵢ
 * and V = (H + S)⁻¹. The term with c = tr(V ∂H/∂β) is what the published update leaves out: with it
 * a fixed point is a stationary point of the criterion. Where a λᵢ is that of several columns, Sᵢ
 * has a block for each. The update is repeated on the quadratic model of the likelihood at the
 * present coefficients, without passes over the data; at the end of a fit, where the model is
 * exact, the fixed point is that of the full update.
 *
 * <p>Source: Wood and Fasiolo (2017), A generalized Fellner-Schall method for smoothing parameter
 * optimization with application to Tweedie location, scale and shape models, equation (5).
 */
final class FellnerSchall {
  /** λ stays within this factor of where penalty and likelihood have equal weight. */
  private static final double FARTHEST = 1e6;

  private static final int ROUNDS = 200;

  /** Rounds end when no λᵢ tr(V Sᵢ), in degrees of freedom, changes more. */
  private static final double SETTLED = 1e-6;

  private static final double RANK = 1e-10;

  /** The numerator stays above this part of the published one, which is positive. */
  private static final double SMALLEST_GAIN = 0.01;

  private final double n;
  private final List<QuadraticPenalty.Piece> pieces;
  private final double[] middle;
  private final Map<Integer, List<Integer>> groups = new LinkedHashMap<>();
  private final Map<Integer, DMatrixRMaj> ranges = new LinkedHashMap<>();

  /**
   * An update rule for the penalties of a model.
   *
   * @param hessian of the negative log-likelihood at the start, summed over n rows
   */
  FellnerSchall(QuadraticPenalty penalty, DMatrixRMaj hessian, double n) {
    this.n = n;
    this.pieces = penalty.pieces();
    this.middle = new double[pieces.size()];
    for (int i = 0; i < pieces.size(); i++) {
      QuadraticPenalty.Piece piece = pieces.get(i);
      groups.computeIfAbsent(piece.first().from(), k -> new ArrayList<>()).add(i);
      double curvature = 0;
      double roughness = 0;
      for (int from : piece.places()) {
        for (int k = 0; k < piece.matrix().rows(); k++) {
          curvature += Math.abs(hessian.get(from + k, from + k));
          roughness += piece.matrix().get(k, k);
        }
      }
      middle[i] = curvature > 0 && roughness > 0 ? curvature / roughness / (2 * n) : 1;
    }
    groups.forEach((from, members) -> ranges.put(from, range(members)));
  }

  /** Factors to start from: penalty and likelihood of equal weight. */
  double[] start() {
    return middle.clone();
  }

  /** An orthonormal basis of what the penalties of a term penalise, (k, rank). */
  private DMatrixRMaj range(List<Integer> members) {
    int k = pieces.get(members.get(0)).matrix().rows();
    DMatrixRMaj sum = new DMatrixRMaj(k, k);
    for (int i : members) {
      DMatrixRMaj s = symmetric(pieces.get(i).matrix());
      double trace = CommonOps_DDRM.trace(s);
      CommonOps_DDRM.addEquals(sum, trace > 0 ? 1 / trace : 0, s);
    }
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(k, true, true);
    if (!eigen.decompose(sum)) {
      throw new SolverException(
          "the penalty of " + pieces.get(members.get(0)).first().label() + " is not finite");
    }
    List<DMatrixRMaj> kept = new ArrayList<>();
    double largest = 0;
    for (int e = 0; e < k; e++) {
      largest = Math.max(largest, eigen.getEigenvalue(e).getReal());
    }
    for (int e = 0; e < k; e++) {
      if (eigen.getEigenvalue(e).getReal() > RANK * largest) {
        kept.add(eigen.getEigenVector(e));
      }
    }
    DMatrixRMaj out = new DMatrixRMaj(k, kept.size());
    for (int e = 0; e < kept.size(); e++) {
      for (int i = 0; i < k; i++) {
        out.set(i, e, kept.get(e).get(i));
      }
    }
    return out;
  }

  private static DMatrixRMaj symmetric(Matrix s) {
    DMatrixRMaj a = s.toEjml();
    DMatrixRMaj out = CommonOps_DDRM.transpose(a, null);
    CommonOps_DDRM.addEquals(out, a);
    CommonOps_DDRM.scale(0.5, out);
    return out;
  }

  /**
   * The penalty with new factors.
   *
   * @param hessian of the negative log-likelihood at w, summed over rows
   * @param gradient of the negative log-likelihood at w, summed over rows
   * @param slope c, the gradient of log |H + S| through H at w
   */
  QuadraticPenalty update(
      QuadraticPenalty penalty,
      DMatrixRMaj hessian,
      double[] gradient,
      double[] slope,
      double[] w) {
    double[] right = new double[w.length];
    for (int i = 0; i < w.length; i++) {
      right[i] = -gradient[i];
      for (int k = 0; k < w.length; k++) {
        right[i] += hessian.get(i, k) * w[k];
      }
    }
    QuadraticPenalty now = penalty;
    double[] before = new double[pieces.size()];
    for (int round = 0; round < ROUNDS; round++) {
      DMatrixRMaj whole = hessian.copy();
      now.addHessian(whole, n);
      NewtonSystem system = NewtonSystem.of(whole);
      if (system.isIndefinite()) {
        return round == 0 ? penalty : now;
      }
      double[] used = new double[pieces.size()];
      double[] pull = system.solve(slope);
      now = now.withFactors(next(now, system.inverse(), system.solve(right), pull, used));
      double change = 0;
      for (int i = 0; i < used.length; i++) {
        change = Math.max(change, Math.abs(used[i] - before[i]));
      }
      before = used;
      if (change < SETTLED) {
        break;
      }
    }
    return now;
  }

  private double[] next(
      QuadraticPenalty now, DMatrixRMaj v, double[] beta, double[] pull, double[] used) {
    double[] free = new double[pieces.size()];
    groups.forEach((from, members) -> freedom(now, from, members, free));
    double[] out = new double[pieces.size()];
    for (int i = 0; i < out.length; i++) {
      QuadraticPenalty.Piece piece = now.pieces().get(i);
      double lambda = 2 * n * piece.factor();
      double bent = 0;
      for (int from : piece.places()) {
        used[i] += lambda * trace(v, from, piece.matrix());
        bent += lambda * product(piece.matrix(), pull, beta, from);
      }
      double rough = QuadraticPenalty.form(piece, beta);
      double plain = free[i] * piece.places().length - used[i];
      double gain = Math.max(plain + bent, Math.max(SMALLEST_GAIN * plain, 1e-12));
      double wished = gain / Math.max(rough, 1e-300) / (2 * n);
      double low = middle[i] / FARTHEST;
      out[i] = Math.min(Math.max(wished, low), middle[i] * FARTHEST);
    }
    return out;
  }

  /** λᵢ tr(S⁻Sᵢ) of the penalties of one term in one column: their share in its rank. */
  private void freedom(QuadraticPenalty now, int from, List<Integer> members, double[] free) {
    DMatrixRMaj basis = ranges.getOrDefault(from, new DMatrixRMaj(0, 0));
    if (members.size() == 1) {
      free[members.get(0)] = basis.numCols;
      return;
    }
    DMatrixRMaj sum = new DMatrixRMaj(basis.numCols, basis.numCols);
    List<DMatrixRMaj> mapped = new ArrayList<>();
    for (int i : members) {
      DMatrixRMaj left = new DMatrixRMaj(basis.numCols, basis.numRows);
      CommonOps_DDRM.multTransA(basis, symmetric(pieces.get(i).matrix()), left);
      DMatrixRMaj part = new DMatrixRMaj(basis.numCols, basis.numCols);
      CommonOps_DDRM.mult(left, basis, part);
      CommonOps_DDRM.scale(now.pieces().get(i).factor(), part);
      mapped.add(part);
      CommonOps_DDRM.addEquals(sum, part);
    }
    DMatrixRMaj inverse = NewtonSystem.of(sum).inverse();
    for (int i = 0; i < members.size(); i++) {
      free[members.get(i)] = trace(inverse, 0, Matrix.copyOf(mapped.get(i)));
    }
  }

  /** a'Sb. */
  private static double product(Matrix s, double[] a, double[] b, int from) {
    double sum = 0;
    for (int i = 0; i < s.rows(); i++) {
      for (int k = 0; k < s.columns(); k++) {
        sum += a[from + i] * (s.get(i, k) + s.get(k, i)) / 2 * b[from + k];
      }
    }
    return sum;
  }

  private static double trace(DMatrixRMaj v, int from, Matrix s) {
    double sum = 0;
    for (int i = 0; i < s.rows(); i++) {
      for (int k = 0; k < s.columns(); k++) {
        sum += v.get(from + i, from + k) * s.get(k, i);
      }
    }
    return sum;
  }
}
