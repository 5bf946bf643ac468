package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.SpecialFunctions.exactSoftplus;
import static org.deepregression4j.engine.family.SpecialFunctions.log1mexp;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.equal;
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
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** One of K classes, coded 1 to K, with one-column predictors. */
final class OrdinalFamilies {
  /** Below minus that, and above that, no distribution here has any probability. */
  private static final double NOWHERE = 1000;

  private OrdinalFamilies() {}

  /** P(Y ≤ k) = G(cutpoint_k − loc); cutpoints are the first one plus positive steps. */
  static Family ordered(
      String name,
      double categories,
      BinaryOperator<Value> logDifference,
      UnaryOperator<Value> logCdf) {
    int k = requireCategories(name, categories);
    FamilyBuilder row =
        Family.named(name).parameter("loc", Link.IDENTITY).parameter("cutpoint_1", Link.IDENTITY);
    for (int i = 2; i < k; i++) {
      row.parameter("step_" + i, Link.EXP);
    }
    return row.support(Support.POSITIVE_COUNT)
        .logDensity((y, p) -> density(y, p, logDifference))
        .moments(
            p -> moment(logProbabilities(p, logDifference, logCdf), false),
            p -> moment(logProbabilities(p, logDifference, logCdf), true))
        .cdf((y, p) -> total(y, logProbabilities(p, logDifference, logCdf)))
        .mode(p -> largest(logProbabilities(p, logDifference, logCdf)))
        .entropy(p -> entropy(logProbabilities(p, logDifference, logCdf)))
        .start(m -> start(k))
        .build();
  }

  static Family logit(double categories) {
    return ordered(
        "ordered_logit",
        categories,
        OrdinalFamilies::logLogisticDifference,
        x -> neg(exactSoftplus(neg(x))));
  }

  static Family probit(double categories) {
    return ordered(
        "ordered_probit", categories, NormalTail::logMass, SpecialFunctions::logNormalCdf);
  }

  /** Classes without order: log-odds against the first. */
  static Family categorical(double categories) {
    int k = requireCategories("categorical", categories);
    FamilyBuilder row = Family.named("categorical");
    for (int i = 2; i <= k; i++) {
      row.parameter("logits_" + i, Link.IDENTITY);
    }
    return row.support(Support.POSITIVE_COUNT)
        .logDensity((y, p) -> choose(y, softmax(p)))
        .moments(p -> moment(softmax(p), false), p -> moment(softmax(p), true))
        .cdf((y, p) -> total(y, softmax(p)))
        .mode(p -> largest(softmax(p)))
        .entropy(p -> entropy(softmax(p)))
        .build();
  }

  private static int requireCategories(String name, double categories) {
    if (!(categories >= 2 && categories == Math.rint(categories) && categories <= 1000)) {
      throw new FamilyException(
          "family '" + name + "': expected from 2 to 1000 categories, got " + categories);
    }
    return (int) categories;
  }

  private static double[] start(int k) {
    double[] out = new double[k];
    out[1] = -Math.log(k - 1.0);
    Arrays.fill(out, 2, k, 2.0 * Math.log(k) / k);
    return out;
  }

  /** log(σ(a + width) − σ(a)) for a positive width, which a sum with a would round. */
  private static Value logLogisticDifference(Value a, Value width) {
    Value tails = add(exactSoftplus(a), exactSoftplus(neg(add(a, width))));
    return sub(log1mexp(neg(width)), tails);
  }

  /** cutpoint_k − loc for k = 1 to K − 1. */
  private static List<Value> cuts(List<LinkedValue> p) {
    List<Value> out = new ArrayList<>();
    out.add(sub(p.get(1).value(), p.get(0).value()));
    for (int i = 2; i < p.size(); i++) {
      out.add(add(out.get(i - 2), p.get(i).value()));
    }
    return out;
  }

