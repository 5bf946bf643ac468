package org.deepregression4j.engine.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.deepregression4j.engine.term.ColumnInputs;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.onnx.graph.Dim;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;

/**
 * Writes a model into graphs. Structured terms of all predictors share one design matrix X (n, p)
 * and one coefficient matrix W (p, q·r), whose entry is held at zero where a term is not part of a
 * predictor; so the linear predictors of all parameters are one product.
 *
 * <p>Features (n, width) hold all that does not depend on weights. They are evaluated once when
 * they fit in memory and per batch otherwise, by the same expressions.
 */
public final class ModelGraph {
  /** The part of training rows that holds the response. */
  public static final String RESPONSE = FeatureLayout.RESPONSE;

  private final ModelDefinition definition;
  private final List<Design> designs = new ArrayList<>();
  private final List<Integer> offsetOwners = new ArrayList<>();
  private final Deep deep;
  private final FeatureLayout features;
  private final WeightLayout layout;
  private final Structured structured;
  private final WeightDeclarations declarations;

  /**
   * Lays out features and weights.
   *
   * @throws ModelException naming the predictor and term that does not fit
   */
  public ModelGraph(ModelDefinition definition) {
    this.definition = definition;
    Value rows = Ops.input("(rows)", definition.precision(), Shape.rows("n", 1));
    ColumnInputs columns = columnInputs(inputs(definition.columns()), rows);
    StructuredBuilder builder = new StructuredBuilder(definition, columns);
    designs.addAll(builder.designs());
    for (int j = 0; j < definition.predictors().size(); j++) {
      if (!definition.predictors().get(j).offsets().isEmpty()) {
        offsetOwners.add(j);
      }
    }
    this.deep = new Deep(definition, columns);
    this.features =
        new FeatureLayout(
            builder.rows(), offsetOwners.size(), deep.widths(), definition.responseColumns());
    WeightDeclarations weights = new WeightDeclarations(definition.precision());
    deep.apply(weights);
    this.layout =
        new WeightLayout(
            builder.rows(),
            builder.columns(),
            builder.coefficients(),
            weights.trained(),
            weights.state());
    this.structured = builder.build();
    this.declarations = weights;
  }

  /** Graph inputs for columns of n rows, by {@link ColumnSpec#inputName()}. */
  public static Map<String, Value> inputs(List<ColumnSpec> columns) {
    Map<String, Value> out = new LinkedHashMap<>();
    columns.forEach(spec -> out.put(spec.inputName(), spec.input("n")));
    return out;
  }

  /**
   * The columns of the definition over existing values.
   *
   * @param values by {@link ColumnSpec#inputName()}
   * @param rowsLike any value of n rows
   */
  public ColumnInputs columnInputs(Map<String, Value> values, Value rowsLike) {
    Map<String, ColumnInputs.Column> columns = new LinkedHashMap<>();
    for (ColumnSpec spec : definition.columns()) {
      Value value = values.get(spec.inputName());
      if (value == null) {
        throw new IllegalArgumentException("column '" + spec.name() + "' has no value");
      }
      columns.put(spec.name(), new ColumnInputs.Column(spec, value));
    }
    // Bases are evaluated in float64 even where weights are float32.
    return new ColumnInputs(columns, ElementType.FLOAT64, rowsLike);
  }

  /** What the graph is of. */
  public ModelDefinition definition() {
    return definition;
  }

  /** Where each weight stands. */
  public WeightLayout layout() {
    return layout;
  }

  /** How networks' weights start. */
  WeightDeclarations declarations() {
    return declarations;
  }

  /** The structured part: masks and penalties of the coefficient matrix. */
  public Structured structured() {
    return structured;
  }

  /** One where a weight is trained and zero where it stays, (trainedSize); empty for all ones. */
  public Optional<double[]> gradientMask() {
    double[] coefficients = structured.mask();
    if (Arrays.stream(coefficients).allMatch(x -> x == 1)) {
      return Optional.empty();
    }
    double[] mask = Arrays.copyOf(coefficients, layout.trainedSize());
    Arrays.fill(mask, coefficients.length, mask.length, 1);
    return Optional.of(mask);
  }

  /** Width of the features, without response and weight. */
  public int featureWidth() {
    return features.width();
  }

