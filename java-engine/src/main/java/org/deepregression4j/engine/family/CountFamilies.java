package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.SpecialFunctions.expm1;
import static org.deepregression4j.engine.family.SpecialFunctions.lgamma;
import static org.deepregression4j.engine.family.SpecialFunctions.lgammaDifference;
import static org.deepregression4j.engine.family.SpecialFunctions.log1p;
import static org.deepregression4j.engine.family.SpecialFunctions.logAddExp;
import static org.deepregression4j.engine.family.SpecialFunctions.sigmoid;
import static org.deepregression4j.engine.family.SpecialFunctions.sigmoidStddev;
import static org.deepregression4j.engine.family.SpecialFunctions.softplus;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.equal;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.greater;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.relu;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.List;
import java.util.function.UnaryOperator;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** Families of counts and of yes or no. */
final class CountFamilies {
  private CountFamilies() {}

  static List<Family> rows() {
    return List.of(
        Family.named("bernoulli")
            .parameter("logits", Link.IDENTITY)
            .support(Support.BINARY)
            .logDensity((y, p) -> bernoulli(y, p.get(0).value()))
            .moments(p -> sigmoid(p.get(0).value()), p -> sigmoidStddev(p.get(0).value()))
            .start(m -> new double[] {Link.SIGMOID.inverse(m.mean())})
            .cdf((y, p) -> bernoulliCdf(y, p.get(0).value()))
            .mode(p -> bernoulliMode(p.get(0).value()))
            .entropy(p -> bernoulliEntropy(p.get(0).value()))
            .build(),
        Family.named("bernoulli_prob")
            .parameter("probs", Link.SIGMOID)
            .support(Support.BINARY)
            .logDensity((y, p) -> bernoulli(y, p.get(0).logit()))
            .moments(p -> p.get(0).value(), p -> sigmoidStddev(p.get(0).logit()))
            .start(m -> new double[] {m.mean()})
            .cdf((y, p) -> bernoulliCdf(y, p.get(0).logit()))
            .mode(p -> bernoulliMode(p.get(0).logit()))
            .entropy(p -> bernoulliEntropy(p.get(0).logit()))
            .build(),
        Family.named("poisson")
            .parameter("rate", Link.EXP)
            .support(Support.COUNT)
            .logDensity((y, p) -> poisson(y, p.get(0).log()))
            .moments(p -> p.get(0).value(), p -> exp(mul(p.get(0).log(), 0.5)))
            .start(m -> new double[] {m.mean()})
            .cdf((y, p) -> IncompleteGamma.upper(add(y, 1.0), p.get(0).value()))
            .survival((y, p) -> IncompleteGamma.lower(add(y, 1.0), p.get(0).value()))
            .mode(p -> floor(p.get(0).value()))
            .build(),
        Family.named("poisson_lograte")
            .parameter("log_rate", Link.IDENTITY)
            .support(Support.COUNT)
            .logDensity((y, p) -> poisson(y, p.get(0).value()))
            .moments(p -> exp(p.get(0).value()), p -> exp(mul(p.get(0).value(), 0.5)))
            .start(m -> new double[] {Math.log(m.mean())})
            .cdf((y, p) -> IncompleteGamma.upper(add(y, 1.0), exp(p.get(0).value())))
            .survival((y, p) -> IncompleteGamma.lower(add(y, 1.0), exp(p.get(0).value())))
            .mode(p -> floor(exp(p.get(0).value())))
            .build(),
        Family.named("geometric")
            .parameter("probs", Link.SIGMOID)
            .support(Support.COUNT)
            .logDensity((y, p) -> geometric(y, p.get(0)))
            .moments(
                p -> exp(neg(p.get(0).logit())),
                p -> exp(sub(mul(p.get(0).logComplement(), 0.5), p.get(0).log())))
            .start(m -> new double[] {1 / (1 + m.mean())})
            .cdf((y, p) -> neg(expm1(mul(add(y, 1.0), p.get(0).logComplement()))))
            .mode(p -> mul(p.get(0).eta(), 0.0))
            .entropy(p -> div(bernoulliEntropy(p.get(0).logit()), p.get(0).value()))
            .build(),
        Family.named("negbinom")
            .parameter("total_count", Link.EXP)
            .parameter("probs", Link.SIGMOID)
            .support(Support.COUNT)
            .logDensity((y, p) -> negbinom(y, p.get(0).value(), p.get(1)))
            .moments(p -> negbinomMean(p), p -> negbinomStddev(p))
            .start(m -> new double[] {m.mean() / excess(m), 1 - 1 / (1 + excess(m))})
            .cdf(
                (y, p) ->
                    IncompleteBeta.of(
                        p.get(0).value(), add(y, 1.0), p.get(1).logComplement(), p.get(1).log()))
            .survival(
                (y, p) ->
                    IncompleteBeta.of(
                        add(y, 1.0), p.get(0).value(), p.get(1).log(), p.get(1).logComplement()))
            .mode(p -> floor(mul(relu(sub(p.get(0).value(), 1.0)), exp(p.get(1).logit()))))
            .build(),
        Family.named("negbinom_ls")
            .parameter("mu", Link.EXP)
            .parameter("r", Link.EXP)
            .support(Support.COUNT)
            .logDensity((y, p) -> meanNegbinom(y, p.get(0), p.get(1)))
            .moments(p -> p.get(0).value(), p -> sqrt(meanNegbinomVariance(p)))
            .start(m -> new double[] {m.mean(), m.mean() / excess(m)})
            .cdf((y, p) -> meanNegbinomCdf(y, p.get(0), p.get(1)))
            .survival((y, p) -> meanNegbinomSurvival(y, p.get(0), p.get(1)))
            .mode(p -> meanNegbinomMode(p))
            .build(),
        Family.named("zip")
            .parameter("lambda", Link.EXP)
            .parameter("prob", Link.SIGMOID)
            .support(Support.COUNT)
            .logDensity((y, p) -> zeroInflatedPoisson(y, p.get(0), p.get(1)))
            .moments(
                p -> mul(p.get(1).value(), p.get(0).value()),
                p -> inflatedStddev(p.get(0).value(), p.get(0).value(), p.get(1)))
            .start(m -> new double[] {m.mean() / (1 - m.zeros() / 2), 1 - m.zeros() / 2})
            .cdf(
                (y, p) ->
                    inflatedCdf(IncompleteGamma.upper(add(y, 1.0), p.get(0).value()), p.get(1)))
            .mode(
                p ->
                    orZero(
                        floor(p.get(0).value()), y -> zeroInflatedPoisson(y, p.get(0), p.get(1))))
            .build(),
        Family.named("zinb")
            .parameter("mu", Link.EXP)
            .parameter("r", Link.EXP)
            .parameter("prob", Link.SIGMOID)
            .support(Support.COUNT)
            .logDensity((y, p) -> zeroInflatedNegbinom(y, p.get(0), p.get(1), p.get(2)))
            .moments(
                p -> mul(p.get(2).value(), p.get(0).value()),
                p -> inflatedStddev(p.get(0).value(), meanNegbinomVariance(p), p.get(2)))
            .start(m -> new double[] {m.mean() / (1 - m.zeros() / 2), 1, 1 - m.zeros() / 2})
            .cdf((y, p) -> inflatedCdf(meanNegbinomCdf(y, p.get(0), p.get(1)), p.get(2)))
            .mode(
                p ->
                    orZero(
                        meanNegbinomMode(p),
                        y -> zeroInflatedNegbinom(y, p.get(0), p.get(1), p.get(2))))
            .build());
  }

