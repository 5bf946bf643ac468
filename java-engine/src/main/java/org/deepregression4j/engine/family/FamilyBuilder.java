package org.deepregression4j.engine.family;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;
import org.jspecify.annotations.Nullable;

/** Mutable: a row of the table being written. */
public final class FamilyBuilder {
  final String name;
  final List<Family.Parameter> parameters = new ArrayList<>();
  Support support = Support.REAL;
  Family.Density logDensity;
  Family.@Nullable Density objective;
  final Map<Family.Property, Family.Statistic> properties = new EnumMap<>(Family.Property.class);
  Family.@Nullable Density cdf;
  Family.@Nullable Density cdfBelow;
  Family.@Nullable Density quantile;
  @Nullable Sampler sampler;
  Family.@Nullable Density survival;
  @Nullable Distances distances;
  boolean isHeavy;
  double[] bends = {};
  Family.Start start = moments -> new double[0];
  boolean isPseudo;
  boolean isKinked;
  boolean hasSandwich;
  boolean hasMovingSupport;
  boolean isShiftInvariant;
  int scalarFor;
  Family.@Nullable JointStart jointStart;
  double @Nullable [] startingAt;

  FamilyBuilder(String name) {
    this.name = name;
    this.logDensity =
        (y, theta) -> {
          throw new FamilyException("family '" + name + "' has no log-density");
        };
  }

  /** A row like another one, but for its name and parameters, which are functions of the new. */
  static FamilyBuilder of(
      FamilyBuilder row,
      String name,
      List<Family.Parameter> outer,
      UnaryOperator<List<LinkedValue>> inner) {
    FamilyBuilder copy = new FamilyBuilder(name);
    copy.parameters.addAll(outer);
    copy.support = row.support;
    copy.logDensity = (y, theta) -> row.logDensity.at(y, inner.apply(theta));
    row.properties.forEach((p, rule) -> copy.property(p, theta -> rule.at(inner.apply(theta))));
    copy.objective = through(row.objective, inner);
    copy.cdf = through(row.cdf, inner);
    copy.cdfBelow = through(row.cdfBelow, inner);
    copy.quantile = through(row.quantile, inner);
    copy.survival = through(row.survival, inner);
    copy.sampler = row.sampler == null ? null : row.sampler.through(inner);
    copy.distances = row.distances;
    copy.isHeavy = row.isHeavy;
    copy.bends = row.bends;
    copy.start = row.start;
    copy.isPseudo = row.isPseudo;
    copy.isKinked = row.isKinked;
    copy.hasSandwich = row.hasSandwich;
    copy.hasMovingSupport = row.hasMovingSupport;
    copy.isShiftInvariant = row.isShiftInvariant && outer.equals(row.parameters);
    copy.scalarFor = row.scalarFor;
    copy.jointStart = row.jointStart;
    return copy;
  }

  private static Family.@Nullable Density through(
      Family.@Nullable Density rule, UnaryOperator<List<LinkedValue>> inner) {
    return rule == null ? null : (y, theta) -> rule.at(y, inner.apply(theta));
  }

  /** Adds the next parameter. */
  public FamilyBuilder parameter(String parameter, Link link) {
    parameters.add(new Family.Parameter(parameter, link));
    return this;
  }

  /** Says where responses live; without it, any number. */
  public FamilyBuilder support(Support where) {
    this.support = where;
    return this;
  }

  /** Says the log-density. */
  public FamilyBuilder logDensity(Family.Density density) {
    this.logDensity = density;
    return this;
  }

  /** Says what fits maximise in place of the log-density. */
  public FamilyBuilder objective(Family.Density rule) {
    this.objective = rule;
    return this;
  }

  /** Says mean and standard deviation. */
  public FamilyBuilder moments(Family.Statistic meanOf, Family.Statistic stddevOf) {
    properties.put(Family.Property.MEAN, meanOf);
    properties.put(Family.Property.STDDEV, stddevOf);
    return this;
  }

  /** Says one property. */
  public FamilyBuilder property(Family.Property property, Family.Statistic rule) {
    properties.put(property, rule);
    return this;
  }

