package org.deepregression4j.engine.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.Scoring;
import org.deepregression4j.engine.model.Weights;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.scoring.Column;
import org.deepregression4j.onnx.scoring.ModelSignature;
import org.deepregression4j.onnx.writer.OnnxWriter;

/** Writes a fitted model as ONNX: raw columns in, the response distribution out. */
final class Exporter {
  private Exporter() {}

  /** The bytes of the file. */
  static byte[] toOnnx(Model model, ExportOptions options) {
    ModelDefinition definition = model.definition();
    ModelSignature signature = signature(definition, options);
    Map<String, Value> columns = new LinkedHashMap<>();
    Map<String, Value> inputs = new LinkedHashMap<>();
    for (int i = 0; i < definition.columns().size(); i++) {
      ColumnSpec spec = definition.columns().get(i);
      Column column = signature.columns().get(i);
      Value value = input(spec, signature.inputName(column));
      inputs.put(signature.inputName(column), value);
      boolean isFactor = spec.kind() == ColumnSpec.Kind.FACTOR;
      columns.put(
          spec.inputName(), isFactor ? Ops.encodeLabels(value, column.graphLevels()) : value);
    }
    Map<String, Value> outputs = outputs(model, options, predictors(model, columns), inputs);
    return OnnxWriter.toBytes(
        Graph.of("deepregression4j", inputs, outputs).withMetadata(signature.toMetadata()));
  }

  private static ModelSignature signature(ModelDefinition definition, ExportOptions options) {
    List<String> outputs =
        new ArrayList<>(
            List.of(ModelSignature.PARAMETERS, ModelSignature.MEAN, ModelSignature.STDDEV));
    if (!options.quantiles().isEmpty()) {
      outputs.add(ModelSignature.QUANTILE);
    }
    if (options.logDensity()) {
      outputs.add(ModelSignature.LOG_DENSITY);
    }
    if (options.linearPredictors()) {
      outputs.add(ModelSignature.LINEAR_PREDICTORS);
    }
    return new ModelSignature(
        definition.columns().stream().map(Exporter::describe).toList(),
        definition.family().name(),
        names(definition),
        outputs,
        options.quantiles());
  }

  private static List<Value> predictors(Model model, Map<String, Value> columns) {
    ModelGraph graph = model.graph();
    // A model that reads no column says the same of every row: it gives one.
    Value one = Ops.matrix(ElementType.FLOAT64, new double[] {1}, 1, 1);
    Value rows = columns.isEmpty() ? one : columns.values().iterator().next();
    Value features = graph.features(graph.columnInputs(columns, rows));
    return graph.linearPredictors(features, constants(model));
  }

  /** The outputs that were asked for; the response, if it takes one, is added to the inputs. */
  private static Map<String, Value> outputs(
      Model model, ExportOptions options, List<Value> eta, Map<String, Value> inputs) {
    Family family = model.definition().family();
    Map<String, Value> out = Scoring.outputs(family, eta);
    if (!options.linearPredictors()) {
      out.remove(ModelSignature.LINEAR_PREDICTORS);
    }
    if (!options.quantiles().isEmpty()) {
      out.put(ModelSignature.QUANTILE, Scoring.quantiles(family, eta, options.quantiles()));
    }
    if (options.logDensity()) {
      // ONNX lets an input have a default, but ONNX Runtime's Java API cannot replace one.
      Shape shape = Shape.rows("n", model.definition().responseColumns());
      Value response = Ops.input(ModelSignature.RESPONSE, ElementType.FLOAT64, shape);
      inputs.put(ModelSignature.RESPONSE, response);
      out.put(ModelSignature.LOG_DENSITY, Scoring.logDensity(family, response, eta));
    }
    return out;
  }

  private static List<String> names(ModelDefinition definition) {
    List<String> out = new ArrayList<>();
    definition
        .predictors()
        .forEach(
            p -> {
              for (int c = 1; c <= definition.predictorColumns(); c++) {
                out.add(definition.predictorColumns() == 1 ? p.name() : p.name() + "." + c);
              }
            });
    return out;
  }

  private static Weights constants(Model model) {
    Map<String, Value> flat = new LinkedHashMap<>();
    model.tensors().forEach((name, t) -> flat.put(name, Ops.vector(t.type(), t.toDoubles())));
    return Weights.of(model.layout(), flat);
  }

  private static Value input(ColumnSpec spec, String name) {
    return switch (spec.kind()) {
      case LOGICAL -> Ops.input(name, ElementType.BOOL, Shape.rows("n"));
      case FACTOR -> Ops.input(name, ElementType.STRING, Shape.rows("n"));
      default -> Ops.input(name, spec.kind().type(), spec.input("n").shape());
    };
  }

  private static Column describe(ColumnSpec spec) {
    return new Column(
        spec.name(),
        Column.Kind.valueOf(spec.kind().name()),
        spec.levels(),
        spec.width(),
        spec.external());
  }
}
