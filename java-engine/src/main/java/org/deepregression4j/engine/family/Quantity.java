package org.deepregression4j.engine.family;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * What a distribution can be asked: the table of quantities, each with the values that it is asked
 * at and its expression of these and the linear predictors.
 *
 * <p>Shapes: predictors (n, r) each; values and results (n, m), or (n, 1) for the log-density of a
 * family whose response columns belong together.
 */
public enum Quantity {
  /** The parameters on the response scale, side by side: (n, q·r). */
  PARAMETERS(Ask.NOTHING, f -> true, (f, v, eta) -> Ops.concat(f.parameters(eta), 1)),
  /** The mean; NaN where it does not exist. */
  MEAN(Ask.NOTHING, f -> f.has(Family.Property.MEAN), (f, v, eta) -> f.mean(eta)),
  /** The standard deviation; infinite or NaN where it does not exist. */
  STDDEV(Ask.NOTHING, f -> f.has(Family.Property.STDDEV), (f, v, eta) -> f.stddev(eta)),
  /** The variance. */
  VARIANCE(Ask.NOTHING, f -> f.has(Family.Property.STDDEV), (f, v, eta) -> f.variance(eta)),
  /** The most likely response. */
  MODE(
      Ask.NOTHING,
      f -> f.has(Family.Property.MODE),
      (f, v, eta) -> f.property(Family.Property.MODE, eta)),
  /** E −log p(Y). */
  ENTROPY(
      Ask.NOTHING,
      f -> f.has(Family.Property.ENTROPY),
      (f, v, eta) -> f.property(Family.Property.ENTROPY, eta)),
  /** log p(y): −∞ outside the support. */
  LOG_PROB(Ask.RESPONSE, f -> true, Quantity::logProb),
  /** p(y), a density or a probability. */
  PROB(Ask.RESPONSE, f -> !f.isPseudo(), (f, y, eta) -> Ops.exp(logProb(f, y, eta))),
  /** P(Y ≤ y). */
  CDF(Ask.RESPONSE, Family::hasCdf, Family::cdf),
  /** P(Y &lt; y). */
  CDF_BELOW(Ask.RESPONSE, Family::hasCdf, Family::cdfBelow),
  /** P(Y &gt; y). */
  SURVIVAL(Ask.RESPONSE, Family::hasCdf, Family::survival),
  /** The smallest y with P(Y ≤ y) ≥ level. */
  QUANTILE(Ask.LEVEL, Family::hasCdf, Family::quantile),
  /** A response from uniform random numbers. */
  SAMPLE(Ask.UNIFORM, Family::canSample, Family::sample),
  /** The continuous ranked probability score of a response. */
  CRPS(Ask.RESPONSE, Family::hasCrps, Family::crps);

  /** What the values of a quantity are. */
  public enum Ask {
    /** There are none. */
    NOTHING,
    /** Responses, (n, m). */
    RESPONSE,
    /** Probabilities in [0, 1], (n, m). */
    LEVEL,
    /** Independent uniform random numbers in (0, 1). */
    UNIFORM
  }

  private interface Rule {
    Value at(Family family, Value values, List<Value> eta);
  }

  private final Ask ask;
  private final Predicate<Family> exists;
  private final Rule rule;

  Quantity(Ask ask, Predicate<Family> exists, Rule rule) {
    this.ask = ask;
    this.exists = exists;
    this.rule = rule;
  }

  /** The name that specifications use. */
  public String label() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** What its values are. */
  public Ask ask() {
    return ask;
  }

  /** True when a family has it. */
  public boolean isOf(Family family) {
    return exists.test(family);
  }

  /** Columns of values that one answer takes, for a response of so many columns. */
  public int valueColumns(Family family, int responseColumns) {
    return switch (ask) {
      case NOTHING -> 0;
      case UNIFORM -> family.uniforms(responseColumns);
      default -> responseColumns;
    };
  }

  /**
   * The expression.
   *
   * @param values (n, {@link #valueColumns}); of no meaning where that is 0
   * @throws FamilyException naming the family and what it lacks
   */
  public Value of(Family family, Value values, List<Value> eta) {
    if (!isOf(family)) {
      List<String> known =
          Arrays.stream(values()).filter(q -> q.isOf(family)).map(Quantity::label).toList();
      throw new FamilyException(
          "family '" + family.name() + "' has no " + label() + "; there are " + known);
    }
    return rule.at(family, values, eta);
  }

  /**
   * The quantity of that label.
   *
   * @throws FamilyException listing the labels there are
   */
  public static Quantity named(String label) {
    for (Quantity quantity : values()) {
      if (quantity.label().equals(label)) {
        return quantity;
      }
    }
    throw new FamilyException(
        "unknown quantity '"
            + label
            + "'; there are "
            + Arrays.stream(values()).map(Quantity::label).toList());
  }

  private static Value logProb(Family family, Value y, List<Value> eta) {
    return family.support().isMultivariate()
        ? family.logDensity(y, eta)
        : Membership.of(family.support())
            .guard(y, Double.NEGATIVE_INFINITY, v -> family.logDensity(v, eta));
  }
}
