package org.deepregression4j.engine.term;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * Smooth functions side by side, (n, p): one, or one per level of a factor.
 *
 * @param name the term as the user wrote it
 * @param labels names of its columns, or empty
 * @param smooths at least one
 * @param wiggliness the penalty on all p coefficients, or null for none
 */
public record SmoothTerm(
    String name, List<String> labels, List<Smooth> smooths, @Nullable Penalty wiggliness)
    implements StructuredTerm {

  /** Copies the lists. */
  public SmoothTerm {
    labels = List.copyOf(labels);
    smooths = List.copyOf(smooths);
    if (smooths.isEmpty()) {
      throw new TermException(name, "a smooth term needs a smooth");
    }
  }

  @Override
  public Set<String> columnsUsed() {
    Set<String> used = new LinkedHashSet<>();
    smooths.forEach(s -> used.addAll(s.columnsUsed()));
    return used;
  }

  @Override
  public Value design(ColumnInputs columns) {
    Value design = Ops.concat(smooths.stream().map(s -> s.design(columns)).toList(), 1);
    RowKronecker.checkWidth(name, design, labels.size());
    return RowKronecker.checkWidth(name, design, wiggliness == null ? 0 : wiggliness.size());
  }

  @Override
  public StructuredTerm withPenalty(Penalty other) {
    return new SmoothTerm(name, labels, smooths, other);
  }

  @Override
  public Optional<Penalty> penalty() {
    return Optional.ofNullable(wiggliness);
  }
}
