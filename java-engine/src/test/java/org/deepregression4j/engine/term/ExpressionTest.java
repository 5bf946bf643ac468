package org.deepregression4j.engine.term;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExpressionTest {
  /** Two kernels of one function may differ in the last bits. */
  private static final double ROUNDING = 4e-15;

  private static final double[] X = {
    1e-300, -1e-12, 1e-12, 1e-5, -0.3, 0.7, -0.999, 1, 2, 3.5, -4, 30, -40, 600, Double.NaN, 0
  };
  private static final double[] Y = {
    1, 2, -1, 0.5, 2, -3, 1, 1, 3, 0.1, 3, -2, 2, 1.1, 2, Double.NaN
  };

  private static final Map<ExpressionFunction, DoubleBinaryOperator> ORACLE =
      new EnumMap<>(ExpressionFunction.class);

  static {
    ORACLE.put(ExpressionFunction.ADD, (x, y) -> x + y);
    ORACLE.put(ExpressionFunction.SUBTRACT, (x, y) -> x - y);
    ORACLE.put(ExpressionFunction.MULTIPLY, (x, y) -> x * y);
    ORACLE.put(ExpressionFunction.DIVIDE, (x, y) -> x / y);
    ORACLE.put(ExpressionFunction.POWER, Math::pow);
    ORACLE.put(ExpressionFunction.EXP, (x, y) -> Math.exp(x));
    ORACLE.put(ExpressionFunction.LOG, (x, y) -> Math.log(x));
    ORACLE.put(ExpressionFunction.LOG2, (x, y) -> Math.log(x) / Math.log(2));
    ORACLE.put(ExpressionFunction.LOG10, (x, y) -> Math.log10(x));
    ORACLE.put(ExpressionFunction.LOG1P, (x, y) -> Math.log1p(x));
    ORACLE.put(ExpressionFunction.EXPM1, (x, y) -> Math.expm1(x));
    ORACLE.put(ExpressionFunction.SQRT, (x, y) -> Math.sqrt(x));
    ORACLE.put(ExpressionFunction.ABS, (x, y) -> Math.abs(x));
    ORACLE.put(ExpressionFunction.SIN, (x, y) -> Math.sin(x));
    ORACLE.put(ExpressionFunction.COS, (x, y) -> Math.cos(x));
    ORACLE.put(ExpressionFunction.TANH, (x, y) -> Math.tanh(x));
    ORACLE.put(ExpressionFunction.SIGN, (x, y) -> Math.signum(x));
    ORACLE.put(ExpressionFunction.FLOOR, (x, y) -> Math.floor(x));
    ORACLE.put(ExpressionFunction.CEILING, (x, y) -> Math.ceil(x));
    ORACLE.put(ExpressionFunction.PMIN, Math::min);
    ORACLE.put(ExpressionFunction.PMAX, Math::max);
    ORACLE.put(ExpressionFunction.LESS, (x, y) -> truth(x < y, x + y));
    ORACLE.put(ExpressionFunction.LESS_OR_EQUAL, (x, y) -> truth(x <= y, x + y));
    ORACLE.put(ExpressionFunction.GREATER, (x, y) -> truth(x > y, x + y));
    ORACLE.put(ExpressionFunction.GREATER_OR_EQUAL, (x, y) -> truth(x >= y, x + y));
    ORACLE.put(ExpressionFunction.EQUAL, (x, y) -> truth(x == y, x + y));
  }

  private static double truth(boolean holds, double sum) {
    return Double.isNaN(sum) ? Double.NaN : holds ? 1 : 0;
  }

  private static double[] evaluate(Expression expression) {
    return TermRun.run(
            List.of(ColumnSpec.real("x"), ColumnSpec.real("y")),
            Map.of("x", TermRun.doubles(X), "y", TermRun.doubles(Y)),
            c -> new Linear("I", Component.numeric(expression)).design(c))
        .toDoubles();
  }

  private static boolean takesTwo(ExpressionFunction function) {
    try {
      ExpressionFunction.named(function.rName(), 2);
      return function != ExpressionFunction.LOG;
    } catch (TermException e) {
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource(ExpressionFunction.class)
  void everyFunctionEqualsJavaMath(ExpressionFunction function) {
    Expression x = Expression.column("x");
    Expression y = Expression.column("y");
    double[] got =
        evaluate(
            takesTwo(function)
                ? Expression.call(function.rName(), x, y)
                : Expression.call(function.rName(), x));
    for (int i = 0; i < X.length; i++) {
      double want = ORACLE.get(function).applyAsDouble(X[i], Y[i]);
      String at = function.rName() + " at " + X[i] + ", " + Y[i];
      if (Double.isNaN(want) || Double.isInfinite(want)) {
        assertThat(got[i]).as(at).isEqualTo(Double.valueOf(want));
      } else {
        double scale = function == ExpressionFunction.COS ? 1 : Math.abs(want);
        assertThat(got[i]).as(at).isCloseTo(want, within(ROUNDING * scale));
      }
    }
  }

  @Test
  void oneArgumentMeansNegationOrTheNaturalLogarithm() {
    Expression x = Expression.column("x");
    assertThat(evaluate(Expression.call("-", x))[5]).isEqualTo(-0.7);
    assertThat(evaluate(Expression.call("log", x, Expression.number(8)))[8])
        .isCloseTo(1.0 / 3, within(ROUNDING));
    assertThat(evaluate(Expression.call("pmax", x, Expression.column("y"), x))[2]).isEqualTo(1e-12);
  }

  @Test
  void aConstantIsRepeatedForEveryRow() {
    assertThat(evaluate(Expression.number(2))).hasSize(X.length).containsOnly(2);
  }

  @Test
  void integersAndTruthValuesKeepTheirMissingOnes() {
    Tensor got =
        TermRun.run(
            List.of(ColumnSpec.integer("i"), ColumnSpec.logical("l")),
            Map.of(
                "i", TermRun.ints(3, Integer.MIN_VALUE, -2),
                "l", TermRun.ints(1, 0, Integer.MIN_VALUE)),
            c ->
                new Linear(
                        "lin(i, l)",
                        List.of("i", "l"),
                        List.of(Component.numeric("i"), Component.numeric("l")),
                        true,
                        null)
                    .design(c));
    assertThat(got.sizes()).containsExactly(3, 2);
    assertThat(got.toDoubles()).containsExactly(3, 1, Double.NaN, 0, -2, Double.NaN);
  }

  @Test
  void singlePrecisionIsTheCallersChoice() {
    Tensor got =
        TermRun.run(
            List.of(ColumnSpec.real("x")),
            Map.of("x", TermRun.doubles(0.1)),
            ElementType.FLOAT32,
            c -> Component.numeric("x").columns(c));
    assertThat(got.type()).isEqualTo(ElementType.FLOAT32);
    assertThat(got.toDoubles()).containsExactly(0.1f);
  }

  @Test
  void whatIsUnknownIsNamedWithWhatThereIs() {
    assertThatThrownBy(() -> Expression.call("besselJ", Expression.column("x")))
        .isInstanceOf(TermException.class)
        .hasMessageContaining("besselJ")
        .hasMessageContaining("log1p");
    assertThatThrownBy(() -> Expression.call("exp", Expression.number(1), Expression.number(2)))
        .hasMessageContaining("exp: the function does not take 2 arguments");
    assertThatThrownBy(() -> evaluate(Expression.column("z")))
        .hasMessageContaining("z: no such column; known are [x, y]");
    List<ColumnSpec> factor = List.of(ColumnSpec.factor("f", List.of("a", "b")));
    assertThatThrownBy(() -> TermRun.run(factor, Map.of(), c -> Component.numeric("f").columns(c)))
        .hasMessageContaining("f: expected numbers, got a factor");
  }
}
