package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.SpecialFunctions.LOG_SQRT_2PI;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.concat;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.split;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.deepregression4j.onnx.graph.Value;

/**
 * Normal vectors of d columns by the Cholesky factor L of their covariance: predictors of one
 * column each, loc_1 ... loc_d, scale_1 ... scale_d (the diagonal of L, exp), then lower_i_j for j
 * &lt; i, row after row.
 */
final class MultivariateNormal {
  private MultivariateNormal() {}

  static Family of(double dimension) {
    if (!(dimension >= 2 && dimension <= 50 && dimension == Math.rint(dimension))) {
      throw new FamilyException(
          "family 'multivariate_normal': expected a dimension from 2 to 50, got " + dimension);
    }
    int d = (int) dimension;
    FamilyBuilder row =
        Family.named("multivariate_normal")
            .support(Support.VECTOR)
            .scalarPredictors(d, MultivariateNormal::start);
    IntStream.rangeClosed(1, d).forEach(i -> row.parameter("loc_" + i, Link.IDENTITY));
    IntStream.rangeClosed(1, d).forEach(i -> row.parameter("scale_" + i, Link.EXP));
    for (int i = 2; i <= d; i++) {
      for (int j = 1; j < i; j++) {
        row.parameter("lower_" + i + "_" + j, Link.IDENTITY);
      }
    }
    return row.logDensity((y, p) -> density(y, p, d))
        .moments(p -> loc(p, d), p -> stddev(p, d))
        .mode(p -> loc(p, d))
        .entropy(p -> entropy(p, d))
        .sampler(new Sampler(m -> d, (u, p) -> draw(u, p, d)))
        .build();
  }

  /** As if the columns were independent. */
  private static double[] start(List<Moments> columns) {
    return DoubleStream.concat(
            columns.stream().mapToDouble(Moments::mean),
            columns.stream().mapToDouble(Moments::stddev))
        .toArray();
  }

  private static Value loc(List<LinkedValue> p, int d) {
    return concat(p.subList(0, d).stream().map(LinkedValue::value).toList(), 1);
  }

  /** Entry (i, j) of L below the diagonal, counted from 0. */
  private static Value lower(List<LinkedValue> p, int d, int i, int j) {
    return p.get(2 * d + i * (i - 1) / 2 + j).value();
  }

  /** z = L⁻¹ (y − loc) by forward substitution. */
  private static Value density(Value y, List<LinkedValue> p, int d) {
    List<Value> columns = columns(y, d);
    List<Value> z = new ArrayList<>();
    Value out = null;
    for (int i = 0; i < d; i++) {
      Value rest = sub(columns.get(i), p.get(i).value());
      for (int j = 0; j < i; j++) {
        rest = sub(rest, mul(lower(p, d, i, j), z.get(j)));
      }
      z.add(mul(rest, p.get(d + i).reciprocal()));
      Value part = sub(sub(-LOG_SQRT_2PI, p.get(d + i).log()), mul(square(z.get(i)), 0.5));
      out = out == null ? part : add(out, part);
    }
    return java.util.Objects.requireNonNull(out);
  }

  private static List<Value> columns(Value x, int d) {
    long[] ones = new long[d];
    Arrays.fill(ones, 1);
    return split(x, 1, ones);
  }

  /** loc + L z for standard normal z. */
  private static Value draw(Value u, List<LinkedValue> p, int d) {
    List<Value> z = columns(NormalQuantile.of(u), d);
    List<Value> out = new ArrayList<>();
    for (int i = 0; i < d; i++) {
      Value sum = add(p.get(i).value(), mul(p.get(d + i).value(), z.get(i)));
      for (int j = 0; j < i; j++) {
        sum = add(sum, mul(lower(p, d, i, j), z.get(j)));
      }
      out.add(sum);
    }
    return concat(out, 1);
  }

  private static Value entropy(List<LinkedValue> p, int d) {
    Value sum = p.get(d).log();
    for (int i = 1; i < d; i++) {
      sum = add(sum, p.get(d + i).log());
    }
    return add(sum, d * (LOG_SQRT_2PI + 0.5));
  }

  /** Of each column on its own: the lengths of the rows of L. */
  private static Value stddev(List<LinkedValue> p, int d) {
    List<Value> out = new ArrayList<>();
    for (int i = 0; i < d; i++) {
      Value sum = square(p.get(d + i).value());
      for (int j = 0; j < i; j++) {
        sum = add(sum, square(lower(p, d, i, j)));
      }
      out.add(sqrt(sum));
    }
    return concat(out, 1);
  }
}
