package org.deepregression4j.onnx.graph;

/** A graph that cannot be built or written; the message names the operator and the shapes. */
public final class GraphException extends EngineException {
  /** A message that says what was expected, what came and where. */
  public GraphException(String message) {
    super(message, null);
  }

  @Override
  public String kind() {
    return "graph";
  }
}
