package org.deepregression4j.engine.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.engine.autodiff.Gradients;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;

/**
 * Writes the log-likelihood of a block of rows and its derivatives by W. The log-density is
 * differentiated by the linear predictors (rows are independent, so the derivative of a sum over
 * rows is the row's own); the chain rule to W is X' on both sides.
 */
final class DerivativeGraph {
  private final ModelGraph model;
  private final Unknowns unknowns;
  private final boolean skipsZeroWeights;
  private final int p;
  private final int q;
  private final int m;

  /** How much a graph computes. */
  enum Level {
    /** The log-likelihood. */
    VALUE,
    /** Also its gradient. */
    GRADIENT,
    /** The diagonal of the second derivatives, in the place of the gradient. */
    DIAGONAL,
    /** Also its second derivatives. */
    HESSIAN,
    /** tr(V ∂H), the gradient of log |H + S| by W: third derivatives weighted by leverages. */
    LOG_DETERMINANT
  }

  DerivativeGraph(ModelGraph model, Unknowns unknowns, boolean skipsZeroWeights) {
    this.model = model;
    this.unknowns = unknowns;
    this.skipsZeroWeights = skipsZeroWeights;
    this.p = model.layout().rows();
    this.m = model.definition().responseColumns();
    this.q = model.layout().columns() / m;
  }

  /** The name of the block of second derivatives by the predictors j and k. */
  static String block(int j, int k, int c) {
    return "hessian_" + j + "_" + k + "_" + c;
  }

  /**
   * The graph over rows that {@code inputs} hold.
   *
   * @param matrix features, response and weight, (n, trainingWidth)
   */
  Graph of(Map<String, Value> inputs, Value matrix, Level level) {
    Map<String, Value> all = new LinkedHashMap<>(inputs);
    Value w = Ops.input("coefficients", ElementType.FLOAT64, Shape.of(p, (long) q * m));
    all.put("coefficients", w);
    List<Value> parts = split(matrix);
    Value x = parts.get(0);
    Value y = parts.get(parts.size() - 2);
    Value weight = parts.get(parts.size() - 1);
    List<Value> eta = predictors(x, parts, w);
    Value logDensity = Ops.expandLike(model.definition().family().logDensity(y, eta), eta.get(0));
    Map<String, Value> out = new LinkedHashMap<>();
    if (level == Level.LOG_DETERMINANT) {
      List<Value> slopes = Gradients.of(Ops.sumAll(logDensity), eta);
      Value sum = leveraged(x, eta, slopes, weight, all);
      out.put("value", sum);
      out.put("gradient", Ops.gemm(x, true, Ops.concat(Gradients.of(sum, eta), 1), false));
      return Graph.of("log_determinant", all, out);
    }
    out.put("value", Ops.sumAll(weighted(logDensity, weight)));
    if (level == Level.DIAGONAL) {
      out.put("gradient", diagonal(x, eta, Gradients.of(Ops.sumAll(logDensity), eta), weight));
    } else if (level != Level.VALUE) {
      List<Value> slopes = Gradients.of(Ops.sumAll(logDensity), eta);
      List<Value> scaled = slopes.stream().map(g -> weighted(g, weight)).toList();
      out.put("gradient", Ops.gemm(x, true, Ops.concat(scaled, 1), false));
      out.put("reach", reach(eta));
      if (level == Level.HESSIAN) {
        addBlocks(x, eta, slopes, weight, out);
      }
    }
    return Graph.of("derivatives", all, out);
  }

  private List<Value> split(Value matrix) {
    int width = model.trainingWidth();
    int offsets = width - p - m - 1;
    long[] sizes = new long[offsets + 3];
    Arrays.fill(sizes, 1);
    sizes[0] = p;
    sizes[offsets + 1] = m;
    return Ops.split(matrix, 1, sizes);
  }

  private List<Value> predictors(Value x, List<Value> parts, Value w) {
    long[] sizes = new long[q];
    Arrays.fill(sizes, m);
    List<Value> eta = new ArrayList<>(Ops.split(Ops.matMul(x, w), 1, sizes));
    int at = 1;
    for (int j = 0; j < q; j++) {
      if (!model.definition().predictors().get(j).offsets().isEmpty()) {
        eta.set(j, Ops.add(eta.get(j), parts.get(at++)));
      }
    }
    return eta;
  }

