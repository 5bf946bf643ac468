package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.SpecialFunctions.digamma;
import static org.deepregression4j.engine.family.SpecialFunctions.lgamma;
import static org.deepregression4j.engine.family.SpecialFunctions.lgammaDifference;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.concat;
import static org.deepregression4j.onnx.graph.Ops.cumSum;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.greater;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.reduceMin;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.split;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.sum;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deepregression4j.onnx.graph.Constant;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** Shares, and counts of them: the columns of the response belong together. */
final class CompositionFamilies {
  private CompositionFamilies() {}

  static List<Family> rows() {
    return List.of(
        Family.named("dirichlet")
            .parameter("concentration", Link.EXP)
            .support(Support.SIMPLEX)
            .logDensity((y, p) -> dirichlet(y, p.get(0).value()))
            .moments(p -> share(p.get(0)), p -> dirichletStddev(p.get(0)))
            .mode(p -> dirichletMode(p.get(0).value()))
            .entropy(p -> dirichletEntropy(p.get(0).value()))
            .sampler(Sampler.perColumn(2, (u, p) -> drawShares(u, p.get(0).value())))
            .build(),
        VonMisesFisher.family());
  }

  /**
   * Counts whose probabilities are Dirichlet. Without their total, NaN, rows may have any, moments
   * are those of the shares, and there is nothing to draw.
   */
  static Family dirichletMultinomial(double trials) {
    FamilyBuilder row =
        Family.named("dirichlet_multinomial")
            .parameter("concentration", Link.EXP)
            .support(Support.COUNTS);
    if (Double.isNaN(trials)) {
      return row.logDensity((y, p) -> dirichletMultinomial(y, p.get(0).value()))
          .moments(p -> share(p.get(0)), p -> dirichletStddev(p.get(0)))
          .build();
    }
    OverdispersedFamilies.requireWhole("dirichlet_multinomial", trials);
    return row.logDensity((y, p) -> ofTotal(y, trials, dirichletMultinomial(y, p.get(0).value())))
        .moments(p -> mul(share(p.get(0)), trials), p -> countStddev(p.get(0), trials))
        .sampler(new Sampler(m -> m - 1, (u, p) -> drawCounts(u, p.get(0).value(), trials)))
        .build();
  }

  private static Value across(Value x) {
    return sum(x, true, 1);
  }

  private static Value dirichlet(Value y, Value a) {
    return sub(across(mul(sub(a, 1.0), log(y))), logBeta(a));
  }

  private static Value logBeta(Value a) {
    return columnsLessTotal(lgamma(withTotal(a)));
  }

  /** The columns and, beside them, their sum: nodes cost, not size. */
  private static Value withTotal(Value x) {
    return concat(List.of(x, across(x)), 1);
  }

  /** The sum of all columns but the last, less the last. */
  private static Value columnsLessTotal(Value x) {
    double[] signs = new double[(int) x.shape().dim(1).size()];
    Arrays.fill(signs, 1);
    signs[signs.length - 1] = -1;
    return Ops.matMul(x, Ops.constant(Constant.copyOf(x.type(), signs, signs.length, 1)));
  }

  private static Value share(LinkedValue concentration) {
    return Link.SOFTMAX.value(concentration.log());
  }

  /** √(m (1 − m) / (A + 1)) for the mean m and A = Σ a. */
  private static Value dirichletStddev(LinkedValue concentration) {
    Value m = share(concentration);
    return sqrt(div(mul(m, sub(1.0, m)), add(across(concentration.value()), 1.0)));
  }

  /** √(n m (1 − m) (A + n) / (A + 1)). */
  private static Value countStddev(LinkedValue concentration, double n) {
    Value inflation = mul(add(across(concentration.value()), n), n);
    return mul(dirichletStddev(concentration), sqrt(inflation));
  }

  /** (a − 1) / (A − K) where every a exceeds one; elsewhere there is none inside. */
  private static Value dirichletMode(Value a) {
    Value rest = sub(a, 1.0);
    Value isInside = greater(reduceMin(rest, true, 1), scalar(a, 0));
    Value safe = where(isInside, rest, scalar(a, 1));
    return where(isInside, div(safe, across(safe)), scalar(a, Double.NaN));
  }

  /** log B(a) + (A − K) ψ(A) − Σ (a − 1) ψ(a). */
  private static Value dirichletEntropy(Value a) {
    Value total = across(a);
    double k = a.shape().dim(1).size();
    Value parts = across(mul(sub(a, 1.0), digamma(a)));
    return sub(add(logBeta(a), mul(sub(total, k), digamma(total))), parts);
  }

  /**
   * Gammas over their sum, on the log scale: a gamma of concentration a is one of a + 1 times V^(1
   * / a), which underflows for small a.
   */
  private static Value drawShares(Value u, Value a) {
    Value large = PositiveFamilies.gammaQuantile(Sampler.part(u, 0, 2), add(a, 1.0));
    return Link.SOFTMAX.value(add(log(large), div(log(Sampler.part(u, 1, 2)), a)));
  }

  private static Value dirichletMultinomial(Value y, Value a) {
    Value counts = withTotal(y);
    Value rising = columnsLessTotal(lgammaDifference(withTotal(a), counts));
    return sub(rising, columnsLessTotal(lgamma(add(counts, 1.0))));
  }

  /** −∞ for counts of another total. */
  private static Value ofTotal(Value y, double trials, Value density) {
    Value isTotal = Ops.equal(across(y), scalar(y, trials));
    return where(isTotal, density, scalar(y, Double.NEGATIVE_INFINITY));
  }

  /** Column after column, each beta-binomial given those before. */
  private static Value drawCounts(Value u, Value a, double trials) {
    int k = (int) a.shape().dim(1).size();
    List<Value> own = columns(a, k);
    List<Value> others = columns(cumSum(a, 1, true, true), k);
    List<Value> uniforms = columns(u, k - 1);
    List<Value> out = new ArrayList<>();
    Value left = add(mul(own.get(0), 0.0), trials);
    for (int j = 0; j < k - 1; j++) {
      Value total = left;
      Value p = own.get(j);
      Value q = others.get(j);
      Value y =
          OverdispersedFamilies.walk(
              uniforms.get(j), total, v -> OverdispersedFamilies.betaBinomial(v, total, p, q));
      out.add(y);
      left = sub(left, y);
    }
    out.add(left);
    return concat(out, 1);
  }

  private static List<Value> columns(Value x, int k) {
    long[] ones = new long[k];
    Arrays.fill(ones, 1);
    return split(x, 1, ones);
  }
}
