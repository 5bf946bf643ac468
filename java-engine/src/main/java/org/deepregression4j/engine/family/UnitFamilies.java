package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.SpecialFunctions.digamma;
import static org.deepregression4j.engine.family.SpecialFunctions.expm1;
import static org.deepregression4j.engine.family.SpecialFunctions.lbeta;
import static org.deepregression4j.engine.family.SpecialFunctions.log1mexp;
import static org.deepregression4j.engine.family.SpecialFunctions.log1p;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.greater;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.relu;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.List;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** Families between zero and one. */
final class UnitFamilies {
  private static final double EULER = 0.57721566490153286061;

  private UnitFamilies() {}

  static List<Family> rows() {
    return List.of(
        Family.named("beta")
            .parameter("concentration1", Link.EXP)
            .parameter("concentration0", Link.EXP)
            .support(Support.UNIT_OPEN)
            .logDensity((y, p) -> beta(y, p.get(0).value(), p.get(1).value()))
            .moments(
                p -> div(p.get(0).value(), add(p.get(0).value(), p.get(1).value())),
                p -> betaStddev(p.get(0).value(), p.get(1).value()))
            .start(m -> new double[] {m.mean() * size(m), (1 - m.mean()) * size(m)})
            .cdf((y, p) -> betaCdf(y, p.get(0).value(), p.get(1).value()))
            .distances(betaDistances(p -> p.get(0).value(), p -> p.get(1).value()))
            .mode(p -> betaMode(p.get(0).value(), p.get(1).value()))
            .entropy(p -> betaEntropy(p.get(0).value(), p.get(1).value()))
            .build(),
        Family.named("betar")
            .parameter("mu", Link.SIGMOID)
            .parameter("sigma", Link.SIGMOID)
            .support(Support.UNIT_OPEN)
            .logDensity((y, p) -> meanBeta(y, p.get(0), p.get(1)))
            .moments(p -> p.get(0).value(), p -> meanBetaStddev(p))
            .start(m -> new double[] {m.mean(), 1 / Math.sqrt(size(m) + 1)})
            .cdf(
                (y, p) ->
                    betaCdf(y, firstShape(p.get(0), p.get(1)), secondShape(p.get(0), p.get(1))))
            .distances(
                betaDistances(
                    p -> firstShape(p.get(0), p.get(1)), p -> secondShape(p.get(0), p.get(1))))
            .mode(p -> betaMode(firstShape(p.get(0), p.get(1)), secondShape(p.get(0), p.get(1))))
            .entropy(
                p -> betaEntropy(firstShape(p.get(0), p.get(1)), secondShape(p.get(0), p.get(1))))
            .build(),
        Family.named("kumaraswamy")
            .parameter("concentration1", Link.EXP)
            .parameter("concentration0", Link.EXP)
            .support(Support.UNIT_OPEN)
            .logDensity((y, p) -> kumaraswamy(y, p.get(0), p.get(1)))
            .moments(p -> exp(logMoment(p, 1)), p -> kumaraswamyStddev(p))
            .start(m -> new double[] {m.mean() * size(m), (1 - m.mean()) * size(m)})
            .cdf((y, p) -> kumaraswamyCdf(y, p), (u, p) -> kumaraswamyQuantile(u, p))
            .mode(p -> kumaraswamyMode(p.get(0), p.get(1)))
            .entropy(p -> kumaraswamyEntropy(p))
            .build());
  }

  /** a + b by moments. */
  private static double size(Moments m) {
    return m.mean() * (1 - m.mean()) / m.variance() - 1;
  }

  private static Value beta(Value y, Value a, Value b) {
    Value powers = add(mul(sub(a, 1.0), log(y)), mul(sub(b, 1.0), log1p(neg(y))));
    return sub(powers, lbeta(a, b));
  }

  /** y (1 − y) / (a + b) for the kernel. */
  private static Distances betaDistances(Family.Statistic first, Family.Statistic second) {
    return new PearsonDistances(
        (y, p) -> div(mul(y, sub(1.0, y)), add(first.at(p), second.at(p))),
        p -> {
          Value a = first.at(p);
          Value b = second.at(p);
          Value both = mul(PearsonDistances.inverseBeta(a), PearsonDistances.inverseBeta(b));
          Value total = add(a, b);
          return div(both, mul(PearsonDistances.inverseBeta(total), total));
        });
  }

  private static Value betaStddev(Value a, Value b) {
    Value total = add(a, b);
    return div(sqrt(div(mul(a, b), add(total, 1.0))), total);
  }

