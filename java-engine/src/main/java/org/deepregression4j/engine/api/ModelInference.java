package org.deepregression4j.engine.api;

import java.util.List;
import org.deepregression4j.engine.solve.Inference;

/**
 * What the data say of a model's structured coefficients at its present weights.
 *
 * @param statistics covariance, degrees of freedom and log-likelihood
 * @param spans what the unknowns of {@code statistics} are, in the order of the formulas
 * @param isConditional true when the model has networks: they count as known, and the coefficients
 *     are those after orthogonalisation
 */
public record ModelInference(Inference statistics, List<Span> spans, boolean isConditional) {
  /**
   * Coefficients of one column of a predictor; several terms where they share them.
   *
   * @param predictor name of the predictor
   * @param terms names of the terms
   * @param labels one per coefficient
   * @param predictorColumn which column of the predictor they serve
   * @param from first place among the unknowns
   */
  public record Span(
      String predictor, List<String> terms, List<String> labels, int predictorColumn, int from) {
    /** Copies the lists. */
    public Span {
      terms = List.copyOf(terms);
      labels = List.copyOf(labels);
    }

    /** How many unknowns. */
    public int size() {
      return labels.size();
    }
  }

  /** How many standard errors the coefficients are from the optimum given the networks. */
  public double distance() {
    return statistics.distance();
  }

  /** Copies the list. */
  public ModelInference {
    spans = List.copyOf(spans);
  }
}
