package org.deepregression4j.engine.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.deepregression4j.engine.term.ColumnInputs;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.onnx.graph.EngineException;
import org.deepregression4j.onnx.graph.Fingerprint;
import org.deepregression4j.onnx.graph.Value;

/**
 * Places the structured terms in the rows of the coefficient matrix. Equal designs of different
 * predictors share their rows; terms of one predictor that share coefficients are added up, since
 * X₁β + X₂β = (X₁ + X₂)β. Mutable while it builds.
 */
final class StructuredBuilder {
  private final ModelDefinition definition;
  private final ColumnInputs columns;
  private final List<Design> designs = new ArrayList<>();
  private final Map<String, Integer> rowsOf = new LinkedHashMap<>();
  private final List<Set<Integer>> taken = new ArrayList<>();
  private final List<WeightLayout.Coefficients> coefficients = new ArrayList<>();
  private final List<Structured.Placed> placed = new ArrayList<>();
  private int rows;

  StructuredBuilder(ModelDefinition definition, ColumnInputs columns) {
    this.definition = definition;
    this.columns = columns;
    for (int j = 0; j < definition.predictors().size(); j++) {
      taken.add(new HashSet<>());
      place(j);
    }
  }

  private void place(int j) {
    Map<String, List<Predictor.Weighted>> groups = new LinkedHashMap<>();
    for (Predictor.Weighted weighted : definition.predictors().get(j).structured()) {
      String shared = weighted.weights().shared();
      String key = shared.isEmpty() ? "own " + groups.size() : "shared " + shared;
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(weighted);
    }
    groups.values().forEach(group -> place(j, group));
  }

  private void place(int j, List<Predictor.Weighted> group) {
    Design design = new Design(group.stream().map(Predictor.Weighted::term).toList());
    Value value = value(j, design, group.get(0));
    int from = rowsFor(j, design, value);
    int size = (int) value.shape().dim(1).size();
    for (int i = 0; i < group.size(); i++) {
      Predictor.Weighted weighted = group.get(i);
      StructuredTerm term = weighted.term();
      coefficients.add(
          new WeightLayout.Coefficients(
              j,
              term.name(),
              labels(definition.predictors().get(j).name(), term, size),
              from,
              weighted.weights().isTrainable()));
      placed.add(new Structured.Placed(j, from, size, weighted, i == 0, group.size() == 1));
    }
  }

  private Value value(int j, Design design, Predictor.Weighted first) {
    try {
      return design.value(columns);
    } catch (IllegalArgumentException | EngineException e) {
      throw ModelException.atTerm(
          definition.predictors().get(j).name(),
          first.term().name(),
          String.valueOf(e.getMessage()),
          e);
    }
  }

  private static List<String> labels(String predictor, StructuredTerm term, int size) {
    if (term.labels().size() == size) {
      return term.labels();
    }
    if (!term.labels().isEmpty()) {
      throw ModelException.atTerm(
          predictor,
          term.name(),
          "expected " + size + " labels, one per column, got " + term.labels().size());
    }
    return size == 1
        ? List.of(term.name())
        : IntStream.rangeClosed(1, size).mapToObj(k -> term.name() + "." + k).toList();
  }

  private int rowsFor(int j, Design design, Value value) {
    String key = Fingerprint.of(value);
    Integer known = rowsOf.get(key);
    if (known != null && taken.get(j).add(known)) {
      return known;
    }
    int from = rows;
    rowsOf.putIfAbsent(key, from);
    taken.get(j).add(from);
    designs.add(design);
    rows += (int) value.shape().dim(1).size();
    return from;
  }

  /** The distinct designs, in the order of their rows. */
  List<Design> designs() {
    return List.copyOf(designs);
  }

  List<WeightLayout.Coefficients> coefficients() {
    return List.copyOf(coefficients);
  }

  int rows() {
    return rows;
  }

  int columns() {
    return definition.predictors().size() * definition.predictorColumns();
  }

  Structured build() {
    return new Structured(definition, rows, columns(), List.copyOf(placed));
  }
}
