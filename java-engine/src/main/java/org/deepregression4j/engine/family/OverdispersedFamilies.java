package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.RealFamilies.above;
import static org.deepregression4j.engine.family.RealFamilies.zeros;
import static org.deepregression4j.engine.family.SpecialFunctions.exactSoftplus;
import static org.deepregression4j.engine.family.SpecialFunctions.lgamma;
import static org.deepregression4j.engine.family.SpecialFunctions.sigmoid;
import static org.deepregression4j.engine.family.SpecialFunctions.softplus;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.concat;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.greater;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.relu;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.split;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.List;
import java.util.function.UnaryOperator;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** Counts beyond binomial and Poisson, and counts of a given number of trials. */
final class OverdispersedFamilies {
  private OverdispersedFamilies() {}

  static List<Family> rows() {
    return List.of(
        Family.named("generalized_poisson")
            .parameter("rate", Link.EXP)
            .parameter("dispersion", Link.SIGMOID)
            .support(Support.COUNT)
            .logDensity((y, p) -> generalizedPoisson(y, p.get(0), p.get(1)))
            .moments(
                p -> exp(sub(p.get(0).log(), p.get(1).logComplement())),
                p -> exp(sub(mul(p.get(0).log(), 0.5), mul(p.get(1).logComplement(), 1.5))))
            .cdfBySum(0, Double.POSITIVE_INFINITY)
            .start(m -> new double[] {m.mean() * 0.8, 0.2})
            .build(),
        Family.named("zipf")
            .parameter("power_above_one", Link.EXP)
            .support(Support.POSITIVE_COUNT)
            .logDensity((y, p) -> neg(add(mul(power(p), log(y)), log(Zeta.of(p.get(0).value())))))
            .moments(p -> zipfMean(p.get(0)), p -> zipfStddev(p.get(0)))
            .cdf((y, p) -> zipfShare(Zeta.partial(p.get(0).value(), y), p))
            .survival((y, p) -> zipfShare(Zeta.tail(p.get(0).value(), add(y, 1.0)), p))
            .heavyTails()
            .mode(p -> add(zeros(p.get(0)), 1.0))
            .build());
  }

  /**
   * Successes of a fixed number of trials, or, without one, of a response of two columns
   * (successes, failures), of which mean, standard deviation and samples are those of one trial.
   */
  static Family binomial(double trials) {
    FamilyBuilder row = Family.named("binomial").parameter("logits", Link.IDENTITY);
    if (Double.isNaN(trials)) {
      return row.support(Support.COUNTS)
          .scalarPredictors(2, m -> new double[] {Math.log(m.get(0).mean() / m.get(1).mean())})
          .logDensity((y, p) -> twoColumns(y, p.get(0).value()))
          .moments(p -> sigmoid(p.get(0).value()), p -> sigmoidStddev(p.get(0)))
          .sampler(Sampler.perRow(1, (u, p) -> oneTrial(u, p.get(0).value())))
          .build();
    }
    requireWhole("binomial", trials);
    return row.support(Support.COUNT)
        .logDensity((y, p) -> upTo(y, trials, k -> binomial(k, trials, p.get(0).value())))
        .moments(
            p -> mul(sigmoid(p.get(0).value()), trials),
            p -> mul(sigmoidStddev(p.get(0)), Math.sqrt(trials)))
        .cdf((y, p) -> binomialCdf(y, trials, p.get(0).value()))
        .mode(p -> binomialMode(p.get(0).value(), trials))
        .start(m -> new double[] {Link.SIGMOID.inverse(m.mean() / trials)})
        .build();
  }

  /** Binomial with beta probability. */
  static Family betaBinomial(double trials) {
    requireWhole("beta_binomial", trials);
    return Family.named("beta_binomial")
        .parameter("concentration1", Link.EXP)
        .parameter("concentration0", Link.EXP)
        .support(Support.COUNT)
        .logDensity(
            (y, p) ->
                upTo(
                    y,
                    trials,
                    k -> betaBinomial(k, scalar(k, trials), p.get(0).value(), p.get(1).value())))
        .moments(p -> mul(share(p), trials), p -> betaBinomialStddev(p, trials))
        .cdfBySum(0, trials)
        .mode(p -> betaBinomialMode(p.get(0).value(), p.get(1).value(), trials))
        .build();
  }

  /** −∞ beyond the number of trials. */
  private static Value upTo(Value y, double trials, UnaryOperator<Value> logProbability) {
    Value last = scalar(y, trials);
    Value inside = logProbability.apply(min(y, last));
    return where(greater(y, last), scalar(y, Double.NEGATIVE_INFINITY), inside);
  }

  static void requireWhole(String family, double trials) {
    if (!(trials >= 1 && trials == Math.rint(trials))) {
      throw new FamilyException(
          "family '" + family + "': expected a whole number of trials from 1 on, got " + trials);
    }
  }

  private static Value sigmoidStddev(LinkedValue logits) {
    return SpecialFunctions.sigmoidStddev(logits.value());
  }

  /** A success, (1, 0), with the probability of one. */
  private static Value oneTrial(Value u, Value logits) {
    Value success = Ops.cast(less(u, sigmoid(logits)), logits.type());
    return concat(List.of(success, sub(1.0, success)), 1);
  }

  private static Value twoColumns(Value y, Value logits) {
    List<Value> columns = split(y, 1, 1, 1);
    Value all = add(columns.get(0), columns.get(1));
    Value powers = sub(mul(columns.get(0), logits), mul(all, softplus(logits)));
    return add(logChoose(columns.get(0), columns.get(1)), powers);
  }

