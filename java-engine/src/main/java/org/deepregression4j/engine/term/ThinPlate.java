package org.deepregression4j.engine.term;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * Thin plate regression spline of d variables, (n, k). With r the distances to the knots and P the
 * polynomials, the basis is [η(r), P] UZ, where η(r) = c r^(2m-d) log r for even d and c r^(2m-d)
 * for odd d. Equals mgcv's {@code bs = "tp"} and {@code "ts"}. It needs (n, u) numbers: evaluate it
 * in blocks of rows. Source: Wood (2003), equations 2 to 7.
 *
 * @param variables the d variables
 * @param shift what is subtracted from each first, (d, 1)
 * @param knots (u, d), shifted
 * @param order m, with 2m &gt; d
 * @param coefficients UZ, (u + M, k): first the radial part, then the polynomials
 * @param powers (M, d): exponents of each variable in each polynomial
 */
public record ThinPlate(
    List<Expression> variables,
    Matrix shift,
    Matrix knots,
    int order,
    Matrix coefficients,
    Matrix powers)
    implements Basis {
  /**
   * Added to r² before its logarithm, so that r = 0 gives 0 · finite. A normal number in float32
   * too: ONNX Runtime drops the addition of a float64 constant that rounds to 0 there.
   */
  private static final double TINY = 1e-37;

  /** Copies the variables and checks sizes. */
  public ThinPlate {
    variables = List.copyOf(variables);
    int d = variables.size();
    if (d < 1
        || shift.rows() != d
        || knots.columns() != d
        || powers.columns() != d
        || coefficients.rows() != knots.rows() + powers.rows()) {
      throw new TermException(
          "tp",
          String.format(
              "expected shift (d, 1), knots (u, d), powers (M, d), UZ (u + M, k) for d = %d, got"
                  + " %s, %s, %s, %s",
              d, shift, knots, powers, coefficients));
    }
    if (2 * order <= d) {
      throw new TermException("tp", "expected 2m > d, got m = " + order + ", d = " + d);
    }
  }

  @Override
  public Value evaluate(ColumnInputs columns, @Nullable Matrix transform) {
    List<Value> x = new ArrayList<>();
    for (int i = 0; i < variables.size(); i++) {
      x.add(Ops.sub(Basis.variable(variables.get(i), columns), shift.get(i, 0)));
    }
    int u = knots.rows();
    double scale = radialConstant(order, x.size()) * (isEven() ? 0.5 : 1); // log r² = 2 log r
    Matrix radial = coefficients.slice(0, u);
    Matrix polynomial = coefficients.slice(u, coefficients.rows());
    if (x.size() == 1) {
      return RadialPolynomials.of(knots, radial.scaled(scale), 2 * order - 1)
          .plus(polynomial, exponents())
          .evaluate(x.get(0), transform);
    }
    ElementType type = columns.precision();
    Value second = Basis.fold(polynomial, transform).toConstant(type);
    Value smooth = Ops.matMul(polynomials(x), second);
    Value first = Basis.fold(radial.scaled(scale), transform).toConstant(type);
    return Ops.add(Ops.matMul(radial(x), first), smooth);
  }

  /** Those of the polynomials of one variable. */
  private int[] exponents() {
    return IntStream.range(0, powers.rows()).map(i -> (int) powers.get(i, 0)).toArray();
  }

  private boolean isEven() {
    return variables.size() % 2 == 0;
  }

  /** r^(2m-d) log r² for even d and r^(2m-d) for odd d: (n, u). */
  private Value radial(List<Value> x) {
    Value square = null;
    Matrix at = knots.transpose();
    for (int i = 0; i < x.size(); i++) {
      Value gap = Ops.sub(x.get(i), at.slice(i, i + 1).toConstant(x.get(i).type()));
      square = square == null ? Ops.square(gap) : Ops.add(square, Ops.square(gap));
    }
    Value r2 = Objects.requireNonNull(square);
    if (isEven()) {
      return times(Ops.log(Ops.add(r2, TINY)), r2, order - x.size() / 2);
    }
    return times(Ops.sqrt(r2), r2, (2 * order - x.size() - 1) / 2);
  }

  private static Value times(Value value, Value factor, int power) {
    Value out = value;
    for (int i = 0; i < power; i++) {
      out = Ops.mul(out, factor);
    }
    return out;
  }

  /** Products of powers of the variables: (n, M). */
  private Value polynomials(List<Value> x) {
    Value one = Ops.add(Ops.mul(x.get(0), 0), 1); // NaN where x is
    List<Value> out = new ArrayList<>();
    for (int row = 0; row < powers.rows(); row++) {
      Value product = one;
      for (int i = 0; i < x.size(); i++) {
        product = times(product, x.get(i), (int) powers.get(row, i));
      }
      out.add(product);
    }
    return Ops.concat(out, 1);
  }

  /** The constant c of η (Wood 2003, below equation 2). */
  private static double radialConstant(int m, int d) {
    if (d % 2 == 0) {
      int sign = (m + 1 + d / 2) % 2 == 0 ? 1 : -1;
      return sign
          / (Math.pow(2, 2 * m - 1)
              * Math.pow(Math.PI, d / 2.0)
              * factorial(m - 1)
              * factorial(m - d / 2));
    }
    double gamma = Math.sqrt(Math.PI); // Γ(d/2 - m) by Γ(z) = Γ(z + 1) / z from Γ(1/2)
    for (double z = -0.5; z >= d / 2.0 - m; z--) {
      gamma /= z;
    }
    return gamma / (Math.pow(2, 2 * m) * Math.pow(Math.PI, d / 2.0) * factorial(m - 1));
  }

  private static double factorial(int n) {
    double product = 1;
    for (int i = 2; i <= n; i++) {
      product *= i;
    }
    return product;
  }

  @Override
  public Set<String> columnsUsed() {
    Set<String> used = new LinkedHashSet<>();
    variables.forEach(v -> used.addAll(v.columnsUsed()));
    return used;
  }
}
