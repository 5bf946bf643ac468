package org.deepregression4j.onnx.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One application of an operator. Immutable; its outputs' types and shapes follow from the
 * operator's rule, so a node that exists is well formed. Compared by identity.
 */
public final class Node {
  private final Op op;
  private final List<Value> inputs;
  private final Map<String, Attribute> attributes;
  private final Map<String, Graph> bodies;
  private final List<Value> outputs;

  /**
   * Applies an operator.
   *
   * @throws GraphException naming the operator and the shapes, when they do not fit
   */
  public Node(
      Op op, List<Value> inputs, Map<String, Attribute> attributes, Map<String, Graph> bodies) {
    this.op = op;
    this.inputs = List.copyOf(inputs);
    this.attributes = new LinkedHashMap<>(attributes);
    this.bodies = new LinkedHashMap<>(bodies);
    List<Value> made = new ArrayList<>();
    for (Signature signature : infer()) {
      made.add(new Value(this, made.size(), signature.type(), signature.shape()));
    }
    this.outputs = List.copyOf(made);
  }

  /** A node without sub-graphs. */
  public Node(Op op, List<Value> inputs, Map<String, Attribute> attributes) {
    this(op, inputs, attributes, Map.of());
  }

  /** Type and shape of one output. */
  public record Signature(ElementType type, Shape shape) {}

  /** Applies the operator's rule to the inputs: what the outputs must be. */
  List<Signature> infer() {
    try {
      op.check(inputs, attributes, bodies);
      return op.rule().apply(this);
    } catch (GraphException e) {
      throw new GraphException(op.onnxName() + inputs + attributes + ": " + e.getMessage());
    }
  }

  /** The operator. */
  public Op op() {
    return op;
  }

  /** The inputs, in the operator's order. */
  public List<Value> inputs() {
    return inputs;
  }

  /** Input {@code i}. */
  public Value input(int i) {
    return inputs.get(i);
  }

  /** The attributes by name. */
  public Map<String, Attribute> attributes() {
    return Collections.unmodifiableMap(attributes);
  }

  /** The sub-graphs of Loop and If by attribute name. */
  public Map<String, Graph> bodies() {
    return Collections.unmodifiableMap(bodies);
  }

  /** The sub-graph of one attribute. */
  public Graph body(String name) {
    Graph body = bodies.get(name);
    if (body == null) {
      throw new GraphException(op.onnxName() + " needs a sub-graph '" + name + "'");
    }
    return body;
  }

  /** The outputs. */
  public List<Value> outputs() {
    return outputs;
  }

  /** The only output. */
  public Value output() {
    if (outputs.size() != 1) {
      throw new GraphException(op.onnxName() + " has " + outputs.size() + " outputs, not one");
    }
    return outputs.get(0);
  }

  /** Integer attribute, or {@code missing} when it is not set. */
  public long intAttribute(String name, long missing) {
    return attributes.get(name) instanceof Attribute.Int a ? a.value() : missing;
  }

  /** List attribute, empty when it is not set. */
  public List<Long> intsAttribute(String name) {
    return attributes.get(name) instanceof Attribute.Ints a ? a.values() : List.of();
  }

  /** String attribute, or {@code missing} when it is not set. */
  public String textAttribute(String name, String missing) {
    return attributes.get(name) instanceof Attribute.Text a ? a.value() : missing;
  }

  /** Tensor attribute. */
  public Constant tensorAttribute(String name) {
    if (attributes.get(name) instanceof Attribute.Tensor a) {
      return a.value();
    }
    throw new GraphException(op.onnxName() + " has no tensor attribute '" + name + "'");
  }

  /** The constant behind input {@code i}. */
  public Constant constantInput(int i) {
    if (!input(i).isConstant()) {
      throw new GraphException(op.onnxName() + ": input " + i + " must be a constant");
    }
    return input(i).node().tensorAttribute("value");
  }
}
