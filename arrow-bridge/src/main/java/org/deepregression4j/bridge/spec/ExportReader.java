package org.deepregression4j.bridge.spec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.deepregression4j.engine.api.ExportOptions;

/** Reads the options of an export. */
public final class ExportReader {
  private static final List<String> KNOWN =
      List.of("quantiles", "log_density", "linear_predictors");

  private ExportReader() {}

  /**
   * The options of an export; missing ones ask for nothing.
   *
   * @throws IllegalArgumentException naming the option that is wrong or unknown
   */
  public static ExportOptions options(JsonNode json) {
    Node node = new Node(json, "export", new double[0]);
    json.fieldNames()
        .forEachRemaining(
            name -> {
              if (!KNOWN.contains(name)) {
                throw node.unknown("option", name, KNOWN);
              }
            });
    return new ExportOptions(
        node.list("quantiles", Node::asNumber),
        node.flag("log_density", false),
        node.flag("linear_predictors", false));
  }
}
