package org.deepregression4j.engine.term;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * A penalty that makes groups of coefficients exactly zero: scale · λ · Σ ‖w_g‖₂ over the groups g.
 * A group has the rows of w that it names, in all response columns. Groups of one row are the lasso
 * where the response has one column.
 *
 * <p>Source: Tibshirani (1996), Regression shrinkage and selection via the lasso; Yuan and Lin
 * (2006), Model selection and estimation in regression with grouped variables.
 *
 * @param groups the group of each of the p coefficients, numbered from 0 without gaps
 * @param lambda λ &gt;= 0
 * @param scale &gt; 0, by custom 1/n
 */
public record Sparsity(List<Integer> groups, double lambda, double scale) {
  /**
   * Added under the root in training, where the norm has no slope at zero: a group of norm 1e-6
   * counts as zero.
   */
  private static final double ROUNDED = 1e-12;

  /** Copies the list and checks numbering and signs. */
  public Sparsity {
    groups = List.copyOf(groups);
    long distinct = groups.stream().distinct().count();
    if (groups.isEmpty() || groups.stream().anyMatch(g -> g < 0 || g >= distinct)) {
      throw new TermException(
          "sparsity", "expected groups numbered from 0 without gaps, got " + groups);
    }
    if (!(lambda >= 0 && Double.isFinite(lambda))) {
      throw new TermException("sparsity", "expected lambda >= 0, got " + lambda);
    }
    if (!(scale > 0 && Double.isFinite(scale))) {
      throw new TermException("sparsity", "expected scale > 0, got " + scale);
    }
  }

  /** Every coefficient by itself. */
  public static Sparsity single(int size, double lambda, double scale) {
    return new Sparsity(IntStream.range(0, size).boxed().toList(), lambda, scale);
  }

  /** All coefficients together. */
  public static Sparsity joint(int size, double lambda, double scale) {
    return new Sparsity(IntStream.range(0, size).map(i -> 0).boxed().toList(), lambda, scale);
  }

  /** Number p of coefficients. */
  public int size() {
    return groups.size();
  }

  /** Number of groups. */
  public int count() {
    return (int) groups.stream().distinct().count();
  }

  /** The rows of a group, ascending. */
  public int[] members(int group) {
    return IntStream.range(0, size()).filter(i -> groups.get(i) == group).toArray();
  }

  /**
   * What training adds to the loss: a scalar, for coefficients (p, columns) of which those that are
   * selected (one number per column, 0 or 1) belong to the term. Near zero the norm is rounded off,
   * so that a gradient exists; training comes close to zero, but does not end there.
   */
  public Value loss(Value coefficients, double[] selected) {
    ElementType type = coefficients.type();
    double[] membership = new double[count() * size()];
    for (int i = 0; i < size(); i++) {
      membership[groups.get(i) * size() + i] = 1;
    }
    Value squares = Ops.square(coefficients);
    if (Arrays.stream(selected).anyMatch(x -> x != 1)) {
      squares = Ops.mul(squares, Ops.matrix(type, selected, 1, selected.length));
    }
    Value sums =
        Ops.sum(Ops.matMul(Ops.matrix(type, membership, count(), size()), squares), false, 1);
    return Ops.mul(Ops.sumAll(Ops.sqrt(Ops.add(sums, ROUNDED))), scale * lambda);
  }
}
