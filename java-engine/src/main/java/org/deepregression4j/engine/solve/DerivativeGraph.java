package org.deepregression4j.engine.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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
  private final int r;
  private final List<Pair> pairs;

  /** Two columns of W whose linear predictors have a joint second derivative. */
  record Pair(int first, int second) {
    /** The name of their block of second derivatives. */
    String block() {
      return "hessian_" + first + "_" + second;
    }

    /** The name of their block of V. */
    String covariance() {
      return "covariance_" + first + "_" + second;
    }
  }

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
    this.r = model.definition().predictorColumns();
    this.q = model.layout().columns() / r;
    this.pairs = pairs();
  }

  /** Columns of independent margins meet their own margin only. */
  private List<Pair> pairs() {
    boolean isJoint = model.definition().family().support().isMultivariate();
    List<Pair> out = new ArrayList<>();
    for (int a = 0; a < q * r; a++) {
      for (int b = a; b < q * r; b++) {
        boolean isFree = unknowns.rowsOf(a).length > 0 && unknowns.rowsOf(b).length > 0;
        if (isFree && (isJoint || a % r == b % r)) {
          out.add(new Pair(a, b));
        }
      }
    }
    return List.copyOf(out);
  }

  /** The pairs of columns with a block of second derivatives. */
  List<Pair> blocks() {
    return pairs;
  }

  /**
   * The graph over rows that {@code inputs} hold.
   *
   * @param matrix features, response and weight, (n, trainingWidth)
   */
  Graph of(Map<String, Value> inputs, Value matrix, Level level) {
    Map<String, Value> all = new LinkedHashMap<>(inputs);
    Value w = Ops.input("coefficients", ElementType.FLOAT64, Shape.of(p, (long) q * r));
    all.put("coefficients", w);
    List<Value> parts = split(matrix);
    Value x = parts.get(0);
    Value y = parts.get(parts.size() - 2);
    Value weight = parts.get(parts.size() - 1);
    Predictors eta = predictors(x, parts, w);
    List<Value> pieces = eta.pieces();
    Value density = model.definition().family().logDensity(y, eta.whole());
    Value logDensity = Ops.expandLike(density, pieces.get(0));
    Map<String, Value> out = new LinkedHashMap<>();
    if (level == Level.LOG_DETERMINANT) {
      List<Value> slopes = Gradients.of(Ops.sumAll(logDensity), pieces);
      Value sum = leveraged(x, pieces, slopes, weight, all);
      out.put("value", sum);
      out.put("gradient", Ops.gemm(x, true, Ops.concat(Gradients.of(sum, pieces), 1), false));
      return Graph.of("log_determinant", all, out);
    }
    out.put("value", Ops.sumAll(weighted(logDensity, weight)));
    if (level == Level.DIAGONAL) {
      out.put(
          "gradient", diagonal(x, pieces, Gradients.of(Ops.sumAll(logDensity), pieces), weight));
    } else if (level != Level.VALUE) {
      List<Value> slopes = Gradients.of(Ops.sumAll(logDensity), pieces);
      List<Value> scaled = slopes.stream().map(g -> weighted(g, weight)).toList();
      out.put("gradient", Ops.gemm(x, true, Ops.concat(scaled, 1), false));
      out.put("reach", reach(eta.whole()));
      if (level == Level.HESSIAN) {
        addBlocks(x, pieces, slopes, weight, out);
      }
    }
    return Graph.of("derivatives", all, out);
  }

  /**
   * The linear predictors.
   *
   * @param whole one (n, r) per parameter
   * @param pieces what to differentiate by, so that one gradient has the slopes of every row and
   *     column: the same of independent margins, else single columns; side by side they lie as W
   */
  private record Predictors(List<Value> whole, List<Value> pieces) {}

  private List<Value> split(Value matrix) {
    int m = model.definition().responseColumns();
    int offsets = model.trainingWidth() - p - m - 1;
    long[] sizes = new long[offsets + 3];
    Arrays.fill(sizes, 1);
    sizes[0] = p;
    sizes[offsets + 1] = m;
    return Ops.split(matrix, 1, sizes);
  }

  private Predictors predictors(Value x, List<Value> parts, Value w) {
    boolean isJoint = model.definition().family().support().isMultivariate();
    int width = isJoint ? 1 : r;
    int perPredictor = r / width;
    long[] sizes = new long[q * perPredictor];
    Arrays.fill(sizes, width);
    List<Value> pieces = new ArrayList<>(Ops.split(Ops.matMul(x, w), 1, sizes));
    List<Value> whole = new ArrayList<>();
    int at = 1;
    for (int j = 0; j < q; j++) {
      List<Value> own = pieces.subList(j * perPredictor, (j + 1) * perPredictor);
      if (!model.definition().predictors().get(j).offsets().isEmpty()) {
        Value offset = parts.get(at++);
        own.replaceAll(piece -> Ops.add(piece, offset));
      }
      whole.add(Ops.concat(own, 1));
    }
    return new Predictors(whole, pieces);
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

  /** Σ over rows and pairs of predictors of x'Vx times the second derivative; V is given. */
  private Value leveraged(
      Value x, List<Value> eta, List<Value> slopes, Value weight, Map<String, Value> inputs) {
    Map<Pair, Value> second = second(eta, slopes, weight);
    Value sum = Ops.scalar(ElementType.FLOAT64, 0);
    for (Pair pair : pairs) {
      int[] rows = unknowns.rowsOf(pair.first());
      int[] others = unknowns.rowsOf(pair.second());
      Value v =
          Ops.input(pair.covariance(), ElementType.FLOAT64, Shape.of(rows.length, others.length));
      inputs.put(pair.covariance(), v);
      Value mapped = Ops.matMul(columns(x, rows), v);
      Value leverage = Ops.sum(Ops.mul(mapped, columns(x, others)), true, 1);
      Value part = Ops.sumAll(Ops.mul(leverage, of(second, pair)));
      sum = Ops.add(sum, pair.first() == pair.second() ? part : Ops.mul(part, 2));
    }
    return sum;
  }

  private static Value of(Map<Pair, Value> second, Pair pair) {
    return java.util.Objects.requireNonNull(second.get(pair), pair.block());
  }

  /** The weighted second derivatives of every pair, (n, 1). */
  private Map<Pair, Value> second(List<Value> eta, List<Value> slopes, Value weight) {
    int width = q * r / eta.size();
    long[] ones = new long[width];
    Arrays.fill(ones, 1);
    Map<Pair, Value> out = new HashMap<>();
    for (int j = 0; j < eta.size(); j++) {
      List<Value> by = Gradients.of(Ops.sumAll(slopes.get(j)), eta.subList(j, eta.size()));
      for (int k = j; k < eta.size(); k++) {
        List<Value> columns = Ops.split(weighted(by.get(k - j), weight), 1, ones);
        for (int c = 0; c < width; c++) {
          out.put(new Pair(j * width + c, k * width + c), columns.get(c));
        }
      }
    }
    return out;
  }

  /** Σ over rows of x² times the second derivative by the predictor itself, laid out as W. */
  private Value diagonal(Value x, List<Value> eta, List<Value> slopes, Value weight) {
    List<Value> second = new ArrayList<>();
    for (int j = 0; j < eta.size(); j++) {
      Value own = Gradients.of(Ops.sumAll(slopes.get(j)), List.of(eta.get(j))).get(0);
      second.add(weighted(own, weight));
    }
    return Ops.gemm(Ops.square(x), true, Ops.concat(second, 1), false);
  }

  private void addBlocks(
      Value x, List<Value> eta, List<Value> slopes, Value weight, Map<String, Value> out) {
    Map<Pair, Value> second = second(eta, slopes, weight);
    List<Value> designs = new ArrayList<>();
    for (int column = 0; column < q * r; column++) {
      designs.add(columns(x, unknowns.rowsOf(column)));
    }
    for (Pair pair : pairs) {
      Value right = Ops.mul(designs.get(pair.second()), of(second, pair));
      out.put(pair.block(), Ops.gemm(designs.get(pair.first()), true, right, false));
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
