package org.deepregression4j.engine.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.onnx.graph.Attribute;
import org.deepregression4j.onnx.graph.Dim;
import org.deepregression4j.onnx.graph.Node;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;

/**
 * How the features of a row stand side by side: design columns, offsets, inputs of networks, and in
 * training the response and the row's weight.
 *
 * @param design p
 * @param offsets one column per predictor that has offsets
 * @param deep widths of the networks' inputs
 * @param response m
 */
record FeatureLayout(int design, int offsets, List<Integer> deep, int response) {
  static final String RESPONSE = "response";
  static final String WEIGHT = "weight";

  /** Width without response and weight. */
  int width() {
    return design + offsets + deep.stream().mapToInt(i -> i).sum();
  }

  /** Width with response and weight. */
  int trainingWidth() {
    return width() + response + 1;
  }

  /** Widths of the parts that are not empty, in order, by name. */
  Map<String, Integer> parts(boolean isTraining) {
    Map<String, Integer> out = new LinkedHashMap<>();
    out.put("design", design);
    out.put("offsets", offsets);
    for (int i = 0; i < deep.size(); i++) {
      out.put("deep" + i, deep.get(i));
    }
    if (isTraining) {
      out.put(RESPONSE, response);
      out.put(WEIGHT, 1);
    }
    out.values().removeIf(width -> width == 0);
    return out;
  }

  /** Cuts a matrix (b, width) or (b, trainingWidth) into its parts. */
  Batch split(Value features) {
    boolean isTraining = features.shape().dim(1).size() == trainingWidth();
    Map<String, Integer> widths = parts(isTraining);
    long[] sizes = widths.values().stream().mapToLong(i -> i).toArray();
    List<Value> pieces = Ops.split(features, 1, sizes);
    Map<String, Value> out = new LinkedHashMap<>();
    widths.keySet().forEach(name -> out.put(name, pieces.get(out.size())));
    return batch(out, false);
  }

  /** Collects parts by name. */
  Batch batch(Map<String, Value> parts, boolean isAcross) {
    List<Value> networks = new ArrayList<>();
    for (int i = 0; i < deep.size(); i++) {
      networks.addAll(take(parts, "deep" + i));
    }
    List<Value> target = new ArrayList<>(take(parts, RESPONSE));
    target.addAll(take(parts, WEIGHT));
    return new Batch(take(parts, "design"), take(parts, "offsets"), networks, target, isAcross);
  }

  private static List<Value> take(Map<String, Value> parts, String name) {
    Value value = parts.get(name);
    return value == null ? List.of() : List.of(value);
  }

  /** True for the parts that lie across when the response does. */
  static boolean turns(String part) {
    return part.equals("offsets") || part.equals(RESPONSE) || part.equals(WEIGHT);
  }

  /** A column (b, 1) as a row (1, b); a product is computed as such, (A B + c)' = B' A' + c. */
  static Value asRow(Value column) {
    Node node = column.node();
    boolean isPlain = node.op() == Op.GEMM && node.attributes().isEmpty();
    if (isPlain && node.inputs().size() == 3 && node.input(2).shape().size() == 1) {
      Map<String, Attribute> turned =
          Ops.gemm(node.input(1), true, node.input(0), true).node().attributes();
      List<Value> inputs = List.of(node.input(1), node.input(0), node.input(2));
      return Ops.node(Op.GEMM, inputs, turned);
    }
    return Ops.reshape(column, Ops.longs(1, -1), across(1, column.shape().dim(0)));
  }

  static Shape across(int rows, Dim columns) {
    return new Shape(List.of(Dim.of(rows), columns));
  }
}
