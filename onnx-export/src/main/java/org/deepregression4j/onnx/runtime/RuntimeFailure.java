package org.deepregression4j.onnx.runtime;

import org.deepregression4j.onnx.graph.EngineException;

/** ONNX Runtime could not load or run a model, or a tensor does not fit. */
public final class RuntimeFailure extends EngineException {
  /** A message that says what was expected and what came. */
  public RuntimeFailure(String message) {
    super(message, null);
  }

  /** A message, and what ONNX Runtime said. */
  public RuntimeFailure(String message, Throwable cause) {
    super(message + ": " + cause.getMessage(), cause);
  }

  @Override
  public String kind() {
    return "runtime";
  }
}
