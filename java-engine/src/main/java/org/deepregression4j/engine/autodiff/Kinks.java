package org.deepregression4j.engine.autodiff;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Node;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * Where an expression bends by some of its variables: absolute values of them, and the larger and
 * the smaller of two that both depend on them. A bound that is a constant keeps its kink, since it
 * mostly guards against what does not happen.
 */
public final class Kinks {
  private Kinks() {}

  /** What is zero at each kink: x of |x|, and x − y of the larger or the smaller of them. */
  public static List<Value> arguments(Value expression, List<Value> variables) {
    return kinks(Graph.sort(List.of(expression)), variables).stream()
        .map(node -> argument(node.op(), node.inputs()))
        .toList();
  }

  private static Value argument(Op op, List<Value> inputs) {
    return op == Op.ABS ? inputs.get(0) : Ops.sub(inputs.get(0), inputs.get(1));
  }

  /**
   * The same expression with √(x² + width²) in the place of every |x| that depends on the
   * variables, which has all derivatives; max(x, y) is (x + y + |x − y|) / 2, and so on.
   *
   * <ul>
   *   <li>{@code width}: of any shape that broadcasts, &gt; 0; its square should not underflow
   *   <li>result: a value of the type and shape of {@code expression}
   * </ul>
   */
  public static Value rounded(Value expression, Value width, List<Value> variables) {
    List<Node> sorted = Graph.sort(List.of(expression));
    Set<Node> kinks = Collections.newSetFromMap(new IdentityHashMap<>());
    kinks.addAll(kinks(sorted, variables));
    Value square = Ops.square(width);
    Map<Value, Value> now = new IdentityHashMap<>();
    for (Node node : sorted) {
      List<Value> inputs = node.inputs().stream().map(v -> now.getOrDefault(v, v)).toList();
      if (kinks.contains(node)) {
        now.put(node.output(), rounded(node.op(), inputs, square));
      } else if (node.inputs().stream().anyMatch(now::containsKey)) {
        Node other = new Node(node.op(), inputs, node.attributes(), node.bodies());
        node.outputs().forEach(v -> now.put(v, other.outputs().get(v.index())));
      }
    }
    return now.getOrDefault(expression, expression);
  }

  private static Value rounded(Op op, List<Value> inputs, Value square) {
    Value size = Ops.sqrt(Ops.add(Ops.square(argument(op, inputs)), square));
    if (op == Op.ABS) {
      return size;
    }
    Value sum = Ops.add(inputs.get(0), inputs.get(1));
    return Ops.mul(op == Op.MAX ? Ops.add(sum, size) : Ops.sub(sum, size), 0.5);
  }

  private static List<Node> kinks(List<Node> sorted, List<Value> variables) {
    Set<Value> moving = Collections.newSetFromMap(new IdentityHashMap<>());
    moving.addAll(variables);
    List<Node> out = new ArrayList<>();
    for (Node node : sorted) {
      if (node.inputs().stream().anyMatch(moving::contains)) {
        moving.addAll(node.outputs());
        boolean canBend = node.op() == Op.ABS || node.op() == Op.MAX || node.op() == Op.MIN;
        if (canBend && moving.containsAll(node.inputs())) {
          out.add(node);
        }
      }
    }
    return out;
  }
}
