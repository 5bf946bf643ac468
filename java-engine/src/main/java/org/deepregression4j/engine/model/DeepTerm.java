package org.deepregression4j.engine.model;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Term;

/**
 * A deep network as a term of a predictor.
 *
 * @param name as the user wrote it, such as {@code deep(a, b)}
 * @param network the network's name
 * @param inputs per input of the network the columns it sees, side by side: (n, width)
 * @param isOrthogonal whether, after a fit, what structured terms of shared variables can explain
 *     is moved to them (post-hoc orthogonalisation)
 */
public record DeepTerm(
    String name, String network, List<List<Component>> inputs, boolean isOrthogonal)
    implements Term {
  /** A term that leaves to structured terms what they can explain of shared variables. */
  public DeepTerm(String name, String network, List<List<Component>> inputs) {
    this(name, network, inputs, true);
  }

  /** Copies the lists. */
  public DeepTerm {
    inputs = inputs.stream().map(List::copyOf).toList();
  }

  @Override
  public Set<String> columnsUsed() {
    Set<String> out = new LinkedHashSet<>();
    inputs.forEach(input -> input.forEach(c -> out.addAll(c.columnsUsed())));
    return out;
  }
}
