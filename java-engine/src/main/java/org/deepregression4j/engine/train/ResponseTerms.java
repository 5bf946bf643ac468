package org.deepregression4j.engine.train;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Node;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;

/**
 * What a loss needs of the response alone, such as lgamma(y + 1): evaluated once for all rows, of
 * which a step takes its own. Mutable: {@link #replace} collects the terms.
 */
final class ResponseTerms {
  /** Nodes from which on a term is worth the node that takes its rows. */
  private static final int WORTH = 6;

  private static final Set<Op> ROW_BY_ROW =
      EnumSet.of(
          Op.NEG,
          Op.ABS,
          Op.SIGN,
          Op.EXP,
          Op.LOG,
          Op.SQRT,
          Op.RECIPROCAL,
          Op.SIN,
          Op.TANH,
          Op.RELU,
          Op.FLOOR,
          Op.CEIL,
          Op.ROUND,
          Op.NOT,
          Op.CAST,
          Op.ADD,
          Op.SUB,
          Op.MUL,
          Op.DIV,
          Op.MAX,
          Op.MIN,
          Op.EQUAL,
          Op.LESS,
          Op.LESS_OR_EQUAL,
          Op.GREATER,
          Op.GREATER_OR_EQUAL,
          Op.AND,
          Op.OR,
          Op.WHERE,
          Op.CONCAT,
          Op.REDUCE_SUM,
          Op.MAT_MUL);

  private final Value all;
  private final UnaryOperator<Value> rows;
  private final Map<Value, Value> ofAll = new IdentityHashMap<>();
  private final Map<Value, Integer> sizes = new IdentityHashMap<>();
  private final Map<Value, Value> terms = new IdentityHashMap<>();
  private final Map<String, Value> inputs = new LinkedHashMap<>();
  private final Map<String, Value> expressions = new LinkedHashMap<>();

  /**
   * Terms of a response.
   *
   * @param all the graph input with the responses of all rows, (1, n) or (n, m)
   * @param rows takes a batch's rows of anything that is laid out like {@code all}
   */
  ResponseTerms(Value all, UnaryOperator<Value> rows) {
    this.all = all;
    this.rows = rows;
  }

  /**
   * The same values with the terms of {@code batch}, the response of a batch, taken from inputs.
   */
  List<Value> replace(List<Value> values, Value batch) {
    ofAll.put(batch, all);
    sizes.put(batch, 0);
    Map<Value, Value> now = new IdentityHashMap<>();
    for (Node node : Graph.sort(values)) {
      if (isOfResponse(node, batch.shape())) {
        List<Value> outer = node.inputs().stream().map(v -> ofAll.getOrDefault(v, v)).toList();
        Value output = node.output();
        ofAll.put(output, new Node(node.op(), outer, node.attributes()).output());
        int below = node.inputs().stream().mapToInt(v -> sizes.getOrDefault(v, 0)).sum();
        sizes.put(output, Math.min(WORTH, 1 + below));
      } else {
        rebuild(node, now);
      }
    }
    return values.stream().map(v -> now.getOrDefault(v, v)).toList();
  }

  private void rebuild(Node node, Map<Value, Value> now) {
    List<Value> inputs = new ArrayList<>();
    boolean isSame = true;
    for (Value input : node.inputs()) {
      Value to =
          sizes.getOrDefault(input, 0) >= WORTH ? term(input) : now.getOrDefault(input, input);
      isSame &= to == input;
      inputs.add(to);
    }
    if (!isSame) {
      Node changed = new Node(node.op(), inputs, node.attributes(), node.bodies());
      node.outputs().forEach(v -> now.put(v, changed.outputs().get(v.index())));
    }
  }

  private Value term(Value inBatch) {
    return terms.computeIfAbsent(
        inBatch,
        v -> {
          Value expression = ofAll.getOrDefault(v, v);
          String name = "response_term_" + inputs.size();
          Value input = Ops.input(name, expression.type(), expression.shape());
          expressions.put(name, expression);
          inputs.put(name, input);
          return rows.apply(input);
        });
  }

  /** True for what depends on the response and constants, and treats every row alike. */
  private boolean isOfResponse(Node node, Shape batch) {
    if (!ROW_BY_ROW.contains(node.op()) || node.outputs().size() != 1) {
      return false;
    }
    boolean isAcross = batch.dim(0).isFixed();
    boolean isAny = false;
    for (int i = 0; i < node.inputs().size(); i++) {
      Value input = node.input(i);
      boolean isFactor =
          !isAcross && (node.op() == Op.MAT_MUL && i == 1 || input.shape().rank() < 2);
      boolean isNumber = input.shape().isFixed() && input.shape().size() == 1;
      boolean isFree = input.isConstant() && (isNumber || isFactor);
      if (!sizes.containsKey(input) && !isFree) {
        return false;
      }
      isAny |= sizes.containsKey(input);
    }
    int axis = isAcross ? 1 : 0;
    Shape out = node.output().shape();
    return isAny && out.rank() == 2 && out.dim(axis).equals(batch.dim(axis));
  }

  /** The graph inputs that hold the terms of all rows. */
  Map<String, Value> inputs() {
    return inputs;
  }

  /** The tensors for these inputs, of data that have the response among them. */
  Map<String, Tensor> evaluate(Map<String, Tensor> data) {
    if (expressions.isEmpty()) {
      return Map.of();
    }
    String name = ModelGraph.RESPONSE;
    Tensor response = Objects.requireNonNull(data.get(name), name);
    Graph graph = Graph.of(name, Map.of(name, all), expressions);
    try (OnnxSession session = OnnxSession.open(OnnxWriter.toBytes(graph))) {
      return session.run(Map.of(name, response), expressions.keySet());
    }
  }
}
