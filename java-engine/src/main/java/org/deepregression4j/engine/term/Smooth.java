package org.deepregression4j.engine.term;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * A smooth function: the row-wise Kronecker product of its margins (the last one's columns vary
 * fastest, as in mgcv), times {@code by}, times {@code transform}.
 *
 * @param label its name, such as {@code s(age)}
 * @param margins one for a plain smooth, several for a tensor product
 * @param by a single column that multiplies every row, or null
 * @param transform (k, p) from the product of the margins to the coefficients, or null
 */
public record Smooth(
    String label, List<Margin> margins, @Nullable Component by, @Nullable Matrix transform) {

  /**
   * One factor of a tensor product.
   *
   * @param basis its functions
   * @param transform (k, c) of the functions, or null
   */
  public record Margin(Basis basis, @Nullable Matrix transform) {
    /** A basis as it is. */
    public Margin(Basis basis) {
      this(basis, null);
    }
  }

  /** Copies the margins. */
  public Smooth {
    margins = List.copyOf(margins);
    if (margins.isEmpty()) {
      throw new TermException(label, "a smooth needs a margin");
    }
  }

  /** A plain smooth. */
  public Smooth(String label, Basis basis, @Nullable Matrix transform) {
    this(label, List.of(new Margin(basis)), null, transform);
  }

  /** Names of the raw columns that it reads. */
  public Set<String> columnsUsed() {
    Set<String> used = new LinkedHashSet<>();
    margins.forEach(m -> used.addAll(m.basis().columnsUsed()));
    if (by != null) {
      used.addAll(by.columnsUsed());
    }
    return used;
  }

  /**
   * Its columns, (n, p).
   *
   * @throws TermException when a column is unknown or of another kind, or shapes do not fit
   */
  public Value design(ColumnInputs columns) {
    Value design = margins.size() == 1 ? single(columns) : product(columns);
    if (by == null) {
      return design;
    }
    return Ops.mul(design, RowKronecker.checkWidth(label + ", by", by.columns(columns), 1));
  }

  /** Both transforms at once: most bases apply them to constants, before the graph runs. */
  private Value single(ColumnInputs columns) {
    Margin margin = margins.get(0);
    Matrix both = margin.transform();
    if (transform != null) {
      both = both == null ? transform : both.times(transform);
    }
    return margin.basis().evaluate(columns, both);
  }

  private Value product(ColumnInputs columns) {
    List<Value> parts =
        margins.stream().map(m -> m.basis().evaluate(columns, m.transform())).toList();
    return Basis.apply(label, RowKronecker.lastFastest(parts), transform);
  }
}
