package org.deepregression4j.engine.autodiff;

import static org.deepregression4j.engine.autodiff.OpCase.Arg.number;
import static org.deepregression4j.engine.autodiff.OpCase.Arg.positive;
import static org.deepregression4j.engine.autodiff.OpCase.Arg.truth;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.deepregression4j.engine.autodiff.OpCase.Arg;
import org.deepregression4j.engine.autodiff.OpCase.Kind;
import org.deepregression4j.onnx.graph.Attribute;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Op;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** Cases of operators that work element by element. */
final class ElementwiseCases {
  private final List<OpCase> cases = new ArrayList<>();

  static List<OpCase> all() {
    ElementwiseCases out = new ElementwiseCases();
    out.unary();
    out.binary();
    out.powers();
    out.choices();
    return out.cases;
  }

  private void one(Op op, Arg arg, Function<Value, Value> build, DoubleUnaryOperator oracle) {
    cases.add(
        OpCase.of(
            op,
            java.util.Arrays.toString(arg.sizes()),
            List.of(arg),
            v -> build.apply(v.get(0)),
            in -> Array.of(i -> oracle.applyAsDouble(in.get(0).at(i)), in.get(0).sizes())));
  }

  private void one(Op op, DoubleUnaryOperator oracle) {
    one(op, number(-1, 3), x -> Ops.apply(op, x), oracle);
  }

  private void onePositive(Op op, DoubleUnaryOperator oracle) {
    one(op, positive(-1, 3), x -> Ops.apply(op, x), oracle);
  }

  private static Value asNumber(Value truth, Value like) {
    return Ops.cast(truth, like.type());
  }

  private void unary() {
    one(Op.IN, number(-1, 3), x -> x, x -> x);
    one(Op.CONSTANT, number(-1, 3), x -> Ops.mul(x, Ops.vector(x.type(), 2, 2, 2)), x -> 2 * x);
    one(Op.NEG, x -> -x);
    one(Op.ABS, Math::abs);
    one(Op.SIGN, Math::signum);
    one(Op.EXP, Math::exp);
    onePositive(Op.LOG, Math::log);
    onePositive(Op.SQRT, Math::sqrt);
    onePositive(Op.RECIPROCAL, x -> 1 / x);
    one(Op.SIN, Math::sin);
    one(Op.COS, number(-1, 3), Ops::cos, Math::cos);
    one(Op.TANH, Math::tanh);
    one(Op.SIGMOID, x -> 1 / (1 + Math.exp(-x)));
    one(Op.RELU, x -> Math.max(x, 0));
    one(Op.FLOOR, Math::floor);
    one(Op.CEIL, Math::ceil);
    one(Op.ROUND, Math::rint);
    one(Op.IDENTITY, x -> x);
    one(Op.IS_NAN, number(-1, 3), x -> asNumber(Ops.apply(Op.IS_NAN, x), x), x -> x != x ? 1 : 0);
    one(
        Op.IS_INF,
        number(-1, 3),
        x -> asNumber(Ops.apply(Op.IS_INF, x), x),
        x -> Double.isInfinite(x) ? 1 : 0);
    ElementType narrow = ElementType.FLOAT32;
    one(Op.CAST, number(-1, 3), x -> Ops.cast(Ops.cast(x, narrow), x.type()), x -> (float) x);
    // Rounding to float32 makes steps, so differences are rough.
    cases.set(cases.size() - 1, cases.get(cases.size() - 1).within(0.2));
    one(
        Op.CAST,
        number(-1, 3),
        x -> Ops.cast(Ops.cast(x, ElementType.INT64), x.type()),
        x -> (long) x);
    one(
        Op.RANDOM_UNIFORM_LIKE,
        number(-1, 3),
        x -> Ops.apply(Op.FLOOR, Ops.add(Ops.uniformLike(x, 1), 5)),
        x -> 5);
  }

  private void two(Op op, Arg a, Arg b, Function<List<Value>, Value> f, DoubleBinaryOperator o) {
    String label =
        java.util.Arrays.toString(a.sizes()) + "x" + java.util.Arrays.toString(b.sizes());
    cases.add(
        OpCase.of(
            op,
            label,
            List.of(a, b),
            f,
            in ->
                Array.of(
                    i -> o.applyAsDouble(in.get(0).spread(i), in.get(1).spread(i)),
                    Array.together(in.get(0), in.get(1)))));
  }

  /** Every way in which two shapes broadcast. */
  private void two(
      Op op, Kind kind, double low, Function<List<Value>, Value> f, DoubleBinaryOperator oracle) {
    int[][][] shapes = {
      {{-1, 3}, {-1, 3}}, {{-1, 1}, {1, 3}}, {{3}, {-1, 3}}, {{}, {-1, 3}}, {{-1, 3}, {}},
      {{-1, 1, 2}, {3, 1}}, {{-1, 3}, {1}}, {{2}, {-1, 3, 1}}, {{}, {}}, {{1, 1}, {-1, 1}},
    };
    for (int[][] pair : shapes) {
      Arg a = new Arg(kind, low, 2, pair[0]);
      Arg b = new Arg(kind, low, 2, pair[1]);
      two(op, a, b, f, oracle);
    }
  }

