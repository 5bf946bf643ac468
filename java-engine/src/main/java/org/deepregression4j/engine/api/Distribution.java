package org.deepregression4j.engine.api;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.family.Quantity;
import org.deepregression4j.engine.model.Scoring;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;

/**
 * The response distributions of n rows: a family at their linear predictors. Borrows the tensor.
 *
 * <pre>{@code
 * Distribution house = model.distribution(data);
 * Tensor median = house.at(Quantity.QUANTILE, levels);
 * Tensor density = house.at(Quantity.LOG_PROB, response);
 * }</pre>
 */
public final class Distribution {
  private static final long BLOCK = 1 << 16;
  private static final String ETA = "eta";
  private static final String VALUES = "values";

  private final Family family;
  private final Tensor eta;
  private final int responseColumns;

  /**
   * Distributions of rows.
   *
   * @param eta FLOAT64 (n, q·r): the r columns of the first linear predictor, then of the next
   * @param responseColumns m
   * @throws IllegalArgumentException when the width is not that of the family
   */
  public Distribution(Family family, Tensor eta, int responseColumns) {
    long expected = (long) family.parameters().size() * family.predictorColumns(responseColumns);
    if (eta.sizes().length != 2 || eta.sizes()[1] != expected) {
      throw new IllegalArgumentException(
          "eta: expected (n, " + expected + "), got " + Arrays.toString(eta.sizes()));
    }
    this.family = family;
    this.eta = eta;
    this.responseColumns = responseColumns;
  }

  /** Number of rows n. */
  public long rows() {
    return eta.sizes()[0];
  }

  /**
   * A quantity of every row that needs no values: (n, w).
   *
   * @throws org.deepregression4j.engine.family.FamilyException when the family lacks it
   */
  public Tensor at(Quantity quantity) {
    return at(quantity, Tensor.allocate(ElementType.FLOAT64, 1, 0));
  }

  /**
   * A quantity of every row at k values: (n, k·w), one answer after another.
   *
   * @param values FLOAT64 (n, k·c), c = {@link Quantity#valueColumns}; or (1, k·c), for all rows
   * @throws IllegalArgumentException when the values have another shape
   * @throws org.deepregression4j.engine.family.FamilyException when the family lacks it
   */
  public Tensor at(Quantity quantity, Tensor values) {
    int c = quantity.valueColumns(family, responseColumns);
    int k = answers(quantity, values, c);
    Graph graph = graph(family, quantity, responseColumns);
    int w = (int) answer(graph).shape().dim(1).size();
    Tensor out = Tensor.allocate(ElementType.FLOAT64, rows(), (long) k * w);
    try (OnnxSession session = OnnxSession.open(OnnxWriter.toBytes(graph))) {
      for (long from = 0; from < rows(); from += BLOCK) {
        long to = Math.min(rows(), from + BLOCK);
        // Of few rows many answers at once, below each other: a run costs more than a row.
        int most = (int) Math.max(1, BLOCK / (to - from));
        for (int i = 0; i < k; i += most) {
          int count = Math.min(most, k - i);
          Map<String, Tensor> inputs = new LinkedHashMap<>();
          inputs.put(ETA, repeated(eta.asRows(from, to), count));
          if (c > 0) {
            inputs.put(VALUES, columns(values, from, to, i * c, count, c));
          }
          Tensor part = Tensor.allocate(ElementType.FLOAT64, (to - from) * count, w);
          session.run(inputs, Set.of(), Map.of("answer", part));
          place(part.toDoubles(), out, from, to, i * w, w);
        }
      }
    }
    return out;
  }

  private int answers(Quantity quantity, Tensor values, int c) {
    long rows = values.sizes()[0];
    long width = values.sizes().length == 2 ? values.sizes()[1] : -1;
    if (c == 0) {
      return 1;
    }
    if ((rows != rows() && rows != 1) || width < c || width % c != 0) {
      throw new IllegalArgumentException(
          quantity.label()
              + ": expected values of "
              + rows()
              + " rows or one, and a multiple of "
              + c
              + " columns, got "
              + Arrays.toString(values.sizes()));
    }
    return (int) (width / c);
  }

  /**
   * Columns w of one answer for a response of m columns: m, or fewer where columns belong together.
   *
   * @throws org.deepregression4j.engine.family.FamilyException when the family lacks the quantity
   */
  public static int columns(Family family, Quantity quantity, int responseColumns) {
    return (int) answer(graph(family, quantity, responseColumns)).shape().dim(1).size();
  }

  private static Graph graph(Family family, Quantity quantity, int responseColumns) {
    int valueColumns = quantity.valueColumns(family, responseColumns);
    int q = family.parameters().size();
    int r = family.predictorColumns(responseColumns);
    Value input = Ops.input(ETA, ElementType.FLOAT64, Shape.rows("n", (long) q * r));
    long[] sizes = new long[q];
    Arrays.fill(sizes, r);
    List<Value> parts = Ops.split(input, 1, sizes);
    Map<String, Value> inputs = new LinkedHashMap<>(Map.of(ETA, input));
    Value values = input;
    if (valueColumns > 0) {
      values = Ops.input(VALUES, ElementType.FLOAT64, Shape.rows("n", valueColumns));
      inputs.put(VALUES, values);
    }
    Value answer = Scoring.perRow(quantity.of(family, values, parts), parts.get(0));
    return Graph.of(quantity.label(), inputs, Map.of("answer", answer));
  }

  private static Value answer(Graph graph) {
    return java.util.Objects.requireNonNull(graph.outputs().get("answer"));
  }

  private static Tensor repeated(Tensor rows, int times) {
    if (times == 1) {
      return rows;
    }
    double[] once = rows.toDoubles();
    double[] out = new double[once.length * times];
    for (int i = 0; i < times; i++) {
      System.arraycopy(once, 0, out, i * once.length, once.length);
    }
    return Tensor.copyOf(ElementType.FLOAT64, out, rows.sizes()[0] * times, rows.sizes()[1]);
  }

  /** The values of {@code answers} answers from column {@code first} on, below each other. */
  private Tensor columns(Tensor values, long from, long to, int first, int answers, int width) {
    boolean isShared = values.sizes()[0] == 1 && rows() != 1;
    long all = values.sizes()[1];
    double[] out = new double[(int) (to - from) * answers * width];
    int next = 0;
    for (int i = 0; i < answers; i++) {
      for (long row = from; row < to; row++) {
        long start = (isShared ? 0 : row * all) + first + (long) i * width;
        for (int c = 0; c < width; c++) {
          out[next++] = values.buffer().getDouble((int) ((start + c) * Double.BYTES));
        }
      }
    }
    return Tensor.copyOf(ElementType.FLOAT64, out, (to - from) * answers, width);
  }

  /** Answers below each other to columns side by side, from column {@code first} on. */
  private static void place(double[] part, Tensor out, long from, long to, int first, int width) {
    long all = out.sizes()[1];
    int next = 0;
    for (int column = first; next < part.length; column += width) {
      for (long row = from; row < to; row++) {
        for (int c = 0; c < width; c++) {
          out.buffer().putDouble((int) ((row * all + column + c) * Double.BYTES), part[next++]);
        }
      }
    }
  }
}