  /** Columns of the design matrix X. */
  public int designWidth() {
    return features.design();
  }

  /** Width of the features with response and row weight. */
  public int trainingWidth() {
    return features.trainingWidth();
  }

  /** The features of the rows that {@code columns} holds: (n, width). */
  public Value features(ColumnInputs columns) {
    return Ops.concat(List.copyOf(featureParts(columns).values()), 1);
  }

  /** The features by what they are for, each (n, its width). */
  Map<String, Value> featureParts(ColumnInputs columns) {
    Map<String, Value> out = new LinkedHashMap<>();
    List<Value> parts = new ArrayList<>();
    designs.forEach(design -> parts.add(design.value(columns)));
    putJoined(out, "design", parts);
    parts.clear();
    for (int j : offsetOwners) {
      Value sum = null;
      for (StructuredTerm offset : definition.predictors().get(j).offsets()) {
        Value next = offset.design(columns);
        sum = sum == null ? next : Ops.add(sum, next);
      }
      if (sum != null) {
        parts.add(sum);
      }
    }
    putJoined(out, "offsets", parts);
    List<Value> inputs = deep.inputs(columns);
    for (int i = 0; i < inputs.size(); i++) {
      putJoined(out, "deep" + i, List.of(inputs.get(i)));
    }
    return out;
  }

  private void putJoined(Map<String, Value> out, String name, List<Value> parts) {
    if (!parts.isEmpty()) {
      List<Value> typed = parts.stream().map(v -> Ops.cast(v, definition.precision())).toList();
      out.put(name, Ops.concat(typed, 1));
    }
  }

  /** True when a batch of training rows lies across: one response column, or independent ones. */
  boolean isAcross() {
    return definition.responseColumns() == 1 && !definition.family().support().isMultivariate();
  }

  /** Names of the parts of training rows; without that of the weights when all are one. */
  public Set<String> parts(boolean isWeighted) {
    Set<String> names = new LinkedHashSet<>(features.parts(true).keySet());
    if (!isWeighted) {
      names.remove(FeatureLayout.WEIGHT);
    }
    return names;
  }

  /** An input for a part of all training rows, as {@link TrainingData#evaluateParts} makes it. */
  public Value partInput(String part, String rows) {
    int width = features.parts(true).getOrDefault(part, 0);
    boolean turns = isAcross() && FeatureLayout.turns(part);
    Shape shape = turns ? FeatureLayout.across(width, Dim.of(rows)) : Shape.rows(rows, width);
    return Ops.input(part, definition.precision(), shape);
  }

  /** Inputs for all parts of rows that stand, as {@link TrainingData#standingParts} makes them. */
  public Map<String, Value> standingInputs(boolean isWeighted, String rows) {
    Map<String, Value> out = new LinkedHashMap<>();
    for (String part : parts(isWeighted)) {
      Shape shape = Shape.rows(rows, features.parts(true).getOrDefault(part, 0));
      out.put(part, Ops.input(part, definition.precision(), shape));
    }
    return out;
  }

  /** Rows {@code indices} (b) of a part. */
  public Value rowsOf(String part, Value all, Value indices) {
    return Ops.gather(all, indices, isAcross() && FeatureLayout.turns(part) ? 1 : 0);
  }

  /** Parts of rows as a batch. */
  public Batch batch(Map<String, Value> parts) {
    return features.batch(parts, isAcross());
  }

  /** Parts of rows that stand, each (b, its width), as a batch. */
  public Batch batchOf(Map<String, Value> parts) {
    Batch standing = features.batch(parts, false);
    if (!isAcross()) {
      return standing;
    }
    List<Value> offsets = standing.offsets().stream().map(v -> Ops.transpose(v, 1, 0)).toList();
    List<Value> rows = standing.target().stream().map(FeatureLayout::asRow).toList();
    return new Batch(standing.design(), offsets, standing.deep(), rows, true);
  }

  /**
   * The linear predictors, one (n, r) per parameter of the family.
   *
   * @param matrix features (n, width) or (n, trainingWidth)
   * @param weights the coefficient matrix and the networks' weights
   */
  public List<Value> linearPredictors(Value matrix, Weights weights) {
    return linearPredictors(features.split(matrix), weights);
  }

