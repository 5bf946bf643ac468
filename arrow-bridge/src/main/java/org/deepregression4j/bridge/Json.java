package org.deepregression4j.bridge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.deepregression4j.bridge.BridgeException.ArgumentException;

/** JSON texts that cross the bridge. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static ArrayNode array() {
    return MAPPER.createArrayNode();
  }

  static JsonNode parse(String argument, String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new ArgumentException(
          argument, argument + ": expected JSON, " + e.getOriginalMessage() + ": " + head(text));
    }
  }

  /** A number that R reads as NULL when it was never set: JSON has no NaN. */
  static void putFinite(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    }
  }

  static String failure(BridgeException failure) {
    ObjectNode node = object().put("code", failure.code()).put("message", failure.getMessage());
    ObjectNode fields = node.putObject("fields");
    failure.fields().forEach(fields::put);
    ArrayNode causes = node.putArray("causes");
    Throwable cause = failure.getCause();
    for (int depth = 0; cause != null && depth < 8; depth++) {
      causes.add(cause.toString() + origin(cause));
      cause = cause.getCause();
    }
    return node.toString();
  }

  private static String origin(Throwable cause) {
    StackTraceElement[] trace = cause.getStackTrace();
    return trace.length == 0 ? "" : " at " + trace[0];
  }

  private static String head(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }
}
