package org.deepregression4j.engine.family;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Every family under the contract, by a key: the rows of the table, those with options at some
 * values of them, mixtures, inflated and composed families and one written as expressions.
 */
public final class FamilyCases {
  private static final Map<String, FamilyCase> CASES = cases();

  private FamilyCases() {}

  /** All keys. */
  public static Stream<String> keys() {
    return CASES.keySet().stream();
  }

  /** Those whose response columns are independent margins. */
  static Stream<String> univariate() {
    return keys().filter(key -> !named(key).family().support().isMultivariate());
  }

  /** The case of that key. */
  public static FamilyCase named(String key) {
    FamilyCase found = CASES.get(key);
    if (found == null) {
      throw new IllegalArgumentException(key + " is not in " + CASES.keySet());
    }
    return found;
  }

  private static Map<String, FamilyCase> cases() {
    Map<String, Supplier<Family>> makers = new LinkedHashMap<>();
    Families.all().forEach(family -> makers.put(family.name(), () -> family));
    makers.putAll(withOptions());
    makers.putAll(composed());
    makers.put("custom", FamilyCases::logisticAsExpressions);
    makers.put("composed", FamilyCases::studentOfFourDegrees);
    // A key that ends with a number of columns is the same family for such a response.
    makers.put("von_mises_fisher_3", () -> Families.named("von_mises_fisher"));
    Map<String, List<ReferenceRow>> rows = ReferenceRow.densities();
    Map<String, FamilyCase> out = new LinkedHashMap<>();
    makers.forEach(
        (key, maker) ->
            out.put(key, new FamilyCase(key, maker.get(), rows.getOrDefault(key, List.of()))));
    List<String> unused = new ArrayList<>(rows.keySet());
    unused.removeAll(out.keySet());
    if (!unused.isEmpty()) {
      throw new IllegalStateException("reference rows of no family: " + unused);
    }
    return Collections.unmodifiableMap(out);
  }

  private static Map<String, Supplier<Family>> withOptions() {
    Map<String, Supplier<Family>> out = new LinkedHashMap<>();
    for (String plain :
        List.of(
            "deterministic",
            "von_mises",
            "tweedie",
            "sinh_arcsinh",
            "zero_adjusted_gamma",
            "zero_one_inflated_beta",
            "dirichlet_multinomial")) {
      out.put(plain, () -> Families.named(plain));
    }
    put(out, "quantile", "quantile", "level", 0.9);
    put(out, "expectile", "expectile", "level", 0.9);
    put(out, "binomial", "binomial", "trials", 10);
    put(out, "beta_binomial", "beta_binomial", "trials", 10);
    put(out, "dirichlet_multinomial_5", "dirichlet_multinomial", "trials", 5);
    put(out, "categorical", "categorical", "categories", 3);
    put(out, "ordered_logit", "ordered_logit", "categories", 4);
    put(out, "ordered_probit", "ordered_probit", "categories", 4);
    put(out, "truncated_below", "truncated_normal", "low", 0);
    put(out, "tobit", "censored_normal", "low", 0);
    put(out, "tweedie_low", "tweedie", "power", 1.2);
    put(out, "multivariate_normal", "multivariate_normal", "dimension", 2);
    put(out, "multivariate_normal_3", "multivariate_normal", "dimension", 3);
    out.put("binomial_columns", () -> Families.named("binomial"));
    Map<String, List<Double>> range = Map.of("low", List.of(-1.0), "high", List.of(4.0));
    for (String limited : List.of("truncated_normal", "censored_normal")) {
      out.put(limited, () -> Families.of(new FamilySpec(limited, range, List.of())));
    }
    return out;
  }

  private static void put(
      Map<String, Supplier<Family>> out, String key, String name, String option, double value) {
    out.put(key, () -> Families.of(FamilySpec.of(name, option, value)));
  }

  private static Map<String, Supplier<Family>> composed() {
    Map<String, Supplier<Family>> out = new LinkedHashMap<>();
    out.put("mixture", () -> mixture("normal", "logistic", "normal"));
    out.put("mixture_supports", () -> mixture("normal", "gamma"));
    out.put("inflated_poisson", () -> inflated("poisson", 0, 3));
    out.put("inflated_normal", () -> inflated("normal", 0, 1.5));
    for (String base : CensoredFamilies.names()) {
      out.put("censored(" + base + ")", () -> censored(base));
    }
    return out;
  }

  static Family mixture(String... names) {
    List<FamilySpec> parts = Stream.of(names).map(FamilySpec::of).toList();
    return Families.of(new FamilySpec("mixture", Map.of(), parts));
  }

  private static Family inflated(String name, double... values) {
    List<Double> points = Arrays.stream(values).boxed().toList();
    return Families.of(
        new FamilySpec("inflated", Map.of("values", points), List.of(FamilySpec.of(name))));
  }

  static Family censored(String... names) {
    List<FamilySpec> parts = Stream.of(names).map(FamilySpec::of).toList();
    return Families.of(new FamilySpec("censored", Map.of(), parts));
  }

  /** Student's t of a fixed number of degrees of freedom. */
  private static Family studentOfFourDegrees() {
    return ComposedFamily.of(
        "t4",
        List.of(new Family.Parameter("m", Link.IDENTITY), new Family.Parameter("s", Link.EXP)),
        Families.named("student_t_ls"),
        List.of(
            new CustomFamily.Number(4),
            new CustomFamily.Symbol("m"),
            new CustomFamily.Symbol("s")));
  }

  private static CustomFamily.Expression standardised() {
    CustomFamily.Expression distance =
        CustomFamily.call("-", new CustomFamily.Symbol("y"), new CustomFamily.Symbol("m"));
    return CustomFamily.call("/", distance, new CustomFamily.Symbol("s"));
  }

  /** −z − 2 log(1 + exp(−z)) − log s. */
  private static Family logisticAsExpressions() {
    CustomFamily.Expression minus = CustomFamily.call("-", standardised());
    CustomFamily.Expression tail =
        CustomFamily.call("*", new CustomFamily.Number(2), CustomFamily.call("softplus", minus));
    CustomFamily.Expression logScale = CustomFamily.call("log", new CustomFamily.Symbol("s"));
    CustomFamily.Expression density =
        CustomFamily.call("-", CustomFamily.call("-", minus, tail), logScale);
    CustomFamily.Expression deviation = new CustomFamily.Number(Math.PI / Math.sqrt(3));
    return CustomFamily.of(
        "mine",
        List.of(new Family.Parameter("m", Link.IDENTITY), new Family.Parameter("s", Link.EXP)),
        Support.REAL,
        Map.of(
            "log_density",
            density,
            "cdf",
            CustomFamily.call("plogis", standardised()),
            "mean",
            new CustomFamily.Symbol("m"),
            "stddev",
            CustomFamily.call("*", new CustomFamily.Symbol("s"), deviation)));
  }
}