  /** variance / mean − 1, at least a little. */
  private static double excess(Moments m) {
    return Math.max(m.variance() / m.mean() - 1, 0.05);
  }

  private static Value bernoulli(Value y, Value logits) {
    return sub(mul(y, logits), softplus(logits));
  }

  /** y log λ − λ − lgamma(y + 1). */
  static Value poisson(Value y, Value logRate) {
    return sub(sub(mul(y, logRate), exp(logRate)), lgamma(add(y, 1.0)));
  }

  /** Failures before the first success: log p + y log(1 − p). */
  private static Value geometric(Value y, LinkedValue probs) {
    return add(probs.log(), mul(y, probs.logComplement()));
  }

  /** lgamma(y + r) − lgamma(r) − lgamma(y + 1). */
  private static Value logChoose(Value y, Value r) {
    return sub(lgammaDifference(r, y), lgamma(add(y, 1.0)));
  }

  /** Successes of probability p before r failures: y log p + r log(1 − p). */
  private static Value negbinom(Value y, Value r, LinkedValue probs) {
    Value powers = add(mul(y, probs.logit()), mul(add(y, r), probs.logComplement()));
    return add(logChoose(y, r), powers);
  }

  private static Value negbinomMean(List<LinkedValue> p) {
    return mul(p.get(0).value(), exp(p.get(1).logit()));
  }

  private static Value negbinomStddev(List<LinkedValue> p) {
    return mul(sqrt(negbinomMean(p)), exp(mul(p.get(1).logComplement(), -0.5)));
  }

