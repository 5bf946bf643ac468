package org.deepregression4j.bridge.spec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.deepregression4j.engine.term.Matrix;

/**
 * A place in the specification: reads its entries with their types and says where one is wrong.
 *
 * @param json the JSON here
 * @param where path from the root, for messages
 * @param payload the numbers that matrices refer to
 */
record Node(JsonNode json, String where, double[] payload) {
  private IllegalArgumentException wrong(String name, String expected) {
    JsonNode found = json.get(name);
    return new IllegalArgumentException(
        "specification, "
            + where
            + ": expected "
            + expected
            + " as '"
            + name
            + "', got "
            + (found == null ? "nothing" : found));
  }

  /** A failure for a name that no table has. */
  IllegalArgumentException unknown(String what, String name, Collection<String> known) {
    return new IllegalArgumentException(
        "specification, "
            + where
            + ": unknown "
            + what
            + " '"
            + name
            + "', known are "
            + known.stream().sorted().toList());
  }

  boolean has(String name) {
    return json.hasNonNull(name);
  }

  /** An entry that is an object. */
  Node object(String name) {
    JsonNode found = json.get(name);
    if (found == null || !found.isObject()) {
      throw wrong(name, "an object");
    }
    return new Node(found, where + "." + name, payload);
  }

  Optional<Node> optional(String name) {
    return has(name) ? Optional.of(object(name)) : Optional.empty();
  }

  /** The elements of an array; a missing one is empty, a lone value is an array of one. */
  List<Node> list(String name) {
    JsonNode found = json.get(name);
    return found == null || found.isNull()
        ? List.of()
        : new Node(found, where + "." + name, payload).elements();
  }

  /** The elements of this array; a lone value is an array of one. */
  List<Node> elements() {
    if (!json.isArray()) {
      return List.of(this);
    }
    List<Node> out = new ArrayList<>();
    for (JsonNode element : json) {
      out.add(new Node(element, where + "[" + out.size() + "]", payload));
    }
    return out;
  }

  <T> List<T> list(String name, Function<Node, T> read) {
    return list(name).stream().map(read).toList();
  }

  List<String> texts(String name) {
    return list(name, element -> element.scalar("a text").asText());
  }

  /** This place as a number, such as an element of an array. */
  double asNumber() {
    if (!json.isNumber()) {
      throw new IllegalArgumentException(
          "specification, " + where + ": expected a number, got " + json);
    }
    return json.asDouble();
  }

  /** This place as a text, number or truth value. */
  JsonNode scalar(String expected) {
    if (!json.isValueNode() || json.isNull()) {
      throw new IllegalArgumentException(
          "specification, " + where + ": expected " + expected + ", got " + json);
    }
    return json;
  }

  String text(String name) {
    JsonNode found = json.get(name);
    if (found == null || !found.isTextual()) {
      throw wrong(name, "a text");
    }
    return found.asText();
  }

  String text(String name, String missing) {
    return has(name) ? text(name) : missing;
  }

  double number(String name) {
    JsonNode found = json.get(name);
    if (found == null || !found.isNumber()) {
      throw wrong(name, "a number");
    }
    return found.asDouble();
  }

  Optional<Double> optionalNumber(String name) {
    return has(name) ? Optional.of(number(name)) : Optional.empty();
  }

  double number(String name, double missing) {
    return has(name) ? number(name) : missing;
  }

  int integer(String name) {
    double value = number(name);
    if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
      throw wrong(name, "a whole number");
    }
    return (int) value;
  }

  Optional<Integer> optionalInteger(String name) {
    return has(name) ? Optional.of(integer(name)) : Optional.empty();
  }

  Optional<Boolean> optionalFlag(String name) {
    if (!has(name)) {
      return Optional.empty();
    }
    if (!json.get(name).isBoolean()) {
      throw wrong(name, "true or false");
    }
    return Optional.of(json.get(name).asBoolean());
  }

  boolean flag(String name, boolean missing) {
    return optionalFlag(name).orElse(missing);
  }

  /** A matrix of the payload, which keeps it column by column. */
  Matrix matrix(String name) {
    return object(name).asMatrix();
  }

  Optional<Matrix> optionalMatrix(String name) {
    return optional(name).map(Node::asMatrix);
  }

  /** This object as a matrix. */
  Matrix asMatrix() {
    int rows = integer("rows");
    int columns = integer("columns");
    String form = has("form") ? text("form") : "dense";
    return switch (form) {
      case "dense" -> Matrix.fromColumnMajor(rows, columns, numbers((long) rows * columns));
      case "diagonal" -> diagonal(rows, columns);
      case "indicators" -> Matrix.indicators(columns, places(rows));
      default -> throw unknown("matrix", form, List.of("dense", "diagonal", "indicators"));
    };
  }

  private Matrix diagonal(int rows, int columns) {
    if (rows != columns) {
      throw new IllegalArgumentException(
          "specification, " + where + ": a diagonal matrix of " + rows + " x " + columns);
    }
    return Matrix.diagonal(numbers(rows));
  }

  private int[] places(int rows) {
    return Arrays.stream(numbers(rows)).mapToInt(place -> (int) place).toArray();
  }

  /** So many entries of the payload, from this object's offset on. */
  private double[] numbers(long count) {
    int offset = integer("offset");
    long end = offset + count;
    if (count < 0 || integer("rows") < 0 || offset < 0 || end > payload.length) {
      throw new IllegalArgumentException(
          "specification, "
              + where
              + ": "
              + integer("rows")
              + " x "
              + integer("columns")
              + " values from "
              + offset
              + " on are not in the payload of "
              + payload.length);
    }
    return Arrays.copyOfRange(payload, offset, (int) end);
  }
}
