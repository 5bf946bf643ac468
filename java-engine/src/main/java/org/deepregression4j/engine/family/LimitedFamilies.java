package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.RealFamilies.normalCdf;
import static org.deepregression4j.engine.family.RealFamilies.spread;
import static org.deepregression4j.engine.family.RealFamilies.standardise;
import static org.deepregression4j.engine.family.RealFamilies.zeros;
import static org.deepregression4j.engine.family.SpecialFunctions.LOG_SQRT_2PI;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.greater;
import static org.deepregression4j.onnx.graph.Ops.less;
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
import java.util.List;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;
import org.jspecify.annotations.Nullable;

/** Normal responses of which only a range is seen: cut off (truncated) or piled up at its ends. */
final class LimitedFamilies {
  private LimitedFamilies() {}

  /** Normal given low &lt; Y &lt; high. */
  static Family truncatedNormal(double low, double high) {
    requireOrder("truncated_normal", low, high);
    return locScale("truncated_normal")
        .logDensity((y, p) -> truncated(y, p, low, high))
        .moments(
            p -> new Ends(p, low, high).truncatedMean(),
            p -> new Ends(p, low, high).truncatedStddev())
        .cdf((y, p) -> truncatedCdf(y, p, low, high), (u, p) -> new Ends(p, low, high).quantile(u))
        .distances(new CdfDistances(low, high))
        .bends(low, high)
        .mode(p -> clamp(p.get(0).value(), low, high))
        .entropy(p -> new Ends(p, low, high).truncatedEntropy())
        .start(m -> new double[] {m.mean(), m.stddev()})
        .build();
  }

  /** Normal of which responses at or beyond the ends are known to lie there (tobit). */
  static Family censoredNormal(double low, double high) {
    requireOrder("censored_normal", low, high);
    return locScale("censored_normal")
        .logDensity((y, p) -> censored(y, p, low, high))
        .moments(
            p -> new Ends(p, low, high).censoredMean(),
            p -> new Ends(p, low, high).censoredStddev())
        .cdf(
            (y, p) -> censoredCdf(y, p, low, high),
            (u, p) -> clamp(spread(NormalQuantile.of(u), p), low, high))
        .cdfBelow((y, p) -> censoredBelow(y, p, low, high))
        .distances(new CdfDistances(low, high))
        .bends(low, high)
        .start(m -> new double[] {m.mean(), m.stddev()})
        .build();
  }

  private static FamilyBuilder locScale(String name) {
    return Family.named(name).parameter("loc", Link.IDENTITY).parameter("scale", Link.EXP);
  }

  private static void requireOrder(String family, double low, double high) {
    if (!(low < high)) {
      throw new FamilyException(
          "family '" + family + "': expected low < high, got " + low + " and " + high);
    }
  }

  private static Value truncated(Value y, List<LinkedValue> p, double low, double high) {
    Value density =
        sub(RealFamilies.normal(y, p.get(0), p.get(1)), new Ends(p, low, high).logMass());
    Value isOutside = Ops.apply(Op.OR, less(y, scalar(y, low)), greater(y, scalar(y, high)));
    return where(isOutside, scalar(y, Double.NEGATIVE_INFINITY), density);
  }

  private static Value truncatedCdf(Value y, List<LinkedValue> p, double low, double high) {
    Ends ends = new Ends(p, low, high);
    Value z = standardise(clamp(y, low, high), p.get(0), p.get(1));
    Value a = ends.low();
    if (a == null) {
      return exp(sub(SpecialFunctions.logNormalCdf(z), ends.logMass()));
    }
    Value isFirst = Ops.apply(Op.LESS_OR_EQUAL, z, a);
    Value inside = where(isFirst, add(a, 1.0), z);
    Value p1 = exp(sub(NormalTail.logDifference(a, inside), ends.logMass()));
    return where(isFirst, scalar(z, 0), min(p1, scalar(z, 1)));
  }

  private static Value censored(Value y, List<LinkedValue> p, double low, double high) {
    Ends ends = new Ends(p, low, high);
    Value out = RealFamilies.normal(clamp(y, low, high), p.get(0), p.get(1));
    Value a = ends.low();
    Value b = ends.high();
    List<Value> ranges = new ArrayList<>();
    if (a != null) {
      ranges.add(a);
    }
    if (b != null) {
      ranges.add(neg(b));
    }
    List<Value> tails =
        ranges.isEmpty() ? ranges : SideBySide.of(SpecialFunctions::logNormalCdf, ranges);
    if (a != null) {
      out = where(Ops.apply(Op.LESS_OR_EQUAL, y, scalar(y, low)), tails.get(0), out);
    }
    if (b != null) {
      Value tail = tails.get(tails.size() - 1);
      out = where(Ops.apply(Op.GREATER_OR_EQUAL, y, scalar(y, high)), tail, out);
    }
    return out;
  }

