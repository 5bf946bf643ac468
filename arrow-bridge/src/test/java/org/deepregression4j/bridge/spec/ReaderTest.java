package org.deepregression4j.bridge.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/** JSON texts with single quotes, for readable tests. */
abstract class ReaderTest {
  static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Node node(String text, double... payload) {
    return new Node(json(text), "here", payload);
  }
}