  /** Negative binomial with mean mu and variance mu + mu² / r, which is poisson for large r. */
  private static Value meanNegbinom(Value y, LinkedValue mu, LinkedValue r) {
    Value logRatio = sub(mu.log(), r.log());
    return meanNegbinom(y, r.value(), logRatio, log1p(exp(logRatio)));
  }

  private static Value meanNegbinom(Value y, Value r, Value logRatio, Value log1pRatio) {
    Value powers = sub(mul(y, logRatio), mul(add(y, r), log1pRatio));
    return add(logChoose(y, r), powers);
  }

  private static Value meanNegbinomVariance(List<LinkedValue> p) {
    Value mu = p.get(0).value();
    return mul(mu, add(mul(mu, p.get(1).reciprocal()), 1.0));
  }

  private static Value zeroInflatedPoisson(Value y, LinkedValue rate, LinkedValue prob) {
    return inflated(y, poisson(y, rate.log()), neg(rate.value()), prob);
  }

  private static Value zeroInflatedNegbinom(
      Value y, LinkedValue mu, LinkedValue r, LinkedValue prob) {
    Value logRatio = sub(mu.log(), r.log());
    Value log1pRatio = log1p(exp(logRatio));
    Value count = meanNegbinom(y, r.value(), logRatio, log1pRatio);
    return inflated(y, count, neg(mul(r.value(), log1pRatio)), prob);
  }

  /**
   * Zeros beside a count: weight {@code prob} on the count, the rest on zero. The log-density of
   * the count at zero comes on its own, so that the gradient needs no lgamma(y + 1).
   */
  private static Value inflated(Value y, Value count, Value countAtZero, LinkedValue prob) {
    Value weight = prob.log();
    Value atZero = logAddExp(prob.logComplement(), add(weight, countAtZero));
    return where(equal(y, scalar(y, 0)), atZero, add(weight, count));
  }

  private static Value inflatedStddev(Value mean, Value variance, LinkedValue prob) {
    Value between = mul(mul(mean, mean), exp(prob.logComplement()));
    return sqrt(mul(prob.value(), add(variance, between)));
  }

  private static Value bernoulliCdf(Value y, Value logits) {
    Value zero = mul(logits, 0.0);
    return where(less(add(y, zero), scalar(y, 1)), sigmoid(neg(logits)), add(zero, 1.0));
  }

  private static Value bernoulliMode(Value logits) {
    return Ops.cast(greater(logits, scalar(logits, 0)), logits.type());
  }

  /** softplus(x) − x sigmoid(x), from the side where it does not cancel. */
  private static Value bernoulliEntropy(Value logits) {
    Value x = neg(Ops.abs(logits));
    return sub(SpecialFunctions.exactSoftplus(x), mul(x, sigmoid(x)));
  }

  private static Value meanNegbinomMode(List<LinkedValue> p) {
    return floor(mul(p.get(0).value(), relu(sub(1.0, p.get(1).reciprocal()))));
  }

  /** A count, or zero where that is more likely. */
  private static Value orZero(Value count, UnaryOperator<Value> logProbability) {
    Value zero = mul(count, 0.0);
    Value atZero = logProbability.apply(zero);
    return where(greater(logProbability.apply(count), atZero), count, zero);
  }

  private static Value floor(Value x) {
    return Ops.apply(Op.FLOOR, x);
  }

  /** I(r / (r + mu); r, y + 1). */
  private static Value meanNegbinomCdf(Value y, LinkedValue mu, LinkedValue r) {
    Value logRatio = sub(mu.log(), r.log());
    Value logX = neg(SpecialFunctions.exactSoftplus(logRatio));
    Value logRest = neg(SpecialFunctions.exactSoftplus(neg(logRatio)));
    return IncompleteBeta.of(r.value(), add(y, 1.0), logX, logRest);
  }

  /** I(mu / (r + mu); y + 1, r), from its own side. */
  private static Value meanNegbinomSurvival(Value y, LinkedValue mu, LinkedValue r) {
    Value logRatio = sub(mu.log(), r.log());
    Value logX = neg(SpecialFunctions.exactSoftplus(neg(logRatio)));
    Value logRest = neg(SpecialFunctions.exactSoftplus(logRatio));
    return IncompleteBeta.of(add(y, 1.0), r.value(), logX, logRest);
  }

  private static Value inflatedCdf(Value count, LinkedValue prob) {
    return add(exp(prob.logComplement()), mul(prob.value(), count));
  }
}
