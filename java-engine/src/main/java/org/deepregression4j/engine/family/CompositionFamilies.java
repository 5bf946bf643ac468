package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.SpecialFunctions.lgamma;
import static org.deepregression4j.engine.family.SpecialFunctions.lgammaDifference;
import static org.deepregression4j.engine.family.SpecialFunctions.log1p;
import static org.deepregression4j.engine.family.SpecialFunctions.polynomial;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.sum;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.List;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** Shares, counts and vectors: the columns of the response belong together. */
final class CompositionFamilies {
  private CompositionFamilies() {}

  static List<Family> rows() {
    return List.of(
        Family.named("dirichlet")
            .parameter("concentration", Link.EXP)
            .support(Support.SIMPLEX)
            .logDensity((y, p) -> dirichlet(y, p.get(0).value()))
            .moments(p -> Link.SOFTMAX.value(p.get(0).log()), p -> dirichletStddev(p.get(0)))
            .build(),
        Family.named("dirichlet_multinomial")
            .parameter("concentration", Link.EXP)
            .support(Support.COUNTS)
            .logDensity((y, p) -> dirichletMultinomial(y, p.get(0).value()))
            .moments(p -> Link.SOFTMAX.value(p.get(0).log()), p -> dirichletStddev(p.get(0)))
            .build(),
        Family.named("von_mises_fisher")
            .parameter("direction", Link.IDENTITY)
            .support(Support.DIRECTION)
            .logDensity((y, p) -> vonMisesFisher(y, p.get(0).value()))
            .moments(p -> meanDirection(p.get(0).value()), p -> RealFamilies.undefined(p.get(0)))
            .build());
  }

  private static Value across(Value x) {
    return sum(x, true, 1);
  }

  private static Value dirichlet(Value y, Value a) {
    Value powers = across(mul(sub(a, 1.0), log(y)));
    return add(powers, sub(lgamma(across(a)), across(lgamma(a))));
  }

  /** √(m (1 − m) / (A + 1)) for the mean m and A = Σ a. */
  private static Value dirichletStddev(LinkedValue concentration) {
    Value m = Link.SOFTMAX.value(concentration.log());
    return sqrt(div(mul(m, sub(1.0, m)), add(across(concentration.value()), 1.0)));
  }

  /** Moments are those of the shares of one draw's probabilities. */
  private static Value dirichletMultinomial(Value y, Value a) {
    Value n = across(y);
    Value choose = sub(lgamma(add(n, 1.0)), across(lgamma(add(y, 1.0))));
    Value rising = across(lgammaDifference(a, y));
    return add(choose, sub(rising, lgammaDifference(across(a), n)));
  }

  /** The concentration κ is the length of the predictor, in 2 or 3 dimensions. */
  private static Value vonMisesFisher(Value y, Value eta) {
    Value length = sqrt(add(across(square(eta)), 1e-30));
    return sub(across(mul(y, eta)), logNorm(length, columns(eta)));
  }

  private static long columns(Value eta) {
    long columns = eta.shape().dim(1).size();
    if (columns != 2 && columns != 3) {
      throw new FamilyException(
          "family 'von_mises_fisher': expected 2 or 3 response columns, got " + columns);
    }
    return columns;
  }

  /** log(2 π I0(κ)) in the plane, log(4 π sinh(κ) / κ) in space. */
  private static Value logNorm(Value length, long dimension) {
    if (dimension == 2) {
      return add(BesselI0.log(length), Math.log(2 * Math.PI));
    }
    return add(logSinhRatio(length), Math.log(4 * Math.PI));
  }

  /** log(sinh κ / κ), by its series near 0. */
  private static Value logSinhRatio(Value k) {
    Value isNear = less(k, scalar(k, 0.1));
    Value far = where(isNear, scalar(k, 1), k);
    Value tail = sub(log1p(neg(exp(mul(far, -2.0)))), log(mul(far, 2.0)));
    Value s = square(where(isNear, k, scalar(k, 0)));
    Value near = polynomial(s, 0, 1.0 / 6, -1.0 / 180, 1.0 / 2835, -1.0 / 37800);
    return where(isNear, near, add(far, tail));
  }

  /** The mean resultant vector A(κ) η / κ, with A(κ) = I1 / I0 or coth κ − 1 / κ. */
  private static Value meanDirection(Value eta) {
    Value length = sqrt(add(across(square(eta)), 1e-30));
    Value slope =
        org.deepregression4j.engine.autodiff.Gradients.of(
                Ops.sumAll(logNorm(length, columns(eta))), List.of(length))
            .get(0);
    return mul(eta, div(slope, length));
  }
}
