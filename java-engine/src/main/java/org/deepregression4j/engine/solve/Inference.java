package org.deepregression4j.engine.solve;

import java.util.ArrayList;
import java.util.List;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.term.Matrix;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * What the curvature at an optimum says of the structured coefficients. With H the second
 * derivatives of −Σ wᵢ log p(yᵢ) and S those of n times the penalty:
 *
 * <ul>
 *   <li>the Bayesian covariance is V = (H + S)⁻¹, the frequentist one V H V,
 *   <li>effective degrees of freedom are the diagonal of F = V H, and of 2F − FF as the upper
 *       reference that tests use.
 * </ul>
 *
 * <p>Coefficients that a sparse penalty holds at zero are excluded: their variance and degrees of
 * freedom are zero, and the rest is conditional on their choice. The norms of other groups count in
 * S by their curvature, which for a single coefficient is none; so the lasso's degrees of freedom
 * are the number of its coefficients that are not zero (Zou, Hastie and Tibshirani 2007).
 *
 * <p>Directions that are not identified are left out (a pseudo-inverse). Networks count as known.
 * Source: Wood (2017), Generalized Additive Models, section 6.10; {@code mgcv::gam}'s Vp, Ve, edf
 * and edf1.
 *
 * @param unknowns which coefficients, in the order of all that follows
 * @param coefficients (k)
 * @param hessian H, (k, k)
 * @param bayesian V, (k, k)
 * @param frequentist V H V, (k, k)
 * @param freedom diagonal of F, (k)
 * @param upperFreedom diagonal of 2F − FF, (k)
 * @param logLikelihood Σ wᵢ log p(yᵢ)
 * @param rows number of rows of positive weight
 * @param notes terms that are not identified
 */
public record Inference(
    Unknowns unknowns,
    List<Double> coefficients,
    Matrix hessian,
    Matrix bayesian,
    Matrix frequentist,
    List<Double> freedom,
    List<Double> upperFreedom,
    double logLikelihood,
    long rows,
    List<Note> notes) {

  /** Copies the lists. */
  public Inference {
    coefficients = List.copyOf(coefficients);
    freedom = List.copyOf(freedom);
    upperFreedom = List.copyOf(upperFreedom);
    notes = List.copyOf(notes);
  }

  /** Of a model whose penalties have the smoothing parameters that it was fitted with. */
  public static Inference of(
      ModelGraph model, TrainingData data, double[] trained, SolverOptions options) {
    return of(model, data, trained, List.of(), options);
  }

  /**
   * Of a model at an optimum; one pass over the data.
   *
   * @param trained the trained vector, such as {@link ExactFit#trained()}
   * @param smoothing as {@link ExactFit#smoothing()}; empty for those of the model
   */
  public static Inference of(
      ModelGraph model,
      TrainingData data,
      double[] trained,
      List<ExactFit.SmoothingParameter> smoothing,
      SolverOptions options) {
    ModelGraph structured = ExactSolver.structuredPart(model);
    Unknowns unknowns = new Unknowns(model);
    SparsePenalty sparse = SparsePenalty.of(model, unknowns, trained);
    QuadraticPenalty penalty = QuadraticPenalty.of(model, unknowns, trained);
    if (!smoothing.isEmpty()) {
      double[] factors = new double[penalty.pieces().size()];
      if (factors.length != smoothing.size()) {
        throw new IllegalArgumentException(
            "expected " + factors.length + " smoothing parameters, got " + smoothing.size());
      }
      java.util.Arrays.setAll(
          factors, i -> smoothing.get(i).lambda() * penalty.pieces().get(i).scale());
      QuadraticPenalty selected = penalty.withFactors(factors);
      return of(structured, unknowns, selected, sparse, data, trained, options);
    }
    return of(structured, unknowns, penalty, sparse, data, trained, options);
  }

  private static Inference of(
      ModelGraph structured,
      Unknowns unknowns,
      QuadraticPenalty penalty,
      SparsePenalty sparse,
      TrainingData data,
      double[] trained,
      SolverOptions options) {
    Sums sums;
    DMatrixRMaj whole;
    try (Likelihood likelihood = new Likelihood(structured, unknowns, data, options)) {
      sums = likelihood.likelihood(trained);
      whole = likelihood.curvature(trained, sums);
    }
    if (!sums.isFinite()) {
      throw new SolverException("the second derivatives of the likelihood are not finite");
    }
    int k = unknowns.size();
    double[] w = unknowns.take(trained);
    penalty.addHessian(whole, data.rows());
    sparse.restrict(whole, w, data.rows());
    NewtonSystem system = NewtonSystem.of(whole);
    DMatrixRMaj v = system.inverse();
    sparse.clear(v, w);
    DMatrixRMaj f = new DMatrixRMaj(k, k);
    CommonOps_DDRM.mult(v, sums.hessian, f);
    DMatrixRMaj ve = new DMatrixRMaj(k, k);
    CommonOps_DDRM.mult(f, v, ve);
    List<Double> freedom = new ArrayList<>();
    List<Double> upper = new ArrayList<>();
    List<Double> coefficients = new ArrayList<>();
    for (int i = 0; i < k; i++) {
      double squared = 0;
      for (int l = 0; l < k; l++) {
        squared += f.get(i, l) * f.get(l, i);
      }
      coefficients.add(w[i]);
      freedom.add(f.get(i, i));
      upper.add(2 * f.get(i, i) - squared);
    }
    long rows = data.weights().positive();
    return new Inference(
        unknowns,
        coefficients,
        Matrix.copyOf(sums.hessian),
        Matrix.copyOf(v),
        Matrix.copyOf(ve),
        freedom,
        upper,
        -sums.value,
        rows,
        Note.notIdentified(unknowns, system.nullDirections()));
  }

  /** Effective degrees of freedom of a term's coefficients. */
  public double freedom(Unknowns.Span span) {
    return freedom.subList(span.from(), span.from() + span.size()).stream()
        .mapToDouble(x -> x)
        .sum();
  }

  /** Effective degrees of freedom of the model. */
  public double totalFreedom() {
    return freedom.stream().mapToDouble(x -> x).sum();
  }

  /** Standard error of an unknown, from the Bayesian covariance. */
  public double standardError(int place) {
    return Math.sqrt(Math.max(0, bayesian.get(place, place)));
  }
}
