package org.deepregression4j.engine.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.deepregression4j.engine.layer.LayerContext;
import org.deepregression4j.engine.layer.WeightSpec;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;

/**
 * The weights of a model in one graph, cut from the two flat vectors. Collects, while layers are
 * written, what they make of the state; so it belongs to one graph and one thread.
 */
public final class Weights implements LayerContext {
  private final WeightLayout layout;
  private final Value trained;
  private final Value coefficients;
  private final Value state;
  private final boolean isTraining;
  private final long seed;
  private final List<Value> leaves = new ArrayList<>();
  private final Map<String, Value> tensors = new LinkedHashMap<>();
  private final Map<String, Value> updates = new LinkedHashMap<>();

  /**
   * Cuts the vectors.
   *
   * @param trained (trainedSize), or W itself where there are no networks
   * @param state (stateSize), or any vector when the model has no state
   * @param isTraining whether layers behave as in training
   * @param seed of random layers
   */
  public Weights(WeightLayout layout, Value trained, Value state, boolean isTraining, long seed) {
    this.layout = layout;
    this.trained = trained;
    this.state = state;
    this.isTraining = isTraining;
    this.seed = seed;
    long[] sizes = new long[1 + layout.trained().size()];
    sizes[0] = (long) layout.rows() * layout.columns();
    for (int i = 1; i < sizes.length; i++) {
      sizes[i] = layout.trained().get(i - 1).size();
    }
    List<Value> pieces = Ops.split(trained, 0, sizes);
    this.coefficients = Ops.reshape(pieces.get(0), layout.rows(), layout.columns());
    leaves.add(coefficients);
    for (int i = 1; i < sizes.length; i++) {
      WeightLayout.Tensor tensor = layout.trained().get(i - 1);
      Value shaped = Ops.reshape(pieces.get(i), tensor.shape().sizes());
      leaves.add(shaped);
      tensors.put(tensor.key(), shaped);
    }
    for (WeightLayout.Tensor tensor : layout.state()) {
      Value part =
          layout.stateSize() == tensor.size()
              ? state
              : Ops.slice(state, 0, tensor.offset(), (long) tensor.offset() + tensor.size());
      tensors.put(tensor.key(), Ops.reshape(part, tensor.shape().sizes()));
    }
  }

  /** The weights of {@link #inputs}, as in scoring. */
  public static Weights of(WeightLayout layout, Map<String, Value> inputs) {
    Value trained = inputs.get("trained");
    Value state = inputs.get("state");
    if (trained == null || state == null) {
      throw new IllegalArgumentException("expected 'trained' and 'state', got " + inputs.keySet());
    }
    return new Weights(layout, trained, state, false, 0);
  }

  /** W, (p, q·r). */
  public Value coefficients() {
    return coefficients;
  }

  /** What to differentiate by: W, then the networks' weights in the layout's order. */
  public List<Value> leaves() {
    return List.copyOf(leaves);
  }

  /** Gradients by the leaves as one value of the trained vector's shape. */
  public Value flatten(List<Value> gradients) {
    if (leaves.get(0) == trained) {
      return gradients.get(0);
    }
    List<Value> flat = new ArrayList<>();
    gradients.forEach(g -> flat.add(Ops.reshape(g, -1)));
    return Ops.concat(flat, 0);
  }

  /** The state after the batch: what layers stated, and the rest as it was. */
  public Value nextState() {
    if (updates.isEmpty()) {
      return state;
    }
    List<Value> parts = new ArrayList<>();
    for (WeightLayout.Tensor tensor : layout.state()) {
      Value next = updates.get(tensor.key());
      parts.add(Ops.reshape(next == null ? find(tensor.key()) : next, -1));
    }
    return Ops.concat(parts, 0);
  }

  @Override
  public Value weight(WeightSpec spec) {
    return find(spec.key());
  }

  private Value find(String key) {
    Value value = tensors.get(key);
    if (value == null) {
      throw new IllegalStateException("weight " + key + " was not declared");
    }
    return value;
  }

  @Override
  public void update(WeightSpec spec, Value next) {
    updates.put(spec.key(), next);
  }

  @Override
  public boolean isTraining() {
    return isTraining;
  }

  @Override
  public float seed(String owner) {
    // Small enough for a float to hold exactly. Mixed, since the runtime's linear congruential
    // generator gives related streams for related seeds.
    long mixed = new SplittableRandom(seed).nextLong() + owner.hashCode();
    return 1 + new SplittableRandom(mixed).nextInt(1 << 23);
  }

  /** Input vectors of a graph that takes weights: trained and state. */
  public static Map<String, Value> inputs(WeightLayout layout, ElementType precision) {
    Map<String, Value> out = new LinkedHashMap<>();
    out.put("trained", Ops.input("trained", precision, Shape.of(layout.trainedSize())));
    out.put("state", Ops.input("state", precision, Shape.of(Math.max(1, layout.stateSize()))));
    return out;
  }
}