  private static Value censoredCdf(Value y, List<LinkedValue> p, double low, double high) {
    Value inside = normalCdf(standardise(clamp(y, low, high), p.get(0), p.get(1)));
    Value bounded = where(less(y, scalar(y, low)), scalar(y, 0), inside);
    return where(less(y, scalar(y, high)), bounded, scalar(y, 1));
  }

  private static Value censoredBelow(Value y, List<LinkedValue> p, double low, double high) {
    Value inside = normalCdf(standardise(clamp(y, low, high), p.get(0), p.get(1)));
    Value bounded = where(greater(y, scalar(y, high)), scalar(y, 1), inside);
    return where(greater(y, scalar(y, low)), bounded, scalar(y, 0));
  }

  private static Value clamp(Value y, double low, double high) {
    Value raised = Double.isInfinite(low) ? y : max(y, scalar(y, low));
    return Double.isInfinite(high) ? raised : min(raised, scalar(y, high));
  }

  /** The ends on the standard scale, a and b; one that is infinite is absent. */
  private record Ends(List<LinkedValue> p, double from, double to) {
    @Nullable Value low() {
      return Double.isInfinite(from) ? null : at(from);
    }

    @Nullable Value high() {
      return Double.isInfinite(to) ? null : at(to);
    }

    private Value at(double bound) {
      return mul(sub(bound, p.get(0).value()), p.get(1).reciprocal());
    }

    /** log(Φ(b) − Φ(a)). */
    Value logMass() {
      Value a = low();
      Value b = high();
      if (a == null || b == null) {
        return a != null
            ? SpecialFunctions.logNormalCdf(neg(a))
            : b != null ? SpecialFunctions.logNormalCdf(b) : zeros(p.get(0));
      }
      return NormalTail.logDifference(a, b);
    }

    /** z^power φ(z), relative to exp(scale); 0 for an absent end. */
    private Value density(@Nullable Value z, int power, Value logScale) {
      if (z == null) {
        return zeros(p.get(0));
      }
      Value phi = exp(sub(sub(-LOG_SQRT_2PI, mul(square(z), 0.5)), logScale));
      return power == 0 ? phi : mul(z, phi);
    }

    private Value drop(int power, Value logScale) {
      return sub(density(low(), power, logScale), density(high(), power, logScale));
    }

    Value truncatedMean() {
      return spread(drop(0, logMass()), p);
    }

    Value truncatedStddev() {
      Value shift = drop(0, logMass());
      Value variance = sub(add(drop(1, logMass()), 1.0), square(shift));
      return mul(p.get(1).value(), sqrt(relu(variance)));
    }

    /** log(√(2 π e) scale mass) + (a φ(a) − b φ(b)) / (2 mass). */
    Value truncatedEntropy() {
      Value logs = add(add(p.get(1).log(), logMass()), LOG_SQRT_2PI + 0.5);
      return add(logs, mul(drop(1, logMass()), 0.5));
    }

    /** In units of the scale around loc: E Z and E Z² of the censored Z. */
    private Value moment(int r) {
      Value none = zeros(p.get(0));
      Value inside = exp(logMass());
      Value sum = r == 1 ? drop(0, none) : add(inside, drop(1, none));
      Value a = low();
      Value b = high();
      if (a != null) {
        sum = add(sum, mul(r == 1 ? a : square(a), normalCdf(a)));
      }
      if (b != null) {
        sum = add(sum, mul(r == 1 ? b : square(b), normalCdf(neg(b))));
      }
      return sum;
    }

    Value censoredMean() {
      return spread(moment(1), p);
    }

    Value censoredStddev() {
      return mul(p.get(1).value(), sqrt(relu(sub(moment(2), square(moment(1))))));
    }

    /** From the tail in which the range lies, so that probabilities do not round to one. */
    Value quantile(Value u) {
      Value a = low();
      Value b = high();
      Value zero = mul(u, 0.0);
      Value below = a == null ? zero : normalCdf(a);
      Value above = b == null ? zero : normalCdf(neg(b));
      Value lower = add(mul(below, sub(1.0, u)), mul(sub(1.0, above), u));
      Value upper = add(mul(sub(1.0, below), sub(1.0, u)), mul(above, u));
      return clamp(spread(NormalQuantile.of(lower, upper), p), from, to);
    }
  }
}
