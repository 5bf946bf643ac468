package org.deepregression4j.bridge.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deepregression4j.engine.family.ComposedFamily;
import org.deepregression4j.engine.family.CustomFamily;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.family.FamilyException;
import org.deepregression4j.engine.family.FamilySpec;
import org.deepregression4j.engine.family.Link;
import org.deepregression4j.engine.family.Support;

/** Reads FAMILY: a name, a name with options, a mixture, or a log-density of one's own. */
final class FamilyReader {
  private static final List<String> NO_OPTIONS = List.of("name", "components", "links", "start");
  private static final List<String> EXPRESSIONS = List.of("log_density", "mean", "stddev", "cdf");

  private FamilyReader() {}

  /** The family of an element that is a text or an object. */
  static Family family(Node node) {
    if (node.json().isTextual()) {
      return Families.named(node.json().asText());
    }
    Family family =
        switch (node.text("name")) {
          case "custom" -> custom(node);
          case "composed" -> composed(node);
          default -> withOptions(node);
        };
    List<Link> links = node.list("links", FamilyReader::link);
    Family linked = links.isEmpty() ? family : family.withLinks(links);
    List<Double> start = node.list("start", FamilyReader::number);
    return start.isEmpty()
        ? linked
        : linked.startingAt(start.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** A label, or an expression of {@code eta}. */
  private static Link link(Node node) {
    return node.json().isObject()
        ? Link.custom(expression(node))
        : Link.named(node.scalar("a link's name or an expression").asText());
  }

  private static Family withOptions(Node node) {
    Map<String, List<Double>> options = new LinkedHashMap<>();
    node.json()
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!NO_OPTIONS.contains(name)) {
                options.put(name, node.list(name, element -> number(element)));
              }
            });
    List<Family> components = node.list("components", FamilyReader::family);
    return Families.of(new FamilySpec(node.text("name"), options, List.of()), components);
  }

  private static double number(Node element) {
    if (!element.json().isNumber()) {
      throw new IllegalArgumentException(
          "specification, " + element.where() + ": expected a number, got " + element.json());
    }
    return element.json().asDouble();
  }

  private static Family custom(Node node) {
    Map<String, CustomFamily.Expression> expressions = new LinkedHashMap<>();
    for (String name : EXPRESSIONS) {
      node.optional(name).ifPresent(e -> expressions.put(name, expression(e)));
    }
    String label = node.text("label", "custom");
    return CustomFamily.of(
        label, parameters(node), support(node.text("support", "real")), expressions);
  }

  private static Family composed(Node node) {
    List<Family> components = node.list("components", FamilyReader::family);
    if (components.size() != 1) {
      throw new FamilyException("composed: expected one family, got " + components.size());
    }
    return ComposedFamily.of(
        node.text("label", "composed"),
        parameters(node),
        components.get(0),
        node.list("arguments", FamilyReader::expression));
  }

  private static List<Family.Parameter> parameters(Node node) {
    return node.list(
        "parameters",
        p -> {
          List<Link> links = p.list("link", FamilyReader::link);
          Link link = links.isEmpty() ? Link.IDENTITY : links.get(0);
          return new Family.Parameter(p.text("name"), link);
        });
  }

  private static Support support(String name) {
    for (Support support : Support.values()) {
      if (support.name().toLowerCase(Locale.ROOT).equals(name)) {
        return support;
      }
    }
    List<Support> known = List.of(Support.values());
    throw new FamilyException("unknown support '" + name + "'; there are " + known);
  }

  private static CustomFamily.Expression expression(Node node) {
    if (node.has("column")) {
      return new CustomFamily.Symbol(node.text("column"));
    }
    if (node.has("value")) {
      return new CustomFamily.Number(node.number("value"));
    }
    if (node.has("let")) {
      Map<String, CustomFamily.Expression> bindings = new LinkedHashMap<>();
      for (Node binding : node.list("let")) {
        bindings.put(binding.text("name"), expression(binding.object("value")));
      }
      return new CustomFamily.Let(bindings, expression(node.object("in")));
    }
    List<CustomFamily.Expression> arguments = node.list("args", FamilyReader::expression);
    return CustomFamily.call(node.text("call"), arguments.toArray(new CustomFamily.Expression[0]));
  }
}
