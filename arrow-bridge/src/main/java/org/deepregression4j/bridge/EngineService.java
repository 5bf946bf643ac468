package org.deepregression4j.bridge;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import org.deepregression4j.bridge.spec.SpecReader;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
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
    ArrayNode out = Json.array();
    for (Family family : Families.all()) {
      ObjectNode node = out.addObject().put("name", family.name());
      ArrayNode names = node.putArray("parameters");
      ArrayNode links = node.putArray("links");
      for (Family.Parameter parameter : family.parameters()) {
        names.add(parameter.name());
        links.add(parameter.link().name().toLowerCase(Locale.ROOT));
      }
      node.put("support", family.support().name().toLowerCase(Locale.ROOT));
      node.put("support_text", family.support().description());
    }
    return out.toString();
  }

  @Override
  public void warmUp() {
    Value x = Ops.input("x", ElementType.FLOAT64, Shape.rows("n", 1));
    Graph graph = Graph.of("warm", Map.of("x", x), Map.of("y", Ops.exp(x)));
    OnnxSession.open(OnnxWriter.toBytes(graph)).close();
  }
}
