package org.deepregression4j.engine.family;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The table of families that need to be told something: a name, its options, and the maker. */
final class OptionFamilies {
  private static final double REQUIRED = Double.NaN;
  private static final Map<String, Row> ROWS = rows();

  private OptionFamilies() {}

  private record Row(List<FamilyOption> options, Function<double[], Family> maker) {}

  private static FamilyOption required(String name) {
    return new FamilyOption(name, REQUIRED, true);
  }

  private static FamilyOption optional(String name, double otherwise) {
    return new FamilyOption(name, otherwise, false);
  }

  private static Map<String, Row> rows() {
    Map<String, Row> rows = new LinkedHashMap<>();
    double inf = Double.POSITIVE_INFINITY;
    put(rows, "quantile", v -> CriterionFamilies.quantile(v[0]), required("level"));
    put(rows, "expectile", v -> CriterionFamilies.expectile(v[0]), required("level"));
    put(
        rows,
        "binomial",
        v -> OverdispersedFamilies.binomial(v[0]),
        optional("trials", Double.NaN));
    put(
        rows,
        "beta_binomial",
        v -> OverdispersedFamilies.betaBinomial(v[0]),
        optional("trials", Double.NaN));
    put(
        rows,
        "dirichlet_multinomial",
        v -> CompositionFamilies.dirichletMultinomial(v[0]),
        optional("trials", Double.NaN));
    put(rows, "categorical", v -> OrdinalFamilies.categorical(v[0]), required("categories"));
    put(rows, "ordered_logit", v -> OrdinalFamilies.logit(v[0]), required("categories"));
    put(rows, "ordered_probit", v -> OrdinalFamilies.probit(v[0]), required("categories"));
    put(
        rows,
        "truncated_normal",
        v -> LimitedFamilies.truncatedNormal(v[0], v[1]),
        optional("low", -inf),
        optional("high", inf));
    put(
        rows,
        "censored_normal",
        v -> LimitedFamilies.censoredNormal(v[0], v[1]),
        optional("low", -inf),
        optional("high", inf));
    put(rows, "tweedie", v -> TweedieFamily.of(v[0]), optional("power", 1.5));
    put(rows, "deterministic", v -> CriterionFamilies.deterministic());
    put(rows, "von_mises", v -> VonMises.family());
    put(rows, "sinh_arcsinh", v -> SinhArcsinh.family());
    put(rows, "zero_adjusted_gamma", v -> Mixture.zeroAdjustedGamma());
    put(rows, "zero_one_inflated_beta", v -> Mixture.zeroOneInflatedBeta());
    put(rows, "multivariate_normal", v -> MultivariateNormal.of(v[0]), required("dimension"));
    return Collections.unmodifiableMap(rows);
  }

  private static void put(
      Map<String, Row> rows,
      String name,
      Function<double[], Family> maker,
      FamilyOption... options) {
    rows.put(name, new Row(Arrays.asList(options), maker));
  }

  static Collection<String> names() {
    return ROWS.keySet();
  }

  static List<FamilyOption> options(String name) {
    Row row = ROWS.get(name);
    return row == null ? List.of() : row.options;
  }

  static boolean has(String name) {
    return ROWS.containsKey(name);
  }

  static Family make(FamilySpec spec) {
    Row row = ROWS.get(spec.name());
    if (row == null) {
      throw new FamilyException("unknown family '" + spec.name() + "'");
    }
    List<String> known = row.options.stream().map(FamilyOption::name).toList();
    List<String> unknown = new ArrayList<>(spec.options().keySet());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new FamilyException(
          "family '" + spec.name() + "' has no option " + unknown + "; there are " + known);
    }
    return row.maker.apply(row.options.stream().mapToDouble(o -> number(spec, o)).toArray());
  }

  private static double number(FamilySpec spec, FamilyOption option) {
    List<Double> given = spec.options().getOrDefault(option.name(), List.of());
    if (given.size() > 1 || (given.isEmpty() && option.isRequired())) {
      throw new FamilyException(
          "family '"
              + spec.name()
              + "': expected one number '"
              + option.name()
              + "', got "
              + given);
    }
    return given.isEmpty() ? option.otherwise() : given.get(0);
  }
}
