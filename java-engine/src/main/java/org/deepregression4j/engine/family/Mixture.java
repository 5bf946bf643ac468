package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * Families mixed with weights of their own, and point masses added to a family.
 *
 * <p>Predictors: the log-odds of the components against the first one, {@code logits_2 ...
 * logits_K}, then the parameters of the components in order, {@code loc.1, scale.1, loc.2, ...}. Of
 * an inflated family: the log-odds of each value against the family, {@code logit_at_0 ...}, then
 * the family's parameters.
 */
public final class Mixture {
  private final List<Family> components;
  private final double entropyPenalty;
  private final Family family;

  private Mixture(List<Family> components, double entropyPenalty) {
    this.components = List.copyOf(components);
    this.entropyPenalty = entropyPenalty;
    this.family = build();
  }

  /**
   * A mixture of univariate families.
   *
   * @throws FamilyException when there are fewer than two, one is multivariate or a criterion, or
   *     densities and probabilities meet
   */
  public static Mixture of(List<Family> families) {
    return of(families, 0);
  }

  /**
   * A mixture whose fits maximise the mean of log p(y) − ξ H(π), with the entropy of the weights
   * H(π) = −Σ πₖ log πₖ: they concentrate on few components. Density, distribution and likelihood
   * are without it.
   *
   * <p>Source: Rügamer, Pfisterer, Bischl and Grün (2024), Mixture of experts distributional
   * regression: implementation using robust estimation with adaptive first-order methods.
   *
   * @param entropyPenalty ξ &gt;= 0
   * @throws FamilyException as {@link #of(List)}, and when ξ is negative or not finite
   */
  public static Mixture of(List<Family> families, double entropyPenalty) {
    if (!(entropyPenalty >= 0 && entropyPenalty < Double.POSITIVE_INFINITY)) {
      throw new FamilyException(
          "mixture: expected an entropy_penalty of at least 0, got " + entropyPenalty);
    }
    if (families.size() < 2) {
      throw new FamilyException("mixture: expected two families or more, got " + families);
    }
    for (Family part : families) {
      requireDistribution("mixture", part);
      if (part.support().isDiscrete() != families.get(0).support().isDiscrete()) {
        throw new FamilyException(
            "mixture: expected all families continuous or all discrete, got '"
                + families.get(0).name()
                + "' and '"
                + part.name()
                + "'");
      }
    }
    return new Mixture(families, entropyPenalty);
  }

  private static void requireDistribution(String what, Family part) {
    if (part.support().isMultivariate() || part.isPseudo()) {
      throw new FamilyException(
          what + ": expected univariate distributions, got family '" + part.name() + "'");
    }
  }

  /** The mixture as a family. */
  public Family family() {
    return family;
  }

  /** The components. */
  public List<Family> components() {
    return components;
  }

  /** The weights of the components, one (n, columns) each. */
  public List<Value> weights(List<Value> eta) {
    return logWeights(family.link(eta), components.size() - 1).stream().map(Ops::exp).toList();
  }

  /** The probabilities of the components given the response, one (n, columns) each. */
  public List<Value> posterior(Value y, List<Value> eta) {
    List<LinkedValue> theta = family.link(eta);
    Value all = family.rules().density(y, theta);
    return joint(y, theta).stream().map(part -> exp(sub(part, all))).toList();
  }

  /** A property of every component. */
  public List<Value> ofComponents(Family.Property property, List<Value> eta) {
    List<LinkedValue> theta = family.link(eta);
    return IntStream.range(0, components.size())
        .mapToObj(k -> components.get(k).rules().property(property, part(theta, k)))
        .toList();
  }

