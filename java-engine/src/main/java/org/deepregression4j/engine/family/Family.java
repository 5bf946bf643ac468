package org.deepregression4j.engine.family;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

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
  private final FamilyBuilder row;
  private final FamilyRules rules;
  private final FamilyStart start;
  private final List<Parameter> parameters;

  /** Takes the row, which is not changed any more. */
  Family(FamilyBuilder row) {
    this.row = row;
    this.rules = new FamilyRules(row);
    this.start = new FamilyStart(row);
    this.parameters = List.copyOf(row.parameters);
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
  public static FamilyBuilder named(String name) {
    return new FamilyBuilder(name);
  }

  /** The name. */
  public String name() {
    return row.name;
  }

  /** The parameters in order. */
  public List<Parameter> parameters() {
    return parameters;
  }

  /** Where responses live. */
  public Support support() {
    return row.support;
  }

  /** True when the log-density is a criterion that does not integrate to one. */
  public boolean isPseudo() {
    return row.isPseudo;
  }

  /**
   * True for a criterion of which covariances of coefficients need the variance of its slopes,
   * which that of a density tells by its curvature.
   */
  public boolean hasSandwich() {
    return row.hasSandwich;
  }

  /**
   * True when the log-density has kinks, as that of Laplace: absolute values in it, or the larger
   * or smaller of two, depend on the parameters, so that it has no second derivative everywhere.
   */
  public boolean isKinked() {
    return row.isKinked;
  }

  /**
   * True when the parameters bound the support (uniform, pareto): outside, the log-density is −∞
   * and its gradient zero.
   */
  public boolean hasMovingSupport() {
    return row.hasMovingSupport;
  }

  /** True when predictors are known up to one shift of all columns, as those of a softmax are. */
  public boolean isShiftInvariant() {
    return row.isShiftInvariant;
  }

  /** Columns of every linear predictor for a response of so many columns. */
  public int predictorColumns(int responseColumns) {
    return row.scalarFor > 0 ? 1 : responseColumns;
  }

  /**
   * Refuses responses of other widths than the family is made for.
   *
   * @throws FamilyException saying how many columns were expected
   */
  public void requireColumns(int responseColumns) {
    boolean isFixed = row.scalarFor > 0;
    boolean isJoint = row.support.isMultivariate();
    if (isFixed ? responseColumns != row.scalarFor : isJoint && responseColumns < 2) {
      Object wished = isFixed ? row.scalarFor : "several";
      throw FamilyException.expected(
          row.name, "a response of " + wished + " columns", responseColumns);
    }
  }

  /**
   * log p(y | η).
   *
   * @throws FamilyException when the number of predictors is not that of the parameters
   */
  public Value logDensity(Value y, List<Value> eta) {
    return rules.density(y, link(eta));
  }

  /**
   * What a fit maximises the mean of: mostly {@link #logDensity}; with a penalty on the
   * distribution, less than that.
   */
  public Value objective(Value y, List<Value> eta) {
    Density own = row.objective;
    return (own == null ? row.logDensity : own).at(y, link(eta));
  }

  /** True when {@link #objective} is not the log-density. */
  public boolean isPenalised() {
    return row.objective != null;
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
    return row.properties.containsKey(property);
  }

  /**
   * A property of the distribution.
   *
   * @throws FamilyException when the family has no closed form of it
   */
  public Value property(Property property, List<Value> eta) {
    return rules.property(property, link(eta));
  }

  /** True when {@link #cdf} and {@link #quantile} are there. */
  public boolean hasCdf() {
    return row.cdf != null;
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
    return inDoubles(y, eta, rules::cdf);
  }

  /**
   * P(Y &lt; y), the limit of {@link #cdf} from below: smaller by the probability of y itself,
   * where it has one. Shapes and errors are those of {@link #cdf}.
   */
  public Value cdfBelow(Value y, List<Value> eta) {
    return inDoubles(y, eta, rules::cdfBelow);
  }

  /** P(Y &gt; y), 1 − {@link #cdf}; with relative accuracy where the family has a rule for it. */
  public Value survival(Value y, List<Value> eta) {
    return inDoubles(y, eta, (at, theta) -> rules.tails(at, theta).above());
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
    return inDoubles(p, eta, this::quantileAt);
  }

  private Value quantileAt(Value p, List<LinkedValue> theta) {
    Density closed = row.quantile;
    Value level = Ops.add(p, Distances.zeros(theta));
    if (closed != null && row.hasMovingSupport) {
      return Range.levels(level, closed.at(Range.clamp(level), theta));
    }
    Value value = rules.quantile(Range.inside(level), theta);
    return Range.of(row.support).quantile(level, value);
  }

  /** True when {@link #sample} is there. */
  public boolean canSample() {
    return row.sampler != null || row.cdf != null;
  }

  /**
   * Columns of uniform random numbers that a sample of one row takes, for a response of so many
   * columns; 0 when the family cannot be sampled.
   */
  public int uniforms(int responseColumns) {
    return rules.uniforms(responseColumns);
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
    return inDoubles(u, eta, rules::sample);
  }

  /** True when {@link #crps} is there: a distribution function on the line. */
  public boolean hasCrps() {
    return row.cdf != null && row.support != Support.ANGLE;
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
    rules.requireCdf();
    if (!hasCrps()) {
      throw new FamilyException(
          "family '"
              + row.name
              + "' has no continuous ranked probability score: angles have no order");
    }
    return inDoubles(y, eta, rules::score);
  }

  /** A rule in float64, the answer in the type that was asked. */
  private Value inDoubles(Value y, List<Value> eta, Density rule) {
    List<Value> doubles = eta.stream().map(v -> Ops.cast(v, ElementType.FLOAT64)).toList();
    return Ops.cast(rule.at(Ops.cast(y, ElementType.FLOAT64), link(doubles)), y.type());
  }

  /** What the family says of linked parameters. */
  FamilyRules rules() {
    return rules;
  }

  /** Constant linear predictors that suit the responses; zeros where nothing better is known. */
  public double[] startingValues(Moments moments) {
    return start.of(moments);
  }

  /** The same for several columns, an entry each: (q·r), predictor after predictor. */
  public double[] startingValues(List<Moments> columns) {
    return start.of(columns, predictorColumns(columns.size()));
  }

  /** This family with other links, one per parameter, in order. */
  public Family withLinks(List<Link> links) {
    requireCount(links.size(), "links");
    List<Parameter> linked = new ArrayList<>();
    for (int i = 0; i < links.size(); i++) {
      linked.add(new Parameter(parameters.get(i).name(), links.get(i)));
    }
    return FamilyBuilder.of(row, row.name, linked, theta -> theta).build();
  }

  /**
   * This family with fits that start at these constant linear predictors.
   *
   * @param eta (q·r), predictor after predictor
   */
  public Family startingAt(double... eta) {
    FamilyBuilder copy = FamilyBuilder.of(row, row.name, parameters, theta -> theta);
    copy.startingAt = eta.clone();
    return copy.build();
  }

  /** A family of other parameters, of which those of this one are functions. */
  Family composed(String label, List<Parameter> outer, UnaryOperator<List<LinkedValue>> inner) {
    FamilyBuilder copy = FamilyBuilder.of(row, label, outer, inner);
    copy.start = moments -> new double[0];
    copy.jointStart = null;
    copy.isShiftInvariant = false;
    copy.distances = row.cdf == null ? null : rules.distances().through(rules, inner);
    return copy.build();
  }

  /**
   * This family with -(y - mean)² for its log-density, so that the loss of a model is the mean
   * squared error: a criterion, whose best parameters are those of least squares.
   */
  public Family squaredError() {
    return new SquaredError(row, rules).family();
  }

  /** The parameters with their links. */
  List<LinkedValue> link(List<Value> eta) {
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
      String wished = names.size() + " " + what + " for " + names;
      throw FamilyException.expected(row.name, wished, got);
    }
  }

  @Override
  public String toString() {
    return row.name + parameters;
  }
}
