package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.SpecialFunctions.logAddExp;
import static org.deepregression4j.onnx.graph.Ops.abs;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.equal;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.greater;
import static org.deepregression4j.onnx.graph.Ops.less;
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
import java.util.List;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;
import org.jspecify.annotations.Nullable;

/** A family with extra probability on sorted values. */
record Inflation(Family base, double[] points) {
  Family family(String name) {
    FamilyBuilder row = Family.named(name);
    for (double point : points) {
      String label =
          point == Math.rint(point) ? String.valueOf((long) point) : String.valueOf(point);
      row.parameter("logit_at_" + label, Link.IDENTITY);
    }
    base.parameters().forEach(p -> row.parameter(p.name(), p.link()));
    row.support(support())
        .logDensity((y, p) -> density(y, p))
        .moments(p -> mean(p), p -> stddev(p))
        .start(m -> start(m));
    if (base.isKinked()) {
      row.kinked();
    }
    if (base.hasMovingSupport()) {
      row.movingSupport();
    }
    if (base.hasCdf() && base.support().isDiscrete()) {
      row.cdf((y, p) -> cdf(y, p));
    } else if (base.hasCdf()) {
      row.cdf((y, p) -> cdf(y, p), (u, p) -> quantile(u, p)).cdfBelow((y, p) -> cdfBelow(y, p));
      row.distances(Distances.of(this::distance, this::within)).bends(points);
    }
    if (base.rules().isHeavy()) {
      row.heavyTails();
    }
    if (base.canSample()) {
      int parts = base.uniforms(1);
      row.sampler(Sampler.perColumn(parts, (u, p) -> draw(u, p, parts)));
    }
    return row.build();
  }

  private Value draw(Value u, List<LinkedValue> theta, int parts) {
    List<Value> weights = logWeights(theta).stream().map(Ops::exp).toList();
    List<Mixture.Component> draws = new ArrayList<>();
    draws.add(first -> base.rules().sample(Mixture.with(first, u, parts, parts), rest(theta)));
    for (double point : points) {
      draws.add(first -> scalar(first, point));
    }
    return Mixture.draw(weights, Sampler.part(u, 0, parts), draws);
  }

  private Support support() {
    Support inner = base.support();
    boolean isInside = Arrays.stream(points).allMatch(inner::contains);
    if (isInside) {
      return inner;
    }
    if (inner == Support.UNIT_OPEN && points[0] >= 0 && points[points.length - 1] <= 1) {
      return Support.UNIT_CLOSED;
    }
    boolean isPositive = inner == Support.POSITIVE || inner == Support.UNIT_OPEN;
    return isPositive && points[0] >= 0 ? Support.ZERO_OR_POSITIVE : Support.REAL;
  }

  private List<Value> logWeights(List<LinkedValue> theta) {
    return Mixture.inflationWeights(theta, points.length);
  }

  private List<LinkedValue> rest(List<LinkedValue> theta) {
    return theta.subList(points.length, theta.size());
  }

  private Value density(Value y, List<LinkedValue> theta) {
    List<Value> weights = logWeights(theta);
    boolean isDiscrete = base.support().isDiscrete();
    Value at = y;
    if (!isDiscrete) {
      for (double point : points) {
        at = where(equal(y, scalar(y, point)), scalar(y, Range.of(base.support()).harmless()), at);
      }
    }
    Value inner = add(weights.get(0), base.rules().density(at, rest(theta)));
    Value out = inner;
    for (int j = 0; j < points.length; j++) {
      Value mass = weights.get(j + 1);
      Value there = isDiscrete ? logAddExp(mass, inner) : mass;
      out = where(equal(y, scalar(y, points[j])), there, out);
    }
    return out;
  }

  private Value mean(List<LinkedValue> theta) {
    return moment(theta, base.rules().property(Family.Property.MEAN, rest(theta)), 1, null);
  }

  /** Σ weight · (value − centre)^power, the family's own moment given. */
  private Value moment(List<LinkedValue> theta, Value own, int power, @Nullable Value centre) {
    List<Value> weights = logWeights(theta);
    Value sum = mul(exp(weights.get(0)), own);
    for (int j = 0; j < points.length; j++) {
      Value weight = exp(weights.get(j + 1));
      Value distance = centre == null ? scalar(own, points[j]) : sub(points[j], centre);
      sum = add(sum, mul(weight, power == 1 ? distance : square(distance)));
    }
    return sum;
  }

