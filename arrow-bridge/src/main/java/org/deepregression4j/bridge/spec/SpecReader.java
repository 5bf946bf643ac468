package org.deepregression4j.bridge.spec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
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
  private static final String DEFAULT_LOSS = "likelihood";

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

  /**
   * The family that a specification describes.
   *
   * @param json FAMILY
   */
  public static Family family(JsonNode json) {
    return FamilyReader.family(new Node(json, "family", new double[0]));
  }

  private static Family family(Node node) {
    // A lone value is a list of one; without any, the message says that a text is missing.
    Family family =
        node.has("family")
            ? FamilyReader.family(node.list("family").get(0))
            : Families.named(node.text("family"));
    String loss = node.text("loss", DEFAULT_LOSS);
    return switch (loss) {
      case DEFAULT_LOSS -> family;
      case "mse" -> family.squaredError();
      default ->
          throw new IllegalArgumentException(
              "loss: expected 'likelihood' or 'mse', got '" + loss + "'");
    };
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

  private static ColumnSpec.Kind kind(Node node) {
    String text = node.text("type");
    List<String> known = new ArrayList<>();
    for (ColumnSpec.Kind kind : ColumnSpec.Kind.values()) {
      known.add(kind.name().toLowerCase(Locale.ROOT));
      if (text.equals(known.get(known.size() - 1))) {
        return kind;
      }
    }
    throw node.unknown("column type", text, known);
  }

  private static ColumnSpec column(Node node) {
    ColumnSpec.Kind kind = kind(node);
    return new ColumnSpec(
        node.text("name"),
        kind,
        node.texts("levels"),
        kind == ColumnSpec.Kind.MATRIX ? node.integer("width") : 1,
        node.flag("external", false));
  }
}
