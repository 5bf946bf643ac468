package org.deepregression4j.engine.family;

/**
 * A number that a family may be told, such as the trials of a binomial.
 *
 * @param name as specifications call it
 * @param otherwise its value when absent; NaN where it is required or "none" is meant
 * @param isRequired true when there is no family without it
 */
public record FamilyOption(String name, double otherwise, boolean isRequired) {}
