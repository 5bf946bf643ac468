package org.deepregression4j.onnx.graph;

/** One tensor of a graph: output {@code index} of the node that makes it. Compared by identity. */
public final class Value {
  private final Node node;
  private final int index;
  private final ElementType type;
  private final Shape shape;

  Value(Node node, int index, ElementType type, Shape shape) {
    this.node = node;
    this.index = index;
    this.type = type;
    this.shape = shape;
  }

  /** The node that makes this value. */
  public Node node() {
    return node;
  }

  /** Which of the node's outputs it is. */
  public int index() {
    return index;
  }

  /** The element type. */
  public ElementType type() {
    return type;
  }

  /** The shape. */
  public Shape shape() {
    return shape;
  }

  /** True when the value is a constant. */
  public boolean isConstant() {
    return node.op() == Op.CONSTANT;
  }

  @Override
  public String toString() {
    return node.op().onnxName() + "[" + index + "]: " + type + shape;
  }
}
