package org.deepregression4j.onnx.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Named inputs and outputs over the nodes between them. A graph owns the nodes that depend on its
 * inputs; a sub-graph takes everything else from outside ({@link #captures()}), so what does not
 * change in a Loop is computed once, before it.
 */
public final class Graph {
  private final String name;
  private final Map<String, Value> inputs;
  private final Map<String, Value> outputs;
  private final List<Node> nodes;
  private final List<Value> captures;
  private final Map<String, String> metadata;

  private Graph(
      String name,
      Map<String, Value> inputs,
      Map<String, Value> outputs,
      boolean isBody,
      Map<String, String> metadata) {
    this.name = name;
    this.inputs = new LinkedHashMap<>(inputs);
    this.outputs = new LinkedHashMap<>(outputs);
    this.metadata = new LinkedHashMap<>(metadata);
    Set<Node> own = Collections.newSetFromMap(new IdentityHashMap<>());
    inputs.values().forEach(v -> own.add(v.node()));
    List<Node> sorted = sort(outputs.values());
    Set<Value> captured = new LinkedHashSet<>();
    List<Node> kept = new ArrayList<>();
    for (Node node : sorted) {
      if (own.contains(node)) {
        continue;
      }
      boolean isLocal =
          !isBody || dependencies(node).stream().anyMatch(v -> own.contains(v.node()));
      if (isLocal) {
        own.add(node);
        kept.add(node);
      }
    }
    for (Node node : kept) {
      for (Value value : dependencies(node)) {
        if (!own.contains(value.node())) {
          captured.add(value);
        }
      }
    }
    outputs.values().stream().filter(v -> !own.contains(v.node())).forEach(captured::add);
    this.nodes = List.copyOf(kept);
    this.captures = List.copyOf(captured);
  }

  /** A whole model: what it uses must lead back to its inputs or to constants. */
  public static Graph of(String name, Map<String, Value> inputs, Map<String, Value> outputs) {
    return new Graph(name, inputs, outputs, false, Map.of());
  }

  /** A sub-graph of Loop or If, which may use values from outside. */
  public static Graph body(String name, Map<String, Value> inputs, Map<String, Value> outputs) {
    return new Graph(name, inputs, outputs, true, Map.of());
  }

  /** This graph with key-value metadata, which the written model carries. */
  public Graph withMetadata(Map<String, String> entries) {
    return new Graph(name, inputs, outputs, false, entries);
  }

  /** Everything a node needs: its inputs and what its sub-graphs take from outside. */
  static List<Value> dependencies(Node node) {
    if (node.bodies().isEmpty()) {
      return node.inputs();
    }
    List<Value> all = new ArrayList<>(node.inputs());
    node.bodies().values().forEach(body -> all.addAll(body.captures()));
    return all;
  }

  /** The nodes behind {@code roots}, each after what it needs. Iterative: graphs may be deep. */
  public static List<Node> sort(Iterable<Value> roots) {
    Map<Node, Boolean> done = new IdentityHashMap<>();
    List<Node> sorted = new ArrayList<>();
    Deque<Node> stack = new ArrayDeque<>();
    for (Value root : roots) {
      stack.push(root.node());
      while (!stack.isEmpty()) {
        Node node = stack.peek();
        Boolean state = done.get(node);
        if (state == null) {
          done.put(node, false);
          List<Value> needs = dependencies(node);
          for (int i = needs.size() - 1; i >= 0; i--) {
            if (!done.containsKey(needs.get(i).node())) {
              stack.push(needs.get(i).node());
            }
          }
        } else {
          stack.pop();
          if (!state) {
            done.put(node, true);
            sorted.add(node);
          }
        }
      }
    }
    return sorted;
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** The inputs by name, in order. */
  public Map<String, Value> inputs() {
    return Collections.unmodifiableMap(inputs);
  }

  /** The outputs by name, in order. */
  public Map<String, Value> outputs() {
    return Collections.unmodifiableMap(outputs);
  }

  /** The nodes that this graph owns, each after what it needs. */
  public List<Node> nodes() {
    return nodes;
  }

  /** The values from outside that a sub-graph uses; empty for a whole model. */
  public List<Value> captures() {
    return captures;
  }

  /** Key-value pairs that the written model carries. */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }
}
