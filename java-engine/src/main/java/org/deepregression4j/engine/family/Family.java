package org.deepregression4j.engine.family;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * A response distribution: parameters in order, each with its link, and expressions of density and
 * moments. Immutable; made by {@link #named}.
 *
 * <p>Shapes: the response and every linear predictor are (n, columns); columns are independent
 * margins, and results have the same shape. A family with a multivariate support takes all columns
 * together; its log-density is (n, 1). Log-densities and their gradients are finite for linear
 * predictors in [−30, 30] and responses in the support.
 *
 * <p>What depends on the response alone (log y, lgamma(y + 1)) is a sub-expression of its own, so
 * that a caller may compute it once for all rows.
 */
public final class Family {
  private static final double LARGEST_START = 20;

  private final String name;
  private final List<Parameter> parameters;
  private final Support support;
  private final Density logDensity;
  private final @Nullable Density objective;
  private final Map<Property, Statistic> properties;
  private final @Nullable Density cdf;
  private final @Nullable Density cdfBelow;
  private final @Nullable Density quantile;
  private final @Nullable Sampler sampler;
  private final @Nullable Density survival;
  private final @Nullable Distances distances;
  private final boolean isHeavy;
  private final double[] bends;
  private final Start start;
  private final boolean isPseudo;
  private final boolean hasMovingSupport;
  private final int scalarFor;
  private final @Nullable JointStart jointStart;
  private final double @Nullable [] startingAt;

  private Family(Builder builder) {
    this.name = builder.name;
    this.parameters = List.copyOf(builder.parameters);
    this.support = builder.support;
    this.logDensity = builder.logDensity;
    this.objective = builder.objective;
    this.properties = new EnumMap<>(builder.properties);
    this.cdf = builder.cdf;
    this.cdfBelow = builder.cdfBelow;
    this.quantile = builder.quantile;
    this.sampler = builder.sampler;
    this.survival = builder.survival;
    this.distances = builder.distances;
    this.isHeavy = builder.isHeavy;
    this.bends = builder.bends;
    this.start = builder.start;
    this.isPseudo = builder.isPseudo;
    this.hasMovingSupport = builder.hasMovingSupport;
    this.scalarFor = builder.scalarFor;
    this.jointStart = builder.jointStart;
    this.startingAt = builder.startingAt;
  }

  /** A parameter's name and its default link. */
  public record Parameter(String name, Link link) {}

  /** Properties of a distribution that are expressions of its parameters. */
  public enum Property {
    MEAN("mean"),
    STDDEV("standard deviation"),
    MODE("mode"),
    ENTROPY("entropy");

    private final String label;

    Property(String label) {
      this.label = label;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /** A log-density: the response and the linked parameters, to a value of the same shape. */
  @FunctionalInterface
  public interface Density {
    /** The expression of log p(y | θ). */
    Value at(Value y, List<LinkedValue> theta);
  }

  /** A property of the distribution as an expression of its parameters. */
  @FunctionalInterface
  public interface Statistic {
    /** The expression. */
    Value at(List<LinkedValue> theta);
  }

  /** P(Y ≤ y) and P(Y &gt; y). */
  record Tails(Value below, Value above) {
    private static final double ROUNDING = 1e-14;

    /** Without what may be rounding: far out it is integrated over wide ranges. */
    Tails trimmed() {
      return new Tails(trim(below), trim(above));
    }

    private static Value trim(Value p) {
      return Ops.where(Ops.less(p, Ops.scalar(p, ROUNDING)), Ops.scalar(p, 0), p);
    }
  }

  /** Rough parameter values of an intercept-only model. */
  @FunctionalInterface
  public interface Start {
    /** One value per parameter, on the response scale; what is not finite becomes η = 0. */
    double[] at(Moments moments);
  }

  /** The same where the columns of a response share predictors of one column. */
  @FunctionalInterface
  public interface JointStart {
    /** One value per parameter, of the moments of every column. */
    double[] at(List<Moments> columns);
  }

  /** Begins a row of the table. */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** The parameters in order. */
  public List<Parameter> parameters() {
    return parameters;
  }

  /** Where responses live. */
  public Support support() {
    return support;
  }

  /** True when the log-density is a criterion that does not integrate to one. */
  public boolean isPseudo() {
    return isPseudo;
  }

  /**
   * True when the parameters bound the support (uniform, pareto): outside, the log-density is −∞
   * and its gradient zero.
   */
  public boolean hasMovingSupport() {
    return hasMovingSupport;
  }

  /** Columns of every linear predictor for a response of so many columns. */
  public int predictorColumns(int responseColumns) {
    return scalarFor > 0 ? 1 : responseColumns;
  }

  /**
   * Refuses responses of other widths than the family is made for.
   *
   * @throws FamilyException saying how many columns were expected
   */
  public void requireColumns(int responseColumns) {
    boolean isFixed = scalarFor > 0;
    if (isFixed ? responseColumns != scalarFor : support.isMultivariate() && responseColumns < 2) {
      throw new FamilyException(
          "family '"
              + name
              + "': expected a response of "
              + (isFixed ? scalarFor : "several")
              + " columns, got "
              + responseColumns);
    }
  }

  /**
   * log p(y | η).
   *
   * @throws FamilyException when the number of predictors is not that of the parameters
   */
  public Value logDensity(Value y, List<Value> eta) {
    return logDensity.at(y, link(eta));
  }

  /**
   * What a fit maximises the mean of: mostly {@link #logDensity}; with a penalty on the
   * distribution, less than that.
   */
  public Value objective(Value y, List<Value> eta) {
    Density own = objective;
    return (own == null ? logDensity : own).at(y, link(eta));
  }

  /** True when {@link #objective} is not the log-density. */
  public boolean isPenalised() {
    return objective != null;
  }

  /** The parameters on the response scale, in order. */
  public List<Value> parameters(List<Value> eta) {
    return link(eta).stream().map(LinkedValue::value).toList();
  }

  /** The mean; NaN where it does not exist. */
  public Value mean(List<Value> eta) {
    return property(Property.MEAN, eta);
  }

  /** The standard deviation; infinite or NaN where it does not exist. */
  public Value stddev(List<Value> eta) {
    return property(Property.STDDEV, eta);
  }

  /** The square of {@link #stddev}. */
  public Value variance(List<Value> eta) {
    return Ops.square(stddev(eta));
  }

  /** True when the family has a closed form of the property. */
  public boolean has(Property property) {
    return properties.containsKey(property);
  }

  /**
   * A property of the distribution.
   *
   * @throws FamilyException when the family has no closed form of it
   */
  public Value property(Property property, List<Value> eta) {
    return rule(property).at(link(eta));
  }

  private Statistic rule(Property property) {
    Statistic rule = properties.get(property);
    if (rule == null) {
      throw new FamilyException("family '" + name + "' has no closed form of its " + property);
    }
    return rule;
  }

  /** True when {@link #cdf} and {@link #quantile} are there. */
  public boolean hasCdf() {
    return cdf != null;
  }

  /**
   * P(Y ≤ y), evaluated in float64 whatever the precision; 0 below the support and 1 above it.
   *
   * <ul>
   *   <li>{@code y}: (n, columns), any number; NaN gives NaN
   *   <li>result: (n, columns), of the element type of {@code y}; it may contain a Loop and then
   *       has no gradient
   * </ul>
   *
   * @throws FamilyException when the family has no distribution function
   */
  public Value cdf(Value y, List<Value> eta) {
    requireCdf();
    Value at = Ops.cast(y, ElementType.FLOAT64);
    return Ops.cast(boundedCdf(at, link(doubles(eta))), y.type());
  }

  /**
   * P(Y &lt; y), the limit of {@link #cdf} from below: smaller by the probability of y itself,
   * where it has one. Shapes and errors are those of {@link #cdf}.
   */
  public Value cdfBelow(Value y, List<Value> eta) {
    requireCdf();
    Value at = Ops.cast(y, ElementType.FLOAT64);
    return Ops.cast(cdfBelowAt(at, link(doubles(eta))), y.type());
  }

  /** P(Y &gt; y), 1 − {@link #cdf}; with relative accuracy where the family has a rule for it. */
  public Value survival(Value y, List<Value> eta) {
    requireCdf();
    Value at = Ops.cast(y, ElementType.FLOAT64);
    return Ops.cast(tails(at, link(doubles(eta))).above(), y.type());
  }

  /**
   * The smallest y with P(Y ≤ y) ≥ p, evaluated in float64 whatever the precision; the ends of the
   * support at 0 and 1, NaN for p outside [0, 1].
   *
   * <ul>
   *   <li>{@code p}: (n, columns) or a scalar
   *   <li>result: (n, columns), of the element type of {@code p}; it may contain a Loop and then
   *       has no gradient
   * </ul>
   *
   * @throws FamilyException when the family has no distribution function
   */
  public Value quantile(Value p, List<Value> eta) {
    Density closed = quantile;
    List<Value> doubles = doubles(eta);
    List<LinkedValue> theta = link(doubles);
    Value level = Ops.cast(p, ElementType.FLOAT64);
    for (Value predictor : doubles) {
      level = Ops.add(level, Ops.mul(predictor, 0.0));
    }
    if (closed != null && hasMovingSupport) {
      return Ops.cast(Range.levels(level, closed.at(Range.clamp(level), theta)), p.type());
    }
    Value value = quantileAt(Range.inside(level), theta);
    return Ops.cast(Range.of(support).quantile(level, value), p.type());
  }

  /** True when {@link #sample} is there. */
  public boolean canSample() {
    return sampler != null || cdf != null;
  }

  /**
   * Columns of uniform random numbers that a sample of one row takes, for a response of so many
   * columns; 0 when the family cannot be sampled.
   */
  public int uniforms(int responseColumns) {
    Sampler own = sampler;
    return own != null ? own.uniforms(responseColumns) : cdf != null ? responseColumns : 0;
  }

  /**
   * Responses from uniform random numbers, evaluated in float64 whatever the precision: randomness
   * is an explicit input. By {@link #quantile}, unless the family says otherwise.
   *
   * <ul>
   *   <li>{@code u}: (n, {@link #uniforms}), independent and uniform in (0, 1)
   *   <li>result: (n, columns), of the element type of {@code u}; it may contain a Loop and then
   *       has no gradient
   * </ul>
   *
   * @throws FamilyException when the family cannot be sampled
   */
  public Value sample(Value u, List<Value> eta) {
    List<LinkedValue> theta = link(doubles(eta));
    return Ops.cast(sampleAt(Ops.cast(u, ElementType.FLOAT64), theta), u.type());
  }

  /** A sample from uniforms, float64. */
  Value sampleAt(Value u, List<LinkedValue> theta) {
    Sampler own = sampler;
    if (own != null) {
      return own.rule().at(u, theta);
    }
    if (cdf == null) {
      throw new FamilyException("family '" + name + "' cannot be sampled");
    }
    return quantileAt(u, theta);
  }

  /** True when {@link #crps} is there: a distribution function on the line. */
  public boolean hasCrps() {
    return cdf != null && support != Support.ANGLE;
  }

  /**
   * The continuous ranked probability score, ∫ (F(x) − 1{x ≥ y})² dx, evaluated in float64: smaller
   * is better. Numerical where there is no closed form, relative error 1e-8 or less; NaN where the
   * mean does not exist.
   *
   * <ul>
   *   <li>{@code y}: (n, columns), any number
   *   <li>result: (n, columns), of the element type of {@code y}; it may contain a Loop and then
   *       has no gradient
   * </ul>
   *
   * @throws FamilyException when the family has no distribution function on the line
   */
  public Value crps(Value y, List<Value> eta) {
    requireCdf();
    if (!hasCrps()) {
      throw new FamilyException(
          "family '" + name + "' has no continuous ranked probability score: angles have no order");
    }
    List<LinkedValue> theta = link(doubles(eta));
    Value at = Ops.cast(y, ElementType.FLOAT64);
    Value score =
        support.isDiscrete() ? CountScore.of(this, at, theta) : distances().score(this, at, theta);
    return Ops.cast(isHeavy ? whereMean(score, theta) : score, y.type());
  }

  private Value whereMean(Value score, List<LinkedValue> theta) {
    Value mean = propertyAt(Property.MEAN, theta);
    Value hasMean = Ops.less(Ops.abs(mean), Ops.scalar(mean, Double.POSITIVE_INFINITY));
    return Ops.where(hasMean, score, Ops.scalar(score, Double.NaN));
  }

  /** The distances of which {@link #crps} is made, of a continuous distribution. */
  Distances distances() {
    Distances own = distances;
    if (own != null) {
      return own;
    }
    return quantile != null ? new QuantileDistances() : CdfDistances.of(support);
  }

  /** Places where F is not smooth, its ends included where they are finite. */
  List<Value> bends(List<LinkedValue> theta) {
    Value zero = Distances.zeros(theta);
    List<Value> out = new ArrayList<>();
    Range range = Range.of(support);
    DoubleStream.concat(DoubleStream.of(range.low(), range.high()), DoubleStream.of(bends))
        .filter(Double::isFinite)
        .forEach(place -> out.add(Ops.add(zero, place)));
    if (hasMovingSupport && quantile != null) {
      out.add(quantileAt(Ops.add(zero, Double.MIN_NORMAL), theta));
      out.add(quantileAt(Ops.add(zero, Math.nextDown(1.0)), theta));
    }
    return out;
  }

  boolean isHeavy() {
    return isHeavy;
  }

  List<LinkedValue> linked(List<Value> eta) {
    return link(eta);
  }

  Value densityAt(Value y, List<LinkedValue> theta) {
    return logDensity.at(y, theta);
  }

  Value propertyAt(Property property, List<LinkedValue> theta) {
    return rule(property).at(theta);
  }

  /** P(Y &lt; y) for any y, float64. */
  Value cdfBelowAt(Value y, List<LinkedValue> theta) {
    boolean isDiscrete = support.isDiscrete();
    Density rule = cdfBelow == null || isDiscrete ? requireCdf() : cdfBelow;
    // The largest whole number below y.
    Value at = isDiscrete ? Ops.sub(Ops.neg(Ops.apply(Op.FLOOR, Ops.neg(y))), 1.0) : y;
    return Range.of(support).cdf(at, v -> rule.at(v, theta));
  }

  /** P(Y ≤ y) for any y, float64. */
  Value boundedCdf(Value y, List<LinkedValue> theta) {
    Density rule = requireCdf();
    return Range.of(support).cdf(y, v -> rule.at(v, theta));
  }

  /** {@link #tails} that keep their digits, or have none where they do not. */
  Tails clearTails(Value y, List<LinkedValue> theta) {
    Tails tails = tails(y, theta);
    return survival == null ? tails.trimmed() : tails;
  }

  boolean hasSurvival() {
    return survival != null;
  }

  /** P(Y ≤ y) and P(Y &gt; y) for any y, float64. */
  Tails tails(Value y, List<LinkedValue> theta) {
    Value below = boundedCdf(y, theta);
    Density upper = survival;
    if (upper == null) {
      return new Tails(below, Ops.sub(1.0, below));
    }
    return new Tails(below, Range.of(support).survival(y, v -> upper.at(v, theta)));
  }

  /** The quantile at levels inside (0, 1), of the shape of the predictors, float64. */
  Value quantileAt(Value p, List<LinkedValue> theta) {
    requireCdf();
    Density closed = quantile;
    if (closed != null) {
      return closed.at(p, theta);
    }
    UnaryOperator<Value> whole = y -> boundedCdf(y, theta);
    return support.isDiscrete()
        ? Inversion.count(p, whole)
        : Inversion.continuous(
            support, p, guess(theta), whole, y -> Ops.exp(logDensity.at(y, theta)));
  }

  /** Where a search for quantiles may begin. */
  private Value guess(List<LinkedValue> theta) {
    Statistic mean = properties.get(Property.MEAN);
    return mean == null ? Distances.zeros(theta) : mean.at(theta);
  }

  private Density requireCdf() {
    Density rule = cdf;
    if (rule == null) {
      throw new FamilyException("family '" + name + "' has no distribution function");
    }
    return rule;
  }

  private static List<Value> doubles(List<Value> eta) {
    return eta.stream().map(v -> Ops.cast(v, ElementType.FLOAT64)).toList();
  }

  /** Constant linear predictors that suit the responses; zeros where nothing better is known. */
  public double[] startingValues(Moments moments) {
    return startingAt == null ? toPredictors(start.at(moments)) : given(1);
  }

  /**
   * The same for a response of several columns, one list entry each: (q·r), predictor after
   * predictor.
   */
  public double[] startingValues(List<Moments> columns) {
    if (startingAt != null) {
      return given(predictorColumns(columns.size()));
    }
    JointStart joint = jointStart;
    if (joint != null) {
      return toPredictors(joint.at(columns));
    }
    int r = predictorColumns(columns.size());
    double[] eta = new double[parameters.size() * r];
    for (int c = 0; c < r; c++) {
      double[] own = startingValues(columns.get(c));
      for (int j = 0; j < own.length; j++) {
        eta[j * r + c] = own[j];
      }
    }
    return eta;
  }

  private double[] given(int columns) {
    double[] eta = java.util.Objects.requireNonNull(startingAt);
    if (eta.length != parameters.size() * columns) {
      throw new FamilyException(
          "family '"
              + name
              + "': expected "
              + parameters.size() * columns
              + " linear predictors to start at, got "
              + eta.length);
    }
    return eta.clone();
  }

  private double[] toPredictors(double[] values) {
    double[] eta = new double[parameters.size()];
    for (int i = 0; i < values.length; i++) {
      Link link = parameters.get(i).link();
      double raw = link.inverse(values[i]);
      double low = link.hasLowerEdge() ? -LARGEST_START : -Double.MAX_VALUE;
      double high = link.hasUpperEdge() ? LARGEST_START : Double.MAX_VALUE;
      eta[i] = Double.isFinite(raw) ? Math.max(low, Math.min(high, raw)) : 0;
    }
    return eta;
  }

  /** This family with other links, one per parameter, in order. */
  public Family withLinks(List<Link> links) {
    requireCount(links.size(), "links");
    List<Parameter> linked = new ArrayList<>();
    for (int i = 0; i < links.size(); i++) {
      linked.add(new Parameter(parameters.get(i).name(), links.get(i)));
    }
    return copy(name, linked, theta -> theta).build();
  }

  /**
   * This family with fits that start at these constant linear predictors.
   *
   * @param eta (q·r), predictor after predictor
   */
  public Family startingAt(double... eta) {
    Builder copy = copy(name, parameters, theta -> theta);
    copy.startingAt = eta.clone();
    return copy.build();
  }

  /** A family of other parameters, of which those of this one are functions. */
  Family composed(String label, List<Parameter> outer, UnaryOperator<List<LinkedValue>> inner) {
    Builder copy = copy(label, outer, inner);
    copy.start = moments -> new double[0];
    copy.jointStart = null;
    copy.distances = cdf == null ? null : distances().through(this, inner);
    return copy.build();
  }

  /** Everything but the links, in terms of other parameters. */
  private Builder copy(
      String label, List<Parameter> outer, UnaryOperator<List<LinkedValue>> inner) {
    Builder copy = new Builder(label);
    copy.parameters.addAll(outer);
    copy.support = support;
    copy.logDensity = through(logDensity, inner);
    properties.forEach((p, rule) -> copy.property(p, theta -> rule.at(inner.apply(theta))));
    copy.cdf = cdf == null ? null : through(cdf, inner);
    copy.cdfBelow = cdfBelow == null ? null : through(cdfBelow, inner);
    copy.quantile = quantile == null ? null : through(quantile, inner);
    copy.sampler =
        sampler == null ? null : new Sampler(sampler.columns(), through(sampler.rule(), inner));
    copy.start = start;
    copy.isPseudo = isPseudo;
    copy.objective = objective == null ? null : through(objective, inner);
    copy.hasMovingSupport = hasMovingSupport;
    copy.survival = survival == null ? null : through(survival, inner);
    copy.distances = distances;
    copy.isHeavy = isHeavy;
    copy.bends = bends;
    copy.scalarFor = scalarFor;
    copy.jointStart = jointStart;
    return copy;
  }

  private static Density through(Density rule, UnaryOperator<List<LinkedValue>> inner) {
    return (y, theta) -> rule.at(y, inner.apply(theta));
  }

  /**
   * This family with -(y - mean)² for its log-density, so that the loss of a model is the mean
   * squared error: a criterion, whose best parameters are those of least squares.
   */
  public Family squaredError() {
    Builder copy = new Builder(name);
    parameters.forEach(p -> copy.parameter(p.name(), p.link()));
    Statistic mean = rule(Property.MEAN);
    copy.scalarFor = scalarFor;
    copy.jointStart = jointStart;
    return copy.support(support)
        .logDensity((y, theta) -> squaredError(y, mean.at(theta)))
        .moments(mean, rule(Property.STDDEV))
        .start(start)
        .pseudo()
        .build();
  }

  private Value squaredError(Value y, Value mean) {
    boolean isJoint = support.isMultivariate();
    if (isJoint && !mean.shape().dim(1).equals(y.shape().dim(1))) {
      throw new FamilyException(
          "family '" + name + "': the mean is not of the response's columns, so there is no error");
    }
    Value error = Ops.neg(Ops.square(Ops.sub(y, mean)));
    return isJoint ? Ops.sum(error, true, 1) : error;
  }

  private List<LinkedValue> link(List<Value> eta) {
    requireCount(eta.size(), "linear predictors");
    List<LinkedValue> out = new ArrayList<>();
    for (int i = 0; i < eta.size(); i++) {
      out.add(new LinkedValue(eta.get(i), parameters.get(i).link()));
    }
    return out;
  }

  private void requireCount(int got, String what) {
    if (got != parameters.size()) {
      List<String> names = parameters.stream().map(Parameter::name).toList();
      throw new FamilyException(
          "family '"
              + name
              + "': expected "
              + names.size()
              + " "
              + what
              + " for "
              + names
              + ", got "
              + got);
    }
  }

  @Override
  public String toString() {
    return name + parameters;
  }

  /** Mutable: a row of the table being written. */
  public static final class Builder {
    private final String name;
    private final List<Parameter> parameters = new ArrayList<>();
    private Support support = Support.REAL;
    private Density logDensity;
    private @Nullable Density objective;
    private final Map<Property, Statistic> properties = new EnumMap<>(Property.class);
    private @Nullable Density cdf;
    private @Nullable Density cdfBelow;
    private @Nullable Density quantile;
    private @Nullable Sampler sampler;
    private @Nullable Density survival;
    private @Nullable Distances distances;
    private boolean isHeavy;
    private double[] bends = {};
    private Start start = moments -> new double[0];
    private boolean isPseudo;
    private boolean hasMovingSupport;
    private int scalarFor;
    private @Nullable JointStart jointStart;
    private double @Nullable [] startingAt;

    private Builder(String name) {
      this.name = name;
      this.logDensity =
          (y, theta) -> {
            throw new FamilyException("family '" + name + "' has no log-density");
          };
    }

    /** Adds the next parameter. */
    public Builder parameter(String parameter, Link link) {
      parameters.add(new Parameter(parameter, link));
      return this;
    }

    /** Says where responses live; without it, any number. */
    public Builder support(Support where) {
      this.support = where;
      return this;
    }

    /** Says the log-density. */
    public Builder logDensity(Density density) {
      this.logDensity = density;
      return this;
    }

    /** Says what fits maximise in place of the log-density. */
    public Builder objective(Density rule) {
      this.objective = rule;
      return this;
    }

    /** Says mean and standard deviation. */
    public Builder moments(Statistic meanOf, Statistic stddevOf) {
      properties.put(Property.MEAN, meanOf);
      properties.put(Property.STDDEV, stddevOf);
      return this;
    }

    /** Says one property. */
    public Builder property(Property property, Statistic rule) {
      properties.put(property, rule);
      return this;
    }

    /** Says the most likely response. */
    public Builder mode(Statistic modeOf) {
      properties.put(Property.MODE, modeOf);
      return this;
    }

    /** Says E −log p(Y). */
    public Builder entropy(Statistic entropyOf) {
      properties.put(Property.ENTROPY, entropyOf);
      return this;
    }

    /** Says P(Y ≤ y) for y in the support; quantiles are found by inverting it. */
    public Builder cdf(Density rule) {
      this.cdf = rule;
      return this;
    }

    /** Says that P(Y ≤ y) is the sum of the probabilities of the counts from first to last. */
    public Builder cdfBySum(double first, double last) {
      Density density = logDensity;
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
     * Marks predictors of one column each for responses of so many columns, and says starting
     * values.
     */
    public Builder scalarPredictors(int responseColumns, JointStart rule) {
      this.scalarFor = responseColumns;
      this.jointStart = rule;
      return this;
    }

    /** Says P(Y ≤ y) and its inverse for p in (0, 1). */
    public Builder cdf(Density rule, Density inverse) {
      this.cdf = rule;
      this.quantile = inverse;
      return this;
    }

    /** Says how responses are drawn where the quantile is not the way. */
    Builder sampler(Sampler how) {
      this.sampler = how;
      return this;
    }

    /** Says P(Y &gt; y) for y in the support, with relative accuracy. */
    Builder survival(Density rule) {
      this.survival = rule;
      return this;
    }

    /** Says expected distances where they have a form of their own. */
    Builder distances(Distances rule) {
      this.distances = rule;
      return this;
    }

    /** Says where F jumps or bends inside the support. */
    Builder bends(double... places) {
      this.bends = places.clone();
      return this;
    }

    /** Marks a distribution whose mean may not exist. */
    Builder heavyTails() {
      this.isHeavy = true;
      return this;
    }

    /** Says starting values; without it, zeros. */
    public Builder start(Start rule) {
      this.start = rule;
      return this;
    }

    /** Says P(Y &lt; y) of a family with a density and point masses; without it, the cdf. */
    public Builder cdfBelow(Density rule) {
      this.cdfBelow = rule;
      return this;
    }

    /** Marks a criterion that is no density. */
    public Builder pseudo() {
      this.isPseudo = true;
      return this;
    }

    /** Marks a support that depends on the parameters. */
    public Builder movingSupport() {
      this.hasMovingSupport = true;
      return this;
    }

    /** The finished row. */
    public Family build() {
      return new Family(this);
    }
  }
}
