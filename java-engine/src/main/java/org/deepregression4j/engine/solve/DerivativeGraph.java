package org.deepregression4j.engine.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.engine.autodiff.Gradients;
import org.deepregression4j.engine.autodiff.Kinks;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.family.Link;
import org.deepregression4j.engine.model.Batch;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;

/**
 * Writes what fits maximise over a block of rows, mostly the log-likelihood ({@link
 * Family#objective}), and its derivatives by W. It is differentiated by the linear predictors (rows
 * are independent, so the derivative of a sum over rows is the row's own); the chain rule to W is
 * X' on both sides.
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
    /** The sum over rows. */
    VALUE,
    /** Also its gradient. */
    GRADIENT,
    /** The diagonal of the second derivatives, in the place of the gradient. */
    DIAGONAL,
    /** Also its second derivatives. */
    HESSIAN,
    /** The same of the likelihood, where fits maximise something less. */
    LIKELIHOOD,
    /** As HESSIAN, with products of each row's slopes in the place of its second derivatives. */
    SCORES,
    /** The sum over rows of the distances from all kinks. */
    KINKS,
    /** tr(V ∂H), the gradient of log |H + S| by W: third derivatives weighted by leverages. */
    LOG_DETERMINANT;

    /** True when there are blocks (k, k). */
    boolean hasBlocks() {
      return this == HESSIAN || this == LIKELIHOOD || this == SCORES;
    }
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
    boolean isJoint = isJoint();
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
   * @param batch these rows; what they are, (n, 1), may lie across, (1, n)
   */
  Graph of(Map<String, Value> inputs, Batch batch, Level level) {
    Map<String, Value> all = new LinkedHashMap<>(inputs);
    Value w = Ops.input("coefficients", ElementType.FLOAT64, Shape.of(p, (long) q * r));
    all.put("coefficients", w);
    Value x = design(batch);
    Predictors eta = predictors(x, batch, w);
    Value objective = objective(batch, eta, level);
    Map<String, Value> out = new LinkedHashMap<>();
    if (level == Level.KINKS) {
      out.put("value", Ops.neg(kinks(objective, eta.pieces(), batch)));
      return Graph.of("kinks", all, out);
    }
    if (hasKinks(objective, eta)) {
      Value width = Ops.input("kink_width", ElementType.FLOAT64, Shape.of(1, 1));
      all.put("kink_width", width);
      objective = Kinks.rounded(objective, width, eta.pieces());
    }
    Rows rows = new Rows(x, eta.pieces(), objective, batch);
    if (level == Level.LOG_DETERMINANT) {
      Value sum = leveraged(rows, all);
      out.put("value", sum);
      out.put("gradient", rows.toCoefficients(x, Gradients.of(sum, rows.eta)));
      return Graph.of("log_determinant", all, out);
    }
    out.put("value", Ops.sumAll(weighted(rows.objective, batch)));
    if (level == Level.DIAGONAL) {
      out.put("gradient", rows.toCoefficients(Ops.square(x), ownSecond(rows)));
    } else if (level != Level.VALUE) {
      List<Value> scaled = rows.slopes().stream().map(g -> weighted(g, batch)).toList();
      out.put("gradient", rows.toCoefficients(x, scaled));
      out.put("reach", reach(eta.whole()));
      if (level.hasBlocks()) {
        addBlocks(rows, level == Level.SCORES ? scores(rows) : second(rows), out);
      }
    }
    return Graph.of("derivatives", all, out);
  }

  /**
   * The rows of a block. Rows across are combined with numbers in one sweep, columns element by
   * element.
   */
  private record Rows(Value x, List<Value> eta, Value objective, Batch batch) {
    List<Value> slopes() {
      return Gradients.of(Ops.sumAll(objective), eta);
    }

    /** X' times what is there per row and column of W: laid out as W. */
    Value toCoefficients(Value design, List<Value> perColumn) {
      boolean isAcross = batch.isAcross();
      return Ops.gemm(design, true, Ops.concat(perColumn, isAcross ? 0 : 1), isAcross);
    }

    /** One number per row as (n, 1). */
    Value standing(Value row) {
      return batch.isAcross() ? Ops.reshape(row, Ops.longs(-1, 1), Shape.rows("n", 1)) : row;
    }
  }

  /** X (n, p), without columns where no term has coefficients. */
  private static Value design(Batch batch) {
    if (!batch.design().isEmpty()) {
      return batch.design().get(0);
    }
    Value y = batch.target().get(0);
    return Ops.slice(batch.isAcross() ? Ops.transpose(y, 1, 0) : y, 1, 0, 0);
  }

  private Value objective(Batch batch, Predictors eta, Level level) {
    Family family = model.definition().family();
    Value y = batch.target().get(0);
    Value perRow =
        level == Level.LIKELIHOOD
            ? family.logDensity(y, eta.whole())
            : family.objective(y, eta.whole());
    return Ops.expandLike(perRow, eta.pieces().get(0));
  }

  /**
   * The linear predictors.
   *
   * @param whole one (n, r) per parameter
   * @param pieces what to differentiate by, so that one gradient has the slopes of every row and
   *     column: the same of independent margins, else single columns; side by side they lie as W
   */
  private record Predictors(List<Value> whole, List<Value> pieces) {}

  private Predictors predictors(Value x, Batch batch, Value w) {
    int axis = batch.isAcross() ? 0 : 1;
    int width = isJoint() ? 1 : r;
    int perPredictor = r / width;
    long[] sizes = new long[q * perPredictor];
    Arrays.fill(sizes, width);
    Value product = batch.isAcross() ? Ops.gemm(w, true, x, true) : Ops.matMul(x, w);
    List<Value> pieces = new ArrayList<>(Ops.split(product, axis, sizes));
    Iterator<Value> offsets = offsets(batch, axis).iterator();
    List<Value> whole = new ArrayList<>();
    for (int j = 0; j < q; j++) {
      List<Value> own = pieces.subList(j * perPredictor, (j + 1) * perPredictor);
      if (!model.definition().predictors().get(j).offsets().isEmpty()) {
        Value offset = offsets.next();
        own.replaceAll(piece -> Ops.add(piece, offset));
      }
      whole.add(Ops.concat(own, axis));
    }
    return new Predictors(whole, pieces);
  }

  /** One per predictor that has offsets. */
  private static List<Value> offsets(Batch batch, int axis) {
    if (batch.offsets().isEmpty()) {
      return List.of();
    }
    Value all = batch.offsets().get(0);
    long[] ones = new long[(int) all.shape().dim(axis).size()];
    Arrays.fill(ones, 1);
    return Ops.split(all, axis, ones);
  }

  private boolean isJoint() {
    return model.definition().family().support().isMultivariate();
  }

  /** How far each predictor is out, towards the edges of its link: where a fit runs away. */
  private Value reach(List<Value> eta) {
    List<Value> largest = new ArrayList<>();
    for (int j = 0; j < eta.size(); j++) {
      Link link = model.definition().family().parameters().get(j).link();
      Value out = link.hasLowerEdge() == link.hasUpperEdge() ? Ops.abs(eta.get(j)) : eta.get(j);
      Value far = link.hasLowerEdge() && !link.hasUpperEdge() ? Ops.neg(out) : out;
      largest.add(Ops.reshape(Ops.reduceMax(far, false, 0, 1), 1));
    }
    return Ops.concat(largest, 0);
  }

  /** A row without weight adds nothing, even where its density is not a number. */
  private Value weighted(Value perRow, Batch batch) {
    if (batch.target().size() < 2) {
      return perRow;
    }
    Value weight = batch.target().get(1);
    Value product = Ops.mul(perRow, weight);
    return skipsZeroWeights
        ? Ops.where(Ops.greater(weight, Ops.scalar(weight, 0)), product, Ops.scalar(product, 0))
        : product;
  }

  /** Σ over rows and pairs of predictors of x'Vx times the second derivative; V is given. */
  private Value leveraged(Rows rows, Map<String, Value> inputs) {
    Map<Pair, Value> second = second(rows);
    Value sum = Ops.scalar(ElementType.FLOAT64, 0);
    for (Pair pair : pairs) {
      int[] free = unknowns.rowsOf(pair.first());
      int[] others = unknowns.rowsOf(pair.second());
      Value v =
          Ops.input(pair.covariance(), ElementType.FLOAT64, Shape.of(free.length, others.length));
      inputs.put(pair.covariance(), v);
      Value mapped = Ops.matMul(columns(rows.x, free), v);
      Value leverage = Ops.sum(Ops.mul(mapped, columns(rows.x, others)), true, 1);
      Value part = Ops.sumAll(Ops.mul(leverage, rows.standing(of(second, pair))));
      sum = Ops.add(sum, pair.first() == pair.second() ? part : Ops.mul(part, 2));
    }
    return sum;
  }

  private static Value of(Map<Pair, Value> second, Pair pair) {
    return java.util.Objects.requireNonNull(second.get(pair), pair.block());
  }

  /** The weighted second derivatives of every pair, (n, 1) or across. */
  private Map<Pair, Value> second(Rows rows) {
    List<Value> eta = rows.eta;
    List<Value> slopes = rows.slopes();
    Map<Pair, Value> out = new HashMap<>();
    for (int j = 0; j < eta.size(); j++) {
      List<Value> by = Gradients.of(Ops.sumAll(slopes.get(j)), eta.subList(j, eta.size()));
      for (int k = j; k < eta.size(); k++) {
        put(j, k, by.get(k - j), rows, out);
      }
    }
    return out;
  }

  /** Minus the products of slopes, whose expectation is that of the second derivatives. */
  private Map<Pair, Value> scores(Rows rows) {
    List<Value> slopes = rows.slopes();
    Map<Pair, Value> out = new HashMap<>();
    for (int j = 0; j < slopes.size(); j++) {
      for (int k = j; k < slopes.size(); k++) {
        put(j, k, Ops.neg(Ops.mul(slopes.get(j), slopes.get(k))), rows, out);
      }
    }
    return out;
  }

  /** Takes apart what is there of two predictors, column by column. */
  private void put(int j, int k, Value perRow, Rows rows, Map<Pair, Value> out) {
    int width = q * r / rows.eta.size();
    long[] ones = new long[width];
    Arrays.fill(ones, 1);
    int axis = rows.batch.isAcross() ? 0 : 1;
    List<Value> columns = Ops.split(weighted(perRow, rows.batch), axis, ones);
    for (int c = 0; c < width; c++) {
      out.put(new Pair(j * width + c, k * width + c), columns.get(c));
    }
  }

  /** The weighted second derivatives by each predictor itself, laid out as the predictors. */
  private List<Value> ownSecond(Rows rows) {
    List<Value> slopes = rows.slopes();
    List<Value> out = new ArrayList<>();
    for (int j = 0; j < slopes.size(); j++) {
      Value own = Gradients.of(Ops.sumAll(slopes.get(j)), List.of(rows.eta.get(j))).get(0);
      out.add(weighted(own, rows.batch));
    }
    return out;
  }

  private boolean hasKinks(Value objective, Predictors eta) {
    return model.definition().family().isKinked()
        && !Kinks.arguments(objective, eta.pieces()).isEmpty();
  }

  /** True when {@link Level#KINKS} has something to say: graphs then take {@code kink_width}. */
  boolean hasKinks(Batch batch) {
    Value w = Ops.input("coefficients", ElementType.FLOAT64, Shape.of(p, (long) q * r));
    Predictors eta = predictors(design(batch), batch, w);
    return hasKinks(objective(batch, eta, Level.KINKS), eta);
  }

  /** Σ of the distances from all kinks, over the weighted rows. */
  private Value kinks(Value objective, List<Value> eta, Batch batch) {
    Value sum = Ops.scalar(ElementType.FLOAT64, 0);
    for (Value argument : Kinks.arguments(objective, eta)) {
      sum = Ops.add(sum, Ops.sumAll(weighted(Ops.abs(argument), batch)));
    }
    return sum;
  }

  private void addBlocks(Rows rows, Map<Pair, Value> second, Map<String, Value> out) {
    List<Value> designs = new ArrayList<>();
    for (int column = 0; column < q * r; column++) {
      designs.add(columns(rows.x, unknowns.rowsOf(column)));
    }
    for (Pair pair : pairs) {
      Value right = Ops.mul(designs.get(pair.second()), rows.standing(of(second, pair)));
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
