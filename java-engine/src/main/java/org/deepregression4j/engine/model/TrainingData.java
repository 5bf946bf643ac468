package org.deepregression4j.engine.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;

/**
 * Rows to train on or to evaluate. Borrows its tensors.
 *
 * @param columns the raw columns
 * @param response FLOAT64 (n, m)
 * @param weights of the rows
 */
public record TrainingData(Dataset columns, Tensor response, RowWeights weights) {
  /** Names that no column of the user can have by accident. */
  private static final String RESPONSE = "(response)";

  private static final String WEIGHT = "(weight)";

  /** Elements of the features that one run of their graph makes: what a core's cache holds. */
  private static final int BLOCK_ELEMENTS = 1 << 16;

  /**
   * Checks the lengths.
   *
   * @throws IllegalArgumentException saying which length differs
   */
  public TrainingData {
    if (columns.rows() == 0) {
      throw new IllegalArgumentException("the data have zero rows");
    }
    if (response.sizes().length != 2) {
      throw new IllegalArgumentException(
          "response: expected rows and columns, got shape " + Arrays.toString(response.sizes()));
    }
    check("response", response.sizes()[0], columns.rows());
    check("weights", weights.rows(), columns.rows());
  }

  private static void check(String what, long rows, long expected) {
    if (rows != expected) {
      throw new IllegalArgumentException(
          what + ": expected " + expected + " rows as the data have, got " + rows);
    }
  }

  /**
   * Data with weights.
   *
   * @param rowWeights FLOAT64 (n, 1), at least 0
   */
  public TrainingData(Dataset columns, Tensor response, Tensor rowWeights) {
    this(columns, response, RowWeights.of(rowWeights));
  }

  /** Data of equal row weights. */
  public static TrainingData of(Dataset columns, Tensor response) {
    return new TrainingData(columns, response, RowWeights.equal(columns.rows()));
  }

  /** Number of rows n. */
  public long rows() {
    return columns.rows();
  }

  /** How many rows of a model's features a core's cache holds; enough for one run of a graph. */
  public static int rowsAtOnce(ModelGraph graph) {
    return Math.max(256, BLOCK_ELEMENTS / Math.max(1, graph.featureWidth()));
  }

  /** Memory that the columns and the response take. */
  public long bytes() {
    long sum = bytes(response);
    for (Tensor column : columns.columns().values()) {
      sum += bytes(column);
    }
    return sum;
  }

  private static long bytes(Tensor tensor) {
    return Tensor.count(tensor.sizes()) * tensor.type().bytes();
  }

  /** Rows {@code from} (included) to {@code to} (excluded), sharing memory. */
  public TrainingData asRows(long from, long to) {
    return new TrainingData(
        columns.asRows(from, to), response.asRows(from, to), weights.asRows(from, to));
  }

  /** The graph inputs that take such data; {@code rows} is the symbol of n. */
  public static Map<String, Value> inputs(ModelGraph graph, String rows) {
    return inputs(graph, rows, true);
  }

  /** The same, with the weights only where they are wished. */
  public static Map<String, Value> inputs(ModelGraph graph, String rows, boolean isWeighted) {
    Map<String, Value> out = new LinkedHashMap<>();
    for (ColumnSpec spec : graph.definition().columns()) {
      out.put(spec.inputName(), spec.input(rows));
    }
    int m = graph.definition().responseColumns();
    out.put(RESPONSE, Ops.input(RESPONSE, ElementType.FLOAT64, Shape.rows(rows, m)));
    if (isWeighted) {
      out.put(WEIGHT, Ops.input(WEIGHT, ElementType.FLOAT64, Shape.rows(rows, 1)));
    }
    return out;
  }

  /**
   * The tensors for {@link #inputs}.
   *
   * @throws IllegalArgumentException when a column is missing or the response has another width
   */
  public Map<String, Tensor> tensors(ModelGraph graph) {
    return tensors(graph, true);
  }

  /** The same, with the weights only where they are wished. */
  public Map<String, Tensor> tensors(ModelGraph graph, boolean isWeighted) {
    int m = graph.definition().responseColumns();
    if (response.sizes()[1] != m) {
      throw new IllegalArgumentException(
          "response: expected " + m + " column(s), got " + response.sizes()[1]);
    }
    Map<String, Tensor> out = new LinkedHashMap<>(columns.select(graph.definition().columns()));
    out.put(RESPONSE, response);
    if (isWeighted) {
      out.put(WEIGHT, weights.tensor());
    }
    return out;
  }

