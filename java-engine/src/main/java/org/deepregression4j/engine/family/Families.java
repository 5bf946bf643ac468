package org.deepregression4j.engine.family;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The table of families. Names, order of parameters and links are those of the R package
 * deepregression.
 */
public final class Families {
  private static final Map<String, Family> ROWS = rows();

  private Families() {}

  private static Map<String, Family> rows() {
    Map<String, Family> rows = new LinkedHashMap<>();
    for (List<Family> part :
        List.of(
            RealFamilies.rows(),
            StudentFamilies.rows(),
            PositiveFamilies.rows(),
            HeavyTailFamilies.rows(),
            UnitFamilies.rows(),
            CountFamilies.rows(),
            ExtremeFamilies.rows(),
            OverdispersedFamilies.rows(),
            CompositionFamilies.rows(),
            CategoricalFamilies.rows())) {
      part.forEach(family -> rows.put(family.name(), family));
    }
    return Collections.unmodifiableMap(rows);
  }

  /** Every family, in the order of the table. */
  public static Collection<Family> all() {
    return ROWS.values();
  }

  /** Names of the families that take options, components or expressions. */
  public static Collection<String> withOptions() {
    return OptionFamilies.names();
  }

  /** The options of a family, in order; none where it takes none. */
  public static List<FamilyOption> options(String name) {
    return OptionFamilies.options(name);
  }

  /**
   * The family that a specification describes: a row of {@link #all}, one that takes options, or
   * {@code mixture}, {@code inflated} or {@code censored} of others.
   *
   * @throws FamilyException saying what the specification lacks
   */
  public static Family of(FamilySpec spec) {
    return of(spec, spec.components().stream().map(Families::of).toList());
  }

  /** The same with components that are families already; the specification's own do not count. */
  public static Family of(FamilySpec spec, List<Family> components) {
    if (spec.name().equals("mixture")) {
      double[] penalty = option(spec, "entropy_penalty");
      if (penalty.length > 1) {
        throw new FamilyException(
            "mixture: expected one number 'entropy_penalty', got " + Arrays.toString(penalty));
      }
      return Mixture.of(components, penalty.length == 0 ? 0 : penalty[0]).family();
    }
    if (spec.name().equals("censored")) {
      requireNoOptions(spec);
      return CensoredFamilies.of(components);
    }
    if (spec.name().equals("inflated")) {
      if (components.size() != 1) {
        throw new FamilyException("inflated: expected one family, got " + components.size());
      }
      return Mixture.inflated(components.get(0), option(spec, "values"));
    }
    if (OptionFamilies.has(spec.name())) {
      return OptionFamilies.make(spec);
    }
    Family family = named(spec.name());
    requireNoOptions(spec);
    return family;
  }

  private static void requireNoOptions(FamilySpec spec) {
    if (!spec.options().isEmpty()) {
      throw new FamilyException(
          "family '" + spec.name() + "' takes no options, got " + spec.options().keySet());
    }
  }

  /** The only option that a family of families has. */
  private static double[] option(FamilySpec spec, String name) {
    if (!List.of(name).containsAll(spec.options().keySet())) {
      throw new FamilyException(
          spec.name()
              + ": expected no other option than '"
              + name
              + "', got "
              + spec.options().keySet());
    }
    List<Double> values = spec.options().getOrDefault(name, List.of());
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * The family of that name, with the defaults of its options.
   *
   * @throws FamilyException listing the names there are
   */
  public static Family named(String name) {
    Family family = ROWS.get(name);
    if (family == null && OptionFamilies.has(name)) {
      return OptionFamilies.make(FamilySpec.of(name));
    }
    if (family == null) {
      throw new FamilyException(
          "unknown family '"
              + name
              + "'; there are "
              + ROWS.keySet()
              + ", with options "
              + OptionFamilies.names());
    }
    return family;
  }
}
