package org.deepregression4j.engine.term;

import org.deepregression4j.onnx.graph.EngineException;

/** A term that cannot be built; the message names the term or column and what was expected. */
public final class TermException extends EngineException {
  private final String where;

  /**
   * Names the place and what is wrong there.
   *
   * @param where the term or column as the user wrote it
   * @param message what was expected and what came
   */
  public TermException(String where, String message) {
    super(where + ": " + message, null);
    this.where = where;
  }

  /** The same failure, said of the term or column that holds the place where it happened. */
  public TermException(String where, RuntimeException cause) {
    super(where + ": " + cause.getMessage(), cause);
    this.where = where;
  }

  /** The term or column as the user wrote it. */
  public String where() {
    return where;
  }

  @Override
  public String kind() {
    return "term";
  }
}
