package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.sub;

import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.deepregression4j.onnx.graph.Attribute;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * How a linear predictor η becomes a parameter h(η). Each row has h, and log h, log(1 − h), 1 / h
 * and log(h / (1 − h)) in the form that neither overflows nor cancels for η in [−30, 30], so that
 * densities can be written on the log scale for whatever link a parameter has. Immutable.
 */
public final class Link {
  /** h = η, any number. */
  public static final Link IDENTITY = of("identity", eta -> eta, x -> x, x -> x);

  /** h = exp(η), positive. */
  public static final Link EXP =
      of("exp", eta -> exp(eta), Math::exp, Math::log)
          .withLog(eta -> eta)
          .withReciprocal(eta -> exp(neg(eta)));

  /** h = exp(−η), positive. */
  public static final Link EXP_NEG =
      of("exp_neg", eta -> exp(neg(eta)), x -> Math.exp(-x), x -> -Math.log(x))
          .withLog(eta -> neg(eta))
          .withReciprocal(eta -> exp(eta));

  /** h = log(1 + exp(η)), positive. */
  public static final Link SOFTPLUS =
      of(
          "softplus",
          SpecialFunctions::exactSoftplus,
          x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
          x -> x + Math.log(-Math.expm1(-x)));

  /** h = 1 / (1 + exp(−η)), between 0 and 1. */
  public static final Link SIGMOID =
      of(
              "sigmoid",
              SpecialFunctions::sigmoid,
              x -> 1 / (1 + Math.exp(-x)),
              x -> Math.log(x) - Math.log1p(-x))
          .withLog(SpecialFunctions::logSigmoid)
          .withLogComplement(eta -> neg(SpecialFunctions.softplus(eta)))
          .withLogit(eta -> eta);

  /** h = exp(η) / Σ exp(η) over the columns, positive with sum one; no link of one number alone. */
  public static final Link SOFTMAX =
      of("softmax", eta -> Ops.softmax(eta, 1), x -> 1, x -> 0)
          .withLog(
              eta -> Ops.node(Op.LOG_SOFTMAX, List.of(eta), Map.of("axis", new Attribute.Int(1))));

  private static final List<Link> ROWS =
      List.of(IDENTITY, EXP, EXP_NEG, SOFTPLUS, SIGMOID, SOFTMAX);

  /** A predictor that far out is at the edge of the range of h, if that has one there. */
  private static final double FAR = 30;

  /** Relative change of h from far to twice as far below which it is at an edge. */
  private static final double FLAT = 1e-9;

  /** Beyond this no parameter goes. */
  private static final double HUGE = 1e12;

  private final String label;
  private final DoubleUnaryOperator at;
  private final DoubleUnaryOperator inverse;
  private final UnaryOperator<Value> value;
  private final UnaryOperator<Value> logValue;
  private final UnaryOperator<Value> logComplement;
  private final UnaryOperator<Value> reciprocal;
  private final UnaryOperator<Value> logit;
  private final boolean hasLowerEdge;
  private final boolean hasUpperEdge;

  private Link(
      String label,
      DoubleUnaryOperator at,
      DoubleUnaryOperator inverse,
      UnaryOperator<Value> value,
      UnaryOperator<Value> logValue,
      UnaryOperator<Value> logComplement,
      UnaryOperator<Value> reciprocal,
      UnaryOperator<Value> logit) {
    this.label = label;
    this.at = at;
    this.inverse = inverse;
    this.value = value;
    this.logValue = logValue;
    this.logComplement = logComplement;
    this.reciprocal = reciprocal;
    this.logit = logit;
    this.hasLowerEdge = isEdge(at, -FAR);
    this.hasUpperEdge = isEdge(at, FAR);
  }

  private static Link of(
      String label,
      UnaryOperator<Value> value,
      DoubleUnaryOperator at,
      DoubleUnaryOperator inverse) {
    UnaryOperator<Value> logValue = eta -> log(value.apply(eta));
    UnaryOperator<Value> logComplement = eta -> log(sub(1.0, value.apply(eta)));
    return new Link(
        label,
        at,
        inverse,
        value,
        logValue,
        logComplement,
        eta -> div(1.0, value.apply(eta)),
        eta -> sub(logValue.apply(eta), logComplement.apply(eta)));
  }

  private Link withLog(UnaryOperator<Value> rule) {
    UnaryOperator<Value> odds = eta -> sub(rule.apply(eta), logComplement.apply(eta));
    return new Link(label, at, inverse, value, rule, logComplement, reciprocal, odds);
  }

  private Link withLogComplement(UnaryOperator<Value> rule) {
    return new Link(label, at, inverse, value, logValue, rule, reciprocal, logit);
  }

  private Link withReciprocal(UnaryOperator<Value> rule) {
    return new Link(label, at, inverse, value, logValue, logComplement, rule, logit);
  }

  private Link withLogit(UnaryOperator<Value> rule) {
    return new Link(label, at, inverse, value, logValue, logComplement, reciprocal, rule);
  }

  /**
   * A link that is written as an expression of {@code eta}. Logarithms and reciprocals are taken of
   * its value, so it should keep away from zero where densities need them.
   *
   * @throws FamilyException when the expression reads anything else, or nothing
   */
  public static Link custom(CustomFamily.Expression expression) {
    CustomLink link = new CustomLink(expression);
    return of(link.label(), link::value, link::at, link::inverse);
  }

  /** The name that specifications use, or the expression. */
  public String label() {
    return label;
  }

  /** h(η) as an expression of η's shape. */
  public Value value(Value eta) {
    return value.apply(eta);
  }

  /** log h(η); NaN where h is negative. */
  public Value logValue(Value eta) {
    return logValue.apply(eta);
  }

  /** log(1 − h(η)); NaN where h exceeds one. */
  public Value logComplement(Value eta) {
    return logComplement.apply(eta);
  }

  /** 1 / h(η). */
  public Value reciprocal(Value eta) {
    return reciprocal.apply(eta);
  }

  /** log(h(η) / (1 − h(η))). */
  public Value logit(Value eta) {
    return logit.apply(eta);
  }

  /**
   * True when h comes to the edge of its range as η falls, or leaves every range: the parameter
   * says no more below −30.
   */
  public boolean hasLowerEdge() {
    return hasLowerEdge;
  }

  /** The same as η grows, above 30. */
  public boolean hasUpperEdge() {
    return hasUpperEdge;
  }

  private static boolean isEdge(DoubleUnaryOperator at, double eta) {
    double there = at.applyAsDouble(eta);
    double beyond = at.applyAsDouble(2 * eta);
    boolean isMoving = Math.abs(beyond - there) > FLAT * (1 + Math.abs(there));
    return !(isMoving && Math.abs(beyond) < HUGE);
  }

  /** The links by label, in the order of the table. */
  public static List<Link> rows() {
    return ROWS;
  }

  /**
   * The link of that label.
   *
   * @throws FamilyException listing the labels there are
   */
  public static Link named(String label) {
    for (Link link : ROWS) {
      if (link.label.equals(label)) {
        return link;
      }
    }
    List<String> labels = ROWS.stream().map(Link::label).toList();
    throw new FamilyException("unknown link '" + label + "'; there are " + labels);
  }

  /** h(η) of a number. */
  public double at(double eta) {
    return at.applyAsDouble(eta);
  }

  /**
   * An η with h(η) = {@code value}; infinite or NaN where there is none, as on and beyond the
   * border of h's range.
   */
  public double inverse(double value) {
    return inverse.applyAsDouble(value);
  }

  @Override
  public String toString() {
    return label;
  }
}