  /** Features, response and weight of rows side by side: (n, trainingWidth). */
  public static Value matrix(ModelGraph graph, Map<String, Value> rows) {
    ElementType type = graph.definition().precision();
    Map<String, Value> columns = new LinkedHashMap<>(rows);
    Value response = rowsLike(rows);
    Value weight = rows.get(WEIGHT);
    if (weight == null) {
      throw new IllegalArgumentException("row weights belong to training rows");
    }
    Value features = graph.features(graph.columnInputs(columns, response));
    return Ops.concat(List.of(features, Ops.cast(response, type), Ops.cast(weight, type)), 1);
  }

  /**
   * Rows as what they are for.
   *
   * @param rows the graph inputs, or some of their rows
   * @param isWeighted whether the weights are among them
   */
  public static Batch batch(ModelGraph graph, Map<String, Value> rows, boolean isWeighted) {
    ElementType type = graph.definition().precision();
    Value response = rowsLike(rows);
    Map<String, Value> parts = graph.featureParts(graph.columnInputs(rows, response));
    parts.put(FeatureLayout.RESPONSE, Ops.cast(response, type));
    Value weight = rows.get(WEIGHT);
    if (isWeighted && weight != null) {
      parts.put(FeatureLayout.WEIGHT, Ops.cast(weight, type));
    }
    return graph.batchOf(parts);
  }

  /** True when some rows weigh more than others, or all something else than one. */
  public boolean isWeighted() {
    return !weights.areOnes();
  }

  /**
   * Evaluates the parts that {@link ModelGraph#parts} names, in blocks of rows: (n, width), or
   * (width, n) where {@link Batch} says that they lie across.
   */
  public Map<String, Tensor> evaluateParts(ModelGraph graph) {
    Map<String, Tensor> out = standingParts(graph, isWeighted());
    if (graph.isAcross()) {
      out.replaceAll((name, tensor) -> FeatureLayout.turns(name) ? turned(tensor) : tensor);
    }
    return out;
  }

  /**
   * The tensors for {@link ModelGraph#standingInputs}, in blocks of rows; response and weights in
   * the type that they have are not copied.
   */
  public Map<String, Tensor> standingParts(ModelGraph graph, boolean isWeighted) {
    Map<String, Value> inputs = inputs(graph, "n");
    Map<String, Value> parts = graph.featureParts(graph.columnInputs(inputs, rowsLike(inputs)));
    Map<String, Tensor> out = new LinkedHashMap<>();
    ElementType type = graph.definition().precision();
    parts.forEach(
        (name, value) -> out.put(name, Tensor.allocate(type, rows(), value.shape().dim(1).size())));
    evaluate(graph, inputs, parts, out);
    out.put(FeatureLayout.RESPONSE, typed(response, type));
    if (isWeighted) {
      out.put(FeatureLayout.WEIGHT, typed(weights.tensor(), type));
    }
    return out;
  }

  private static Tensor typed(Tensor tensor, ElementType type) {
    return tensor.type() == type ? tensor : Tensor.copyOf(type, tensor.toDoubles(), tensor.sizes());
  }

  private static Value rowsLike(Map<String, Value> rows) {
    Value response = rows.get(RESPONSE);
    if (response == null) {
      throw new IllegalArgumentException("the response belongs to training rows");
    }
    return response;
  }

  private static Tensor turned(Tensor standing) {
    int rows = (int) standing.sizes()[0];
    int columns = (int) standing.sizes()[1];
    double[] values = standing.toDoubles();
    double[] across = new double[values.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        across[j * rows + i] = values[i * columns + j];
      }
    }
    return Tensor.copyOf(standing.type(), across, columns, rows);
  }

  private void evaluate(
      ModelGraph graph,
      Map<String, Value> inputs,
      Map<String, Value> outputs,
      Map<String, Tensor> into) {
    Graph program = Graph.of("features", inputs, outputs);
    int rowsAtOnce = rowsAtOnce(graph);
    try (OnnxSession session = OnnxSession.open(OnnxWriter.toBytes(program))) {
      for (long from = 0; from < rows(); from += rowsAtOnce) {
        long start = from;
        long end = Math.min(rows(), from + rowsAtOnce);
        Map<String, Tensor> block = new LinkedHashMap<>();
        into.forEach((name, tensor) -> block.put(name, tensor.asRows(start, end)));
        session.run(asRows(start, end).tensors(graph), Set.of(), block);
      }
    }
  }
}
