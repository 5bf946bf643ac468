package org.deepregression4j.engine.family;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** Where families are drawn from: moderate linear predictors at which their moments exist. */
public final class SampleCases {
  /** The rest is drawn at 0.3, -0.2, 0.3, ... */
  private static final Map<String, double[]> ETA =
      Map.ofEntries(
          Map.entry("uniform", new double[] {-1, 2}),
          Map.entry("student_t", new double[] {2}),
          Map.entry("student_t_ls", new double[] {2, 0.3, -0.2}),
          Map.entry("skew_normal", new double[] {0.3, -0.2, 2}),
          Map.entry("gev", new double[] {0.3, -0.2, 0.1}),
          Map.entry("gpd", new double[] {0.3, 0.1}),
          Map.entry("inverse_gamma", new double[] {1.8, -0.2}),
          Map.entry("inverse_gamma_ls", new double[] {0.3, -1.8}),
          Map.entry("gamma_gamma", new double[] {0.3, 1.8, -0.2}),
          Map.entry("pareto", new double[] {1.8, -0.2}),
          Map.entry("pareto_ls", new double[] {0.3, -1.8}),
          Map.entry("zipf", new double[] {1.8}),
          Map.entry("betar", new double[] {0.3, -0.5}),
          Map.entry("mixture", new double[] {0.5, 0.4, -2, -0.2, 0.3, -0.5, 2, -0.4}),
          Map.entry("mixture_supports", new double[] {0.3, -2, -0.2, 1, 0.3}),
          Map.entry("dirichlet", new double[] {-2, 0.3, 1}),
          Map.entry("dirichlet_multinomial_5", new double[] {-1, 0.3, 1}),
          Map.entry("von_mises_fisher", new double[] {0.9, -0.4}),
          Map.entry("von_mises_fisher_3", new double[] {0.9, -0.4, 1.3}));

  /** Quantiles in closed form, or none at all. */
  private static final Set<String> DIRECT =
      Set.of(
          "normal",
          "cauchy",
          "horseshoe",
          "gumbel",
          "laplace",
          "logistic",
          "uniform",
          "mse",
          "log_normal",
          "exponential",
          "weibull",
          "half_normal",
          "half_cauchy",
          "pareto",
          "pareto_ls",
          "kumaraswamy",
          "gev",
          "gpd",
          "sinh_arcsinh",
          "truncated_normal",
          "truncated_below",
          "censored_normal",
          "tobit",
          "multinomial",
          "multinoulli",
          "binomial_columns",
          "multivariate_normal",
          "multivariate_normal_3",
          "von_mises_fisher_3",
          "mixture",
          "inflated_normal",
          "deterministic",
          "bernoulli",
          "bernoulli_prob",
          "categorical",
          "ordered_logit",
          "ordered_probit");

  private SampleCases() {}

  /** Linear predictors, predictor by predictor and column by column. */
  public static double[] eta(String key) {
    double[] out = new double[FamilyCases.named(key).width()];
    Arrays.setAll(out, i -> i % 2 == 0 ? 0.3 : -0.2);
    return ETA.getOrDefault(key, out).clone();
  }

  static boolean isDirect(String key) {
    return DIRECT.contains(key);
  }
}
