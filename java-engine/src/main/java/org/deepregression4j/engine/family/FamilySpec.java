package org.deepregression4j.engine.family;

import java.util.List;
import java.util.Map;

/**
 * A family by name with what it needs to be told.
 *
 * @param name a row of {@link Families}
 * @param options numbers by name, such as {@code level} of {@code quantile}
 * @param components the families of a mixture or the one that is inflated
 */
public record FamilySpec(
    String name, Map<String, List<Double>> options, List<FamilySpec> components) {
  /** Copies options and components. */
  public FamilySpec {
    options = Map.copyOf(options);
    components = List.copyOf(components);
  }

  /** A family without options. */
  public static FamilySpec of(String name) {
    return new FamilySpec(name, Map.of(), List.of());
  }

  /** A family with one option. */
  public static FamilySpec of(String name, String option, double... values) {
    List<Double> boxed = java.util.Arrays.stream(values).boxed().toList();
    return new FamilySpec(name, Map.of(option, boxed), List.of());
  }
}
