package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.equal;
import static org.deepregression4j.onnx.graph.Ops.exp;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * log W(z) = log Σ_j z^j / (j! Γ(a j)), Wright's function of the Tweedie density, as a function of
 * one number: the logarithm s of the largest term's place j* = (z a^−a)^(1 / (1 + a)). Less (1 + a)
 * j*, it goes from a line of slope 1 + a to one of slope ½; in between it is a polynomial on each
 * of many short intervals, made when the family is. Source: Dunn and Smyth (2005).
 */
final class TweedieSeries {
  private static final double FIRST = -20;
  private static final double LAST = 36;
  private static final int DEGREE = 11;

  /** Places beyond the largest term, in its standard deviations. */
  private static final double REACH = 10;

  private final double a;

  /** Of the intervals: the nearest singularity is π / (1 + a) off the line. */
  private final double width;

  private final double[] table;

  TweedieSeries(double a) {
    this.a = a;
    this.width = 1 / (1 + a);
    int cells = (int) Math.ceil((LAST - FIRST) / width);
    this.table = new double[cells * (DEGREE + 1)];
    for (int i = 0; i < cells; i++) {
      double middle = FIRST + (i + 0.5) * width;
      System.arraycopy(interpolated(middle), 0, table, i * (DEGREE + 1), DEGREE + 1);
    }
  }

  /** log W, of log z of any shape. */
  Value log(Value logZ) {
    Value s = mul(sub(logZ, a * Math.log(a)), 1 / (1 + a));
    Value bounded = max(min(s, scalar(s, LAST - 1e-9)), scalar(s, FIRST));
    // A look-up has no place for what is not a number.
    Value inside = where(equal(s, s), bounded, scalar(s, FIRST));
    Value rest = add(polynomial(inside), beyond(s, inside));
    return add(mul(exp(s), 1 + a), rest);
  }

  /** Lines beyond both ends. */
  private Value beyond(Value s, Value inside) {
    Value distance = sub(s, inside);
    return add(mul(Ops.relu(distance), 0.5), mul(Ops.relu(Ops.neg(distance)), -(1 + a)));
  }

  private Value polynomial(Value s) {
    Value place = mul(sub(s, FIRST), 1 / width);
    Value cell = Ops.apply(Op.FLOOR, place);
    Value t = sub(mul(sub(place, cell), 2.0), 1.0);
    Value start = Ops.cast(mul(cell, DEGREE + 1.0), ElementType.INT64);
    Value all = Ops.vector(s.type(), table);
    Value out = coefficient(all, start, DEGREE);
    for (int k = DEGREE - 1; k >= 0; k--) {
      out = add(mul(out, t), coefficient(all, start, k));
    }
    return out;
  }

  private static Value coefficient(Value all, Value start, int k) {
    return Ops.gather(all, add(start, Ops.longScalar(k)), 0);
  }

  /** Powers of t in [−1, 1] over one interval, by interpolation at Chebyshev nodes. */
  private double[] interpolated(double middle) {
    int n = DEGREE + 1;
    double[] chebyshev = new double[n];
    for (int i = 0; i < n; i++) {
      double angle = Math.PI * (i + 0.5) / n;
      double value = remainder(middle + 0.5 * width * Math.cos(angle));
      for (int k = 0; k < n; k++) {
        chebyshev[k] += value * Math.cos(k * angle) * (k == 0 ? 1.0 : 2.0) / n;
      }
    }
    return powers(chebyshev);
  }

  /** Σ c_k T_k(t) as Σ out_k t^k. */
  private static double[] powers(double[] c) {
    double[] out = new double[c.length];
    double[] before = new double[c.length];
    double[] now = new double[c.length];
    before[0] = 1;
    now[1] = 1;
    for (int k = 0; k < c.length; k++) {
      double[] t = k == 0 ? before : now;
      for (int i = 0; i < c.length; i++) {
        out[i] += c[k] * t[i];
      }
      if (k >= 1) {
        double[] next = new double[c.length];
        for (int i = 0; i < c.length; i++) {
          next[i] = (i > 0 ? 2 * now[i - 1] : 0) - before[i];
        }
        before = now;
        now = next;
      }
    }
    return out;
  }

  /** log W − (1 + a) j*, by the terms around the largest; where there are many, by some of them. */
  private double remainder(double s) {
    double star = Math.exp(s);
    double deviation = Math.sqrt(star / (1 + a));
    double step = Math.max(1, Math.floor(deviation / 6));
    double from = Math.max(1, Math.floor(star - REACH * deviation));
    double to = star + REACH * deviation + 40;
    double largest = Double.NEGATIVE_INFINITY;
    for (double j = from; j <= to; j += step) {
      largest = Math.max(largest, term(j, s, star));
    }
    double sum = 0;
    for (double j = from; j <= to; j += step) {
      sum += Math.exp(term(j, s, star) - largest);
    }
    return largest + Math.log(sum * step);
  }

  /** log of term j, less (1 + a) j*, without cancelling for large j. */
  private double term(double j, double s, double star) {
    double difference = (j - star) / star;
    double bend =
        Math.abs(difference) < 0.1
            ? logLessX(difference) * star + (j - star) * Math.log1p(difference)
            : j * (Math.log(j) - s) - j + star;
    double roots = Math.log(2 * Math.PI) + 0.5 * Math.log(j) - 0.5 * Math.log(a * j);
    return -(1 + a) * bend - roots - stirling(j) - stirling(a * j);
  }

  /** log(1 + x) − x. */
  private static double logLessX(double x) {
    if (Math.abs(x) > 0.01) {
      return Math.log1p(x) - x;
    }
    double sum = 0;
    double power = -x * x;
    for (int k = 2; k <= 10; k++) {
      sum += power / k;
      power *= -x;
    }
    return sum;
  }

  /** log Γ(x) − (x − ½) log x + x − log √(2π). */
  private static double stirling(double x) {
    double shift = 0;
    double z = x;
    while (z < 12) {
      double next = z + 1;
      shift += (z + 0.5) * (Math.log(next) - Math.log(z)) - 1;
      z = next;
    }
    double r = 1 / (z * z);
    double series = 1.0 / 12 + r * (-1.0 / 360 + r * (1.0 / 1260 + r * (-1.0 / 1680 + r / 1188)));
    return shift + series / z;
  }
}
