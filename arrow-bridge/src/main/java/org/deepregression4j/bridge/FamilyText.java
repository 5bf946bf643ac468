package org.deepregression4j.bridge;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.family.FamilyOption;
import org.deepregression4j.engine.family.Quantity;

/** Families as JSON. */
final class FamilyText {
  private FamilyText() {}

  /** Every family by name; those that take options with these in place of their parameters. */
  static String table() {
    ArrayNode out = Json.array();
    Families.all().forEach(family -> parameters(family, out.addObject()));
    for (String name : Families.withOptions()) {
      ArrayNode options = out.addObject().put("name", name).putArray("options");
      for (FamilyOption option : Families.options(name)) {
        ObjectNode node = options.addObject().put("name", option.name());
        node.put("required", option.isRequired());
        Json.putFinite(node, "default", option.otherwise());
      }
    }
    return out.toString();
  }

  /** One family for a response of m columns. */
  static String describe(Family family, int responseColumns) {
    ObjectNode node = parameters(family, Json.object());
    node.put("is_discrete", family.support().isDiscrete());
    node.put("is_multivariate", family.support().isMultivariate());
    node.put("is_pseudo", family.isPseudo());
    node.put("has_moving_support", family.hasMovingSupport());
    node.put("response_columns", responseColumns);
    node.put("predictor_columns", family.predictorColumns(responseColumns));
    node.put("uniforms", uniforms(family, responseColumns));
    ArrayNode has = node.putArray("has");
    for (Quantity quantity : Quantity.values()) {
      if (quantity.isOf(family)) {
        has.add(quantity.label());
      }
    }
    return node.toString();
  }

  /** Uniform random numbers that a sample of one row takes; 0 without sampling. */
  private static int uniforms(Family family, int responseColumns) {
    return Quantity.SAMPLE.isOf(family) ? Quantity.SAMPLE.valueColumns(family, responseColumns) : 0;
  }

  private static ObjectNode parameters(Family family, ObjectNode node) {
    node.put("name", family.name());
    ArrayNode names = node.putArray("parameters");
    ArrayNode links = node.putArray("links");
    for (Family.Parameter parameter : family.parameters()) {
      names.add(parameter.name());
      links.add(parameter.link().label());
    }
    node.put("support", family.support().name().toLowerCase(Locale.ROOT));
    node.put("support_text", family.support().description());
    return node;
  }
}
