package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.sub;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.deepregression4j.onnx.graph.Attribute;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * How a linear predictor η becomes a parameter h(η). Each row has h, and log h and log(1 − h) in
 * the form that neither overflows nor cancels for η in [−30, 30], so that densities can be written
 * on the log scale for whatever link a parameter has.
 */
public enum Link {
  /** h = η, any number. */
  IDENTITY("identity", x -> x, x -> x, eta -> eta),
  /** h = exp(η), positive. */
  EXP("exp", Math::exp, Math::log, eta -> exp(eta), eta -> eta),
  /** h = exp(−η), positive. */
  EXP_NEG("exp_neg", x -> Math.exp(-x), x -> -Math.log(x), eta -> exp(neg(eta)), eta -> neg(eta)),
  /** h = log(1 + exp(η)), positive. */
  SOFTPLUS(
      "softplus",
      x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
      x -> x + Math.log(-Math.expm1(-x)),
      SpecialFunctions::exactSoftplus),
  /** h = 1 / (1 + exp(−η)), between 0 and 1. */
  SIGMOID(
      "sigmoid",
      x -> 1 / (1 + Math.exp(-x)),
      x -> Math.log(x) - Math.log1p(-x),
      SpecialFunctions::sigmoid,
      SpecialFunctions::logSigmoid,
      eta -> neg(SpecialFunctions.softplus(eta))),
  /** h = exp(η) / Σ exp(η) over the columns, positive with sum one; no link of one number alone. */
  SOFTMAX(
      "softmax",
      x -> 1,
      x -> 0,
      eta -> Ops.softmax(eta, 1),
      eta -> Ops.node(Op.LOG_SOFTMAX, List.of(eta), Map.of("axis", new Attribute.Int(1))));

  private final String label;
  private final DoubleUnaryOperator at;
  private final DoubleUnaryOperator inverse;
  private final UnaryOperator<Value> value;
  private final UnaryOperator<Value> logValue;
  private final UnaryOperator<Value> logComplement;

  Link(
      String label,
      DoubleUnaryOperator at,
      DoubleUnaryOperator inverse,
      UnaryOperator<Value> value,
      UnaryOperator<Value> logValue,
      UnaryOperator<Value> logComplement) {
    this.label = label;
    this.at = at;
    this.inverse = inverse;
    this.value = value;
    this.logValue = logValue;
    this.logComplement = logComplement;
  }

  Link(
      String label,
      DoubleUnaryOperator at,
      DoubleUnaryOperator inverse,
      UnaryOperator<Value> value,
      UnaryOperator<Value> logValue) {
    this(label, at, inverse, value, logValue, eta -> log(sub(1.0, value.apply(eta))));
  }

  Link(
      String label,
      DoubleUnaryOperator at,
      DoubleUnaryOperator inverse,
      UnaryOperator<Value> value) {
    this(label, at, inverse, value, eta -> log(value.apply(eta)));
  }

  /** The name that specifications use. */
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

  /** True when every column of the linear predictor enters every column of h. */
  public boolean isAcrossColumns() {
    return this == SOFTMAX;
  }

  /**
   * The link of that label.
   *
   * @throws FamilyException listing the labels there are
   */
  public static Link named(String label) {
    for (Link link : values()) {
      if (link.label.equals(label)) {
        return link;
      }
    }
    List<String> labels = Arrays.stream(values()).map(Link::label).toList();
    throw new FamilyException("unknown link '" + label + "'; there are " + labels);
  }

  /** h(η) of a number. */
  public double at(double eta) {
    return at.applyAsDouble(eta);
  }

  /** The η with h(η) = {@code value}; infinite or NaN on and beyond the border of h's range. */
  public double inverse(double value) {
    return inverse.applyAsDouble(value);
  }
}
