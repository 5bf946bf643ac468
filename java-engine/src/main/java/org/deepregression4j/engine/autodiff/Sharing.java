package org.deepregression4j.engine.autodiff;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Node;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Value;

/**
 * Computes equal expressions once, such as hidden layers that two networks have in common. The
 * gradient then passes them once, too, which it would not if the runtime found them later.
 */
public final class Sharing {
  private Sharing() {}

  /** The same values over as few nodes; random numbers and sub-graphs stay apart. */
  public static List<Value> of(List<Value> values) {
    return of(values, new Emitter(List.of()));
  }

  /** The same where there are nodes already. */
  static List<Value> of(List<Value> values, Emitter emit) {
    Map<Value, Value> shared = new IdentityHashMap<>();
    for (Node node : Graph.sort(values)) {
      List<Value> inputs = node.inputs().stream().map(v -> shared.getOrDefault(v, v)).toList();
      boolean isSame = true;
      for (int i = 0; i < inputs.size(); i++) {
        isSame &= inputs.get(i) == node.input(i);
      }
      Node now = isSame ? node : new Node(node.op(), inputs, node.attributes(), node.bodies());
      for (Value output : node.op() == Op.CONSTANT ? List.<Value>of() : node.outputs()) {
        shared.put(output, emit.shared(now.outputs().get(output.index())));
      }
    }
    return values.stream().map(v -> shared.getOrDefault(v, v)).toList();
  }
}