  private List<Value> linearPredictors(Batch parts, Weights weights) {
    int q = definition.predictors().size();
    int r = definition.predictorColumns();
    List<Value> eta = new ArrayList<>();
    long[] sizes = new long[q];
    Arrays.fill(sizes, r);
    Value product =
        parts.design().isEmpty()
            ? zeros(parts, (long) q * r)
            : parts.isAcross()
                ? Ops.gemm(weights.coefficients(), true, parts.design().get(0), true)
                : Ops.matMul(parts.design().get(0), weights.coefficients());
    eta.addAll(Ops.split(product, parts.axis(), sizes));
    if (!parts.offsets().isEmpty()) {
      long[] ones = new long[offsetOwners.size()];
      Arrays.fill(ones, 1);
      List<Value> columns = Ops.split(parts.offsets().get(0), parts.axis(), ones);
      for (int i = 0; i < columns.size(); i++) {
        int j = offsetOwners.get(i);
        eta.set(j, Ops.add(eta.get(j), columns.get(i)));
      }
    }
    deep.addTo(eta, parts, weights);
    return eta;
  }

  /** Linear predictors of a model without structured terms: (b, columns), or across. */
  private static Value zeros(Batch parts, long columns) {
    boolean isDeep = !parts.deep().isEmpty();
    Value like = isDeep ? parts.deep().get(0) : parts.offsets().get(0);
    int axis = isDeep || !parts.isAcross() ? 0 : 1;
    Value rows = Ops.gather(Ops.shapeOf(like), Ops.longs(axis), 0);
    Dim b = like.shape().dim(axis);
    Value count = Ops.longs(columns);
    Dim q = Dim.of(columns);
    Value sizes = Ops.concat(parts.isAcross() ? List.of(count, rows) : List.of(rows, count), 0);
    Shape shape = new Shape(parts.isAcross() ? List.of(q, b) : List.of(b, q));
    return Ops.expand(Ops.scalar(like, 0), sizes, shape);
  }

  /**
   * Mean of the weighted negative objective (mostly the log-density) over rows (n, trainingWidth);
   * a scalar.
   */
  public Value negativeLogLikelihood(Value matrix, Weights weights) {
    Batch parts = features.split(matrix);
    Value objective =
        definition.family().objective(parts.target().get(0), linearPredictors(parts, weights));
    Value weighted = Ops.mul(objective, parts.target().get(1));
    Value mean = Ops.neg(Ops.mean(weighted, false, 0, 1));
    // The mean over rows of the sum over margins; a multivariate family has one column.
    long margins = objective.shape().dim(1).size();
    return margins == 1 ? mean : Ops.mul(mean, margins);
  }

  /** Sum over a batch of weight times objective, mostly the log-density; a scalar. */
  public Value logLikelihood(Batch batch, Weights weights) {
    Value objective =
        definition.family().objective(batch.target().get(0), linearPredictors(batch, weights));
    boolean isWeighted = batch.target().size() > 1;
    return Ops.sumAll(isWeighted ? Ops.mul(objective, batch.target().get(1)) : objective);
  }

  /** Row-wise log-densities (n, 1) of rows (n, trainingWidth), unweighted. */
  public Value logDensity(Value matrix, List<Value> eta) {
    Value response = features.split(matrix).target().get(0);
    Value out = definition.family().logDensity(response, eta);
    return out.shape().dim(1).size() == 1 ? out : Ops.sum(out, true, 1);
  }

  /** All penalties on weights; a scalar, or empty when there are none. */
  public Optional<Value> penalty(Weights weights) {
    List<Value> parts = new ArrayList<>(structured.penalties(weights.coefficients()));
    parts.addAll(declarations.penalties(weights));
    return parts.stream().reduce(Ops::add);
  }

  /**
   * The deep terms to be made orthogonal, with the trained terms that share variables with them.
   */
  public List<Overlap> overlaps() {
    return deep.overlaps(structured, layout);
  }

  /** The design columns of features: (n, p). */
  public Value design(Value matrix) {
    return features.split(matrix).design().get(0);
  }

  /** What one contribution to a predictor adds: the network's output (n, r). */
  public Value deepContribution(Value matrix, int predictor, String term, Weights weights) {
    return deep.contribution(predictor, term, features.split(matrix).deep(), weights);
  }
}
