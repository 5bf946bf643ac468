package org.deepregression4j.engine.family;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Nodes and weights on the responses of a case at some linear predictors: over its support, point
 * masses, and every row of a vector.
 *
 * @param nodes responses, row-major (N, m)
 * @param weights N
 * @param columns m
 */
record CaseQuadrature(double[] nodes, double[] weights, int columns) {
  /** The largest count of families with a last one. */
  private static final Map<String, Integer> LAST =
      Map.of(
          "binomial", 10,
          "beta_binomial", 10,
          "ordered_logit", 4,
          "ordered_probit", 4,
          "categorical", 3);

  /** Values that have a probability of their own. */
  private static final Map<String, double[]> ATOMS =
      Map.of(
          "tobit", new double[] {0},
          "censored_normal", new double[] {-1, 4},
          "zero_adjusted_gamma", new double[] {0},
          "zero_one_inflated_beta", new double[] {0, 1},
          "tweedie", new double[] {0},
          "tweedie_low", new double[] {0},
          "inflated_normal", new double[] {0, 1.5});

  /** Where densities of the table break: quadrature stops there. */
  private static final Map<String, Function<double[], double[]>> BREAKS =
      Map.of(
          "gev", eta -> new double[] {eta[0] - Math.exp(eta[1]) / eta[2]},
          "gpd",
              eta -> eta[1] > 0 ? new double[] {0} : new double[] {0, -Math.exp(eta[0]) / eta[1]},
          "horseshoe", eta -> new double[] {0},
          "laplace", eta -> new double[] {eta[0]},
          "uniform", eta -> new double[] {eta[0], eta[1]},
          "half_cauchy", eta -> new double[] {eta[0]},
          "pareto", eta -> new double[] {0, Math.exp(-eta[1])},
          "mixture_supports", eta -> new double[] {0});

  /** Families that live on a part of the line. */
  private static final Map<String, double[]> RANGES =
      Map.of(
          "truncated_normal", new double[] {-1, 4},
          "censored_normal", new double[] {-1, 4},
          "truncated_below", new double[] {0, Double.POSITIVE_INFINITY},
          "tobit", new double[] {0, Double.POSITIVE_INFINITY});

  /** True where some values have a probability beside the density. */
  static boolean hasAtoms(String key) {
    return ATOMS.containsKey(key) || key.equals("deterministic");
  }

  /** Of a case around its mean. */
  static CaseQuadrature of(FamilyCase of, double[] eta, double mean, double stddev) {
    if (of.isCensored()) {
      return seen(of(FamilyCases.named(of.base()), eta, mean, stddev));
    }
    if (of.family().support().isMultivariate()) {
      return VectorQuadrature.of(of, eta);
    }
    double[] atoms = ATOMS.getOrDefault(of.key(), new double[0]);
    double[] ones = DoubleStream.generate(() -> 1).limit(atoms.length).toArray();
    Quadrature rule = line(of, eta, mean, stddev).and(new Quadrature(atoms, ones));
    return new CaseQuadrature(rule.nodes(), rule.weights(), 1);
  }

  /** Responses that are not censored: (y, 1). */
  private static CaseQuadrature seen(CaseQuadrature rule) {
    double[] pairs = Arrays.stream(rule.nodes).flatMap(y -> DoubleStream.of(y, 1)).toArray();
    return new CaseQuadrature(pairs, rule.weights, 2);
  }

  private static Quadrature line(FamilyCase of, double[] eta, double mean, double stddev) {
    Support support = of.family().support();
    double spread = Double.isFinite(stddev) && stddev > 0 ? stddev : 1;
    double middle = Double.isFinite(mean) ? mean : location(of.family(), eta);
    if (BREAKS.containsKey(of.key())) {
      return broken(BREAKS.get(of.key()).apply(eta), spread);
    }
    if (RANGES.containsKey(of.key())) {
      double[] range = RANGES.get(of.key());
      return Double.isInfinite(range[1])
          ? Quadrature.halfLine(range[0], middle - range[0])
          : Quadrature.interval(range[0], range[1]);
    }
    return switch (support) {
      case BINARY, COUNT, POSITIVE_COUNT -> counts(of);
      case REAL -> Quadrature.line(middle, spread);
      case POSITIVE, NON_NEGATIVE, ZERO_OR_POSITIVE ->
          Quadrature.halfLine(0, Double.isFinite(mean) ? mean : 1);
      case UNIT_OPEN, UNIT_CLOSED -> Quadrature.interval(0, 1);
      case ANGLE ->
          Quadrature.interval(eta[0] - Math.PI, eta[0])
              .and(Quadrature.interval(eta[0], eta[0] + Math.PI));
      default -> throw new AssertionError(of + " is not univariate");
    };
  }

  private static Quadrature broken(double[] at, double spread) {
    double last = at[at.length - 1];
    Quadrature rule = Quadrature.halfLine(at[0], -spread).and(Quadrature.halfLine(last, spread));
    return at.length == 1 ? rule : rule.and(Quadrature.interval(at[0], last));
  }

  /** The largest count that a family has. */
  static int last(String key) {
    return LAST.getOrDefault(key, Integer.MAX_VALUE);
  }

  private static Quadrature counts(FamilyCase of) {
    int last = last(of.key());
    int first = of.family().support() == Support.POSITIVE_COUNT ? 1 : 0;
    Quadrature all = Quadrature.counts(of.family().support());
    int[] inside =
        IntStream.range(first, all.nodes().length).filter(i -> all.nodes()[i] <= last).toArray();
    return new Quadrature(
        Arrays.stream(inside).mapToDouble(i -> all.nodes()[i]).toArray(),
        Arrays.stream(inside).mapToDouble(i -> 1).toArray());
  }

  private static double location(Family family, double[] eta) {
    int at = family.parameters().stream().map(Family.Parameter::name).toList().indexOf("loc");
    return at < 0 ? 0 : eta[at];
  }

  /** Σ weight · f(response) · exp(logDensity), without nodes that rounding put on a border. */
  double expect(double[] logDensity, ToDoubleFunction<double[]> f) {
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      double term = weights[i] * Math.exp(logDensity[i]);
      if (term > 0 && Double.isFinite(term)) {
        sum += term * f.applyAsDouble(Arrays.copyOfRange(nodes, i * columns, (i + 1) * columns));
      }
    }
    return sum;
  }
}
