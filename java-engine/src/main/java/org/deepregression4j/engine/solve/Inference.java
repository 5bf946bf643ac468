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
 * <p>A log-density with kinks has no second derivatives at its optimum: there H is the sum of the
 * outer products of the rows' slopes, which has the same expectation (Berndt, Hall, Hall and
 * Hausman 1974). Of a criterion that is no density, neither is the variance of its slopes: with J
 * that sum, the frequentist covariance is V J V (Huber 1967), the Bayesian one V (J + φ S) V with φ
 * = tr V J / tr V H; where the criterion has kinks, H is that of kinks rounded off over n^(−1/3) of
 * the mean distance from them (Powell 1991).
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
 * @param penalty S, (k, k), without sparse penalties
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
    Matrix penalty,
    Matrix bayesian,
    Matrix frequentist,
    List<Double> freedom,
    List<Double> upperFreedom,
    double logLikelihood,
    long rows,
    double distance,
    List<Note> notes) {
  /** Matrices (k, k) that are held at the same time, on the way to a front end as well. */
  private static final int MATRICES = 14;

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
    return of(
        structured, unknowns, penalty.withSmoothing(smoothing), sparse, data, trained, options);
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
    Curvature curvature;
    // One pass: nothing is gained by keeping features for a second one.
    SolverOptions once = options.withMemoryBudget(1);
    try (Likelihood likelihood =
        new Likelihood(structured, unknowns, data, once, SolverListener.NONE)) {
      curvature = Curvature.at(trained, likelihood, unknowns, penalty, sparse);
    }
    DMatrixRMaj whole = curvature.objective().copy();
    penalty.addHessian(whole, data.rows());
    sparse.restrict(whole, w, data.rows());
    NewtonSystem system = NewtonSystem.of(whole);
    DMatrixRMaj v = system.inverse();
    sparse.clear(v, w);
    DMatrixRMaj s = new DMatrixRMaj(w.length, w.length);
    penalty.addHessian(s, data.rows());
    DMatrixRMaj f = product(v, curvature.likelihood());
    DMatrixRMaj ve = product(f, v);
    if (curvature.slopes().isPresent()) {
      DMatrixRMaj spread = product(v, curvature.slopes().get());
      DMatrixRMaj robust = product(spread, v);
      double dispersion = CommonOps_DDRM.trace(spread) / CommonOps_DDRM.trace(f);
      CommonOps_DDRM.subtractEquals(v, ve);
      CommonOps_DDRM.scale(dispersion, v);
      CommonOps_DDRM.addEquals(v, robust);
      ve = robust;
    }
    return new Inference(
        unknowns,
        Arrays.stream(w).boxed().toList(),
        Matrix.copyOf(curvature.likelihood()),
        Matrix.copyOf(s),
        Matrix.copyOf(v),
        Matrix.copyOf(ve),
        IntStream.range(0, w.length).mapToObj(i -> f.get(i, i)).toList(),
        upperFreedom(f),
        curvature.logLikelihood(),
        data.weights().positive(),
        curvature.distance(),
        Note.notIdentified(unknowns, system.nullDirections(unknowns::identified)));
  }

  private static DMatrixRMaj product(DMatrixRMaj a, DMatrixRMaj b) {
    DMatrixRMaj out = new DMatrixRMaj(a.numRows, b.numCols);
    CommonOps_DDRM.mult(a, b, out);
    return out;
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