  private Family build() {
    FamilyBuilder row = Family.named(name());
    for (int k = 2; k <= components.size(); k++) {
      row.parameter("logits_" + k, Link.IDENTITY);
    }
    for (int k = 0; k < components.size(); k++) {
      String suffix = "." + (k + 1);
      components.get(k).parameters().forEach(p -> row.parameter(p.name() + suffix, p.link()));
    }
    row.support(support())
        .logDensity((y, p) -> logSumExp(joint(y, p)))
        .moments(p -> mean(p), p -> stddev(p))
        .start(m -> start(m));
    if (entropyPenalty > 0) {
      row.objective((y, p) -> sub(logSumExp(joint(y, p)), mul(entropy(p), entropyPenalty)));
    }
    if (components.stream().anyMatch(Family::isKinked)) {
      row.kinked();
    }
    if (components.stream().anyMatch(Family::hasMovingSupport)) {
      row.movingSupport();
    }
    if (components.stream().allMatch(Family::hasCdf)) {
      row.cdf((y, p) -> cdf(y, p))
          .cdfBelow((y, p) -> weighted(p, k -> components.get(k).rules().cdfBelow(y, part(p, k))));
      row.distances(new MixtureDistances(this));
    }
    if (components.stream().allMatch(part -> part.rules().hasSurvival())) {
      row.survival(
          (y, p) -> weighted(p, k -> components.get(k).rules().tails(y, part(p, k)).above()));
    }
    if (components.stream().anyMatch(part -> part.rules().isHeavy())) {
      row.heavyTails();
    }
    if (components.stream().allMatch(Family::canSample)) {
      int most = components.stream().mapToInt(part -> part.uniforms(1)).max().orElse(1);
      row.sampler(Sampler.perColumn(most, (u, p) -> draw(u, p, most)));
    }
    return row.build();
  }

  private String name() {
    return "mixture("
        + components.stream().map(Family::name).collect(Collectors.joining(", "))
        + ")";
  }

  /** The support of all, or the line. */
  private Support support() {
    Support first = components.get(0).support();
    boolean isSame = components.stream().allMatch(part -> part.support() == first);
    return isSame ? first : first.isDiscrete() ? Support.COUNT : Support.REAL;
  }

  List<LinkedValue> part(List<LinkedValue> theta, int k) {
    int from = components.size() - 1;
    for (int i = 0; i < k; i++) {
      from += components.get(i).parameters().size();
    }
    return theta.subList(from, from + components.get(k).parameters().size());
  }

  /** log softmax of the first {@code free} predictors and a zero before them. */
  private static List<Value> logWeights(List<LinkedValue> theta, int free) {
    List<Value> logits = new ArrayList<>();
    logits.add(mul(theta.get(0).value(), 0.0));
    theta.subList(0, free).forEach(p -> logits.add(p.value()));
    Value norm = logSumExp(logits);
    return logits.stream().map(x -> sub(x, norm)).toList();
  }

  /** The largest is taken out; it cancels in every derivative. A row of −∞ alone stays that. */
  private static Value logSumExp(List<Value> parts) {
    Value largest = parts.stream().reduce(Ops::max).orElseThrow();
    Value safe = max(largest, scalar(largest, -1e300));
    Value sum = parts.stream().map(x -> exp(sub(x, safe))).reduce(Ops::add).orElseThrow();
    return add(safe, log(sum));
  }

  /** Of the weights; 0 log 0 counts as 0, since log weights are finite. */
  private Value entropy(List<LinkedValue> theta) {
    return logWeights(theta, components.size() - 1).stream()
        .map(x -> mul(exp(x), Ops.neg(x)))
        .reduce(Ops::add)
        .orElseThrow();
  }

  private List<Value> joint(Value y, List<LinkedValue> theta) {
    List<Value> weights = logWeights(theta, components.size() - 1);
    List<Value> out = new ArrayList<>();
    for (int k = 0; k < components.size(); k++) {
      out.add(add(weights.get(k), density(y, theta, k)));
    }
    return out;
  }

  /** −∞ outside the component's own support where the mixture's is wider. */
  private Value density(Value y, List<LinkedValue> theta, int k) {
    Family component = components.get(k);
    if (component.support() == support()) {
      return component.rules().density(y, part(theta, k));
    }
    return Range.of(component.support())
        .density(y, v -> component.rules().density(v, part(theta, k)));
  }

  /** Σ of a value per component times the component's weight. */
  Value weighted(List<LinkedValue> theta, IntFunction<Value> property) {
    List<Value> weights = logWeights(theta, components.size() - 1);
    return IntStream.range(0, components.size())
        .mapToObj(k -> mul(exp(weights.get(k)), property.apply(k)))
        .reduce(Ops::add)
        .orElseThrow();
  }

