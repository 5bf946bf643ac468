package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.unsqueeze;

import java.util.ArrayList;
import java.util.List;
import org.deepregression4j.onnx.graph.Value;

/**
 * Distances of a mixture of continuous families. E|Y − y| is that of the components, weighted; ½
 * E|Y − Y′| = ∫ F (1 − F) is integrated between their medians and the places where they bend, and
 * beyond them.
 */
record MixtureDistances(Mixture mixture) implements Distances {
  @Override
  public Value to(Family family, Value y, List<LinkedValue> theta) {
    return mixture.weighted(
        theta,
        k -> {
          Family part = mixture.components().get(k);
          return part.distances().to(part, y, mixture.part(theta, k));
        });
  }

  @Override
  public Value within(Family family, List<LinkedValue> theta) {
    List<Value> cuts = new ArrayList<>();
    Value scale = Distances.zeros(theta);
    for (int k = 0; k < mixture.components().size(); k++) {
      Family part = mixture.components().get(k);
      List<LinkedValue> own = mixture.part(theta, k);
      Value half = add(Distances.zeros(theta), 0.5);
      cuts.add(part.quantileAt(half, own));
      Value first = part.quantileAt(mul(half, 0.5), own);
      scale = max(scale, sub(part.quantileAt(mul(half, 1.5), own), first));
      part.bends(own).forEach(place -> cuts.add(add(place, Distances.zeros(theta))));
    }
    List<Value> sorted = sorted(cuts);
    DoubleExponential outside = DoubleExponential.halfLine();
    Value last = sorted.get(sorted.size() - 1);
    Value sum = integral(family, theta, sorted.get(0), mul(scale, -1), outside);
    sum = add(sum, integral(family, theta, last, scale, outside));
    for (int k = 1; k < sorted.size(); k++) {
      Value width = sub(sorted.get(k), sorted.get(k - 1));
      Value from = sorted.get(k - 1);
      sum = add(sum, integral(family, theta, from, width, DoubleExponential.fineUnit()));
    }
    return sum;
  }

  /** Of F (1 − F), in steps of a positive or negative unit. */
  private static Value integral(
      Family family, List<LinkedValue> theta, Value from, Value unit, DoubleExponential rule) {
    Value step = unsqueeze(unit, 2);
    Value x = add(unsqueeze(from, 2), mul(step, rule.nodes()));
    Family.Tails tails = family.clearTails(x, QuantileDistances.raised(theta));
    return rule.sum(mul(mul(tails.below(), tails.above()), max(step, mul(step, -1))));
  }

  /** In ascending order, row by row. */
  private static List<Value> sorted(List<Value> values) {
    List<Value> out = new ArrayList<>(values);
    for (int round = 0; round < out.size(); round++) {
      for (int i = round % 2; i + 1 < out.size(); i += 2) {
        Value a = out.get(i);
        Value b = out.get(i + 1);
        out.set(i, min(a, b));
        out.set(i + 1, max(a, b));
      }
    }
    return out;
  }
}
