package org.deepregression4j.engine.autodiff;

import java.util.Collection;
import java.util.function.UnaryOperator;
import org.deepregression4j.onnx.graph.Dim;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;

/**
 * A gradient on its way back: {@code factor · scale · value}, where the value may have size one in
 * any dimension along which the gradient is the same, and may lack leading dimensions. Factor and
 * scale cost no node until {@link #toValue()}; what a mean divides by is thus applied at the end,
 * to the parameters, rather than on every path.
 *
 * @param scale a scalar known at run time, made of numbers of rows; the constant one when unused
 */
record Adjoint(Emitter emit, Value value, double factor, Value scale) {
  Adjoint(Emitter emit, Value value, double factor) {
    this(emit, value, factor, emit.scalar(value.type(), 1));
  }

  /** A constant gradient. */
  static Adjoint of(Emitter emit, Value like, double number) {
    return new Adjoint(emit, emit.scalar(like.type(), 1), number);
  }

  /** True when the gradient is zero everywhere. */
  boolean isZero() {
    return factor == 0;
  }

  /** True when the value is one number for every element. */
  boolean isScalar() {
    return value.shape().rank() == 0;
  }

  boolean isConstant() {
    return isScalar() && Emitter.uniform(value) == 1;
  }

  Shape shape() {
    return value.shape();
  }

  Adjoint times(double number) {
    return scaled(number, scale);
  }

  Adjoint times(Value by) {
    double number = Emitter.uniform(by);
    if (!Double.isNaN(number)) {
      return times(number);
    }
    if (by.node().op() == Op.NEG) {
      return times(by.node().input(0)).times(-1);
    }
    return isConstant() ? with(by) : with(emit.keep(Ops.mul(value, by)));
  }

  Adjoint over(Value by) {
    double number = Emitter.uniform(by);
    if (!Double.isNaN(number)) {
      return times(1 / number);
    }
    Value quotient = isConstant() ? Ops.apply(Op.RECIPROCAL, by) : Ops.div(value, by);
    return with(emit.keep(quotient));
  }

  /** Applies a linear operation. */
  Adjoint map(UnaryOperator<Value> linear) {
    return with(emit.keep(linear.apply(value)));
  }

  /** The same factor and scale on another value. */
  Adjoint with(Value other) {
    return new Adjoint(emit, other, factor, scale);
  }

  private Adjoint scaled(double number, Value by) {
    double product = factor * number;
    // A difference is turned round at once, rather than negated by everything that uses it.
    boolean turns = product < 0 && emit.isDifference(value);
    return turns
        ? new Adjoint(emit, emit.negate(value), -product, by)
        : new Adjoint(emit, value, product, by);
  }

  private boolean isScaled() {
    return Emitter.uniform(scale) != 1;
  }

  /** Times the number of elements of a shape with these dimensions. */
  Adjoint timesCount(Collection<Dim> dims) {
    Adjoint out = this;
    for (Dim dim : dims) {
      if (dim.isFixed()) {
        out = out.times(dim.size());
      } else {
        Adjoint count = emit.count(value.type(), dim);
        out = out.scaled(count.factor(), emit.timesCount(out.scale, count.value()));
      }
    }
    return out;
  }

  /** Divided by the number of elements of a shape with these dimensions. */
  Adjoint overCount(Collection<Dim> dims) {
    Adjoint out = this;
    for (Dim dim : dims) {
      if (dim.isFixed()) {
        out = out.times(1.0 / dim.size());
      } else {
        Adjoint count = emit.count(value.type(), dim);
        Adjoint quotient = new Adjoint(emit, out.scale, 1).over(count.value());
        out = out.scaled(1 / count.factor(), quotient.value());
      }
    }
    return out;
  }

  /** With every element present: the shape of {@code like}. */
  Adjoint full(Value like) {
    if (shape().equals(like.shape())) {
      return this;
    }
    if (like.shape().isFixed()) {
      return map(v -> Ops.expandLike(v, like));
    }
    Value sizes = emit.keep(Ops.shapeOf(like));
    return map(v -> Ops.expand(v, sizes, like.shape()));
  }

  /** The sum of both. */
  Adjoint plus(Adjoint other) {
    if (isZero() || other.isZero()) {
      return isZero() ? other : this;
    }
    if (scale != other.scale) {
      return applied().plus(other.applied());
    }
    if (value == other.value) {
      return new Adjoint(emit, value, factor + other.factor, scale);
    }
    if (isConstant() || (factor < 0 && other.factor == -factor)) {
      return other.plusDifferent(this);
    }
    return plusDifferent(other);
  }

  private Adjoint plusDifferent(Adjoint other) {
    double ratio = other.factor / factor;
    if (other.isConstant() && factor < 0) {
      Value number = emit.scalar(value.type(), -ratio);
      return times(-1).with(emit.keep(Ops.sub(number, value)));
    }
    if (ratio == -1 && !other.isConstant()) {
      return with(emit.keep(Ops.sub(value, other.value)));
    }
    return with(emit.keep(Ops.add(value, emit.scale(other.value, ratio))));
  }

  /** Without scale: it has become part of the value. */
  private Adjoint applied() {
    if (!isScaled()) {
      return this;
    }
    return new Adjoint(emit, emit.scale(value, scale, 1), factor);
  }

  /** The gradient as a value of the graph. */
  Value toValue() {
    return isScaled() ? emit.scale(value, scale, factor) : emit.scale(value, factor);
  }
}
