package org.deepregression4j.engine.model;

import java.util.Optional;
import org.deepregression4j.engine.layer.Initializer;
import org.deepregression4j.engine.layer.Regularizer;

/**
 * How the coefficients of a structured term are treated. Source: {@code
 * deepregression::weight_control}.
 *
 * @param initializer how they start; empty for the default of the term
 * @param isTrainable false keeps them as they start
 * @param regularizer added to the loss
 * @param shared terms of one predictor that give the same name have the same coefficients; "" for
 *     none
 */
public record TermWeights(
    Optional<Initializer> initializer,
    boolean isTrainable,
    Regularizer regularizer,
    String shared) {
  /** Trained, without penalty, from the default start. */
  public static final TermWeights DEFAULT =
      new TermWeights(Optional.empty(), true, Regularizer.NONE, "");
}
