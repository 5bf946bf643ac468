package org.deepregression4j.bridge;

import java.util.Map;
import org.deepregression4j.bridge.spec.SpecReader;
import org.deepregression4j.engine.api.Distribution;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.family.Quantity;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;
import org.jspecify.annotations.Nullable;

/** The facade's engine: java-engine. */
public final class EngineService implements ModelService {
  /** For the service loader. */
  public EngineService() {}

  @Override
  public Model newModel(String specJson, @Nullable Table payload) {
    double[] numbers = payload == null ? new double[0] : EngineData.doubles(payload.only());
    ModelDefinition definition =
        EngineFailures.translate(
            () -> SpecReader.model(Json.parse("specification", specJson), numbers));
    return EngineFailures.translate(() -> new EngineModel(definition));
  }

  @Override
  public String families() {
    return FamilyText.table();
  }

  @Override
  public String describeFamily(String familyJson, int responseColumns) {
    return EngineFailures.translate(() -> FamilyText.describe(family(familyJson), responseColumns));
  }

  @Override
  public int distributionColumns(FamilyQuestion question) {
    return EngineFailures.translate(
        () ->
            Distribution.columns(
                family(question.familyJson()),
                Quantity.named(question.quantity()),
                question.responseColumns()));
  }

  @Override
  public String distribution(
      FamilyQuestion question, Column eta, @Nullable Column values, ResultVector out) {
    return EngineFailures.translate(
        () -> {
          Distribution rows =
              new Distribution(
                  family(question.familyJson()),
                  EngineData.matrix(eta),
                  question.responseColumns());
          Quantity quantity = Quantity.named(question.quantity());
          Tensor answer =
              values == null ? rows.at(quantity) : rows.at(quantity, EngineData.matrix(values));
          EngineModel.writeColumns(answer, out, question.quantity());
          return "{}";
        });
  }

  private static Family family(String json) {
    return SpecReader.family(Json.parse("family", json));
  }

  @Override
  public void warmUp() {
    Value x = Ops.input("x", ElementType.FLOAT64, Shape.rows("n", 1));
    Graph graph = Graph.of("warm", Map.of("x", x), Map.of("y", Ops.exp(x)));
    OnnxSession.open(OnnxWriter.toBytes(graph)).close();
  }
}
