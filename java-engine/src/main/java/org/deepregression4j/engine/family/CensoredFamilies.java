package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.RealFamilies.standardise;
import static org.deepregression4j.engine.family.SpecialFunctions.boundedExp;
import static org.deepregression4j.engine.family.SpecialFunctions.exactSoftplus;
import static org.deepregression4j.engine.family.SpecialFunctions.log1mexp;
import static org.deepregression4j.engine.family.SpecialFunctions.log1p;
import static org.deepregression4j.engine.family.SpecialFunctions.logNormalCdf;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.equal;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.greater;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.split;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.onnx.graph.Value;

/**
 * Families of which some responses are known only to exceed a value (censored on the right): a
 * response of two columns, (value, 1 where it was seen or 0 where it is a lower bound), and
 * predictors of one column. Moments are those of the family without censoring.
 *
 * <p>A row of the table is log P(Y &gt; y), in a form that neither overflows nor cancels and that
 * has derivatives; distribution functions that are Loops have none.
 */
final class CensoredFamilies {
  private static final Map<String, Family.Density> LOG_SURVIVAL = rows();

  private CensoredFamilies() {}

  private static Map<String, Family.Density> rows() {
    Map<String, Family.Density> rows = new LinkedHashMap<>();
    rows.put("normal", (y, p) -> logNormalCdf(neg(standardise(y, p.get(0), p.get(1)))));
    rows.put("logistic", (y, p) -> neg(exactSoftplus(standardise(y, p.get(0), p.get(1)))));
    rows.put("laplace", (y, p) -> laplace(standardise(y, p.get(0), p.get(1))));
    rows.put("gumbel", (y, p) -> gumbel(standardise(y, p.get(0), p.get(1))));
    rows.put(
        "cauchy", (y, p) -> log(Arctangent.cauchyCdf(neg(standardise(y, p.get(0), p.get(1))))));
    rows.put("log_normal", (y, p) -> logNormalCdf(neg(standardise(log(y), p.get(0), p.get(1)))));
    rows.put("weibull", (y, p) -> neg(boundedExp(PositiveFamilies.weibullLog(y, p))));
    rows.put("exponential", (y, p) -> neg(mul(y, p.get(0).value())));
    rows.put(
        "half_normal",
        (y, p) -> add(logNormalCdf(neg(mul(y, p.get(0).reciprocal()))), Math.log(2)));
    rows.put(
        "pareto_ls", (y, p) -> neg(mul(p.get(1).value(), log1p(mul(y, p.get(0).reciprocal())))));
    rows.put(
        "kumaraswamy", (y, p) -> mul(p.get(1).value(), log1mexp(mul(p.get(0).value(), log(y)))));
    return Collections.unmodifiableMap(rows);
  }

  /** Names of the families that can be censored. */
  static Collection<String> names() {
    return LOG_SURVIVAL.keySet();
  }

  /**
   * A family whose responses may be censored.
   *
   * @throws FamilyException when there is not one family, or none that can be, listing those
   */
  static Family of(List<Family> components) {
    if (components.size() != 1) {
      throw new FamilyException("censored: expected one family, got " + components.size());
    }
    Family base = components.get(0);
    Family.Density survival = LOG_SURVIVAL.get(base.name());
    if (survival == null) {
      throw new FamilyException(
          "censored: family '" + base.name() + "' cannot be censored; these can: " + names());
    }
    FamilyBuilder row = Family.named("censored(" + base.name() + ")").support(Support.CENSORED);
    base.parameters().forEach(p -> row.parameter(p.name(), p.link()));
    if (base.isKinked()) {
      row.kinked();
    }
    return row.scalarPredictors(2, columns -> start(base, columns.get(0)))
        .logDensity((y, p) -> density(y, p, base, survival))
        .moments(
            p -> base.rules().property(Family.Property.MEAN, p),
            p -> base.rules().property(Family.Property.STDDEV, p))
        .build();
  }

  /** As if every time were that of an event. */
  private static double[] start(Family base, Moments times) {
    double[] eta = base.startingValues(times);
    Arrays.setAll(eta, i -> base.parameters().get(i).link().at(eta[i]));
    return eta;
  }

  /** NaN for a second column that is neither 0 nor 1. */
  private static Value density(Value y, List<LinkedValue> p, Family base, Family.Density survival) {
    List<Value> columns = split(y, 1, 1, 1);
    Value value = columns.get(0);
    Value isSeen = equal(columns.get(1), scalar(y, 1));
    Value isBound = equal(columns.get(1), scalar(y, 0));
    Value tail = where(isBound, survival.at(value, p), scalar(y, Double.NaN));
    return where(isSeen, base.rules().density(value, p), tail);
  }

  private static Value laplace(Value z) {
    Value isLower = less(z, scalar(z, 0));
    Value lower = log1p(mul(exp(min(z, scalar(z, 0))), -0.5));
    return where(isLower, lower, sub(neg(z), Math.log(2)));
  }

  /** log(1 − exp(−exp(−z))), which is −z far up. */
  private static Value gumbel(Value z) {
    Value isFar = greater(z, scalar(z, 40));
    Value near = log1mexp(neg(boundedExp(neg(min(z, scalar(z, 40))))));
    return where(isFar, neg(z), near);
  }
}
