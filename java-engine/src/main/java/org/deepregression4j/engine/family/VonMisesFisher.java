package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.SpecialFunctions.expm1;
import static org.deepregression4j.engine.family.SpecialFunctions.log1p;
import static org.deepregression4j.engine.family.SpecialFunctions.polynomial;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.concat;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.relu;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sin;
import static org.deepregression4j.onnx.graph.Ops.split;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.sum;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.List;
import org.deepregression4j.engine.autodiff.Gradients;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * Directions in the plane or in space, as unit vectors. The predictor (n, m) is the mean direction
 * times the concentration κ. Source: Mardia and Jupp (2000).
 */
final class VonMisesFisher {
  private static final double TINY = 1e-30;

  private VonMisesFisher() {}

  static Family family() {
    return Family.named("von_mises_fisher")
        .parameter("direction", Link.IDENTITY)
        .support(Support.DIRECTION)
        .logDensity((y, p) -> logDensity(y, p.get(0).value()))
        .moments(p -> mean(p.get(0).value()), p -> RealFamilies.undefined(p.get(0)))
        .mode(p -> unit(p.get(0).value()))
        .entropy(p -> entropy(p.get(0).value()))
        .sampler(new Sampler(m -> m - 1, (u, p) -> draw(u, p.get(0).value())))
        .build();
  }

  private static Value across(Value x) {
    return sum(x, true, 1);
  }

  private static Value length(Value eta) {
    return sqrt(add(across(square(eta)), TINY));
  }

  private static Value logDensity(Value y, Value eta) {
    Value k = length(eta);
    // What is small is added first: y'η − κ.
    return sub(sub(across(mul(y, eta)), k), logNormLessLength(k, columns(eta)));
  }

  private static long columns(Value eta) {
    long columns = eta.shape().dim(1).size();
    if (columns != 2 && columns != 3) {
      throw new FamilyException(
          "family 'von_mises_fisher': expected 2 or 3 response columns, got " + columns);
    }
    return columns;
  }

  /** log(2 π I0(κ)) − κ in the plane, log(4 π sinh(κ) / κ) − κ in space. */
  private static Value logNormLessLength(Value k, long dimension) {
    if (dimension == 2) {
      return add(BesselI.ZERO.logScaled(k), Math.log(2 * Math.PI));
    }
    return add(logSinhRatio(k), Math.log(4 * Math.PI));
  }

  /** log(sinh κ / κ) − κ, by its series near 0. */
  private static Value logSinhRatio(Value k) {
    Value isNear = less(k, scalar(k, 0.1));
    Value far = where(isNear, scalar(k, 1), k);
    Value tail = sub(log1p(neg(exp(mul(far, -2.0)))), log(mul(far, 2.0)));
    Value s = square(where(isNear, k, scalar(k, 0)));
    Value near = polynomial(s, 0, 1.0 / 6, -1.0 / 180, 1.0 / 2835, -1.0 / 37800);
    return where(isNear, sub(near, k), tail);
  }

  /** A(κ) − 1 for the mean resultant length A: I1 / I0, or coth κ − 1 / κ. */
  private static Value resultantLessOne(Value k, long dimension) {
    return Gradients.of(Ops.sumAll(logNormLessLength(k, dimension)), List.of(k)).get(0);
  }

  /** The mean resultant vector A(κ) η / κ. */
  private static Value mean(Value eta) {
    Value k = length(eta);
    return mul(eta, div(add(resultantLessOne(k, columns(eta)), 1.0), k));
  }

  private static Value entropy(Value eta) {
    Value k = length(eta);
    long dimension = columns(eta);
    return sub(logNormLessLength(k, dimension), mul(k, resultantLessOne(k, dimension)));
  }

  /** η / κ; the first axis where there is no direction. */
  private static Value unit(Value eta) {
    Value k = length(eta);
    double[] axis = new double[(int) columns(eta)];
    axis[0] = 1;
    Value isNone = less(k, scalar(k, 1e-12));
    return where(isNone, Ops.matrix(eta.type(), axis, 1, axis.length), div(eta, k));
  }

  private static Value draw(Value u, Value eta) {
    return columns(eta) == 2 ? onCircle(u, eta) : onSphere(u, eta);
  }

  /** The mean direction turned by a von Mises angle. */
  private static Value onCircle(Value u, Value eta) {
    Value angle = VonMises.quantile(u, length(eta));
    Value cosine = sub(1.0, mul(square(sin(mul(angle, 0.5))), 2.0));
    List<Value> e = split(unit(eta), 1, 1, 1);
    Value x = sub(mul(e.get(0), cosine), mul(e.get(1), sin(angle)));
    Value y = add(mul(e.get(1), cosine), mul(e.get(0), sin(angle)));
    return concat(List.of(x, y), 1);
  }

  /** The cosine to the mean direction has a closed quantile, the turn around it is uniform. */
  private static Value onSphere(Value u, Value eta) {
    List<Value> uniforms = split(u, 1, 1, 1);
    Value k = max(length(eta), scalar(eta, 1e-12));
    Value rest = mul(sub(1.0, uniforms.get(0)), expm1(mul(k, -2.0)));
    Value less = div(log1p(rest), k);
    Value cosine = add(less, 1.0);
    Value sine = sqrt(relu(mul(neg(less), add(less, 2.0))));
    Value turn = mul(uniforms.get(1), 2 * Math.PI);
    Value mean = unit(eta);
    List<Value> basis = beside(mean);
    Value first = mul(basis.get(0), mul(sine, sin(add(turn, Math.PI / 2))));
    Value second = mul(basis.get(1), mul(sine, sin(turn)));
    return add(mul(mean, cosine), add(first, second));
  }

  /** Two unit vectors orthogonal to e and to each other. Source: Duff et al. (2017). */
  private static List<Value> beside(Value e) {
    List<Value> parts = split(e, 1, 1, 1, 1);
    Value x = parts.get(0);
    Value y = parts.get(1);
    Value z = parts.get(2);
    Value sign = where(less(z, scalar(z, 0)), scalar(z, -1), scalar(z, 1));
    Value a = div(-1.0, add(sign, z));
    Value b = mul(mul(x, y), a);
    Value first =
        concat(List.of(add(mul(mul(sign, square(x)), a), 1.0), mul(sign, b), neg(mul(sign, x))), 1);
    Value second = concat(List.of(b, add(sign, mul(square(y), a)), neg(y)), 1);
    return List.of(first, second);
  }
}
