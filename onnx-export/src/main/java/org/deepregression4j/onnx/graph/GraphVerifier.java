package org.deepregression4j.onnx.graph;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Checks a whole graph: every value is defined before it is used, and every shape rule holds. */
public final class GraphVerifier {
  private GraphVerifier() {}

  /**
   * Verifies a model graph and its sub-graphs.
   *
   * @throws GraphException naming the node that broke, with its shapes
   */
  public static void verify(Graph graph) {
    if (!graph.captures().isEmpty()) {
      throw new GraphException(graph.name() + " uses " + graph.captures() + ", which it lacks");
    }
    verify(graph, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  private static void verify(Graph graph, Set<Value> defined) {
    defined.addAll(graph.inputs().values());
    for (Node node : graph.nodes()) {
      if (node.op() == Op.IN) {
        throw new GraphException(graph.name() + " lacks the input " + node.attributes());
      }
      for (Value value : Graph.dependencies(node)) {
        if (!defined.contains(value)) {
          throw new GraphException(
              graph.name() + ": " + node.op() + node.inputs() + " uses undefined " + value);
        }
      }
      checkRule(node);
      node.bodies().values().forEach(body -> verify(body, copy(defined)));
      defined.addAll(node.outputs());
    }
    for (Value value : graph.outputs().values()) {
      if (!defined.contains(value)) {
        throw new GraphException(graph.name() + ": output " + value + " is undefined");
      }
    }
  }

  private static Set<Value> copy(Set<Value> values) {
    Set<Value> out = Collections.newSetFromMap(new IdentityHashMap<>());
    out.addAll(values);
    return out;
  }

  private static void checkRule(Node node) {
    List<Node.Signature> expected = node.infer();
    for (Value value : node.outputs()) {
      Node.Signature should = expected.get(value.index());
      if (value.type() != should.type() || !value.shape().equals(should.shape())) {
        throw new GraphException(node.op() + ": output is " + value + ", rule says " + should);
      }
    }
  }
}