  /**
   * Beta with mean mu and a + b = (1 − sigma²) / sigma², so that sd² = mu (1 − mu) sigma². With the
   * odds of sigma upside down, e = (1 − sigma) / sigma, this is a + b = e (e + 2).
   */
  private static Value meanBeta(Value y, LinkedValue mu, LinkedValue sigma) {
    Value e = exp(neg(sigma.logit()));
    Value a = mul(mu.value(), mul(e, add(e, 2.0)));
    return beta(y, a, mul(a, exp(neg(mu.logit()))));
  }

  private static Value meanBetaStddev(List<LinkedValue> p) {
    Value spread = exp(mul(add(p.get(0).log(), p.get(0).logComplement()), 0.5));
    return mul(spread, p.get(1).value());
  }

  private static Value kumaraswamy(Value y, LinkedValue a, LinkedValue b) {
    Value logs = add(a.log(), b.log());
    Value x = mul(a.value(), log(y));
    Value powers = add(sub(x, log(y)), mul(sub(b.value(), 1.0), log1mexp(x)));
    return add(logs, powers);
  }

  /** log E y^r = log b + log B(1 + r / a, b). */
  private static Value logMoment(List<LinkedValue> p, double r) {
    Value first = add(mul(p.get(0).reciprocal(), r), 1.0);
    return add(p.get(1).log(), lbeta(first, p.get(1).value()));
  }

  private static Value kumaraswamyStddev(List<LinkedValue> p) {
    Value log1 = logMoment(p, 1);
    return mul(exp(log1), sqrt(expm1(sub(logMoment(p, 2), mul(log1, 2.0)))));
  }

  /** The distribution function of the beta. */
  static Value betaCdf(Value y, Value a, Value b) {
    return IncompleteBeta.of(a, b, log(y), log1p(neg(y)));
  }

  /** Inside only where both shapes exceed one; otherwise at the border with the smaller shape. */
  private static Value betaMode(Value a, Value b) {
    Value first = relu(sub(a, 1.0));
    Value second = relu(sub(b, 1.0));
    Value total = add(first, second);
    Value isInside = greater(total, scalar(total, 0));
    Value border = Ops.cast(greater(a, b), a.type());
    return where(isInside, div(first, where(isInside, total, scalar(total, 1))), border);
  }

  /** ((a − 1) / (a b − 1))^(1 / a) between the borders that shapes below one lead to. */
  private static Value kumaraswamyMode(LinkedValue a, LinkedValue b) {
    Value first = relu(sub(a.value(), 1.0));
    // a b − 1 = (a − 1) + a (b − 1).
    Value second = mul(a.value(), relu(sub(b.value(), 1.0)));
    Value total = add(first, second);
    Value isInside = greater(total, scalar(total, 0));
    Value share = div(first, where(isInside, total, scalar(total, 1)));
    Value border = Ops.cast(greater(a.value(), b.value()), first.type());
    return where(isInside, Ops.pow(share, a.reciprocal()), border);
  }

  private static Value betaEntropy(Value a, Value b) {
    Value parts = add(mul(sub(a, 1.0), digamma(a)), mul(sub(b, 1.0), digamma(b)));
    Value total = add(a, b);
    return add(sub(lbeta(a, b), parts), mul(sub(total, 2.0), digamma(total)));
  }

  private static Value firstShape(LinkedValue mu, LinkedValue sigma) {
    Value e = exp(neg(sigma.logit()));
    return mul(mu.value(), mul(e, add(e, 2.0)));
  }

  private static Value secondShape(LinkedValue mu, LinkedValue sigma) {
    return mul(firstShape(mu, sigma), exp(neg(mu.logit())));
  }

  private static Value kumaraswamyCdf(Value y, List<LinkedValue> p) {
    Value x = mul(p.get(0).value(), log(y));
    return neg(expm1(mul(p.get(1).value(), log1mexp(x))));
  }

  private static Value kumaraswamyQuantile(Value u, List<LinkedValue> p) {
    Value x = log1mexp(mul(log1p(neg(u)), p.get(1).reciprocal()));
    return exp(mul(x, p.get(0).reciprocal()));
  }

  /** 1 − 1 / b + (1 − 1 / a) H_b − log(a b) with the harmonic number H_b. */
  private static Value kumaraswamyEntropy(List<LinkedValue> p) {
    Value harmonic = add(digamma(add(p.get(1).value(), 1.0)), EULER);
    Value main =
        add(sub(1.0, p.get(1).reciprocal()), mul(sub(1.0, p.get(0).reciprocal()), harmonic));
    return sub(main, add(p.get(0).log(), p.get(1).log()));
  }
}
