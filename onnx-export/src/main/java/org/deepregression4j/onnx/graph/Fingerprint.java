package org.deepregression4j.onnx.graph;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Tells whether two expressions are written alike, so that equal ones are computed once. */
public final class Fingerprint {
  private Fingerprint() {}

  /**
   * A digest of the expression behind a value: its operators, attributes and constants. Inputs of
   * the graph count by name. Equal digests mean equal results, unless the expression draws random
   * numbers.
   */
  public static String of(Value value) {
    Map<Node, String> digests = new IdentityHashMap<>();
    for (Node node : Graph.sort(List.of(value))) {
      MessageDigest digest = sha256();
      digest.update(node.op().name().getBytes(StandardCharsets.UTF_8));
      node.attributes().forEach((name, attribute) -> update(digest, name, attribute));
      for (Value input : node.inputs()) {
        String behind = digests.getOrDefault(input.node(), "") + "/" + input.index();
        digest.update(behind.getBytes(StandardCharsets.UTF_8));
      }
      digests.put(node, HexFormat.of().formatHex(digest.digest()));
    }
    return digests.get(value.node()) + "/" + value.index();
  }

  private static void update(MessageDigest digest, String name, Attribute attribute) {
    digest.update(name.getBytes(StandardCharsets.UTF_8));
    if (attribute instanceof Attribute.Tensor tensor) {
      digest.update(tensor.value().shape().toString().getBytes(StandardCharsets.UTF_8));
      digest.update(tensor.value().type().name().getBytes(StandardCharsets.UTF_8));
      digest.update(tensor.value().toBytes());
      tensor.value().toUtf8().forEach(digest::update);
    } else {
      digest.update(attribute.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
