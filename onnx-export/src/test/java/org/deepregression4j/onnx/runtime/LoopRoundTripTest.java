package org.deepregression4j.onnx.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.onnx.graph.Constant;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.writer.OnnxWriter;
import org.junit.jupiter.api.Test;

class LoopRoundTripTest {
  /** x_{t+1} = x_t / 2 + sum(data[t]); the constant part is hoisted out of the loop. */
  @Test
  void aLoopCarriesStateAndUsesOuterValues() {
    Value data = Ops.input("data", ElementType.FLOAT64, Shape.rows("n", 2));
    Value trips = Ops.input("trips", ElementType.INT64, Shape.SCALAR);
    Value start = Ops.input("start", ElementType.FLOAT64, Shape.of(2));
    Value iteration = Ops.input("i", ElementType.INT64, Shape.SCALAR);
    Value condition = Ops.input("go", ElementType.BOOL, Shape.SCALAR);
    Value state = Ops.input("x", ElementType.FLOAT64, Shape.of(2));
    Value doubled = Ops.mul(data, 2.0);
    Value row = Ops.gather(doubled, iteration, 0);
    Value next = Ops.add(Ops.mul(state, 0.5), row);
    Map<String, Value> bodyIn = new LinkedHashMap<>();
    bodyIn.put("i", iteration);
    bodyIn.put("go", condition);
    bodyIn.put("x", state);
    Map<String, Value> bodyOut = new LinkedHashMap<>();
    bodyOut.put("again", Ops.constant(Constant.of(true)));
    bodyOut.put("next", next);
    bodyOut.put("sum", Ops.sumAll(next));
    Graph body = Graph.body("step", bodyIn, bodyOut);
    assertThat(body.captures()).contains(doubled);
    List<Value> out = Ops.loop(trips, List.of(start), body);
    Map<String, Value> in = new LinkedHashMap<>();
    in.put("data", data);
    in.put("trips", trips);
    in.put("start", start);
    Graph graph = Graph.of("main", in, Map.of("end", out.get(0), "sums", out.get(1)));
    try (OnnxSession session = OnnxSession.open(OnnxWriter.toBytes(graph))) {
      Map<String, Tensor> got =
          session.run(
              Map.of(
                  "data", Tensor.copyOf(ElementType.FLOAT64, new double[] {1, 2, 3, 4}, 2, 2),
                  "trips", Tensor.copyOf(new long[] {2}),
                  "start", Tensor.copyOf(ElementType.FLOAT64, new double[] {8, 16}, 2)),
              Set.of("end", "sums"));
      assertThat(got.get("end").toDoubles()).containsExactly(9, 14);
      assertThat(got.get("sums").toDoubles()).containsExactly(18, 23);
    }
  }
}
