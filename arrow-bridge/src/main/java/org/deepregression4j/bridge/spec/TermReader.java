package org.deepregression4j.bridge.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.deepregression4j.engine.layer.Initializer;
import org.deepregression4j.engine.layer.Regularizer;
import org.deepregression4j.engine.model.DeepTerm;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TermWeights;
import org.deepregression4j.engine.term.Basis;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.CubicRegression;
import org.deepregression4j.engine.term.CyclicCubic;
import org.deepregression4j.engine.term.Expression;
import org.deepregression4j.engine.term.ExternalBasis;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.engine.term.Offset;
import org.deepregression4j.engine.term.PSpline;
import org.deepregression4j.engine.term.Penalty;
import org.deepregression4j.engine.term.RandomEffect;
import org.deepregression4j.engine.term.Smooth;
import org.deepregression4j.engine.term.SmoothTerm;
import org.deepregression4j.engine.term.Sparsity;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.engine.term.TermException;
import org.deepregression4j.engine.term.ThinPlate;

/** Reads PREDICTOR and TERM. */
final class TermReader {
  /** How each basis reads its fields. */
  static final Map<String, Function<Node, Basis>> BASES =
      Map.of(
          "tp",
          node ->
              new ThinPlate(
                  node.list("variables", ComponentReader::expression),
                  node.matrix("shift"),
                  node.matrix("knots"),
                  node.integer("m"),
                  node.matrix("UZ"),
                  node.matrix("powers")),
          "cr",
          node -> new CubicRegression(variable(node), node.matrix("knots"), node.matrix("F")),
          "cc",
          node -> new CyclicCubic(variable(node), node.matrix("knots"), node.matrix("BD")),
          "ps",
          node -> new PSpline(variable(node), node.matrix("knots"), node.integer("degree")),
          "re",
          node -> new RandomEffect(node.list("components", ComponentReader::component)),
          "external",
          node -> new ExternalBasis(node.text("column")));

  private TermReader() {}

  private static Expression variable(Node node) {
    List<Expression> variables = node.list("variables", ComponentReader::expression);
    if (variables.size() != 1) {
      throw new IllegalArgumentException(
          "specification, " + node.where() + ": expected 1 variable, got " + variables.size());
    }
    return variables.get(0);
  }

  static Predictor predictor(Node node) {
    List<Predictor.Weighted> structured = new ArrayList<>();
    List<StructuredTerm> offsets = new ArrayList<>();
    List<DeepTerm> deep = new ArrayList<>();
    for (Node term : node.list("terms")) {
      String name = term.text("name");
      try {
        switch (term.text("kind")) {
          case "deep" -> deep.add(deep(term, name));
          case "offset" ->
              offsets.add(new Offset(name, ComponentReader.expression(term.object("expr"))));
          default -> structured.add(new Predictor.Weighted(structured(term, name), weights(term)));
        }
      } catch (TermException | IllegalArgumentException e) {
        throw new TermException(name, e);
      }
    }
    return new Predictor(node.text("name"), structured, offsets, deep);
  }

  private static DeepTerm deep(Node term, String name) {
    List<List<Component>> inputs = new ArrayList<>();
    for (Node input : term.list("inputs")) {
      inputs.add(input.elements().stream().map(ComponentReader::component).toList());
    }
    return new DeepTerm(name, term.text("network"), inputs, term.flag("orthogonalize", true));
  }

  private static StructuredTerm structured(Node term, String name) {
    String kind = term.text("kind");
    return switch (kind) {
      case "intercept" -> new Intercept(name);
      case "linear" ->
          new Linear(
              name,
              term.texts("labels"),
              term.list("components", ComponentReader::component),
              term.flag("joint", false),
              penalty(term).orElse(null),
              sparsity(term).orElse(null));
      case "smooth" ->
          new SmoothTerm(
              name,
              term.texts("labels"),
              term.list("smooths", TermReader::smooth),
              penalty(term).orElse(null));
      default ->
          throw term.unknown(
              "term", kind, List.of("intercept", "linear", "smooth", "offset", "deep"));
    };
  }

  private static Optional<Penalty> penalty(Node term) {
    return term.optional("penalty")
        .map(
            node ->
                new Penalty(
                    node.list("matrices", Node::asMatrix),
                    node.list("lambdas", Node::asNumber),
                    node.number("scale")));
  }

  private static Optional<Sparsity> sparsity(Node term) {
    return term.optional("sparsity")
        .map(
            node ->
                new Sparsity(
                    node.list("groups", group -> group.json().asInt(-1)),
                    node.number("lambda"),
                    node.number("scale")));
  }

  private static Smooth smooth(Node node) {
    return new Smooth(
        node.text("label", ""),
        node.list("margins", TermReader::margin),
        node.optional("by").map(ComponentReader::component).orElse(null),
        node.optionalMatrix("transform").orElse(null));
  }

  private static Smooth.Margin margin(Node node) {
    String basis = node.text("basis");
    Function<Node, Basis> read = BASES.get(basis);
    if (read == null) {
      throw node.unknown("basis", basis, BASES.keySet());
    }
    return new Smooth.Margin(read.apply(node), node.optionalMatrix("transform").orElse(null));
  }

  private static TermWeights weights(Node term) {
    return term.optional("weights").map(TermReader::treatment).orElse(TermWeights.DEFAULT);
  }

  private static TermWeights treatment(Node node) {
    if (!node.text("activation", "linear").equals("linear")) {
      throw new IllegalArgumentException(
          "activation: structured terms are linear, got '" + node.text("activation") + "'");
    }
    Optional<Initializer> drawn = node.optional("initializer").map(NetworkReader::initializer);
    Optional<Initializer> given =
        node.optionalMatrix("warmstart").map(m -> Initializer.values(m.toRowMajor()));
    return new TermWeights(
        given.isPresent() ? given : drawn,
        node.flag("trainable", true),
        node.optional("regularizer").map(NetworkReader::regularizer).orElse(Regularizer.NONE),
        node.text("shared", ""));
  }
}
