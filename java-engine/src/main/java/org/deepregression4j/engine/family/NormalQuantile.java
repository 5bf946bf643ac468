package org.deepregression4j.engine.family;

import static org.deepregression4j.onnx.graph.Ops.abs;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.min;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** The standard normal quantile, relative error 1e-15. Source: Wichura (1988), AS 241. */
final class NormalQuantile {
  private static final double[][] CENTRE = {
    {
      3.3871328727963666080,
      133.14166789178437745,
      1971.5909503065514427,
      13731.693765509461125,
      45921.953931549871457,
      67265.770927008700853,
      33430.575583588128105,
      2509.0809287301226727
    },
    {
      1,
      42.313330701600911252,
      687.18700749205790830,
      5394.1960214247511077,
      21213.794301586595867,
      39307.895800092710610,
      28729.085735721942674,
      5226.4952788528545610
    }
  };
  private static final double[][] TAIL = {
    {
      1.42343711074968357734,
      4.63033784615654529590,
      5.76949722146069140550,
      3.64784832476320460504,
      1.27045825245236838258,
      0.241780725177450611770,
      0.0227238449892691845833,
      7.74545014278341407640e-4
    },
    {
      1,
      2.05319162663775882187,
      1.67638483018380384940,
      0.689767334985100004550,
      0.148103976427480074590,
      0.0151986665636164571966,
      5.47593808499534494600e-4,
      1.05075007164441684324e-9
    }
  };
  private static final double[][] FAR = {
    {
      6.65790464350110377720,
      5.46378491116411436990,
      1.78482653991729133580,
      0.296560571828504891230,
      0.0265321895265761230930,
      0.00124266094738807843860,
      2.71155556874348757815e-5,
      2.01033439929228813265e-7
    },
    {
      1,
      0.599832206555887937690,
      0.136929880922735805310,
      0.0148753612908506148525,
      7.86869131145613259100e-4,
      1.84631831751005468180e-5,
      1.42151175831644588870e-7,
      2.04426310338993978564e-15
    }
  };

  private NormalQuantile() {}

  /** Φ⁻¹(p): infinite at 0 and 1, NaN outside. */
  static Value of(Value p) {
    return of(p, sub(1.0, p));
  }

  /** Φ⁻¹(p) with 1 − p given, for p next to one. */
  static Value of(Value p, Value rest) {
    Value q = sub(p, 0.5);
    Value isCentral = less(abs(q), scalar(q, 0.425));
    Value inner = where(isCentral, q, mul(q, 0.0));
    Value central = mul(inner, ratio(sub(0.180625, square(inner)), CENTRE));
    Value r = sqrt(neg(log(min(p, rest))));
    Value near = ratio(sub(min(r, scalar(r, 5)), 1.6), TAIL);
    Value far = ratio(sub(max(r, scalar(r, 5)), 5.0), FAR);
    // A ratio of infinities at r = ∞, where the quantile is infinite itself.
    Value finite = where(less(r, scalar(r, 5)), near, far);
    Value tail = where(Ops.apply(Op.IS_INF, r), r, finite);
    return where(isCentral, central, where(less(q, scalar(q, 0)), neg(tail), tail));
  }

  private static Value ratio(Value r, double[][] coefficients) {
    Value top = SpecialFunctions.polynomial(r, coefficients[0]);
    return div(top, SpecialFunctions.polynomial(r, coefficients[1]));
  }
}
