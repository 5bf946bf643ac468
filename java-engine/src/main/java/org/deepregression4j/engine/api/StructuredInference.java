package org.deepregression4j.engine.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.DeepTerm;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.model.WeightLayout;
import org.deepregression4j.engine.solve.Inference;
import org.deepregression4j.engine.solve.SolverOptions;
import org.deepregression4j.engine.solve.Unknowns;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Expression;
import org.deepregression4j.engine.term.Offset;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;

/** Inference for a model whose networks are known summands of their predictors. */
final class StructuredInference {
  private final Model model;
  private final List<ColumnSpec> columns;
  private final List<Predictor> predictors = new ArrayList<>();
  private final Dataset.Builder rows;

  private StructuredInference(Model model, TrainingData data) {
    this.model = model;
    this.columns = new ArrayList<>(model.definition().columns());
    this.rows = Dataset.builder(data.rows());
    data.columns().columns().forEach(rows::column);
    for (Predictor predictor : model.definition().predictors()) {
      predictors.add(withKnownNetworks(predictor, data.columns()));
    }
  }

  static ModelInference of(Model model, TrainingData data) {
    StructuredInference part = new StructuredInference(model, data);
    return part.run(new TrainingData(part.rows.build(), data.response(), data.weights()));
  }

  private Predictor withKnownNetworks(Predictor predictor, Dataset data) {
    if (predictor.deep().isEmpty()) {
      return predictor;
    }
    if (model.definition().predictorColumns() > 1) {
      throw new IllegalArgumentException(
          "inference: networks in predictors of several columns are not supported");
    }
    double[] sum = new double[(int) data.rows()];
    for (DeepTerm deep : predictor.deep()) {
      double[] own = model.effect(data, predictor.name(), deep.name()).toDoubles();
      for (int i = 0; i < sum.length; i++) {
        sum[i] += own[i];
      }
    }
    String column = "(networks of " + predictor.name() + ")";
    columns.add(ColumnSpec.real(column));
    rows.column(column, Tensor.copyOf(ElementType.FLOAT64, sum, sum.length));
    List<StructuredTerm> offsets = new ArrayList<>(predictor.offsets());
    offsets.add(new Offset(column, Expression.column(column)));
    return new Predictor(predictor.name(), predictor.structured(), offsets, List.of());
  }

  private ModelInference run(TrainingData data) {
    ModelDefinition d = model.definition();
    ModelGraph graph =
        new ModelGraph(
            new ModelDefinition(
                d.family(),
                ElementType.FLOAT64,
                d.seed(),
                d.responseColumns(),
                columns,
                predictors,
                Map.of()));
    double[] w = model.structuredCoefficients();
    Inference statistics = Inference.of(graph, data, w, SolverOptions.DEFAULT);
    return new ModelInference(statistics, spans(graph), model.isDeep());
  }

  private static List<ModelInference.Span> spans(ModelGraph graph) {
    Map<List<Integer>, List<String>> sharing = new HashMap<>();
    Map<List<Integer>, List<String>> labels = new HashMap<>();
    Map<List<Object>, List<Integer>> places = new HashMap<>();
    for (WeightLayout.Coefficients c : graph.layout().coefficients()) {
      List<Integer> place = List.of(c.predictor(), c.from());
      sharing.computeIfAbsent(place, p -> new ArrayList<>()).add(c.term());
      labels.putIfAbsent(place, c.labels());
      places.put(List.of(c.predictor(), c.term()), place);
    }
    List<ModelInference.Span> out = new ArrayList<>();
    for (Unknowns.Span span : new Unknowns(graph).spans()) {
      List<Integer> place = places.getOrDefault(List.of(span.predictor(), span.term()), List.of());
      out.add(
          new ModelInference.Span(
              span.parameter(),
              sharing.getOrDefault(place, List.of(span.term())),
              labels.getOrDefault(place, List.of()),
              span.predictorColumn(),
              span.from()));
    }
    return out;
  }
}
