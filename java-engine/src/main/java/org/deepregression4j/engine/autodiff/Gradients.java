package org.deepregression4j.engine.autodiff;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.GraphException;
import org.deepregression4j.onnx.graph.Node;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;

/**
 * Gradients of a value of a graph, as more values of the same graph; they can be differentiated
 * again. Example: {@code Value slope = Gradients.of(loss, List.of(beta)).get(0)}.
 *
 * <p>At points without a derivative: {@code abs} and {@code relu} have slope 0 at 0; equal
 * arguments of {@code max} and {@code min} count as the first; equal elements of a reduction to the
 * largest or smallest share evenly. Comparisons, rounding and integer values have slope 0.
 *
 * <p>Source: Griewank and Walther, Evaluating Derivatives (2008), chapter 3 (reverse mode).
 */
public final class Gradients {
  private final Emitter emit;
  private final List<Node> sorted;
  private final Set<Value> active = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<Value, Adjoint> sums = new IdentityHashMap<>();

  private Gradients(Value output, List<Value> with) {
    sorted = Graph.sort(List.of(output));
    emit = new Emitter(sorted);
    active.addAll(with);
    for (Node node : sorted) {
      if (needs(node).stream().anyMatch(active::contains)) {
        node.outputs().stream().filter(v -> v.type().isFloat()).forEach(active::add);
      }
    }
  }

  /**
   * Gradients of a scalar.
   *
   * <ul>
   *   <li>{@code loss}: one element, of any rank
   *   <li>{@code with}: floating point values of any shape, inputs or intermediate values
   *   <li>result: for each value of {@code with} a value of exactly its type and shape; zeros when
   *       the loss does not depend on it
   * </ul>
   *
   * @throws GraphException when the loss is not scalar, or on the way lies an operator that has no
   *     gradient rule
   */
  public static List<Value> of(Value loss, List<Value> with) {
    if (!loss.shape().isFixed() || loss.shape().size() != 1) {
      throw new GraphException("expected a loss of one element, got " + loss);
    }
    check(loss, with);
    Gradients walk = new Gradients(loss, with);
    return walk.back(loss, Adjoint.of(walk.emit, loss, 1), with);
  }

  /**
   * Products of a seed with the Jacobian: gradients of sum(seed · output), the seed held constant.
   *
   * <ul>
   *   <li>{@code output}: any shape
   *   <li>{@code seed}: a shape that broadcasts to that of {@code output}
   *   <li>{@code with} and result: as in {@link #of(Value, List)}
   * </ul>
   *
   * @throws GraphException when the seed does not fit, or an operator has no gradient rule
   */
  public static List<Value> of(Value output, Value seed, List<Value> with) {
    Shape both = Shape.broadcast(output.shape(), seed.shape());
    if (!both.equals(output.shape()) || seed.type() != output.type()) {
      throw new GraphException("expected a seed like " + output + ", got " + seed);
    }
    check(output, with);
    Gradients walk = new Gradients(output, with);
    return walk.back(output, Adjoint.of(walk.emit, output, 1).times(seed), with);
  }

  private static void check(Value output, List<Value> with) {
    List<Value> all = new ArrayList<>(with);
    all.add(output);
    for (Value value : all) {
      if (!value.type().isFloat()) {
        throw new GraphException("expected floating point values, got " + value);
      }
    }
  }

  /** What a node uses, directly or from inside its sub-graphs. */
  private static List<Value> needs(Node node) {
    List<Value> all = new ArrayList<>(node.inputs());
    node.bodies().values().forEach(body -> all.addAll(body.captures()));
    return all;
  }

  private List<Value> back(Value output, Adjoint seed, List<Value> with) {
    sums.put(output, seed);
    for (int i = sorted.size() - 1; i >= 0; i--) {
      Node node = sorted.get(i);
      Map<Integer, Adjoint> arrived = new HashMap<>();
      for (Value value : node.outputs()) {
        Adjoint sum = sums.get(value);
        if (sum != null && !sum.isZero()) {
          arrived.put(value.index(), sum);
        }
      }
      if (!arrived.isEmpty() && needs(node).stream().anyMatch(active::contains)) {
        pass(new Step(node, arrived, emit));
      }
    }
    return with.stream().map(this::result).toList();
  }

  /** Hands the gradient of a node's outputs on to its inputs. */
  private void pass(Step step) {
    GradientRule rule = GradientRules.of(step.node().op());
    if (rule.kind() == GradientRule.Kind.ZERO) {
      return;
    }
    if (rule.kind() == GradientRule.Kind.REFUSED) {
      throw new GraphException(
          step.node().op().onnxName() + step.node().inputs() + " cannot be differentiated");
    }
    for (int i = 0; i < step.node().inputs().size(); i++) {
      Value input = step.node().input(i);
      if (active.contains(input)) {
        Adjoint local = rule.local().of(step, i);
        Shape reach = rule.reach(step, i, local);
        Adjoint arriving = Broadcasting.undo(local, reach, input.shape());
        sums.merge(input, arriving, Adjoint::plus);
      }
    }
  }

  private Value result(Value with) {
    Adjoint sum = sums.getOrDefault(with, Adjoint.of(emit, with, 0));
    return Step.scaledFull(sum, with);
  }
}
