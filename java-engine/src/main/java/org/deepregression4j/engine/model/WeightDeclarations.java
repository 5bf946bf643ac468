package org.deepregression4j.engine.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.engine.layer.LayerContext;
import org.deepregression4j.engine.layer.WeightSpec;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** Collects the weights that networks ask for, in the order in which they ask. Mutable. */
final class WeightDeclarations implements LayerContext {
  private final ElementType precision;
  private final Map<String, WeightSpec> specs = new LinkedHashMap<>();

  WeightDeclarations(ElementType precision) {
    this.precision = precision;
  }

  List<WeightSpec> specs() {
    return List.copyOf(specs.values());
  }

  List<WeightLayout.Tensor> trained() {
    return tensors(true);
  }

  List<WeightLayout.Tensor> state() {
    return tensors(false);
  }

  private List<WeightLayout.Tensor> tensors(boolean isTrainable) {
    List<WeightLayout.Tensor> out = new ArrayList<>();
    int offset = 0;
    for (WeightSpec spec : specs.values()) {
      if (spec.isTrainable() == isTrainable) {
        out.add(new WeightLayout.Tensor(spec.key(), spec.shape(), offset));
        offset += (int) spec.shape().size();
      }
    }
    return out;
  }

  /** What the regularisers of the networks add to the loss. */
  List<Value> penalties(Weights weights) {
    List<Value> out = new ArrayList<>();
    for (WeightSpec spec : specs.values()) {
      if (!spec.regularizer().isNone()) {
        out.add(spec.regularizer().of(weights.weight(spec)));
      }
    }
    return out;
  }

  @Override
  public Value weight(WeightSpec spec) {
    WeightSpec known = specs.putIfAbsent(spec.key(), spec);
    if (known != null && !known.shape().equals(spec.shape())) {
      throw new IllegalArgumentException(
          "the shared weight '"
              + spec.key()
              + "' has shape "
              + known.shape()
              + " in one place and "
              + spec.shape()
              + " in another");
    }
    return Ops.input(spec.key(), precision, spec.shape());
  }

  @Override
  public void update(WeightSpec spec, Value next) {}

  @Override
  public boolean isTraining() {
    return true;
  }

  @Override
  public float seed(String owner) {
    return 0;
  }
}
