package org.deepregression4j.engine.family;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * What a family says of linked parameters: to itself, to mixtures of it and to scores. Distribution
 * functions and quantiles are float64, for any y and for levels inside (0, 1).
 */
final class FamilyRules {
  private final FamilyBuilder row;

  /** Borrows a finished row. */
  FamilyRules(FamilyBuilder row) {
    this.row = row;
  }

  /** P(Y ≤ y) and P(Y &gt; y). */
  record Tails(Value below, Value above) {
    private static final double ROUNDING = 1e-14;

    /** Without what may be rounding: far out it is integrated over wide ranges. */
    Tails trimmed() {
      return new Tails(trim(below), trim(above));
    }

    private static Value trim(Value p) {
      return Ops.where(Ops.less(p, Ops.scalar(p, ROUNDING)), Ops.scalar(p, 0), p);
    }
  }

  Value density(Value y, List<LinkedValue> theta) {
    return row.logDensity.at(y, theta);
  }

  Value property(Family.Property property, List<LinkedValue> theta) {
    Family.Statistic rule = row.properties.get(property);
    if (rule == null) {
      throw new FamilyException("family '" + row.name + "' has no closed form of its " + property);
    }
    return rule.at(theta);
  }

  boolean isHeavy() {
    return row.isHeavy;
  }

  boolean hasSurvival() {
    return row.survival != null;
  }

  Family.Density requireCdf() {
    Family.Density rule = row.cdf;
    if (rule == null) {
      throw new FamilyException("family '" + row.name + "' has no distribution function");
    }
    return rule;
  }

  Value cdf(Value y, List<LinkedValue> theta) {
    Family.Density rule = requireCdf();
    return Range.of(row.support).cdf(y, v -> rule.at(v, theta));
  }

  /** P(Y &lt; y). */
  Value cdfBelow(Value y, List<LinkedValue> theta) {
    boolean isDiscrete = row.support.isDiscrete();
    Family.Density below = row.cdfBelow;
    Family.Density rule = below == null || isDiscrete ? requireCdf() : below;
    // The largest whole number below y.
    Value at = isDiscrete ? Ops.sub(Ops.neg(Ops.apply(Op.FLOOR, Ops.neg(y))), 1.0) : y;
    return Range.of(row.support).cdf(at, v -> rule.at(v, theta));
  }

  Tails tails(Value y, List<LinkedValue> theta) {
    Value below = cdf(y, theta);
    Family.Density upper = row.survival;
    if (upper == null) {
      return new Tails(below, Ops.sub(1.0, below));
    }
    return new Tails(below, Range.of(row.support).survival(y, v -> upper.at(v, theta)));
  }

  /** {@link #tails} that keep their digits, or have none where they do not. */
  Tails clearTails(Value y, List<LinkedValue> theta) {
    Tails tails = tails(y, theta);
    return hasSurvival() ? tails : tails.trimmed();
  }

  /** The quantile, of the shape of the parameters. */
  Value quantile(Value p, List<LinkedValue> theta) {
    requireCdf();
    Family.Density closed = row.quantile;
    if (closed != null) {
      return closed.at(p, theta);
    }
    return row.support.isDiscrete()
        ? Inversion.count(p, y -> cdf(y, theta))
        : Inversion.continuous(
            row.support, p, guess(theta), y -> cdf(y, theta), y -> Ops.exp(density(y, theta)));
  }

  /** Where a search for quantiles may begin. */
  private Value guess(List<LinkedValue> theta) {
    Family.Statistic mean = row.properties.get(Family.Property.MEAN);
    return mean == null ? Distances.zeros(theta) : mean.at(theta);
  }

  int uniforms(int responseColumns) {
    Sampler own = row.sampler;
    return own != null ? own.uniforms(responseColumns) : row.cdf != null ? responseColumns : 0;
  }

  Value sample(Value u, List<LinkedValue> theta) {
    Sampler own = row.sampler;
    if (own != null) {
      return own.rule().at(u, theta);
    }
    if (row.cdf == null) {
      throw new FamilyException("family '" + row.name + "' cannot be sampled");
    }
    return quantile(u, theta);
  }

  /** The distances of which scores are made, of a continuous distribution. */
  Distances distances() {
    Distances own = row.distances;
    if (own != null) {
      return own;
    }
    return row.quantile != null ? new QuantileDistances() : CdfDistances.of(row.support);
  }

  /** The continuous ranked probability score; NaN where the mean may not and does not exist. */
  Value score(Value y, List<LinkedValue> theta) {
    Value score =
        row.support.isDiscrete()
            ? CountScore.of(this, y, theta)
            : distances().score(this, y, theta);
    if (!row.isHeavy) {
      return score;
    }
    Value mean = property(Family.Property.MEAN, theta);
    Value hasMean = Ops.less(Ops.abs(mean), Ops.scalar(mean, Double.POSITIVE_INFINITY));
    return Ops.where(hasMean, score, Ops.scalar(score, Double.NaN));
  }

  Support support() {
    return row.support;
  }

  /** Places where F is not smooth, its ends included where they are finite. */
  List<Value> bends(List<LinkedValue> theta) {
    Value zero = Distances.zeros(theta);
    List<Value> out = new ArrayList<>();
    Range range = Range.of(row.support);
    DoubleStream.concat(DoubleStream.of(range.low(), range.high()), DoubleStream.of(row.bends))
        .filter(Double::isFinite)
        .forEach(place -> out.add(Ops.add(zero, place)));
    if (row.hasMovingSupport && row.quantile != null) {
      out.add(quantile(Ops.add(zero, Double.MIN_NORMAL), theta));
      out.add(quantile(Ops.add(zero, Math.nextDown(1.0)), theta));
    }
    return out;
  }
}
