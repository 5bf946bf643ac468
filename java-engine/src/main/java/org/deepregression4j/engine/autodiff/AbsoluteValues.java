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

/** The absolute values in an expression that depend on some of its variables: its kinks. */
public final class AbsoluteValues {
  private AbsoluteValues() {}

  /** What stands in the absolute values that depend on the variables, each once. */
  public static List<Value> arguments(Value expression, List<Value> variables) {
    List<Value> out = new ArrayList<>();
    for (Node node : kinks(Graph.sort(List.of(expression)), variables)) {
      out.add(node.input(0));
    }
    return out;
  }

  /**
   * The same expression with √(x² + width²) in the place of every |x| that depends on the
   * variables, which has all derivatives.
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
        now.put(node.output(), Ops.sqrt(Ops.add(Ops.square(inputs.get(0)), square)));
      } else if (node.inputs().stream().anyMatch(now::containsKey)) {
        Node other = new Node(node.op(), inputs, node.attributes(), node.bodies());
        node.outputs().forEach(v -> now.put(v, other.outputs().get(v.index())));
      }
    }
    return now.getOrDefault(expression, expression);
  }

  private static List<Node> kinks(List<Node> sorted, List<Value> variables) {
    Set<Value> moving = Collections.newSetFromMap(new IdentityHashMap<>());
    moving.addAll(variables);
    List<Node> out = new ArrayList<>();
    for (Node node : sorted) {
      if (node.inputs().stream().anyMatch(moving::contains)) {
        moving.addAll(node.outputs());
        if (node.op() == Op.ABS) {
          out.add(node);
        }
      }
    }
    return out;
  }
}
