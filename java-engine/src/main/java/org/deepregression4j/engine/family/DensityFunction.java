package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.RealFamilies.normalCdf;
import static org.deepregression4j.engine.family.SpecialFunctions.lgamma;
import static org.deepregression4j.engine.family.SpecialFunctions.sigmoid;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.cos;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.equal;
import static org.deepregression4j.onnx.graph.Ops.greater;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sin;
import static org.deepregression4j.onnx.graph.Ops.tanh;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;
import org.jspecify.annotations.Nullable;

/** What a log-density written by users may call: one row each, by its name in R. */
public enum DensityFunction {
  ADD("+", x -> x, Ops::add),
  SUBTRACT("-", Ops::neg, Ops::sub),
  MULTIPLY("*", Ops::mul),
  DIVIDE("/", Ops::div),
  POWER("^", Ops::pow),
  EXP("exp", Ops::exp),
  LOG("log", Ops::log, (x, base) -> div(log(x), log(base))),
  LOG1P("log1p", SpecialFunctions::log1p),
  EXPM1("expm1", SpecialFunctions::expm1),
  SQRT("sqrt", Ops::sqrt),
  ABS("abs", Ops::abs),
  SIN("sin", (Value x) -> sin(x)),
  COS("cos", (Value x) -> cos(x)),
  TANH("tanh", (Value x) -> tanh(x)),
  SIGMOID("plogis", (Value x) -> sigmoid(x)),
  SOFTPLUS("softplus", SpecialFunctions::exactSoftplus),
  LGAMMA("lgamma", SpecialFunctions::lgamma),
  DIGAMMA("digamma", SpecialFunctions::digamma),
  LFACTORIAL("lfactorial", (Value x) -> lgamma(add(x, 1.0))),
  LBETA("lbeta", SpecialFunctions::lbeta),
  LCHOOSE("lchoose", SpecialFunctions::lchoose),
  LOG_PNORM("log_pnorm", SpecialFunctions::logNormalCdf),
  PNORM("pnorm", (Value x) -> normalCdf(x)),
  LOG_ADD_EXP("log_add_exp", SpecialFunctions::logAddExp),
  PMIN("pmin", Ops::min),
  PMAX("pmax", Ops::max),
  LESS("<", (a, b) -> Ops.cast(less(a, b), a.type())),
  LESS_OR_EQUAL("<=", (a, b) -> Ops.cast(Ops.apply(Op.LESS_OR_EQUAL, a, b), a.type())),
  GREATER(">", (a, b) -> Ops.cast(greater(a, b), a.type())),
  GREATER_OR_EQUAL(">=", (a, b) -> Ops.cast(Ops.apply(Op.GREATER_OR_EQUAL, a, b), a.type())),
  EQUAL("==", (a, b) -> Ops.cast(equal(a, b), a.type())),
  IFELSE("ifelse", null, null);

  /** Those that bend. */
  static final Set<DensityFunction> KINKS = EnumSet.of(ABS, PMIN, PMAX);

  private final String rName;
  private final @Nullable UnaryOperator<Value> unary;
  private final @Nullable BinaryOperator<Value> binary;

  DensityFunction(String rName, UnaryOperator<Value> unary) {
    this(rName, unary, null);
  }

  DensityFunction(String rName, BinaryOperator<Value> binary) {
    this(rName, null, binary);
  }

  DensityFunction(
      String rName, @Nullable UnaryOperator<Value> unary, @Nullable BinaryOperator<Value> binary) {
    this.rName = rName;
    this.unary = unary;
    this.binary = binary;
  }

  /** The name in R. */
  public String rName() {
    return rName;
  }

  /**
   * The row of that name.
   *
   * @throws FamilyException naming the function and listing what there is
   */
  public static DensityFunction named(String rName, int arguments) {
    for (DensityFunction function : values()) {
      if (function.rName.equals(rName)) {
        if (!function.takes(arguments)) {
          throw new FamilyException(
              "log-density: the function '"
                  + rName
                  + "' does not take "
                  + arguments
                  + " arguments");
        }
        return function;
      }
    }
    String known =
        Arrays.stream(values()).map(DensityFunction::rName).collect(Collectors.joining(" "));
    throw new FamilyException(
        "log-density: there is no function '" + rName + "'; there are " + known);
  }

  /** A call of it: operators stand between their arguments, in brackets. */
  String text(List<String> arguments) {
    boolean isOperator = !Character.isLetter(rName.charAt(0));
    if (!isOperator) {
      return rName + "(" + String.join(", ", arguments) + ")";
    }
    return arguments.size() == 1
        ? "(" + rName + arguments.get(0) + ")"
        : "(" + String.join(" " + rName + " ", arguments) + ")";
  }

  private boolean takes(int arguments) {
    return switch (arguments) {
      case 1 -> unary != null;
      case 2 -> binary != null;
      default -> arguments == 3 && this == IFELSE;
    };
  }

  Value apply(List<Value> a) {
    if (this == IFELSE) {
      return where(greater(a.get(0), scalar(a.get(0), 0)), a.get(1), a.get(2));
    }
    UnaryOperator<Value> one = unary;
    BinaryOperator<Value> two = binary;
    if (a.size() == 1 && one != null) {
      return one.apply(a.get(0));
    }
    if (two == null) {
      throw new IllegalStateException(rName);
    }
    return two.apply(a.get(0), a.get(1));
  }
}
