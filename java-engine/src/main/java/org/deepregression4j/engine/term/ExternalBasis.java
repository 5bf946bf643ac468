package org.deepregression4j.engine.term;

import java.util.Set;
import org.deepregression4j.onnx.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * A basis that the graph cannot evaluate: its columns come with the data, (n, width).
 *
 * @param column the matrix column that holds it
 */
public record ExternalBasis(String column) implements Basis {
  @Override
  public Value evaluate(ColumnInputs columns, @Nullable Matrix transform) {
    return Basis.apply(column, columns.numbers(column), transform);
  }

  @Override
  public Set<String> columnsUsed() {
    return Set.of(column);
  }
}
