package org.deepregression4j.engine.term;

import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * The functions that formulas may use: one row each, by its name in R, with R's results (NaN for a
 * missing or undefined value; comparisons give 0 and 1).
 */
public enum ExpressionFunction {
  ADD("+", ExpressionFunction::plus, Ops::add),
  SUBTRACT("-", Ops::neg, Ops::sub),
  MULTIPLY("*", Ops::mul),
  DIVIDE("/", Ops::div),
  POWER("^", Ops::pow),
  EXP("exp", Ops::exp),
  LOG("log", Ops::log, (x, base) -> Ops.div(Ops.log(x), Ops.log(base))),
  LOG2("log2", (Value x) -> Ops.div(Ops.log(x), Math.log(2))),
  LOG10("log10", (Value x) -> Ops.div(Ops.log(x), Math.log(10))),
  LOG1P("log1p", ExpressionFunction::log1p),
  EXPM1("expm1", ExpressionFunction::expm1),
  SQRT("sqrt", Ops::sqrt),
  ABS("abs", Ops::abs),
  SIN("sin", (Value x) -> Ops.apply(Op.SIN, x)),
  COS("cos", ExpressionFunction::cos),
  TANH("tanh", Ops::tanh),
  SIGN("sign", (Value x) -> orNaN(Ops.apply(Op.SIGN, x), x)),
  FLOOR("floor", (Value x) -> Ops.apply(Op.FLOOR, x)),
  CEILING("ceiling", (Value x) -> Ops.apply(Op.CEIL, x)),
  PMIN("pmin", ExpressionFunction::plus, (a, b) -> orNaN(orNaN(Ops.min(a, b), a), b), true),
  PMAX("pmax", ExpressionFunction::plus, (a, b) -> orNaN(orNaN(Ops.max(a, b), a), b), true),
  LESS("<", (a, b) -> truth(Op.LESS, a, b)),
  LESS_OR_EQUAL("<=", (a, b) -> truth(Op.LESS_OR_EQUAL, a, b)),
  GREATER(">", (a, b) -> truth(Op.GREATER, a, b)),
  GREATER_OR_EQUAL(">=", (a, b) -> truth(Op.GREATER_OR_EQUAL, a, b)),
  EQUAL("==", (a, b) -> truth(Op.EQUAL, a, b));

  private final String rName;
  private final int minArguments;
  private final int maxArguments;
  private final Function<List<Value>, Value> rule;

  ExpressionFunction(String rName, UnaryOperator<Value> rule) {
    this(rName, 1, 1, a -> rule.apply(a.get(0)));
  }

  ExpressionFunction(String rName, BinaryOperator<Value> rule) {
    this(rName, 2, 2, a -> rule.apply(a.get(0), a.get(1)));
  }

  ExpressionFunction(String rName, UnaryOperator<Value> unary, BinaryOperator<Value> binary) {
    this(rName, unary, binary, false);
  }

  ExpressionFunction(
      String rName, UnaryOperator<Value> unary, BinaryOperator<Value> binary, boolean isFolded) {
    this(
        rName,
        1,
        isFolded ? Integer.MAX_VALUE : 2,
        a -> a.size() == 1 ? unary.apply(a.get(0)) : a.stream().reduce(binary).orElseThrow());
  }

  ExpressionFunction(
      String rName, int minArguments, int maxArguments, Function<List<Value>, Value> rule) {
    this.rName = rName;
    this.minArguments = minArguments;
    this.maxArguments = maxArguments;
    this.rule = rule;
  }

  /** The name in R. */
  public String rName() {
    return rName;
  }

  /**
   * The row of this name.
   *
   * @throws TermException naming what there is, or how many arguments the function takes
   */
  public static ExpressionFunction named(String rName, int arguments) {
    for (ExpressionFunction function : values()) {
      if (function.rName.equals(rName)) {
        if (arguments < function.minArguments || arguments > function.maxArguments) {
          throw new TermException(rName, "the function does not take " + arguments + " arguments");
        }
        return function;
      }
    }
    String known =
        Arrays.stream(values()).map(ExpressionFunction::rName).collect(Collectors.joining(" "));
    throw new TermException(rName, "no such function in a formula; known are " + known);
  }

  Value apply(List<Value> arguments) {
    return rule.apply(arguments);
  }

  private static Value plus(Value x) {
    return x;
  }

  private static Value orNaN(Value value, Value x) {
    return Ops.where(Ops.apply(Op.IS_NAN, x), Ops.scalar(x, Double.NaN), value);
  }

  private static Value truth(Op op, Value a, Value b) {
    Value holds = Ops.cast(Ops.apply(op, a, b), a.type());
    return orNaN(orNaN(holds, a), b);
  }

  /** 1 - 2 sin²(x / 2): ONNX Runtime has no float64 kernel for Cos. */
  private static Value cos(Value x) {
    return Ops.sub(1, Ops.mul(Ops.square(Ops.apply(Op.SIN, Ops.mul(x, 0.5))), 2));
  }

  /** log(1 + x) to full precision near 0: the rounding of 1 + x cancels (Kahan). */
  private static Value log1p(Value x) {
    Value u = Ops.add(x, 1);
    Value corrected = Ops.mul(Ops.log(u), Ops.div(x, Ops.sub(u, 1)));
    Value isTiny = Ops.equal(u, Ops.scalar(x, 1));
    Value isLarge = Ops.greater(u, Ops.scalar(x, 2)); // no correction needed, and inf stays inf
    return Ops.where(isTiny, x, Ops.where(isLarge, Ops.log(u), corrected));
  }

  /** exp(x) - 1 to full precision near 0: the rounding of exp(x) cancels (Kahan). */
  private static Value expm1(Value x) {
    Value u = Ops.exp(x);
    Value less = Ops.sub(u, 1);
    Value isTiny = Ops.equal(u, Ops.scalar(x, 1));
    Value isNear = Ops.less(Ops.abs(x), Ops.scalar(x, 1));
    Value corrected = Ops.mul(less, Ops.div(x, Ops.log(u)));
    return Ops.where(isTiny, x, Ops.where(isNear, corrected, less));
  }
}
