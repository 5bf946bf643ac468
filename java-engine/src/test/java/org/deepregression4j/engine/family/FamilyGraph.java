package org.deepregression4j.engine.family;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * What a family says of rows, in sessions that are opened on demand: {@code log_density}, its
 * {@code gradient} and {@code curvature}, the second derivatives times {@link #direction}, and the
 * {@link Quantity}s by their labels. Close it.
 */
final class FamilyGraph implements AutoCloseable {
  private static final List<Quantity> PROPERTIES =
      List.of(Quantity.MEAN, Quantity.STDDEV, Quantity.MODE, Quantity.ENTROPY, Quantity.PARAMETERS);

  private final Family family;
  private final ElementType type;
  private final int columns;
  private final int width;
  private final Map<String, OnnxSession> sessions = new LinkedHashMap<>();

  FamilyGraph(FamilyCase of) {
    this(of.family(), ElementType.FLOAT64, of.columns());
  }

  FamilyGraph(Family family, ElementType type, int columns) {
    this.family = family;
    this.type = type;
    this.columns = columns;
    this.width = family.parameters().size() * family.predictorColumns(columns);
  }

  Family family() {
    return family;
  }

  /** A graph input (n, width). */
  private Value input(String name, int width) {
    return Ops.input(name, type, Shape.rows("n", width));
  }

  private List<Value> parts(Value eta) {
    long[] sizes = new long[family.parameters().size()];
    Arrays.fill(sizes, family.predictorColumns(columns));
    return Ops.split(eta, 1, sizes);
  }

  private OnnxSession session(String output) {
    boolean isProperty = PROPERTIES.stream().anyMatch(p -> p.label().equals(output));
    boolean isDerivative = output.equals("gradient") || output.equals("curvature");
    String key = isProperty ? "properties" : isDerivative ? "derivatives" : output;
    return sessions.computeIfAbsent(key, k -> open(k, valueColumns(output)));
  }

  private int valueColumns(String output) {
    return output.equals("sample") ? family.uniforms(columns) : columns;
  }

  private OnnxSession open(String key, int valueColumns) {
    Value values = input("values", valueColumns);
    Value eta = input("eta", width);
    Map<String, Value> out = new LinkedHashMap<>();
    if (key.equals("log_density")) {
      out.put(key, family.logDensity(values, parts(eta)));
    } else if (key.equals("derivatives")) {
      addDerivatives(values, eta, out);
    } else if (key.equals("properties")) {
      for (Quantity property : PROPERTIES) {
        if (property.isOf(family)) {
          out.put(property.label(), property.of(family, values, parts(eta)));
        }
      }
    } else {
      out.put(key, Quantity.named(key).of(family, values, parts(eta)));
    }
    Graph graph = Graph.of(family.name(), Map.of("values", values, "eta", eta), out);
    return OnnxSession.open(OnnxWriter.toBytes(graph));
  }

  private void addDerivatives(Value y, Value eta, Map<String, Value> out) {
    List<Value> parts = parts(eta);
    Value total = Ops.sumAll(family.logDensity(y, parts));
    Value gradient = Ops.concat(Gradients.of(total, parts), 1);
    out.put("gradient", gradient);
    Value along = Ops.sumAll(Ops.mul(gradient, Ops.vector(type, direction())));
    out.put("curvature", Ops.concat(Gradients.of(along, parts), 1));
  }

  /** An irregular direction in the space of linear predictors, (q · r). */
  double[] direction() {
    double[] out = new double[width];
    Arrays.setAll(out, i -> (i % 2 == 0 ? 1 : -1) * (0.2 + 0.19 * ((i * 7) % 5)));
    return out;
  }

  /** One output for n rows, row-major: values (n, their columns), eta (n, q · r). */
  double[] run(String output, double[] values, double[] eta) {
    int n = eta.length / width;
    Map<String, Tensor> in = new LinkedHashMap<>();
    in.put("values", Tensor.copyOf(type, values, n, values.length / n));
    in.put("eta", Tensor.copyOf(type, eta, n, width));
    return session(output).run(in, Set.of(output)).get(output).toDoubles();
  }

  /** The same linear predictors for every response. */
  double[] runAt(String output, double[] values, double... eta) {
    int n = values.length / valueColumns(output);
    return run(output, values, FamilyCase.repeated(eta, n));
  }

  /** A property that needs no values, at one row of linear predictors. */
  double[] property(String output, double... eta) {
    return run(output, new double[columns], eta);
  }

  /** Graphs by case, one for all tests of a class; close them after it. */
  static final class Store implements AutoCloseable {
    private final Map<String, FamilyGraph> graphs = new LinkedHashMap<>();

    FamilyGraph of(String key) {
      return graphs.computeIfAbsent(key, k -> new FamilyGraph(FamilyCases.named(k)));
    }

    @Override
    public void close() {
      new ArrayList<>(graphs.values()).forEach(FamilyGraph::close);
      graphs.clear();
    }
  }

  @Override
  public void close() {
    sessions.values().forEach(OnnxSession::close);
    sessions.clear();
  }
}
