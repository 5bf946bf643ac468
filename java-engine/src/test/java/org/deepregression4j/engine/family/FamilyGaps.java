package org.deepregression4j.engine.family;

import java.util.LinkedHashMap;
import java.util.Map;

/** What families lack, each with the reason; whatever is not here, they must have. */
public final class FamilyGaps {
  private static final Map<String, Map<String, String>> ROWS = rows();

  private FamilyGaps() {}

  private static Map<String, Map<String, String>> rows() {
    Map<String, Map<String, String>> rows = new LinkedHashMap<>();
    String bound = "the largest likelihood is at the border of the support";
    String criterion = "a criterion: there is nothing to draw";
    put(rows, "recovery", criterion, "mvr", "quantile", "expectile");
    put(rows, "recovery", "a point mass: no likelihood to climb", "deterministic");
    put(rows, "recovery", bound, "uniform", "pareto", "half_cauchy");
    put(
        rows,
        "recovery",
        "no total to draw; dirichlet_multinomial_5 stands for it",
        "dirichlet_multinomial");
    String kink = "no second derivative at the median: Newton's steps do not settle";
    put(rows, "recovery", kink, "laplace", "censored(laplace)");
    String border = "steps of fixed size leave the support, whose border is a parameter's";
    put(rows, "recovery by Adam", border, "gev", "gpd");
    String flat = "nearly flat directions: 4,000 steps of 0.05 stay 0.3 of log-likelihood behind";
    put(rows, "recovery by Adam", flat, "mixture");
    return rows;
  }

  private static void put(
      Map<String, Map<String, String>> rows, String piece, String reason, String... keys) {
    for (String key : keys) {
      rows.computeIfAbsent(piece, p -> new LinkedHashMap<>()).put(key, reason);
    }
  }

  /** True when the family lacks the piece, for a reason. */
  public static boolean isMissing(String key, String piece) {
    return of(piece).containsKey(key);
  }

  /** Reasons by family. */
  static Map<String, String> of(String piece) {
    return ROWS.getOrDefault(piece, Map.of());
  }

  /** The pieces in which there are gaps. */
  static java.util.Set<String> pieces() {
    return ROWS.keySet();
  }
}
