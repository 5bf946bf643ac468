package org.deepregression4j.engine.solve;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Expression;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.engine.term.Matrix;
import org.deepregression4j.engine.term.Offset;
import org.deepregression4j.engine.term.Penalty;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;

/** A model, its data and R's fit of it, from a file that {@code tests/parity/solve.R} wrote. */
final class ReferenceFit {
  private final Map<String, String> texts = new LinkedHashMap<>();
  private final Map<String, Matrix> matrices = new LinkedHashMap<>();
  private final List<ColumnSpec> columns = new ArrayList<>();
  private final Dataset.Builder data;
  private final ModelGraph model;

  private ReferenceFit(List<String> lines) {
    for (int at = 0; at < lines.size(); at++) {
      String[] words = lines.get(at).split(" ", 4);
      if (words[0].equals("@text")) {
        texts.put(words[1], lines.get(at).substring(words[1].length() + 7));
      } else if (words[0].equals("@matrix")) {
        int rows = Integer.parseInt(words[2]);
        matrices.put(words[1], matrix(lines.subList(at + 1, at + 1 + rows)));
        at += rows;
      }
    }
    data = Dataset.builder(matrix("y").rows());
    model = build();
  }

  static ReferenceFit read(String name) {
    try (var stream = ReferenceFit.class.getResourceAsStream("fits/" + name + ".txt")) {
      return new ReferenceFit(
          new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Matrix matrix(List<String> lines) {
    List<double[]> rows = new ArrayList<>();
    for (String line : lines) {
      rows.add(java.util.Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray());
    }
    double[] all = rows.stream().flatMapToDouble(java.util.Arrays::stream).toArray();
    return Matrix.copyOf(rows.size(), all.length / rows.size(), all);
  }

  private ModelGraph build() {
    Family family = Families.named(texts.get("family"));
    List<Predictor> predictors = new ArrayList<>();
    for (int j = 1; j <= family.parameters().size(); j++) {
      List<StructuredTerm> terms = new ArrayList<>();
      for (int t = 1; t <= Integer.parseInt(texts.get("terms." + j)); t++) {
        terms.add(term("term." + j + "." + t + "."));
      }
      if (matrices.containsKey("offset." + j)) {
        data.doubles("offset", matrix("offset." + j).toRowMajor());
        columns.add(ColumnSpec.real("offset"));
        terms.add(new Offset("offset", Expression.column("offset")));
      }
      predictors.add(Predictor.of(family.parameters().get(j - 1).name(), terms));
    }
    return new ModelGraph(
        new ModelDefinition(
            family, ElementType.FLOAT64, 1, matrix("y").columns(), columns, predictors, Map.of()));
  }

  private StructuredTerm term(String key) {
    if (texts.get(key + "name").equals("(Intercept)")) {
      return new Intercept();
    }
    Matrix x = matrix(key + "X");
    data.matrix(key, x.toRowMajor(), x.columns());
    columns.add(ColumnSpec.matrix(key, x.columns()));
    List<Matrix> penalties = new ArrayList<>();
    List<Double> lambdas = new ArrayList<>();
    for (int i = 1; i <= Integer.parseInt(texts.get(key + "penalties")); i++) {
      penalties.add(matrix(key + "S." + i));
      lambdas.add(number(key + "lambda." + i));
    }
    Penalty penalty =
        penalties.isEmpty() ? null : new Penalty(penalties, lambdas, 1.0 / matrix("y").rows());
    List<Component> components = List.of(Component.matrix(key));
    return new Linear(texts.get(key + "name"), List.of(), components, false, penalty);
  }

  Matrix matrix(String key) {
    Matrix found = matrices.get(key);
    if (found == null) {
      throw new IllegalArgumentException("no entry " + key + " in " + matrices.keySet());
    }
    return found;
  }

  double number(String key) {
    return matrix(key).get(0, 0);
  }

  double[] numbers(String key) {
    return matrix(key).toRowMajor();
  }

  boolean has(String key) {
    return matrices.containsKey(key);
  }

  ModelGraph model() {
    return model;
  }

  TrainingData data() {
    Matrix y = matrix("y");
    return new TrainingData(
        data.build(),
        Tensor.copyOf(ElementType.FLOAT64, y.toRowMajor(), y.rows(), y.columns()),
        Tensor.copyOf(ElementType.FLOAT64, numbers("weights"), y.rows(), 1));
  }

  ExactFit solve(SolverOptions options) {
    return ExactSolver.solve(
        model, data(), Start.of(model, data(), 1), options, SolverListener.NONE);
  }

  /** Values of all terms in the order of the formulas. */
  double[] inOrder(java.util.function.IntToDoubleFunction value) {
    List<Double> out = new ArrayList<>();
    for (Unknowns.Span span : new Unknowns(model).spans()) {
      for (int i = 0; i < span.size(); i++) {
        out.add(value.applyAsDouble(span.from() + i));
      }
    }
    return out.stream().mapToDouble(x -> x).toArray();
  }
}
