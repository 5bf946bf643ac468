package org.deepregression4j.onnx.scoring;

import java.io.IOException;
import org.deepregression4j.onnx.graph.EngineException;

/**
 * A model could not be loaded, or rows could not be scored. The message says what was expected,
 * what came, and where.
 */
public final class ScoringException extends EngineException {
  /** What went wrong, for programs. */
  public enum Code {
    /** The file cannot be read. */
    UNREADABLE_FILE,
    /** The bytes are no ONNX model, or a damaged one. */
    NOT_A_MODEL,
    /** An ONNX model that this project did not write, or one of a later version of it. */
    FOREIGN_MODEL,
    /** A column that the model needs did not come. */
    MISSING_COLUMN,
    /** A column came with another type or width than the model was trained with. */
    WRONG_TYPE,
    /** Columns of different lengths. */
    WRONG_LENGTH,
    /** A factor level that training never saw. */
    UNKNOWN_LEVEL,
    /** A missing value where none can stand. */
    MISSING_VALUE,
    /** An output or parameter that this model does not have. */
    UNKNOWN_OUTPUT,
    /** A CSV file that does not follow RFC 4180. */
    MALFORMED_CSV,
    /** The model was closed. */
    CLOSED,
    /** ONNX Runtime failed. */
    RUNTIME
  }

  private final Code code;
  private final String column;

  ScoringException(Code code, String column, String message) {
    super(message, null);
    this.code = code;
    this.column = column;
    if (!column.isEmpty()) {
      put("column", column);
    }
  }

  ScoringException(Code code, String message, Throwable cause) {
    // The message of an IOException is often no more than the path.
    super(message + ": " + (cause instanceof IOException ? cause : cause.getMessage()), cause);
    this.code = code;
    this.column = "";
  }

  /** The same failure, with the place where it happened before the message. */
  ScoringException(ScoringException cause, String place) {
    super(place + cause.getMessage(), cause);
    this.code = cause.code;
    this.column = cause.column;
    cause.fields().forEach(this::put);
  }

  /** What went wrong. */
  public Code code() {
    return code;
  }

  /** The column at fault, "" when no single one is. */
  public String column() {
    return column;
  }

  @Override
  public String kind() {
    return "scoring";
  }
}
