package org.deepregression4j.engine.term;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** Arithmetic of a formula over numeric columns, such as {@code log(x)} or {@code I(x^2)}. */
public sealed interface Expression {
  /**
   * The value: (n, 1), (n, width) where a matrix column is used, a scalar without any column.
   *
   * @throws TermException when a column is unknown or a factor
   */
  Value evaluate(ColumnInputs columns);

  /** Names of the columns that it reads. */
  Set<String> columnsUsed();

  /** A numeric column. */
  static Expression column(String name) {
    return new Column(name);
  }

  /** A number. */
  static Expression number(double value) {
    return new Number(value);
  }

  /**
   * A function by its name in R.
   *
   * @throws TermException when {@link ExpressionFunction} has no such row
   */
  static Expression call(String function, Expression... arguments) {
    return new Call(ExpressionFunction.named(function, arguments.length), List.of(arguments));
  }

  /**
   * A numeric column.
   *
   * @param name its name
   */
  record Column(String name) implements Expression {
    @Override
    public Value evaluate(ColumnInputs columns) {
      return columns.numbers(name);
    }

    @Override
    public Set<String> columnsUsed() {
      return Set.of(name);
    }
  }

  /**
   * A number.
   *
   * @param value the number
   */
  record Number(double value) implements Expression {
    @Override
    public Value evaluate(ColumnInputs columns) {
      return Ops.scalar(columns.precision(), value);
    }

    @Override
    public Set<String> columnsUsed() {
      return Set.of();
    }
  }

  /**
   * A function of expressions.
   *
   * @param function the function
   * @param arguments its arguments in order
   */
  record Call(ExpressionFunction function, List<Expression> arguments) implements Expression {
    /** Copies the arguments. */
    public Call {
      arguments = List.copyOf(arguments);
    }

    @Override
    public Value evaluate(ColumnInputs columns) {
      return function.apply(arguments.stream().map(a -> a.evaluate(columns)).toList());
    }

    @Override
    public Set<String> columnsUsed() {
      Set<String> used = new LinkedHashSet<>();
      arguments.forEach(a -> used.addAll(a.columnsUsed()));
      return used;
    }
  }
}
