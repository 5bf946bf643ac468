package org.deepregression4j.engine.family;

import static org.deepregression4j.engine.family.RealFamilies.above;
import static org.deepregression4j.engine.family.RealFamilies.standardise;
import static org.deepregression4j.engine.family.RealFamilies.zeros;
import static org.deepregression4j.engine.family.SpecialFunctions.lgammaDifference;
import static org.deepregression4j.engine.family.SpecialFunctions.log1p;
import static org.deepregression4j.onnx.graph.Ops.add;
import static org.deepregression4j.onnx.graph.Ops.div;
import static org.deepregression4j.onnx.graph.Ops.max;
import static org.deepregression4j.onnx.graph.Ops.mul;
import static org.deepregression4j.onnx.graph.Ops.neg;
import static org.deepregression4j.onnx.graph.Ops.scalar;
import static org.deepregression4j.onnx.graph.Ops.sqrt;
import static org.deepregression4j.onnx.graph.Ops.square;
import static org.deepregression4j.onnx.graph.Ops.sub;

import java.util.List;
import org.deepregression4j.engine.autodiff.Gradients;
import org.deepregression4j.onnx.graph.Ops;
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
            .cdf((y, p) -> StudentTail.cdf(y, p.get(0).value()))
            .survival((y, p) -> StudentTail.cdf(neg(y), p.get(0).value()))
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
            .cdf((y, p) -> StudentTail.cdf(standardise(y, p.get(1), p.get(2)), p.get(0).value()))
            .survival(
                (y, p) ->
                    StudentTail.cdf(neg(standardise(y, p.get(1), p.get(2))), p.get(0).value()))
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

  /** The slope of log Γ(x + ½) − log Γ(x) is ψ(x + ½) − ψ(x), with its digits for large x. */
  private static Value studentEntropy(LinkedValue df) {
    Value half = mul(df.value(), 0.5);
    Value difference = lgammaDifference(half, scalar(half, 0.5));
    Value slope = Gradients.of(Ops.sumAll(difference), List.of(half)).get(0);
    Value head = add(mul(df.log(), 0.5), 0.5 * LOG_PI);
    return add(mul(add(half, 0.5), slope), sub(head, difference));
  }
}
