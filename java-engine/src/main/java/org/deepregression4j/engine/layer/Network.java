package org.deepregression4j.engine.layer;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.deepregression4j.onnx.graph.GraphException;
import org.deepregression4j.onnx.graph.Value;

/**
 * A directed acyclic graph of layers.
 *
 * @param name the name that formulas use
 * @param inputs names of the inputs, in order
 * @param steps the layers in the order in which they apply
 * @param output the step whose output is the network's
 */
public record Network(String name, List<String> inputs, List<Step> steps, String output) {
  /**
   * One layer in its place.
   *
   * @param id unique in the network
   * @param inputs ids of earlier steps or names of inputs
   * @param layer the layer
   */
  public record Step(String id, List<String> inputs, Layer layer) {
    /** Copies the list. */
    public Step {
      inputs = List.copyOf(inputs);
    }
  }

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException when two layers or inputs have the same name
   */
  public Network {
    inputs = List.copyOf(inputs);
    steps = List.copyOf(steps);
    Set<String> ids = new HashSet<>();
    for (String id : Stream.concat(inputs.stream(), steps.stream().map(Step::id)).toList()) {
      if (!ids.add(id)) {
        throw new IllegalArgumentException(
            "network '" + name + "': two layers or inputs are called '" + id + "'");
      }
    }
  }

  /**
   * Applies the network.
   *
   * @param values one per input
   * @throws IllegalArgumentException naming the network and the layer that does not fit
   */
  public Value apply(List<Value> values, LayerContext context) {
    if (values.size() != inputs.size()) {
      throw new IllegalArgumentException(
          "network '" + name + "': expected " + inputs.size() + " inputs, got " + values.size());
    }
    Map<String, Value> known = new HashMap<>();
    for (int i = 0; i < values.size(); i++) {
      known.put(inputs.get(i), values.get(i));
    }
    for (Step step : steps) {
      known.put(step.id(), apply(step, known, context));
    }
    return find(known, output);
  }

  private Value apply(Step step, Map<String, Value> known, LayerContext context) {
    List<Value> in = step.inputs().stream().map(id -> find(known, id)).toList();
    try {
      return step.layer().apply(in, context);
    } catch (IllegalArgumentException | GraphException e) {
      throw new IllegalArgumentException(
          "network '" + name + "', layer '" + step.id() + "': " + e.getMessage(), e);
    }
  }

  private Value find(Map<String, Value> known, String id) {
    Value value = known.get(id);
    if (value == null) {
      throw new IllegalArgumentException(
          "network '" + name + "': no layer or input is called '" + id + "'");
    }
    return value;
  }
}
