package org.deepregression4j.engine.family;

import org.deepregression4j.onnx.graph.EngineException;

/** A family was asked for something that it is not: the message says what was expected and came. */
public final class FamilyException extends EngineException {
  /** A message that says what was expected, what came, and where. */
  public FamilyException(String message) {
    super(message, null);
  }

  @Override
  public String kind() {
    return "family";
  }

  /** "family 'normal': expected 2 links, got 1". */
  static FamilyException expected(String family, Object expected, Object got) {
    return new FamilyException("family '" + family + "': expected " + expected + ", got " + got);
  }
}
