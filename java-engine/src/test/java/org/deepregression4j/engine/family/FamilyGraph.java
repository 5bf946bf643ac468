package org.deepregression4j.engine.family;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.engine.autodiff.Gradients;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;

/**
 * A family's expressions as one runnable model of y and the linear predictors, in float64 with
 * derivatives. Close it.
 */
final class FamilyGraph implements AutoCloseable {
  private final ElementType type;
  private final int q;
  private final int columns;
  private final OnnxSession session;

  FamilyGraph(Family family, ElementType type) {
    this(family, type, 1);
  }

  FamilyGraph(Family family, ElementType type, int columns) {
    this.columns = columns;
    this.type = type;
    this.q = family.parameters().size();
    Value y = Ops.input("y", type, Shape.rows("n", columns));
    List<Value> eta = new ArrayList<>();
    Map<String, Value> in = new LinkedHashMap<>();
    in.put("y", y);
    for (int i = 0; i < q; i++) {
      eta.add(Ops.input("eta" + i, type, Shape.rows("n", columns)));
      in.put("eta" + i, eta.get(i));
    }
    Map<String, Value> out = new LinkedHashMap<>();
    out.put("log_density", family.logDensity(y, eta));
    if (type == ElementType.FLOAT64) {
      addDerivatives(eta, out);
    }
    out.put("mean", family.mean(eta));
    out.put("stddev", family.stddev(eta));
    this.session = OnnxSession.open(OnnxWriter.toBytes(Graph.of(family.name(), in, out)));
  }

  private static void addDerivatives(List<Value> eta, Map<String, Value> out) {
    Value total = Ops.sumAll(out.get("log_density"));
    List<Value> gradient = Gradients.of(total, eta);
    for (int i = 0; i < eta.size(); i++) {
      out.put("gradient" + i, gradient.get(i));
      List<Value> row = Gradients.of(Ops.sumAll(gradient.get(i)), eta);
      for (int j = 0; j < eta.size(); j++) {
        out.put("hessian" + i + j, row.get(j));
      }
    }
  }

  /** One output for n responses; {@code eta[i]} has n entries. */
  double[] run(String output, double[] y, double[][] eta) {
    Map<String, Tensor> in = new LinkedHashMap<>();
    in.put("y", Tensor.copyOf(type, y, y.length / columns, columns));
    for (int i = 0; i < q; i++) {
      in.put("eta" + i, Tensor.copyOf(type, eta[i], y.length / columns, columns));
    }
    return session.run(in, java.util.Set.of(output)).get(output).toDoubles();
  }

  /** The same linear predictors for every response. */
  double[] runAt(String output, double[] y, double... eta) {
    double[][] all = new double[q][y.length];
    for (int i = 0; i < q; i++) {
      Arrays.fill(all[i], eta[i]);
    }
    return run(output, y, all);
  }

  @Override
  public void close() {
    session.close();
  }
}
