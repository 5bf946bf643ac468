package org.deepregression4j.engine.solve;

import java.util.Optional;
import org.ejml.data.DMatrixRMaj;

/**
 * What passes over the data say around an optimum, for inference.
 *
 * @param objective second derivatives of what the fit minimised, or what stands for them, (k, k)
 * @param likelihood those of the likelihood alone
 * @param slopes sum of the outer products of the rows' slopes, where their variance is not the
 *     curvature: of criteria
 * @param logLikelihood Σ wᵢ log p(yᵢ)
 * @param distance to the optimum in standard errors
 */
record Curvature(
    DMatrixRMaj objective,
    DMatrixRMaj likelihood,
    Optional<DMatrixRMaj> slopes,
    double logLikelihood,
    double distance) {

  static Curvature at(
      double[] trained,
      Likelihood likelihood,
      Unknowns unknowns,
      QuadraticPenalty penalty,
      SparsePenalty sparse) {
    if (likelihood.isKinked()) {
      KinkedFit.narrow(likelihood, trained);
    }
    var objective = new NewtonObjective(unknowns, likelihood, penalty, sparse, trained);
    NewtonObjective.Place here = objective.at(unknowns.take(trained));
    Sums sums = likelihood.likelihood(trained, here.sums());
    if (!here.sums().isFinite() || !sums.isFinite()) {
      throw new SolverException("the second derivatives of the likelihood are not finite");
    }
    DMatrixRMaj own = here.sums().hessian;
    DMatrixRMaj ofLikelihood = sums.hessian;
    Optional<DMatrixRMaj> slopes = Optional.empty();
    if (likelihood.hasSandwich() || likelihood.isKinked()) {
      slopes = Optional.of(likelihood.sums(trained, DerivativeGraph.Level.SCORES).hessian);
    }
    if (likelihood.isKinked()) {
      own = likelihood.hasSandwich() ? rounded(likelihood, trained) : slopes.get();
      ofLikelihood = own;
    }
    // Next to the optimum slopes on a kink may have any size, and its own curvature counts; further
    // away slopes do not know of it.
    double distance = objective.move(here).distance(likelihood.rows());
    if (likelihood.isKinked()) {
      NewtonObjective.Place bent = objective.again(here, own);
      distance = Math.min(distance, objective.move(bent).distance(likelihood.rows()));
    }
    return new Curvature(
        own, ofLikelihood, slopes.filter(s -> likelihood.hasSandwich()), -sums.value, distance);
  }

  /** With kinks so wide that many rows lie in them, and narrower where there are more rows. */
  private static DMatrixRMaj rounded(Likelihood likelihood, double[] trained) {
    KinkedFit.narrow(likelihood, trained, 1 / Math.cbrt(likelihood.rows()));
    return likelihood.sums(trained, DerivativeGraph.Level.HESSIAN).hessian;
  }
}
