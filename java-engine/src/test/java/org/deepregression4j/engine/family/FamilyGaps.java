package org.deepregression4j.engine.family;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What families lack, each with the reason; whatever is not here, they must have. {@link GapRule}
 * holds both to the tests that show the pieces: a row that is no longer true fails.
 */
public final class FamilyGaps {
  private static final String[] CRITERIA = {"mvr", "quantile", "expectile"};

  private static final String[] JOINT = {
    "multinomial",
    "multinoulli",
    "dirichlet",
    "dirichlet_multinomial",
    "dirichlet_multinomial_5",
    "binomial_columns",
    "von_mises_fisher",
    "von_mises_fisher_3",
    "multivariate_normal",
    "multivariate_normal_3"
  };

  /** With a mode at the mass point or in between, whichever is higher: there is no one formula. */
  private static final String[] POINTS_AND_DENSITY = {
    "tobit",
    "censored_normal",
    "tweedie",
    "tweedie_low",
    "zero_adjusted_gamma",
    "zero_one_inflated_beta",
    "inflated_normal"
  };

  private static final String[] MIXTURES = {"mixture", "mixture_supports", "inflated_poisson"};

  private static final Map<Piece, Map<String, String>> ROWS = rows();

  private FamilyGaps() {}

  private static Map<Piece, Map<String, String>> rows() {
    Map<Piece, Map<String, String>> rows = new EnumMap<>(Piece.class);
    putDensities(rows);
    putDistributions(rows);
    putExpressions(rows);
    putFits(rows);
    return rows;
  }

  private static void putDensities(Map<Piece, Map<String, String>> rows) {
    String criterion = "a criterion, not a density";
    String point = "a point mass has neither density nor slope";
    String infinite = "does not exist: tails are too heavy";
    put(rows, Piece.INTEGRAL, criterion, CRITERIA);
    put(rows, Piece.MEAN, criterion, CRITERIA);
    put(rows, Piece.STDDEV, criterion, CRITERIA);
    for (Piece piece : new Piece[] {Piece.INTEGRAL, Piece.MEAN, Piece.DERIVATIVES}) {
      put(rows, piece, point, "deterministic");
    }
    String[] heavy = {"cauchy", "half_cauchy", "horseshoe", "censored(cauchy)"};
    put(rows, Piece.MEAN, infinite, heavy);
    put(rows, Piece.STDDEV, infinite, heavy);
    put(rows, Piece.STDDEV, "that of the circle, as R's circular package has it", "von_mises");
    String vector = "directions spread on a sphere: no number for each column";
    put(rows, Piece.STDDEV, vector, "von_mises_fisher", "von_mises_fisher_3");
    put(rows, Piece.STDDEV, "that of the shares: no total", "dirichlet_multinomial");
  }

  private static void putDistributions(Map<Piece, Map<String, String>> rows) {
    String sum = "an integral of the exponential integral without a closed form";
    Piece[] ordered = {Piece.CDF, Piece.QUANTILE, Piece.SURVIVAL, Piece.CRPS};
    for (Piece piece : ordered) {
      put(rows, piece, "a criterion: there is no distribution", CRITERIA);
      put(rows, piece, "columns belong together: vectors have no order", JOINT);
      put(rows, piece, sum, "horseshoe");
      put(rows, piece, "that of the family that is censored", censored());
    }
    put(rows, Piece.CRPS, "angles have no order", "von_mises");
    put(rows, Piece.CRPS, "infinite, as the mean is", "cauchy", "half_cauchy");
    put(rows, Piece.SAMPLE, "a criterion: there is nothing to draw", CRITERIA);
    put(rows, Piece.SAMPLE, "no total to draw", "dirichlet_multinomial");
    put(rows, Piece.SAMPLE, "that of the family that is censored", censored());
  }

  private static void putExpressions(Map<Piece, Map<String, String>> rows) {
    String search = "no closed form: the root of an equation";
    String series = "no closed form: a sum over all counts";
    String integral = "no closed form: an integral";
    for (Piece piece : new Piece[] {Piece.MODE, Piece.ENTROPY}) {
      put(rows, piece, "a criterion: there is no distribution", CRITERIA);
      put(rows, piece, "that of the family that is censored", censored());
      put(rows, piece, "nobody gave one", "custom");
      put(rows, piece, "a density with points, or the sum of several", POINTS_AND_DENSITY);
      put(rows, piece, "a density with points, or the sum of several", MIXTURES);
    }
    put(rows, Piece.MODE, search, "generalized_poisson", "sinh_arcsinh", "skew_normal");
    put(rows, Piece.MODE, "every value between the ends is one", "uniform");
    String counts = "no closed form: a search over vectors of counts";
    put(rows, Piece.MODE, counts, "dirichlet_multinomial", "dirichlet_multinomial_5");
    put(rows, Piece.MODE, "of the two columns, whose total is that of the row", "binomial_columns");
    put(rows, Piece.ENTROPY, integral, "sinh_arcsinh", "skew_normal", "horseshoe");
    put(
        rows,
        Piece.ENTROPY,
        series,
        "beta_binomial",
        "binomial",
        "binomial_columns",
        "dirichlet_multinomial",
        "dirichlet_multinomial_5",
        "generalized_poisson",
        "negbinom",
        "negbinom_ls",
        "poisson",
        "poisson_lograte",
        "zinb",
        "zip",
        "zipf");
  }

  private static void putFits(Map<Piece, Map<String, String>> rows) {
    String bound = "the largest likelihood is at the border of the support";
    for (Piece piece : new Piece[] {Piece.RECOVERY, Piece.ADAM}) {
      put(rows, piece, "a criterion: there is nothing to draw", CRITERIA);
      put(rows, piece, bound, "uniform", "pareto", "half_cauchy");
      put(rows, piece, "a point mass: no likelihood to climb", "deterministic");
    }
  }

  private static String[] censored() {
    Stream<String> names = CensoredFamilies.names().stream();
    return names.map(name -> "censored(" + name + ")").toArray(String[]::new);
  }

  private static void put(
      Map<Piece, Map<String, String>> rows, Piece piece, String reason, String... keys) {
    for (String key : keys) {
      String before = rows.computeIfAbsent(piece, p -> new LinkedHashMap<>()).put(key, reason);
      if (before != null) {
        throw new IllegalStateException(key + " is twice among the gaps of " + piece);
      }
    }
  }

  /** True when the family lacks the piece, for a reason. */
  static boolean isMissing(String key, Piece piece) {
    return of(piece).containsKey(key);
  }

  /** Reasons by family. */
  static Map<String, String> of(Piece piece) {
    return ROWS.getOrDefault(piece, Map.of());
  }
}
