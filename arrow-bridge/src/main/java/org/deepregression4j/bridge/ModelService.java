package org.deepregression4j.bridge;

import org.jspecify.annotations.Nullable;

/**
 * What the facade needs of an engine. Found by {@link java.util.ServiceLoader}; the first one on
 * the class path serves.
 */
public interface ModelService {
  /**
   * Builds a model from its specification ({@code docs/model-spec.md}).
   *
   * @param specJson the MODEL
   * @param payload one column of doubles, or null when the specification refers to none; valid only
   *     during the call
   */
  Model newModel(String specJson, @Nullable Table payload);

  /** JSON table of the families: name, parameters, links, or the options they take. */
  String families();

  /** JSON of one family, see {@code describeFamily} in {@code docs/model-spec.md}. */
  String describeFamily(String familyJson, int responseColumns);

  /** Columns of one answer to a question about a family's distributions. */
  int distributionColumns(FamilyQuestion question);

  /**
   * Writes a quantity of the distributions that a family has at linear predictors.
   *
   * @param eta one column of doubles, (n, q·r)
   * @param values one column of doubles, or null where the quantity needs none
   */
  String distribution(
      FamilyQuestion question, Column eta, @Nullable Column values, ResultVector out);

  /** Loads what the first call would load; runs in the background, may do nothing. */
  default void warmUp() {}
}