  /** The largest |η| per predictor: where a fit runs away. */
  private static Value reach(List<Value> eta) {
    List<Value> largest = new ArrayList<>();
    eta.forEach(e -> largest.add(Ops.reshape(Ops.reduceMax(Ops.abs(e), false, 0, 1), 1)));
    return Ops.concat(largest, 0);
  }

  /** A row without weight adds nothing, even where its density is not a number. */
  private Value weighted(Value perRow, Value weight) {
    Value product = Ops.mul(perRow, weight);
    return skipsZeroWeights
        ? Ops.where(Ops.greater(weight, Ops.scalar(weight, 0)), product, Ops.scalar(product, 0))
        : product;
  }

  /** The name of the block of V by the predictors j and k. */
  static String covariance(int j, int k, int c) {
    return "covariance_" + j + "_" + k + "_" + c;
  }

  /** Σ over rows and pairs of predictors of x'Vx times the second derivative; V is given. */
  private Value leveraged(
      Value x, List<Value> eta, List<Value> slopes, Value weight, Map<String, Value> inputs) {
    Value sum = Ops.scalar(ElementType.FLOAT64, 0);
    long[] ones = new long[m];
    Arrays.fill(ones, 1);
    for (int j = 0; j < q; j++) {
      List<Value> second = Gradients.of(Ops.sumAll(slopes.get(j)), eta.subList(j, eta.size()));
      for (int k = j; k < q; k++) {
        int height = unknowns.rows(j).length;
        int width = unknowns.rows(k).length;
        List<Value> rows = Ops.split(weighted(second.get(k - j), weight), 1, ones);
        for (int c = 0; c < m && height > 0 && width > 0; c++) {
          String name = covariance(j, k, c);
          Value v = Ops.input(name, ElementType.FLOAT64, Shape.of(height, width));
          inputs.put(name, v);
          Value mapped = Ops.matMul(columns(x, unknowns.rows(j)), v);
          Value leverage = Ops.sum(Ops.mul(mapped, columns(x, unknowns.rows(k))), true, 1);
          Value part = Ops.sumAll(Ops.mul(leverage, rows.get(c)));
          sum = Ops.add(sum, j == k ? part : Ops.mul(part, 2));
        }
      }
    }
    return sum;
  }

  /** Σ over rows of x² times the second derivative by the predictor itself, laid out as W. */
  private Value diagonal(Value x, List<Value> eta, List<Value> slopes, Value weight) {
    List<Value> second = new ArrayList<>();
    for (int j = 0; j < q; j++) {
      Value own = Gradients.of(Ops.sumAll(slopes.get(j)), List.of(eta.get(j))).get(0);
      second.add(weighted(own, weight));
    }
    return Ops.gemm(Ops.square(x), true, Ops.concat(second, 1), false);
  }

  private void addBlocks(
      Value x, List<Value> eta, List<Value> slopes, Value weight, Map<String, Value> out) {
    List<Value> designs = new ArrayList<>();
    for (int j = 0; j < q; j++) {
      designs.add(columns(x, unknowns.rows(j)));
    }
    long[] ones = new long[m];
    Arrays.fill(ones, 1);
    for (int j = 0; j < q; j++) {
      List<Value> second = Gradients.of(Ops.sumAll(slopes.get(j)), eta.subList(j, eta.size()));
      for (int k = j; k < q; k++) {
        if (unknowns.rows(j).length == 0 || unknowns.rows(k).length == 0) {
          continue;
        }
        List<Value> rows = Ops.split(weighted(second.get(k - j), weight), 1, ones);
        for (int c = 0; c < m; c++) {
          Value right = Ops.mul(designs.get(k), rows.get(c));
          out.put(block(j, k, c), Ops.gemm(designs.get(j), true, right, false));
        }
      }
    }
  }

  /** Columns of X, in runs of neighbours. */
  private static Value columns(Value x, int[] which) {
    if (which.length == x.shape().dim(1).size()) {
      return x;
    }
    List<Value> runs = new ArrayList<>();
    for (int from = 0; from < which.length; ) {
      int to = from + 1;
      while (to < which.length && which[to] == which[to - 1] + 1) {
        to++;
      }
      runs.add(Ops.slice(x, 1, which[from], which[to - 1] + 1L));
      from = to;
    }
    return runs.isEmpty() ? x : Ops.concat(runs, 1);
  }
}
