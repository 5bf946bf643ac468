package org.deepregression4j.engine.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
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
 * @param distance how many standard errors the coefficients are from the optimum
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
    double distance,
    List<Note> notes) {
  /** Matrices (k, k) that are held at the same time, on the way to a front end as well. */
  private static final int MATRICES = 12;

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
      Arrays.setAll(factors, i -> smoothing.get(i).lambda() * penalty.pieces().get(i).scale());
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
    requireMemory(unknowns.size());
    double[] w = unknowns.take(trained);
    NewtonObjective.Place here;
    Sums sums;
    double distance;
    // One pass: nothing is gained by keeping features for a second one.
    SolverOptions once = options.withMemoryBudget(1);
    try (Likelihood likelihood =
        new Likelihood(structured, unknowns, data, once, SolverListener.NONE)) {
      var objective = new NewtonObjective(unknowns, likelihood, penalty, sparse, trained);
      here = objective.at(w);
      sums = likelihood.likelihood(trained, here.sums());
      if (!here.sums().isFinite() || !sums.isFinite()) {
        throw new SolverException("the second derivatives of the likelihood are not finite");
      }
      distance = objective.move(here).distance(data.rows());
    }
    DMatrixRMaj whole = here.sums().hessian.copy();
    penalty.addHessian(whole, data.rows());
    sparse.restrict(whole, w, data.rows());
    NewtonSystem system = NewtonSystem.of(whole);
    DMatrixRMaj v = system.inverse();
    sparse.clear(v, w);
    int k = w.length;
    DMatrixRMaj f = new DMatrixRMaj(k, k);
    CommonOps_DDRM.mult(v, sums.hessian, f);
    DMatrixRMaj ve = new DMatrixRMaj(k, k);
    CommonOps_DDRM.mult(f, v, ve);
    return new Inference(
        unknowns,
        Arrays.stream(w).boxed().toList(),
        Matrix.copyOf(sums.hessian),
        Matrix.copyOf(v),
        Matrix.copyOf(ve),
        IntStream.range(0, k).mapToObj(i -> f.get(i, i)).toList(),
        upperFreedom(f),
        -sums.value,
        data.weights().positive(),
        distance,
        Note.notIdentified(unknowns, system.nullDirections(unknowns::identified)));
  }

  /** The diagonal of 2F − FF. */
  private static List<Double> upperFreedom(DMatrixRMaj f) {
    List<Double> out = new ArrayList<>();
    for (int i = 0; i < f.numRows; i++) {
      double squared = 0;
      for (int l = 0; l < f.numRows; l++) {
        squared += f.get(i, l) * f.get(l, i);
      }
      out.add(2 * f.get(i, i) - squared);
    }
    return out;
  }

  /** Covariances are (k, k): says so before the memory is gone. */
  private static void requireMemory(int k) {
    double needed = 8.0 * MATRICES * k * k;
    double there = Runtime.getRuntime().maxMemory();
    if (!(needed < there)) {
      throw new SolverException(
          String.format(
              Locale.ROOT,
              "inference: the covariance of %d coefficients needs about %.1f GB of memory, Java"
                  + " may use %.1f GB; give it more (-Xmx, in R options(deepregression4j.heap))"
                  + " or fit a model with fewer coefficients",
              k,
              needed / 1e9,
              there / 1e9));
    }
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