  /** Says the most likely response. */
  public FamilyBuilder mode(Family.Statistic modeOf) {
    properties.put(Family.Property.MODE, modeOf);
    return this;
  }

  /** Says E −log p(Y). */
  public FamilyBuilder entropy(Family.Statistic entropyOf) {
    properties.put(Family.Property.ENTROPY, entropyOf);
    return this;
  }

  /** Says P(Y ≤ y) for y in the support; quantiles are found by inverting it. */
  public FamilyBuilder cdf(Family.Density rule) {
    this.cdf = rule;
    return this;
  }

  /** Says that P(Y ≤ y) is the sum of the probabilities of the counts from first to last. */
  public FamilyBuilder cdfBySum(double first, double last) {
    Family.Density density = logDensity;
    this.cdf =
        (y, theta) -> {
          Value at = like(y, theta);
          Value sum = Inversion.sum(at, first, k -> Ops.exp(density.at(k, theta)));
          Value isInside = Ops.less(at, Ops.scalar(at, last));
          return Ops.where(isInside, sum, Ops.scalar(at, 1));
        };
    this.quantile =
        (p, theta) ->
            Ops.min(
                Inversion.walk(like(p, theta), first, k -> Ops.exp(density.at(k, theta))),
                Ops.scalar(p, last));
    return this;
  }

  /** The value repeated to the shape of the parameters. */
  private static Value like(Value value, List<LinkedValue> theta) {
    Value out = value;
    for (LinkedValue parameter : theta) {
      out = Ops.add(out, Ops.mul(parameter.eta(), 0.0));
    }
    return out;
  }

  /**
   * Marks predictors of one column each for responses of so many columns, and says starting values.
   */
  public FamilyBuilder scalarPredictors(int responseColumns, Family.JointStart rule) {
    this.scalarFor = responseColumns;
    this.jointStart = rule;
    return this;
  }

  /** Says P(Y ≤ y) and its inverse for p in (0, 1). */
  public FamilyBuilder cdf(Family.Density rule, Family.Density inverse) {
    this.cdf = rule;
    this.quantile = inverse;
    return this;
  }

  /** Says how responses are drawn where the quantile is not the way. */
  FamilyBuilder sampler(Sampler how) {
    this.sampler = how;
    return this;
  }

  /** Says P(Y &gt; y) for y in the support, with relative accuracy. */
  FamilyBuilder survival(Family.Density rule) {
    this.survival = rule;
    return this;
  }

  /** Says expected distances where they have a form of their own. */
  FamilyBuilder distances(Distances rule) {
    this.distances = rule;
    return this;
  }

  /** Says where F jumps or bends inside the support. */
  FamilyBuilder bends(double... places) {
    this.bends = places.clone();
    return this;
  }

  /** Marks a distribution whose mean may not exist. */
  FamilyBuilder heavyTails() {
    this.isHeavy = true;
    return this;
  }

  /** Says starting values; without it, zeros. */
  public FamilyBuilder start(Family.Start rule) {
    this.start = rule;
    return this;
  }

  /** Says P(Y &lt; y) of a family with a density and point masses; without it, the cdf. */
  public FamilyBuilder cdfBelow(Family.Density rule) {
    this.cdfBelow = rule;
    return this;
  }

  /** Marks a criterion that is no density. */
  public FamilyBuilder pseudo() {
    this.isPseudo = true;
    return this;
  }

  /** Marks a criterion whose curvature says nothing of the variance of its slopes. */
  FamilyBuilder sandwich() {
    this.hasSandwich = true;
    return pseudo();
  }

  /** Marks a log-density that bends where an absolute value in it, or the like, is zero. */
  FamilyBuilder kinked() {
    this.isKinked = true;
    return this;
  }

  /** Marks a support that depends on the parameters. */
  public FamilyBuilder movingSupport() {
    this.hasMovingSupport = true;
    return this;
  }

  /** Marks a density that does not change when all columns of a predictor rise alike. */
  public FamilyBuilder shiftInvariant() {
    this.isShiftInvariant = true;
    return this;
  }

  /** The family as it is now; what the builder is told later does not change it. */
  public Family build() {
    FamilyBuilder row = of(this, name, parameters, theta -> theta);
    row.startingAt = startingAt;
    return new Family(row);
  }
}
