package org.deepregression4j.engine.term;

import java.util.List;
import java.util.Set;
import org.deepregression4j.onnx.graph.Value;

/**
 * A known summand of the predictor, (n, 1), whose coefficient is one.
 *
 * @param name the term as the user wrote it
 * @param expression what is added
 */
public record Offset(String name, Expression expression) implements StructuredTerm {
  @Override
  public List<String> labels() {
    return List.of(name);
  }

  @Override
  public Set<String> columnsUsed() {
    return expression.columnsUsed();
  }

  @Override
  public Value design(ColumnInputs columns) {
    Value value = Component.numeric(expression).columns(columns);
    return RowKronecker.checkWidth(name, value, 1);
  }

  @Override
  public boolean isOffset() {
    return true;
  }
}
