package org.deepregression4j.bridge.spec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.layer.Network;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.onnx.graph.ElementType;

/** Reads MODEL. */
public final class SpecReader {
  private static final String DEFAULT_PRECISION = "float64";

  private SpecReader() {}

  /**
   * The definition that a specification describes.
   *
   * @param json MODEL
   * @param payload the numbers that it refers to
   * @throws IllegalArgumentException saying where the specification is wrong
   */
  public static ModelDefinition model(JsonNode json, double[] payload) {
    Node node = new Node(json, "model", payload);
    Map<String, Network> networks = new LinkedHashMap<>();
    node.list("networks", NetworkReader::network).forEach(n -> networks.put(n.name(), n));
    List<Predictor> predictors = node.list("predictors", TermReader::predictor);
    return new ModelDefinition(
        family(node),
        precision(node.text("precision", DEFAULT_PRECISION)),
        (long) node.number("seed", 0),
        node.has("response_columns") ? node.integer("response_columns") : 1,
        node.list("columns", SpecReader::column),
        predictors,
        networks);
  }

  /** A lone value is a list of one; without any, the message says that a text is missing. */
  private static Family family(Node node) {
    return node.has("family")
        ? FamilyReader.family(node.list("family").get(0))
        : Families.named(node.text("family"));
  }

  private static ElementType precision(String text) {
    return switch (text) {
      case "float64" -> ElementType.FLOAT64;
      case "float32" -> ElementType.FLOAT32;
      default ->
          throw new IllegalArgumentException(
              "precision: expected 'float64' or 'float32', got '" + text + "'");
    };
  }

  private static ColumnSpec column(Node node) {
    ColumnSpec.Kind kind = ColumnSpec.Kind.valueOf(node.text("type").toUpperCase(Locale.ROOT));
    return new ColumnSpec(
        node.text("name"),
        kind,
        node.texts("levels"),
        kind == ColumnSpec.Kind.MATRIX ? node.integer("width") : 1,
        node.flag("external", false));
  }
}
