package org.deepregression4j.onnx.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this project throws when a model, a graph or data do not fit; an argument that is wrong in
 * itself, such as a negative rate, is an {@link IllegalArgumentException}.
 *
 * <p>The message says what was expected, what came, and where; {@link #fields} names the place for
 * programs: {@code predictor}, {@code term}, {@code column}, {@code network}, {@code layer}.
 */
public abstract class EngineException extends RuntimeException {
  private final transient Map<String, String> fields = new LinkedHashMap<>();

  /** A message for people, and the cause if there is one. */
  protected EngineException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Adds a field, in order. */
  protected final void put(String field, String value) {
    fields.put(field, value);
  }

  /** The place by name, in order; empty when the message says it all. */
  public final Map<String, String> fields() {
    return Collections.unmodifiableMap(fields);
  }

  /** The kind of failure: a short lower-case word. */
  public abstract String kind();
}
