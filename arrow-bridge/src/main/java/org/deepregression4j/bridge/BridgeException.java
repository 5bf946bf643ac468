package org.deepregression4j.bridge;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything the facade throws. R turns it into a condition of class {@code
 * deepregression4j_error_<code>}; the fields name what the user wrote ({@code term}, {@code
 * column}, {@code argument}, ...).
 *
 * <p>Messages say what was expected, what came, and where.
 */
public class BridgeException extends RuntimeException {
  private final String code;
  private final transient Map<String, String> fields = new LinkedHashMap<>();

  /** A failure of the given kind: a short lower-case code, and a message for the user. */
  public BridgeException(String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** An argument of a call that is wrong in itself; field {@code argument}. */
  public static final class ArgumentException extends BridgeException {
    /** Names the argument as the caller wrote it. */
    public ArgumentException(String argument, String message) {
      super("argument", message, null);
      with("argument", argument);
    }
  }

  /** A column that is missing or of the wrong type or content; field {@code column}. */
  public static final class ColumnException extends BridgeException {
    /** Names the column. */
    public ColumnException(String column, String message) {
      super("column", message, null);
      with("column", column);
    }
  }

  /** A formula term that cannot be built or evaluated; field {@code term}. */
  public static final class TermException extends BridgeException {
    /** Names the term as the user wrote it. */
    public TermException(String term, String message, @Nullable Throwable cause) {
      super("term", message, cause);
      with("term", term);
    }
  }

  /** A handle that is unknown, released, or of another kind; field {@code handle}. */
  public static final class HandleException extends BridgeException {
    /** Names the handle. */
    public HandleException(String handle, String message) {
      super("handle", message, null);
      with("handle", handle);
    }
  }

  /** A job stopped because it was asked to. */
  public static final class CancelledException extends BridgeException {
    /** Says how far the job came. */
    public CancelledException(String message) {
      super("cancelled", message, null);
    }
  }

  /** A failure that is not the user's: the message carries the Java exception's own. */
  public static final class EngineException extends BridgeException {
    /** Wraps what was thrown; code {@code memory} when memory ran out, else {@code engine}. */
    public EngineException(Throwable cause) {
      super(cause instanceof OutOfMemoryError ? "memory" : "engine", text(cause), cause);
    }

    private static String text(Throwable cause) {
      String message = cause.getMessage();
      return message == null || message.isBlank() ? cause.getClass().getName() : message;
    }
  }

  /** The same failure with one more field; fields keep their order. */
  public final BridgeException with(String field, String value) {
    fields.put(field, value);
    return this;
  }

  /** The kind of failure, the last part of the R condition's class. */
  public final String code() {
    return code;
  }

  /** What the message is about, by name. */
  public final Map<String, String> fields() {
    return Collections.unmodifiableMap(fields);
  }

  /**
   * The failure as R reads it: {@code {"code", "message", "fields": {..}, "causes": [..]}}, the
   * causes outermost first, each as class and message.
   */
  public final String toJson() {
    return Json.failure(this);
  }

  /** Leaves bridge failures as they are and wraps everything else. */
  static BridgeException of(Throwable thrown) {
    return thrown instanceof BridgeException known ? known : new EngineException(thrown);
  }
}
