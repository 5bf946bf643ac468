package org.deepregression4j.engine.model;

import java.util.List;

/**
 * A deep term and the structured terms of its predictor that share variables with it: what both
 * could explain belongs to the structured terms.
 *
 * @param predictor index of the predictor
 * @param deep name of the deep term
 * @param terms the structured terms
 */
public record Overlap(int predictor, String deep, List<WeightLayout.Coefficients> terms) {
  /** Copies the list. */
  public Overlap {
    terms = List.copyOf(terms);
  }

  /** Coefficients per column of the predictor. */
  public int size() {
    return terms.stream().mapToInt(WeightLayout.Coefficients::size).sum();
  }
}