  /**
   * log P(Y = y) from the two cutpoints beside y alone: second derivatives of all classes'
   * probabilities would be a graph that takes half a minute to load. The last class has no upper
   * cutpoint, nor has the first, seen from above: a width that leaves no probability beyond stands
   * for it. −∞ for what is no class.
   */
  private static Value density(Value y, List<LinkedValue> p, BinaryOperator<Value> logDifference) {
    List<Value> cuts = cuts(p);
    int classes = cuts.size() + 1;
    Value first = neg(cuts.get(0));
    Value last = cuts.get(classes - 2);
    Value end = where(equal(y, scalar(y, 1)), first, last);
    Value lower = max(end, scalar(end, -NOWHERE));
    Value width = add(mul(lower, 0.0), 2 * NOWHERE);
    for (int k = 2; k < classes; k++) {
      Value isHere = equal(y, scalar(y, k));
      lower = where(isHere, cuts.get(k - 2), lower);
      width = where(isHere, p.get(k).value(), width);
    }
    Value isInside = Ops.apply(Op.AND, greater(y, scalar(y, 0)), less(y, scalar(y, classes + 1)));
    Value isClass = Ops.apply(Op.AND, isInside, equal(y, Ops.apply(Op.FLOOR, y)));
    return where(isClass, logDifference.apply(lower, width), scalar(y, Double.NEGATIVE_INFINITY));
  }

  private static List<Value> logProbabilities(
      List<LinkedValue> p, BinaryOperator<Value> logDifference, UnaryOperator<Value> logCdf) {
    List<Value> cuts = cuts(p);
    List<Value> out = new ArrayList<>(List.of(logCdf.apply(cuts.get(0))));
    for (int k = 2; k <= cuts.size(); k++) {
      out.add(logDifference.apply(cuts.get(k - 2), p.get(k).value()));
    }
    out.add(logCdf.apply(neg(cuts.get(cuts.size() - 1))));
    return out;
  }

  private static List<Value> softmax(List<LinkedValue> p) {
    Value largest = relu(p.get(0).value());
    for (LinkedValue parameter : p) {
      largest = max(largest, parameter.value());
    }
    Value sum = exp(neg(largest));
    for (LinkedValue parameter : p) {
      sum = add(sum, exp(sub(parameter.value(), largest)));
    }
    Value norm = add(largest, log(sum));
    List<Value> out = new ArrayList<>(List.of(neg(norm)));
    p.forEach(parameter -> out.add(sub(parameter.value(), norm)));
    return out;
  }

  /** The entry of class y; −∞ for a code that is no class. */
  private static Value choose(Value y, List<Value> logs) {
    Value out = scalar(y, Double.NEGATIVE_INFINITY);
    for (int k = 0; k < logs.size(); k++) {
      out = where(equal(y, scalar(y, k + 1)), logs.get(k), out);
    }
    return out;
  }

  /** Of the class codes. */
  private static Value moment(List<Value> logs, boolean isStddev) {
    Value mean = weighted(logs, scalar(logs.get(0), 0), 1);
    return isStddev ? sqrt(weighted(logs, mean, 2)) : mean;
  }

  private static Value weighted(List<Value> logs, Value centre, int power) {
    Value sum = mul(logs.get(0), 0.0);
    for (int k = 0; k < logs.size(); k++) {
      Value distance = sub(k + 1.0, centre);
      sum = add(sum, mul(exp(logs.get(k)), power == 1 ? distance : square(distance)));
    }
    return sum;
  }

  /** The first of the most likely classes. */
  private static Value largest(List<Value> logs) {
    Value best = logs.get(0);
    Value out = add(mul(best, 0.0), 1.0);
    for (int k = 1; k < logs.size(); k++) {
      Value isLarger = greater(logs.get(k), best);
      out = where(isLarger, scalar(out, k + 1), out);
      best = max(best, logs.get(k));
    }
    return out;
  }

  private static Value entropy(List<Value> logs) {
    return neg(logs.stream().map(x -> mul(exp(x), x)).reduce(Ops::add).orElseThrow());
  }

  private static Value total(Value y, List<Value> logs) {
    Value sum = mul(logs.get(0), 0.0);
    for (int k = 0; k < logs.size(); k++) {
      Value isUp = less(y, scalar(y, k + 1));
      sum = add(sum, where(isUp, scalar(y, 0), exp(logs.get(k))));
    }
    Value isLast = less(y, scalar(y, logs.size()));
    return where(isLast, min(sum, scalar(y, 1)), scalar(y, 1));
  }
}
