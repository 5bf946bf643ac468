package org.deepregression4j.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.script.ScriptEngine;
import javax.script.ScriptEngineManager;
import javax.script.ScriptException;
import org.deepregression4j.bridge.Bridge;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.Device;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;
import org.junit.jupiter.api.Test;

/** Back ends that a machine may have: skipped, with the reason, where it has not. */
class OptionalBackEndsTest {
  @Test
  void aGpuMultipliesAsTheProcessorDoes() {
    Device device = Device.of("auto");
    assumeTrue(device.isCuda(), "GPU: " + device.reason());
    Value x = Ops.input("x", ElementType.FLOAT64, Shape.rows("n", 2));
    Value y = Ops.matMul(x, Ops.matrix(ElementType.FLOAT64, new double[] {1, 2, 3, 4}, 2, 2));
    byte[] bytes = OnnxWriter.toBytes(Graph.of("product", Map.of("x", x), Map.of("y", y)));
    Tensor in = Tensor.copyOf(ElementType.FLOAT64, new double[] {1, 10, 100, 1000}, 2, 2);
    Tensor out = Tensor.allocate(ElementType.FLOAT64, 2, 2);
    try (OnnxSession session = OnnxSession.open(bytes, device, OnnxSession.Work.SMALL)) {
      session.run(Map.of("x", in), Set.of(), Map.of("y", out));
    }
    assertThat(out.toDoubles()).containsExactly(31, 42, 3100, 4200);
  }

  @Test
  void renjinReachesTheFacade() throws ScriptException {
    ScriptEngine renjin = new ScriptEngineManager().getEngineByName("Renjin");
    assumeTrue(renjin != null, "Renjin: no such script engine on the class path");
    List<String> code =
        List.of("import(org.deepregression4j.bridge.Bridge)", "Bridge$new()$families()");
    Object answer = renjin.eval(String.join("\n", code));
    assertThat(String.valueOf(answer)).contains(new Bridge().families());
  }
}
