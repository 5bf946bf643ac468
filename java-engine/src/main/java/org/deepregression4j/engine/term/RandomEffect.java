package org.deepregression4j.engine.term;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.deepregression4j.onnx.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a random effect, (n, k): the interaction of its components with the first one's
 * columns fastest. A missing or unknown level has no effect: its row is zero, so that predictions
 * are those of the population. Equals mgcv's {@code bs = "re"}, which is {@code model.matrix(~ a:b
 * - 1)}.
 *
 * @param components the grouping factors (with the identity as contrasts) and slopes, at least one
 */
public record RandomEffect(List<Component> components) implements Basis {
  /** Copies the components. */
  public RandomEffect {
    components = List.copyOf(components);
    if (components.isEmpty()) {
      throw new TermException("re", "a random effect needs a component");
    }
  }

  @Override
  public Value evaluate(ColumnInputs columns, @Nullable Matrix transform) {
    List<Value> parts = components.stream().map(c -> columnsOf(c, columns)).toList();
    return Basis.apply("re", RowKronecker.firstFastest(parts), transform);
  }

  private static Value columnsOf(Component component, ColumnInputs columns) {
    return component instanceof Component.Factor factor
        ? factor.columns(columns, 0)
        : component.columns(columns);
  }

  @Override
  public Set<String> columnsUsed() {
    Set<String> used = new LinkedHashSet<>();
    components.forEach(c -> used.addAll(c.columnsUsed()));
    return used;
  }
}
