package org.deepregression4j.engine.term;

import java.util.List;
import java.util.Set;
import org.deepregression4j.onnx.graph.Value;

/**
 * The constant of a predictor: a column of ones, (n, 1).
 *
 * @param name its name, by custom {@code (Intercept)}
 */
public record Intercept(String name) implements StructuredTerm {
  /** The constant by its usual name. */
  public Intercept() {
    this("(Intercept)");
  }

  @Override
  public List<String> labels() {
    return List.of(name);
  }

  @Override
  public Set<String> columnsUsed() {
    return Set.of();
  }

  @Override
  public Value design(ColumnInputs columns) {
    return columns.ones();
  }
}
