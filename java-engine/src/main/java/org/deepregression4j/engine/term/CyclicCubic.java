package org.deepregression4j.engine.term;

import java.util.Set;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * Cyclic cubic regression spline, (n, k): x is taken modulo the range of the knots. Equals mgcv's
 * {@code bs = "cc"}. Source: Wood (2017), section 5.3.2.
 *
 * @param variable x
 * @param knots k + 1 increasing numbers, the last being the first one again
 * @param second B⁻¹D, (k, k): second derivatives at the knots from the values there
 */
public record CyclicCubic(Expression variable, Matrix knots, Matrix second) implements Basis {
  /** Checks sizes. */
  public CyclicCubic {
    int k = knots.rows() - 1;
    if (k < 2 || knots.columns() != 1 || second.rows() != k || second.columns() != k) {
      throw new TermException(
          "cc", "expected k + 1 knots and BD (k, k), got " + knots + ", " + second);
    }
  }

  @Override
  public Value evaluate(ColumnInputs columns, @Nullable Matrix transform) {
    double[] at = knots.toRowMajor();
    Value x = wrap(Basis.variable(variable, columns), at[0], at[at.length - 1]);
    return PiecewisePolynomial.cubic("cc", at, second).evaluate(x, transform);
  }

  /** x itself inside the range, so that it is not rounded there. */
  private static Value wrap(Value x, double low, double high) {
    Value past = Ops.sub(x, low);
    Value periods = Ops.apply(Op.FLOOR, Ops.div(past, high - low));
    Value inside = Ops.sub(x, Ops.mul(periods, high - low));
    Value isOutside =
        Ops.apply(Op.OR, Ops.less(x, Ops.scalar(x, low)), Ops.greater(x, Ops.scalar(x, high)));
    return Ops.where(isOutside, inside, x);
  }

  @Override
  public Set<String> columnsUsed() {
    return variable.columnsUsed();
  }
}