  private Value mean(List<LinkedValue> theta) {
    return weighted(theta, k -> moment(theta, k, Family.Property.MEAN));
  }

  private Value moment(List<LinkedValue> theta, int k, Family.Property property) {
    return components.get(k).rules().property(property, part(theta, k));
  }

  /** Within and between the components. */
  private Value stddev(List<LinkedValue> theta) {
    Value mean = mean(theta);
    return sqrt(
        weighted(
            theta,
            k ->
                add(
                    square(moment(theta, k, Family.Property.STDDEV)),
                    square(sub(moment(theta, k, Family.Property.MEAN), mean)))));
  }

  private Value cdf(Value y, List<LinkedValue> theta) {
    return weighted(theta, k -> components.get(k).rules().cdf(y, part(theta, k)));
  }

  private Value draw(Value u, List<LinkedValue> theta, int uniforms) {
    List<Value> weights = logWeights(theta, components.size() - 1).stream().map(Ops::exp).toList();
    List<Component> draws = new ArrayList<>();
    for (int k = 0; k < components.size(); k++) {
      Family component = components.get(k);
      List<LinkedValue> own = part(theta, k);
      draws.add(
          first -> component.rules().sample(with(first, u, component.uniforms(1), uniforms), own));
    }
    return draw(weights, Sampler.part(u, 0, uniforms), draws);
  }

  /** What a component draws from a uniform number. */
  @FunctionalInterface
  interface Component {
    Value draw(Value first);
  }

  /** Uniforms of which the first part is another one, without those that are not needed. */
  static Value with(Value first, Value u, int needed, int parts) {
    List<Value> out = new ArrayList<>(List.of(first));
    for (int i = 1; i < needed; i++) {
      out.add(Sampler.part(u, i, parts));
    }
    return Ops.concat(out, 1);
  }

  /** Picks a component by a uniform number, of which what is left is uniform again. */
  static Value draw(List<Value> weights, Value u, List<Component> components) {
    Value start = mul(add(u, weights.get(0)), 0.0);
    Value out = start;
    for (int k = 0; k < components.size(); k++) {
      Value left = div(sub(u, start), weights.get(k));
      Value inside = max(min(left, scalar(u, Math.nextDown(1.0))), scalar(u, Double.MIN_NORMAL));
      Value drawn = components.get(k).draw(inside);
      out = k == 0 ? drawn : where(less(u, start), out, drawn);
      start = add(start, weights.get(k));
    }
    return out;
  }

  /** Components start apart: at means from one standard deviation below to one above. */
  private double[] start(Moments m) {
    List<Double> out = new ArrayList<>(Collections.nCopies(components.size() - 1, 0.0));
    for (int k = 0; k < components.size(); k++) {
      double shift = 2.0 * k / (components.size() - 1) - 1;
      Family component = components.get(k);
      double[] eta = component.startingValues(m.shifted(shift));
      for (int i = 0; i < eta.length; i++) {
        out.add(component.parameters().get(i).link().at(eta[i]));
      }
    }
    return out.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * A family with extra probability on some values; of a continuous family, point masses beside its
   * density.
   *
   * @throws FamilyException when there is no value, one is not finite, or the family is
   *     multivariate or a criterion
   */
  public static Family inflated(Family base, double... values) {
    requireDistribution("inflated", base);
    double[] points = Arrays.stream(values).sorted().distinct().toArray();
    if (points.length == 0
        || points.length != values.length
        || !Arrays.stream(points).allMatch(Double::isFinite)) {
      throw new FamilyException(
          "inflated: expected different finite values, got " + Arrays.toString(values));
    }
    return new Inflation(base, points).family("inflated(" + base.name() + ")");
  }

  static Family zeroAdjustedGamma() {
    return new Inflation(Families.named("gammar"), new double[] {0}).family("zero_adjusted_gamma");
  }

  static Family zeroOneInflatedBeta() {
    return new Inflation(Families.named("betar"), new double[] {0, 1})
        .family("zero_one_inflated_beta");
  }

  /** Log weights of the family first, then of the values. */
  static List<Value> inflationWeights(List<LinkedValue> theta, int values) {
    return logWeights(theta, values);
  }
}