  private static Value logChoose(Value y, Value rest) {
    return SpecialFunctions.lchoose(add(y, rest), y);
  }

  private static Value binomial(Value y, double trials, Value logits) {
    Value powers = sub(mul(y, logits), mul(softplus(logits), trials));
    return add(logChoose(y, sub(trials, y)), powers);
  }

  private static Value binomialCdf(Value y, double trials, Value logits) {
    Value k = min(y, scalar(y, Math.max(trials - 1, 0)));
    Value logX = neg(exactSoftplus(logits));
    Value logRest = neg(exactSoftplus(neg(logits)));
    Value p = IncompleteBeta.of(sub(trials, k), add(k, 1.0), logX, logRest);
    return where(less(add(y, mul(p, 0.0)), scalar(y, trials)), p, scalar(p, 1));
  }

  private static Value binomialMode(Value logits, double trials) {
    Value mode = Ops.apply(Op.FLOOR, mul(sigmoid(logits), trials + 1));
    return min(mode, scalar(mode, trials));
  }

  /** log p of y in so many trials. */
  static Value betaBinomial(Value y, Value trials, Value a, Value b) {
    Value failures = sub(trials, y);
    Value total = add(a, b);
    Value n = add(add(y, failures), mul(total, 0.0));
    List<Value> rising =
        SideBySide.of(
            SpecialFunctions::lgammaDifference,
            List.of(like(a, n), like(b, n), total),
            List.of(like(y, n), like(failures, n), n));
    Value powers = sub(add(rising.get(0), rising.get(1)), rising.get(2));
    return add(logChoose(y, failures), powers);
  }

  /** The value in the shape of another one. */
  private static Value like(Value x, Value other) {
    return x.shape().equals(other.shape()) ? x : add(x, mul(other, 0.0));
  }

  /**
   * p(k + 1) ≥ p(k) where k (a + b − 2) ≤ n (a − 1) + 1 − b; with both shapes below one the larger
   * end.
   */
  private static Value betaBinomialMode(Value a, Value b, double n) {
    Value sum = sub(add(a, b), 2.0);
    Value lead = sub(add(mul(sub(a, 1.0), n), 1.0), b);
    Value isPeak = greater(sum, scalar(sum, 0));
    Value last = Ops.apply(Op.FLOOR, div(lead, where(isPeak, sum, scalar(sum, 1))));
    Value inside = min(relu(add(last, 1.0)), scalar(sum, n));
    return where(isPeak, inside, mul(Ops.cast(greater(a, b), a.type()), n));
  }

  /** The first count from 0 to {@code last} at which the summed probabilities reach p. */
  static Value walk(Value p, Value last, UnaryOperator<Value> logProbability) {
    Value level = add(p, mul(last, 0.0));
    Value found = Inversion.walk(level, 0, k -> exp(logProbability.apply(min(k, last))));
    return min(found, last);
  }

  private static Value share(List<LinkedValue> p) {
    return sigmoid(sub(p.get(0).log(), p.get(1).log()));
  }

  private static Value betaBinomialStddev(List<LinkedValue> p, double trials) {
    Value total = add(p.get(0).value(), p.get(1).value());
    Value spread = mul(div(add(total, trials), add(total, 1.0)), trials);
    Value logits = sub(p.get(0).log(), p.get(1).log());
    return mul(SpecialFunctions.sigmoidStddev(logits), sqrt(spread));
  }

  /** log θ + (y − 1) log(θ + λ y) − θ − λ y − log y!. Source: Consul and Jain (1973). */
  private static Value generalizedPoisson(Value y, LinkedValue rate, LinkedValue dispersion) {
    Value sum = add(rate.value(), mul(y, dispersion.value()));
    Value powers = add(rate.log(), mul(sub(y, 1.0), log(sum)));
    return sub(sub(powers, sum), lgamma(add(y, 1.0)));
  }

  private static Value power(List<LinkedValue> p) {
    return add(p.get(0).value(), 1.0);
  }

  private static Value zipfShare(Value sum, List<LinkedValue> p) {
    return div(sum, Zeta.of(p.get(0).value()));
  }

  /** ζ(s − 1) / ζ(s), infinite for s up to 2. */
  private static Value zipfMean(LinkedValue excess) {
    Value e = excess.value();
    Value lower = max(sub(e, 1.0), scalar(e, Double.MIN_NORMAL));
    return above(excess, 1, div(Zeta.of(lower), Zeta.of(e)), Double.POSITIVE_INFINITY);
  }

  /** Of Y − 1, whose moments do not cancel where nearly all counts are one. */
  private static Value zipfStddev(LinkedValue excess) {
    Value none = zipfTail(excess, 0);
    Value one = zipfTail(excess, 1);
    Value squares = add(sub(zipfTail(excess, 2), mul(one, 2.0)), none);
    Value zeta = Zeta.of(excess.value());
    Value variance = sub(div(squares, zeta), square(div(sub(one, none), zeta)));
    return above(excess, 2, sqrt(relu(variance)), Double.POSITIVE_INFINITY);
  }

  /** Σ k^(r − s) from 2 on. */
  private static Value zipfTail(LinkedValue excess, double r) {
    Value e = sub(excess.value(), r);
    return Zeta.tail(max(e, scalar(e, Double.MIN_NORMAL)), scalar(e, 2));
  }
}
