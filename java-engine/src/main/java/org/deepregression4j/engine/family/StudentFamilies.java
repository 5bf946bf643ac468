package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.RealFamilies.above;
import static org.deepregression4j.engine.family.RealFamilies.standardise;
import static org.deepregression4j.engine.family.RealFamilies.zeros;
import static org.deepregression4j.engine.family.SpecialFunctions.digamma;
import static org.deepregression4j.engine.family.SpecialFunctions.lgammaDifference;
import static org.deepregression4j.engine.family.SpecialFunctions.log1p;
import static org.deepregression4j.onnx.graph.Ops.abs;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.less;
import static org.deepregression4j.onnx.graph.Ops.log;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;
import static org.deepregression4j.onnx.graph.Ops.where;

import java.util.List;
import org.deepregression4j.onnx.graph.Value;

/** Student's t, alone and with location and scale; accurate up to the normal limit of large df. */
final class StudentFamilies {
  private static final double LOG_PI = Math.log(Math.PI);

  private StudentFamilies() {}

  static List<Family> rows() {
    return List.of(
        Family.named("student_t")
            .parameter("df", Link.EXP)
            .logDensity((y, p) -> studentT(y, p.get(0)))
            .moments(p -> above(p.get(0), 1, zeros(p.get(0)), Double.NaN), p -> studentSpread(p))
            .start(m -> new double[] {5})
            .cdf((y, p) -> studentCdf(y, p.get(0)))
            .survival((y, p) -> studentCdf(neg(y), p.get(0)))
            .distances(new PearsonDistances((y, p) -> kernel(y, p.get(0)), p -> half(p.get(0))))
            .heavyTails()
            .mode(p -> zeros(p.get(0)))
            .entropy(p -> studentEntropy(p.get(0)))
            .build(),
        Family.named("student_t_ls")
            .parameter("df", Link.EXP)
            .parameter("loc", Link.IDENTITY)
            .parameter("scale", Link.EXP)
            .logDensity((y, p) -> studentTls(y, p))
            .moments(
                p -> above(p.get(0), 1, p.get(1).value(), Double.NaN),
                p -> mul(studentSpread(p), p.get(2).value()))
            .start(m -> new double[] {5, m.mean(), m.stddev() * Math.sqrt(0.6)})
            .cdf((y, p) -> studentCdf(standardise(y, p.get(1), p.get(2)), p.get(0)))
            .survival((y, p) -> studentCdf(neg(standardise(y, p.get(1), p.get(2))), p.get(0)))
            .distances(
                new PearsonDistances(
                    (y, p) ->
                        mul(
                            kernel(standardise(y, p.get(1), p.get(2)), p.get(0)),
                            square(p.get(2).value())),
                    p -> mul(half(p.get(0)), p.get(2).value())))
            .heavyTails()
            .mode(p -> p.get(1).value())
            .entropy(p -> add(studentEntropy(p.get(0)), p.get(2).log()))
            .build());
  }

  private static Value studentT(Value z, LinkedValue df) {
    Value v = df.value();
    Value head = sub(lgammaDifference(mul(v, 0.5), scalar(v, 0.5)), mul(df.log(), 0.5));
    Value tail = mul(mul(add(v, 1.0), 0.5), log1p(div(square(z), v)));
    return sub(sub(head, tail), 0.5 * LOG_PI);
  }

  private static Value studentTls(Value y, List<LinkedValue> p) {
    return sub(studentT(standardise(y, p.get(1), p.get(2)), p.get(0)), p.get(2).log());
  }

  private static Value studentSpread(List<LinkedValue> p) {
    Value df = p.get(0).value();
    return above(p.get(0), 2, sqrt(div(df, sub(df, 2.0))), Double.POSITIVE_INFINITY);
  }

  /** I(ν / (ν + t²); ν / 2, ½) / 2 below zero. */
  private static Value studentCdf(Value t, LinkedValue df) {
    Value size = max(abs(t), scalar(t, 1e-150));
    Value logSquare = sub(mul(log(size), 2.0), df.log());
    Value logX = neg(SpecialFunctions.exactSoftplus(logSquare));
    Value logRest = neg(SpecialFunctions.exactSoftplus(neg(logSquare)));
    Value half = mul(df.value(), 0.5);
    Value tail = mul(IncompleteBeta.of(half, scalar(half, 0.5), logX, logRest), 0.5);
    return where(less(t, scalar(t, 0)), tail, sub(1.0, tail));
  }

  /** (ν + t²) / (ν − 1). */
  private static Value kernel(Value t, LinkedValue df) {
    return div(add(square(t), df.value()), sub(df.value(), 1.0));
  }

  /** 2 √ν B(½, ν − ½) / ((ν − 1) B(½, ν / 2)²). */
  private static Value half(LinkedValue df) {
    Value v = df.value();
    Value first = square(PearsonDistances.inverseBeta(mul(v, 0.5)));
    Value second = PearsonDistances.inverseBeta(max(sub(v, 0.5), scalar(v, 0.5)));
    return mul(div(mul(sqrt(v), 2.0), sub(v, 1.0)), div(first, second));
  }

  private static Value studentEntropy(LinkedValue df) {
    Value half = mul(df.value(), 0.5);
    Value next = add(half, 0.5);
    Value slope = mul(next, sub(digamma(next), digamma(half)));
    Value head = add(mul(df.log(), 0.5), 0.5 * LOG_PI);
    return add(slope, sub(head, lgammaDifference(half, scalar(half, 0.5))));
  }
}
