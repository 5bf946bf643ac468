package org.deepregression4j.engine.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
 * A layer as a graph of its own: weights are graph inputs, so that tests choose them. Closed by the
 * test; mutable while the layer is written.
 */
final class LayerHarness implements LayerContext, AutoCloseable {
  private final boolean isTraining;
  private final float seed;
  private final Map<String, WeightSpec> specs = new LinkedHashMap<>();
  private final Map<String, Value> weights = new LinkedHashMap<>();
  private final Map<String, Value> updates = new LinkedHashMap<>();
  private final Map<String, Value> outputs = new LinkedHashMap<>();
  private final OnnxSession session;

  /** Writes the layer over inputs (n, width) with its gradients by inputs and trained weights. */
  LayerHarness(Layer layer, List<Integer> widths, boolean isTraining, float seed) {
    this.isTraining = isTraining;
    this.seed = seed;
    Map<String, Value> inputs = new LinkedHashMap<>();
    for (int i = 0; i < widths.size(); i++) {
      inputs.put("x" + i, input("x" + i, Shape.rows("n", widths.get(i))));
    }
    Value out = layer.apply(List.copyOf(inputs.values()), this);
    Value direction = input("direction", out.shape());
    List<Value> leaves = new ArrayList<>(inputs.values());
    specs.forEach(
        (key, spec) -> {
          if (spec.isTrainable()) {
            leaves.add(weight(spec));
          }
        });
    List<Value> gradients = Gradients.of(out, direction, leaves);
    outputs.put("out", out);
    for (int i = 0; i < gradients.size(); i++) {
      outputs.put("gradient" + i, gradients.get(i));
    }
    updates.forEach((key, value) -> outputs.put("next " + key, value));
    inputs.put("direction", direction);
    inputs.putAll(weights);
    session = OnnxSession.open(OnnxWriter.toBytes(Graph.of("layer", inputs, outputs)));
  }

  static Value input(String name, Shape shape) {
    return Ops.input(name, ElementType.FLOAT64, shape);
  }

  /** The weights that the layer asked for, in order. */
  Map<String, WeightSpec> specs() {
    return specs;
  }

  /** Runs with inputs and direction (n, width) and weights by name. */
  Map<String, Tensor> run(
      List<double[][]> inputs, double[][] direction, Map<String, double[]> values) {
    Map<String, Tensor> in = new LinkedHashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      in.put("x" + i, tensor(inputs.get(i), width(session.inputs().get("x" + i))));
    }
    in.put("direction", tensor(direction, width(session.inputs().get("direction"))));
    specs.forEach(
        (key, spec) ->
            in.put(
                key,
                Tensor.copyOf(
                    ElementType.FLOAT64, values.get(name(values, spec)), spec.shape().sizes())));
    return session.run(in, new LinkedHashSet<>(outputs.keySet()));
  }

  /** How a map of weights calls one: by owner and name where there are several owners. */
  static String name(Map<String, ?> weights, WeightSpec spec) {
    return weights.containsKey(spec.key()) ? spec.key() : spec.name();
  }

  private static int width(OnnxSession.Port port) {
    return (int) port.sizes()[1];
  }

  private static Tensor tensor(double[][] rows, int width) {
    double[] flat = new double[rows.length * width];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * width, width);
    }
    return Tensor.copyOf(ElementType.FLOAT64, flat, rows.length, width);
  }

  @Override
  public Value weight(WeightSpec spec) {
    specs.putIfAbsent(spec.key(), spec);
    return weights.computeIfAbsent(spec.key(), key -> input(key, spec.shape()));
  }

  @Override
  public void update(WeightSpec spec, Value next) {
    updates.put(spec.name(), next);
  }

  @Override
  public boolean isTraining() {
    return isTraining;
  }

  @Override
  public float seed(String owner) {
    return seed;
  }

  @Override
  public void close() {
    session.close();
  }
}
