package org.deepregression4j.engine.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  static byte[] toOnnx(Model model) {
    ModelDefinition definition = model.definition();
    ModelGraph graph = model.graph();
    Map<String, Value> columns = new LinkedHashMap<>();
    Map<String, Value> inputs = new LinkedHashMap<>();
    List<Column> described = new ArrayList<>();
    for (ColumnSpec spec : definition.columns()) {
      Column column = describe(spec);
      Value value = input(spec, column.inputName());
      inputs.put(column.inputName(), value);
      boolean isFactor = spec.kind() == ColumnSpec.Kind.FACTOR;
      columns.put(
          spec.inputName(), isFactor ? Ops.encodeLabels(value, column.graphLevels()) : value);
      described.add(column);
    }
    // A model that reads no column says the same of every row: it gives one.
    Value one = Ops.matrix(ElementType.FLOAT64, new double[] {1}, 1, 1);
    Value rows = columns.isEmpty() ? one : columns.values().iterator().next();
    Map<String, Value> outputs =
        Scoring.outputs(graph, graph.columnInputs(columns, rows), constants(model));
    ModelSignature signature =
        new ModelSignature(
            described,
            definition.family().name(),
            names(definition),
            List.copyOf(outputs.keySet()));
    return OnnxWriter.toBytes(
        Graph.of("deepregression4j", inputs, outputs).withMetadata(signature.toMetadata()));
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