  private Value stddev(List<LinkedValue> theta) {
    Value mean = mean(theta);
    Value within = square(base.rules().property(Family.Property.STDDEV, rest(theta)));
    Value between = square(sub(base.rules().property(Family.Property.MEAN, rest(theta)), mean));
    return sqrt(moment(theta, add(within, between), 2, mean));
  }

  private Value own(Value y, List<LinkedValue> theta) {
    return base.rules().cdf(y, rest(theta));
  }

  private Value cdf(Value y, List<LinkedValue> theta) {
    List<Value> weights = logWeights(theta);
    Value sum = mul(exp(weights.get(0)), own(y, theta));
    for (int j = 0; j < points.length; j++) {
      Value isBelow = less(y, scalar(y, points[j]));
      sum = add(sum, where(isBelow, scalar(y, 0), exp(weights.get(j + 1))));
    }
    return sum;
  }

  private Value cdfBelow(Value y, List<LinkedValue> theta) {
    List<Value> weights = logWeights(theta);
    Value sum = mul(exp(weights.get(0)), base.rules().cdfBelow(y, rest(theta)));
    for (int j = 0; j < points.length; j++) {
      Value isAbove = greater(y, scalar(y, points[j]));
      sum = add(sum, where(isAbove, exp(weights.get(j + 1)), scalar(y, 0)));
    }
    return sum;
  }

  /** Between the jumps the family's own quantile at a level of its own, at a jump its value. */
  private Value quantile(Value u, List<LinkedValue> theta) {
    List<Value> weights = logWeights(theta);
    Value share = exp(weights.get(0));
    Value below = mul(u, 0.0);
    Value level = u;
    Value jumps = mul(u, 0.0);
    Value isJump = less(u, scalar(u, -1));
    for (int j = 0; j < points.length; j++) {
      Value point = add(mul(add(u, share), 0.0), points[j]);
      Value start = add(below, mul(share, own(point, theta)));
      Value end = add(start, exp(weights.get(j + 1)));
      Value isHere = Ops.apply(Op.AND, greater(u, start), Ops.apply(Op.LESS_OR_EQUAL, u, end));
      isJump = Ops.apply(Op.OR, isJump, isHere);
      jumps = where(isHere, scalar(u, points[j]), jumps);
      below = add(below, exp(weights.get(j + 1)));
      level = where(greater(u, end), sub(u, below), level);
    }
    Value inner = where(isJump, scalar(u, 0.5), div(level, share));
    Value capped = min(max(inner, scalar(u, 1e-300)), scalar(u, Math.nextDown(1.0)));
    return where(isJump, jumps, base.rules().quantile(capped, rest(theta)));
  }

  private Value distance(Value y, List<LinkedValue> theta) {
    List<Value> weights = logWeights(theta);
    Value sum = mul(exp(weights.get(0)), base.rules().distances().to(base.rules(), y, rest(theta)));
    for (int j = 0; j < points.length; j++) {
      sum = add(sum, mul(exp(weights.get(j + 1)), abs(sub(y, points[j]))));
    }
    return sum;
  }

  /** ½ E|Y − Y′|: of two from the family, of one and a value, of two values. */
  private Value within(List<LinkedValue> theta) {
    List<Value> weights = logWeights(theta).stream().map(Ops::exp).toList();
    Value share = weights.get(0);
    Value sum = mul(square(share), base.rules().distances().within(base.rules(), rest(theta)));
    for (int j = 0; j < points.length; j++) {
      Value point = add(Distances.zeros(theta), points[j]);
      Value own = mul(share, base.rules().distances().to(base.rules(), point, rest(theta)));
      for (int i = 0; i < j; i++) {
        own = add(own, mul(weights.get(i + 1), points[j] - points[i]));
      }
      sum = add(sum, mul(weights.get(j + 1), own));
    }
    return sum;
  }

  private double[] start(Moments m) {
    double[] out = new double[points.length + base.parameters().size()];
    Arrays.fill(out, 0, points.length, -1);
    double[] eta = base.startingValues(m);
    for (int i = 0; i < eta.length; i++) {
      out[points.length + i] = base.parameters().get(i).link().at(eta[i]);
    }
    return out;
  }
}