  private void arithmetic(Op op, DoubleBinaryOperator oracle) {
    two(op, Kind.NUMBER, -2, v -> Ops.apply(op, v.get(0), v.get(1)), oracle);
  }

  private void comparison(Op op, DoubleBinaryOperator oracle) {
    two(op, Kind.NUMBER, -2, v -> asNumber(Ops.apply(op, v.get(0), v.get(1)), v.get(0)), oracle);
  }

  private void binary() {
    arithmetic(Op.ADD, Double::sum);
    arithmetic(Op.SUB, (a, b) -> a - b);
    arithmetic(Op.MUL, (a, b) -> a * b);
    arithmetic(Op.MAX, Math::max);
    arithmetic(Op.MIN, Math::min);
    two(Op.DIV, Kind.NUMBER, 0.3, v -> Ops.div(v.get(0), v.get(1)), (a, b) -> a / b);
    two(Op.POW, Kind.NUMBER, 0.3, v -> Ops.pow(v.get(0), v.get(1)), Math::pow);
    Map<String, Attribute> float64 = Map.of("fmod", new Attribute.Int(1));
    two(Op.MOD, Kind.NUMBER, 0.3, v -> Ops.node(Op.MOD, v, float64), (a, b) -> a % b);
    comparison(Op.EQUAL, (a, b) -> a == b ? 1 : 0);
    comparison(Op.LESS, (a, b) -> a < b ? 1 : 0);
    comparison(Op.LESS_OR_EQUAL, (a, b) -> a <= b ? 1 : 0);
    comparison(Op.GREATER, (a, b) -> a > b ? 1 : 0);
    comparison(Op.GREATER_OR_EQUAL, (a, b) -> a >= b ? 1 : 0);
    one(Op.MUL, number(-1, 3), Ops::square, x -> x * x);
    one(Op.SUB, number(-1, 3), x -> Ops.sub(Ops.square(x), x), x -> x * x - x);
    one(
        Op.ADD,
        number(-1, 3),
        x -> Ops.add(Ops.mul(x, 3), Ops.neg(Ops.exp(x))),
        x -> 3 * x - Math.exp(x));
    one(Op.DIV, positive(-1, 3), x -> Ops.div(2, x), x -> 2 / x);
    one(Op.DIV, positive(-1, 3), x -> Ops.div(x, 4), x -> x / 4);
    one(Op.MAX, number(-1, 3), x -> Ops.max(x, Ops.scalar(x, 0.1)), x -> Math.max(x, 0.1));
  }

  private void powers() {
    for (double power : new double[] {0, 1, 2, 3}) {
      one(Op.POW, number(-1, 3), x -> Ops.pow(x, power), x -> Math.pow(x, power));
    }
    for (double power : new double[] {0.5, -1, 2.5, -0.5}) {
      one(Op.POW, positive(-1, 3), x -> Ops.pow(x, power), x -> Math.pow(x, power));
    }
    Arg zeros = new Arg(Kind.NUMBER, 0, 0, -1, 4);
    double[] powers = {0, 1, 2, 3};
    cases.add(
        OpCase.of(
            Op.POW,
            "of zero to whole constants",
            List.of(zeros),
            v -> Ops.pow(v.get(0), Ops.vector(v.get(0).type(), powers)),
            in -> Array.of(i -> Math.pow(in.get(0).at(i), powers[i[1]]), in.get(0).sizes())));
  }

  private void choices() {
    int[][][] shapes = {
      {{-1, 3}, {-1, 3}, {-1, 3}},
      {{-1, 1}, {1, 3}, {}},
      {{3}, {-1, 1}, {-1, 3}},
      {{}, {3}, {-1, 1}}
    };
    for (int[][] triple : shapes) {
      cases.add(
          OpCase.of(
              Op.WHERE,
              java.util.Arrays.deepToString(triple),
              List.of(truth(triple[0]), number(triple[1]), number(triple[2])),
              v -> Ops.where(v.get(0), v.get(1), v.get(2)),
              in ->
                  Array.of(
                      i -> in.get(0).spread(i) > 0 ? in.get(1).spread(i) : in.get(2).spread(i),
                      Array.together(in.get(0), in.get(1), in.get(2)))));
    }
    logic(Op.AND, (a, b) -> a * b);
    logic(Op.OR, Math::max);
    cases.add(
        OpCase.of(
            Op.NOT,
            "as a factor",
            List.of(truth(-1, 3), number(-1, 3)),
            v -> Ops.mul(asNumber(Ops.apply(Op.NOT, v.get(0)), v.get(1)), v.get(1)),
            in -> Array.of(i -> (1 - in.get(0).at(i)) * in.get(1).at(i), in.get(0).sizes())));
  }

  private void logic(Op op, DoubleBinaryOperator oracle) {
    cases.add(
        OpCase.of(
            op,
            "as a factor",
            List.of(truth(-1, 1), truth(1, 3), number(-1, 3)),
            v -> Ops.mul(asNumber(Ops.apply(op, v.get(0), v.get(1)), v.get(2)), v.get(2)),
            in ->
                Array.of(
                    i ->
                        oracle.applyAsDouble(in.get(0).spread(i), in.get(1).spread(i))
                            * in.get(2).at(i),
                    in.get(2).sizes())));
  }
}
