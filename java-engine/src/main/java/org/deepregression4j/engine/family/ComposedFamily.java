package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.RealFamilies.zeros;
import static org.deepregression4j.onnx.graph.Ops.add;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.deepregression4j.onnx.graph.Value;

/**
 * Families whose parameters are functions of others: another parametrisation, or parameters held at
 * a constant. Densities, quantiles and all else are those of the inner family.
 */
public final class ComposedFamily {
  private ComposedFamily() {}

  /**
   * A family of other parameters.
   *
   * @param label how messages call it
   * @param parameters in order, with their links
   * @param inner the family
   * @param arguments what the parameters of {@code inner} are, in its order; one that is a
   *     parameter itself keeps that one's link
   * @throws FamilyException when there is not one argument for each, one reads an unknown name, or
   *     a parameter is not read
   */
  public static Family of(
      String label,
      List<Family.Parameter> parameters,
      Family inner,
      List<CustomFamily.Expression> arguments) {
    List<String> names = parameters.stream().map(Family.Parameter::name).toList();
    check(label, names, inner, arguments);
    return inner.composed(
        label, parameters, theta -> arguments.stream().map(a -> at(a, names, theta)).toList());
  }

  private static void check(
      String label, List<String> names, Family inner, List<CustomFamily.Expression> arguments) {
    List<String> own = inner.parameters().stream().map(Family.Parameter::name).toList();
    if (arguments.size() != own.size()) {
      throw new FamilyException(
          "family '"
              + label
              + "': expected one argument for each of "
              + own
              + ", got "
              + arguments.size());
    }
    Set<String> read = new LinkedHashSet<>();
    arguments.forEach(a -> read.addAll(a.names()));
    if (!read.equals(new LinkedHashSet<>(names))) {
      throw new FamilyException(
          "family '" + label + "': expected arguments that read " + names + ", got " + read);
    }
  }

  private static LinkedValue at(
      CustomFamily.Expression argument, List<String> names, List<LinkedValue> theta) {
    if (argument instanceof CustomFamily.Symbol symbol) {
      return theta.get(names.indexOf(symbol.name()));
    }
    Map<String, Value> symbols = new LinkedHashMap<>();
    IntStream.range(0, names.size()).forEach(i -> symbols.put(names.get(i), theta.get(i).value()));
    return new LinkedValue(add(argument.evaluate(symbols), zeros(theta.get(0))), Link.IDENTITY);
  }
}
