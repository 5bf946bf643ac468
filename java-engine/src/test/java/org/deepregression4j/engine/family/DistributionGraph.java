package org.deepregression4j.engine.family;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;

/** A family's distribution function, quantile, density, mode and entropy; sessions on demand. */
final class DistributionGraph implements AutoCloseable {
  private final int q;
  private final Map<String, OnnxSession> sessions = new LinkedHashMap<>();
  private final Map<String, byte[]> models = new LinkedHashMap<>();

  DistributionGraph(Family family) {
    this.q = family.parameters().size();
    Value x = Ops.input("x", ElementType.FLOAT64, Shape.rows("n", 1));
    List<Value> eta = new ArrayList<>();
    Map<String, Value> in = new LinkedHashMap<>();
    in.put("x", x);
    for (int i = 0; i < q; i++) {
      eta.add(Ops.input("eta" + i, ElementType.FLOAT64, Shape.rows("n", 1)));
      in.put("eta" + i, eta.get(i));
    }
    Map<String, Value> out = new LinkedHashMap<>();
    out.put("cdf", family.cdf(x, eta));
    out.put("quantile", family.quantile(x, eta));
    out.put("log_density", family.logDensity(x, eta));
    for (Family.Property property : List.of(Family.Property.MODE, Family.Property.ENTROPY)) {
      if (family.has(property)) {
        out.put(property.toString(), family.property(property, eta));
      }
    }
    out.forEach(
        (key, value) -> models.put(key, OnnxWriter.toBytes(Graph.of(key, in, Map.of(key, value)))));
  }

  /** One output; {@code eta[i]} has n entries. */
  double[] run(String output, double[] x, double[][] eta) {
    Map<String, Tensor> in = new LinkedHashMap<>();
    in.put("x", Tensor.copyOf(ElementType.FLOAT64, x, x.length, 1));
    for (int i = 0; i < q; i++) {
      in.put("eta" + i, Tensor.copyOf(ElementType.FLOAT64, eta[i], x.length, 1));
    }
    OnnxSession session =
        sessions.computeIfAbsent(output, key -> OnnxSession.open(models.get(key)));
    return session.run(in, Set.of(output)).get(output).toDoubles();
  }

  /** The same linear predictors for every x. */
  double[] runAt(String output, double[] x, double... eta) {
    double[][] all = new double[q][x.length];
    for (int i = 0; i < q; i++) {
      Arrays.fill(all[i], eta[i]);
    }
    return run(output, x, all);
  }

  @Override
  public void close() {
    sessions.values().forEach(OnnxSession::close);
  }
}
