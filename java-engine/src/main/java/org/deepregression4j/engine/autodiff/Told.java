package org.deepregression4j.engine.autodiff;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deepregression4j.onnx.graph.Attribute;
import org.deepregression4j.onnx.graph.GraphException;
import org.deepregression4j.onnx.graph.Node;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Value;

/**
 * Values whose slopes are told, as expressions that are shorter than what their graph would give.
 * The slopes are differentiated again as they stand.
 */
public final class Told {
  private static final String SLOPES = "_slopes";

  private Told() {}

  /** How a value changes with its variables; one instance for all graphs. */
  @FunctionalInterface
  public interface Slopes {
    /**
     * The slopes, one for each variable in order and of its shape.
     *
     * @param variables that the value is a function of
     * @param parts what else the value was made of, and the slopes are
     */
    List<Value> at(List<Value> variables, List<Value> parts);
  }

  private record Rule(int variables, Slopes slopes) {}

  /**
   * The value itself, of the shape of all its variables.
   *
   * @param parts values that depend on nothing but the variables
   */
  public static Value of(Value value, List<Value> variables, List<Value> parts, Slopes slopes) {
    for (Value variable : variables) {
      if (!variable.shape().equals(value.shape())) {
        throw new GraphException("expected a variable of " + value.shape() + ", got " + variable);
      }
    }
    List<Value> inputs = new ArrayList<>(List.of(value));
    inputs.addAll(variables);
    inputs.addAll(parts);
    Attribute rule = new Attribute.Note(new Rule(variables.size(), slopes));
    return new Node(Op.IDENTITY, inputs, Map.of(SLOPES, rule)).output();
  }

  /** What arrives at an input: for variables the gradient times their slope. */
  static Adjoint slope(Step step, int i) {
    if (!(step.node().attributes().get(SLOPES) instanceof Attribute.Note note)
        || !(note.value() instanceof Rule rule)) {
      return step.g();
    }
    if (i == 0 || i > rule.variables()) {
      return step.none();
    }
    List<Value> inputs = step.node().inputs();
    int last = 1 + rule.variables();
    List<Value> slopes =
        rule.slopes().at(inputs.subList(1, last), inputs.subList(last, inputs.size()));
    // Once for all variables, and with what the value took already.
    return step.g().times(Sharing.of(slopes, step.emit()).get(i - 1));
  }
}
