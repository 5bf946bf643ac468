package org.deepregression4j.engine.term;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * A linear term: the interaction of its components, as R's {@code model.matrix} forms it (the first
 * component's columns vary fastest), or the components side by side.
 *
 * @param name the term as the user wrote it
 * @param labels names of its columns, or empty
 * @param components at least one
 * @param joint true to put the components side by side
 * @param ridge the quadratic penalty, or null for none
 * @param sparse the penalty that makes coefficients zero, or null for none
 */
public record Linear(
    String name,
    List<String> labels,
    List<Component> components,
    boolean joint,
    @Nullable Penalty ridge,
    @Nullable Sparsity sparse)
    implements StructuredTerm {

  /** Copies the lists. */
  public Linear {
    labels = List.copyOf(labels);
    components = List.copyOf(components);
    if (components.isEmpty()) {
      throw new TermException(name, "a linear term needs a component");
    }
  }

  /** An unpenalised interaction without labels; one component is a main effect. */
  public Linear(String name, Component... components) {
    this(name, List.of(), List.of(components), false, null, null);
  }

  /** A term that is not sparse. */
  public Linear(
      String name,
      List<String> labels,
      List<Component> components,
      boolean joint,
      @Nullable Penalty ridge) {
    this(name, labels, components, joint, ridge, null);
  }

  @Override
  public Set<String> columnsUsed() {
    Set<String> used = new LinkedHashSet<>();
    components.forEach(c -> used.addAll(c.columnsUsed()));
    return used;
  }

  @Override
  public Value design(ColumnInputs columns) {
    List<Value> parts = components.stream().map(c -> c.columns(columns)).toList();
    Value design = joint ? Ops.concat(parts, 1) : RowKronecker.firstFastest(parts);
    RowKronecker.checkWidth(name, design, labels.size());
    return RowKronecker.checkWidth(name, design, sparse == null ? 0 : sparse.size());
  }

  @Override
  public StructuredTerm withPenalty(Penalty other) {
    return new Linear(name, labels, components, joint, other, sparse);
  }

  @Override
  public Optional<Penalty> penalty() {
    return Optional.ofNullable(ridge);
  }

  @Override
  public Optional<Sparsity> sparsity() {
    return Optional.ofNullable(sparse);
  }
}
