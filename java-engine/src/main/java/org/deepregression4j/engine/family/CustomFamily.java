package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.RealFamilies.zeros;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.scalar;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.onnx.graph.Value;

/** Families whose log-density, and moments if wished, are written as expressions. */
public final class CustomFamily {
  private CustomFamily() {}

  /** Arithmetic over {@code y} and the parameters by their names. */
  public sealed interface Expression {
    /** Names that it reads. */
    Set<String> names();

    /** Its value; {@code symbols} has every name. */
    Value evaluate(Map<String, Value> symbols);

    /** As R writes it. */
    String text();

    /** True when the function is called in it. */
    boolean calls(DensityFunction function);
  }

  /**
   * {@code y} or a parameter.
   *
   * @param name its name
   */
  public record Symbol(String name) implements Expression {
    @Override
    public Set<String> names() {
      return Set.of(name);
    }

    @Override
    public Value evaluate(Map<String, Value> symbols) {
      return java.util.Objects.requireNonNull(symbols.get(name), name);
    }

    @Override
    public String text() {
      return name;
    }

    @Override
    public boolean calls(DensityFunction function) {
      return false;
    }
  }

  /**
   * A number.
   *
   * @param value the number
   */
  public record Number(double value) implements Expression {
    @Override
    public Set<String> names() {
      return Set.of();
    }

    @Override
    public Value evaluate(Map<String, Value> symbols) {
      return scalar(symbols.values().iterator().next(), value);
    }

    @Override
    public String text() {
      return value == Math.rint(value) && Math.abs(value) < 1e15
          ? String.valueOf((long) value)
          : String.valueOf(value);
    }

    @Override
    public boolean calls(DensityFunction function) {
      return false;
    }
  }

  /**
   * A function of expressions.
   *
   * @param function the function
   * @param arguments its arguments in order
   */
  public record Call(DensityFunction function, List<Expression> arguments) implements Expression {
    /** Copies the arguments. */
    public Call {
      arguments = List.copyOf(arguments);
    }

    @Override
    public Set<String> names() {
      Set<String> names = new LinkedHashSet<>();
      arguments.forEach(a -> names.addAll(a.names()));
      return names;
    }

    @Override
    public Value evaluate(Map<String, Value> symbols) {
      return function.apply(arguments.stream().map(a -> a.evaluate(symbols)).toList());
    }

    @Override
    public String text() {
      return function.text(arguments.stream().map(Expression::text).toList());
    }

    @Override
    public boolean calls(DensityFunction other) {
      return function == other || arguments.stream().anyMatch(a -> a.calls(other));
    }
  }

  /**
   * An expression in which parts have names, so that what is used often is written once.
   *
   * @param bindings names and what they stand for, each of which may read those before it
   * @param body the expression
   */
  public record Let(Map<String, Expression> bindings, Expression body) implements Expression {
    /** Copies the bindings, in order. */
    public Let {
      bindings = Collections.unmodifiableMap(new LinkedHashMap<>(bindings));
    }

    @Override
    public Set<String> names() {
      Set<String> names = new LinkedHashSet<>(body.names());
      bindings.values().forEach(value -> names.addAll(value.names()));
      names.removeAll(bindings.keySet());
      return names;
    }

    @Override
    public Value evaluate(Map<String, Value> symbols) {
      Map<String, Value> all = new LinkedHashMap<>(symbols);
      bindings.forEach((name, value) -> all.put(name, value.evaluate(all)));
      return body.evaluate(all);
    }

    @Override
    public String text() {
      StringBuilder text = new StringBuilder("{");
      bindings.forEach((name, value) -> text.append(name + " <- " + value.text() + "; "));
      return text + body.text() + "}";
    }

    @Override
    public boolean calls(DensityFunction function) {
      return body.calls(function) || bindings.values().stream().anyMatch(b -> b.calls(function));
    }
  }

  /** A call by the function's name in R. */
  public static Expression call(String function, Expression... arguments) {
    return new Call(DensityFunction.named(function, arguments.length), List.of(arguments));
  }

  /**
   * A family from its log-density.
   *
   * @param name how messages call it
   * @param parameters in order, with their links
   * @param support where responses live
   * @param expressions {@code log_density} of {@code y} and the parameters, and, if wished, {@code
   *     mean}, {@code stddev} of the parameters, {@code cdf} of {@code y} and the parameters
   * @throws FamilyException when the log-density is missing, an expression reads an unknown name or
   *     gives another shape than the response's
   */
  public static Family of(
      String name,
      List<Family.Parameter> parameters,
      Support support,
      Map<String, Expression> expressions) {
    List<String> known = List.of("log_density", "mean", "stddev", "cdf");
    for (String key : expressions.keySet()) {
      if (!known.contains(key)) {
        throw new FamilyException("family '" + name + "' has no '" + key + "'; there are " + known);
      }
    }
    FamilyBuilder row = Family.named(name).support(support);
    parameters.forEach(p -> row.parameter(p.name(), p.link()));
    Rules rules = new Rules(name, parameters, expressions);
    row.logDensity(rules.density("log_density"));
    Expression density = rules.expression("log_density");
    if (DensityFunction.KINKS.stream().anyMatch(density::calls)) {
      row.kinked();
    }
    if (expressions.containsKey("cdf")) {
      row.cdf(rules.density("cdf"));
    }
    row.property(Family.Property.MEAN, rules.statistic("mean"));
    row.property(Family.Property.STDDEV, rules.statistic("stddev"));
    return row.build();
  }

  private record Rules(
      String family, List<Family.Parameter> parameters, Map<String, Expression> expressions) {
    Expression expression(String key) {
      Expression expression = expressions.get(key);
      if (expression == null) {
        throw new FamilyException("family '" + family + "': expected an expression '" + key + "'");
      }
      return expression;
    }

    Family.Density density(String key) {
      Expression expression = expression(key);
      check(key, expression, true);
      return (y, theta) -> value(key, expression, y, theta);
    }

    /** Missing moments are not a number. */
    Family.Statistic statistic(String key) {
      Expression expression = expressions.get(key);
      if (expression == null) {
        return theta -> RealFamilies.undefined(theta.get(0));
      }
      check(key, expression, false);
      return theta -> value(key, expression, zeros(theta.get(0)), theta);
    }

    private void check(String key, Expression expression, boolean hasResponse) {
      Set<String> names = new LinkedHashSet<>();
      if (hasResponse) {
        names.add("y");
      }
      parameters.forEach(p -> names.add(p.name()));
      Set<String> unknown = new LinkedHashSet<>(expression.names());
      unknown.removeAll(names);
      if (!unknown.isEmpty()) {
        throw new FamilyException(
            "family '" + family + "': " + key + " reads " + unknown + "; there are " + names);
      }
    }

    private Value value(String key, Expression expression, Value y, List<LinkedValue> theta) {
      Map<String, Value> symbols = new LinkedHashMap<>();
      symbols.put("y", y);
      for (int i = 0; i < theta.size(); i++) {
        symbols.put(parameters.get(i).name(), theta.get(i).value());
      }
      Value shaped = zeros(theta.get(0));
      Value out = add(expression.evaluate(symbols), mul(add(y, shaped), 0.0));
      if (out.shape().rank() != y.shape().rank() || !out.shape().dim(1).equals(y.shape().dim(1))) {
        throw new FamilyException(
            "family '"
                + family
                + "': expected "
                + key
                + " of shape "
                + y.shape()
                + ", got "
                + out.shape());
      }
      return out;
    }
  }
}
