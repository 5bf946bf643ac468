package org.deepregression4j.engine.solve;

import java.util.Set;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.term.Intercept;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * How well a fit would predict new rows, on the scale of n times the deviance per row; smaller is
 * better. With l the log-likelihood, F = (H + S)⁻¹ H and edf = tr F:
 *
 * <ul>
 *   <li>for a Gaussian response of constant, unknown scale, n log GCV with GCV = n RSS / (n − edf)²
 *       and edf of the location only. The scale is at its profile, where log RSS = −2l / Σw up to a
 *       constant;
 *   <li>otherwise −2l + 2 edf (Akaike's criterion; for a known scale the UBRE score).
 * </ul>
 *
 * <p>Source: Craven and Wahba (1979), Smoothing noisy data with spline functions; Wood, Pya and
 * Säfken (2016), Smoothing parameter and model selection for general smooth models, section 5;
 * {@code mgcv::gam(method = "GCV.Cp")}.
 */
final class PredictionError {
  /** Families whose least squares criterion has its own unknown scale. */
  private static final Set<String> GAUSSIAN = Set.of("normal");

  private final Likelihood likelihood;
  private final Unknowns unknowns;
  private final SparsePenalty sparse;
  private final boolean isGaussian;
  private final double rows;
  private final double used;
  private final double weight;

  /** A criterion for fits of a model without networks. */
  PredictionError(
      ModelDefinition model,
      TrainingData data,
      Likelihood likelihood,
      Unknowns unknowns,
      SparsePenalty sparse) {
    this.likelihood = likelihood;
    this.unknowns = unknowns;
    this.sparse = sparse;
    this.isGaussian = hasFreeScale(model);
    this.rows = data.rows();
    this.used = data.weights().positive();
    this.weight = data.weights().sum();
  }

  private static boolean hasFreeScale(ModelDefinition model) {
    if (!GAUSSIAN.contains(model.family().name()) || model.responseColumns() != 1) {
      return false;
    }
    Predictor scale = model.predictors().get(1);
    return scale.offsets().isEmpty()
        && scale.structured().size() == 1
        && scale.structured().get(0).term() instanceof Intercept
        && scale.structured().get(0).weights().isTrainable();
  }

  /**
   * The criterion; one pass over the data, another where the family adds to its likelihood.
   *
   * @param trained vector at the optimum of the penalised likelihood
   * @param penalty it is penalised with
   * @return infinite where the model leaves no residual freedom or the fit is not finite
   */
  double of(double[] trained, QuadraticPenalty penalty) {
    Sums objective = likelihood.sums(trained, DerivativeGraph.Level.HESSIAN);
    Sums sums = likelihood.likelihood(trained, objective);
    if (!sums.isFinite()) {
      return Double.POSITIVE_INFINITY;
    }
    DMatrixRMaj whole = objective.hessian.copy();
    double freedom = freedom(sums.hessian, whole, unknowns.take(trained), penalty);
    double value = 2 * sums.value + 2 * freedom;
    if (isGaussian) {
      double left = 1 - freedom / used;
      value = left > 0 ? used * (2 * sums.value / weight - 2 * Math.log(left)) : Double.NaN;
    }
    return Double.isFinite(value) ? value : Double.POSITIVE_INFINITY;
  }

  private double freedom(
      DMatrixRMaj hessian, DMatrixRMaj whole, double[] w, QuadraticPenalty penalty) {
    int k = w.length;
    int counted = isGaussian ? unknowns.start(1) : k;
    penalty.addHessian(whole, rows);
    sparse.restrict(whole, w, rows);
    // Least squares knows nothing of the scale: its coefficients come after the location's.
    DMatrixRMaj own = CommonOps_DDRM.extract(whole, 0, counted, 0, counted);
    DMatrixRMaj part = NewtonSystem.of(own).inverse();
    DMatrixRMaj v = new DMatrixRMaj(k, k);
    CommonOps_DDRM.insert(part, v, 0, 0);
    sparse.clear(v, w);
    double sum = 0;
    for (int i = 0; i < k; i++) {
      for (int l = 0; l < k; l++) {
        sum += v.get(i, l) * hessian.get(l, i);
      }
    }
    return sum;
  }
}
