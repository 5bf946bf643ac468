package org.deepregression4j.engine.family;

import java.util.ArrayList;
import java.util.List;
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
  private static final double LARGEST_START = 20;

  private final String name;
  private final List<Parameter> parameters;
  private final Support support;
  private final Density logDensity;
  private final Statistic mean;
  private final Statistic stddev;
  private final Start start;
  private final boolean isPseudo;
  private final boolean hasMovingSupport;

  private Family(Builder builder) {
    this.name = builder.name;
    this.parameters = List.copyOf(builder.parameters);
    this.support = builder.support;
    this.logDensity = builder.logDensity;
    this.mean = builder.mean;
    this.stddev = builder.stddev;
    this.start = builder.start;
    this.isPseudo = builder.isPseudo;
    this.hasMovingSupport = builder.hasMovingSupport;
  }

  /** A parameter's name and its default link. */
  public record Parameter(String name, Link link) {}

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

  /**
   * log p(y | η).
   *
   * @throws FamilyException when the number of predictors is not that of the parameters
   */
  public Value logDensity(Value y, List<Value> eta) {
    return logDensity.at(y, link(eta));
  }

  /** The parameters on the response scale, in order. */
  public List<Value> parameters(List<Value> eta) {
    return link(eta).stream().map(LinkedValue::value).toList();
  }

  /** The mean; NaN where it does not exist. */
  public Value mean(List<Value> eta) {
    return mean.at(link(eta));
  }

  /** The standard deviation; infinite or NaN where it does not exist. */
  public Value stddev(List<Value> eta) {
    return stddev.at(link(eta));
  }

  /** Constant linear predictors that suit the responses; zeros where nothing better is known. */
  public double[] startingValues(Moments moments) {
    double[] values = start.at(moments);
    double[] eta = new double[parameters.size()];
    for (int i = 0; i < values.length; i++) {
      double raw = parameters.get(i).link().inverse(values[i]);
      boolean isBounded = parameters.get(i).link() != Link.IDENTITY;
      double limit = isBounded ? LARGEST_START : Double.MAX_VALUE;
      eta[i] = Double.isFinite(raw) ? Math.max(-limit, Math.min(limit, raw)) : 0;
    }
    return eta;
  }

  /** This family with other links, one per parameter, in order. */
  public Family withLinks(List<Link> links) {
    requireCount(links.size(), "links");
    Builder copy = new Builder(name);
    for (int i = 0; i < links.size(); i++) {
      copy.parameter(parameters.get(i).name(), links.get(i));
    }
    copy.isPseudo = isPseudo;
    copy.hasMovingSupport = hasMovingSupport;
    return copy.support(support).logDensity(logDensity).moments(mean, stddev).start(start).build();
  }

  /**
   * This family with -(y - mean)² for its log-density, so that the loss of a model is the mean
   * squared error: a criterion, whose best parameters are those of least squares.
   */
  public Family squaredError() {
    Builder copy = new Builder(name);
    parameters.forEach(p -> copy.parameter(p.name(), p.link()));
    Density error = (y, theta) -> Ops.neg(Ops.square(Ops.sub(y, mean.at(theta))));
    return copy.support(support)
        .logDensity(error)
        .moments(mean, stddev)
        .start(start)
        .pseudo()
        .build();
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
    private Statistic mean;
    private Statistic stddev;
    private Start start = moments -> new double[0];
    private boolean isPseudo;
    private boolean hasMovingSupport;

    private Builder(String name) {
      this.name = name;
      Statistic unknown =
          theta -> {
            throw new FamilyException("family '" + name + "' does not say this moment");
          };
      this.mean = unknown;
      this.stddev = unknown;
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

    /** Says mean and standard deviation. */
    public Builder moments(Statistic meanOf, Statistic stddevOf) {
      this.mean = meanOf;
      this.stddev = stddevOf;
      return this;
    }

    /** Says starting values; without it, zeros. */
    public Builder start(Start rule) {
      this.start = rule;
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
