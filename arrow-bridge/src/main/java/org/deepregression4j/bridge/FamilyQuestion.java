package org.deepregression4j.bridge;

/**
 * What is asked of a family's distributions.
 *
 * @param familyJson FAMILY of {@code docs/model-spec.md}
 * @param quantity such as "mean" or "quantile"
 * @param responseColumns m
 */
public record FamilyQuestion(String familyJson, String quantity, int responseColumns) {}
