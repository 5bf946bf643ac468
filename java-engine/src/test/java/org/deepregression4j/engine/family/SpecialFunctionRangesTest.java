package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.deepregression4j.engine.family.HighPrecision.ONE;
import static org.deepregression4j.engine.family.HighPrecision.div;
import static org.deepregression4j.engine.family.HighPrecision.exp;
import static org.deepregression4j.engine.family.HighPrecision.expm1;
import static org.deepregression4j.engine.family.HighPrecision.log;
import static org.deepregression4j.engine.family.HighPrecision.log1p;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.deepregression4j.engine.autodiff.Gradients;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Special functions and their slopes over their whole domain, against arithmetic of 70 digits. */
class SpecialFunctionRangesTest {
  private static final double RELATIVE = 1e-12;

  /** From the smallest normal numbers to the largest, four a decade in the middle. */
  private static double[] positive(double least, double most) {
    List<Double> out = new ArrayList<>();
    for (int e = -300; e <= 300; e += Math.abs(e) >= 20 ? 10 : 1) {
      for (double digit : Math.abs(e) > 8 ? new double[] {1} : new double[] {1, 1.9, 3.3, 6.1}) {
        double x = digit * Math.pow(10, e);
        if (x >= least && x <= most) {
          out.add(x);
        }
      }
    }
    return out.stream().mapToDouble(x -> x).toArray();
  }

  private static double[] negative(double least, double most) {
    return Arrays.stream(positive(least, most)).map(x -> -x).toArray();
  }

  private static double[] around(double... centres) {
    return Arrays.stream(centres)
        .flatMap(
            c ->
                DoubleStream.of(0, 1e-15, 1e-12, 1e-8, 1e-4, 0.01, 0.1)
                    .flatMap(d -> DoubleStream.of(c * (1 - d), c * (1 + d))))
        .toArray();
  }

  private static double[] all(double[]... parts) {
    return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
  }

  /**
   * A function of one argument, what it should be, and its slope.
   *
   * @param floor the error may be relative to that, where the function and its slope are smaller
   * @param hasZeros where no function can be better than its argument
   */
  private record Row(
      String name,
      UnaryOperator<Value> graph,
      UnaryOperator<BigDecimal> function,
      UnaryOperator<BigDecimal> slope,
      double floor,
      boolean hasZeros,
      double[] points) {
    static Row of(
        String name,
        UnaryOperator<Value> graph,
        UnaryOperator<BigDecimal> function,
        UnaryOperator<BigDecimal> slope,
        double[]... points) {
      return new Row(name, graph, function, slope, 0, false, all(points));
    }

    Row withZeros() {
      return new Row(name, graph, function, slope, floor, true, points);
    }

    /** Written for few nodes: digits after the point are what a log-likelihood needs. */
    Row absolute() {
      return new Row(name, graph, function, slope, 1, hasZeros, points);
    }
  }

  private static BigDecimal logistic(BigDecimal x) {
    return x.signum() < 0 ? div(exp(x), exp(x).add(ONE)) : div(ONE, exp(x.negate()).add(ONE));
  }

  private static BigDecimal softplus(BigDecimal x) {
    return x.signum() < 0 ? log1p(exp(x)) : x.add(log1p(exp(x.negate())));
  }

  private static Stream<Row> rows() {
    return Stream.of(
        Row.of(
                "lgamma",
                SpecialFunctions::lgamma,
                HighPrecision::lgamma,
                HighPrecision::digamma,
                positive(1e-300, 1e300),
                around(1, 2, 1.4616321449683623))
            .withZeros(),
        Row.of(
                "digamma",
                SpecialFunctions::digamma,
                HighPrecision::digamma,
                HighPrecision::trigamma,
                positive(1e-150, 1e150),
                around(1, 2, 1.4616321449683623))
            .withZeros(),
        Row.of(
            "log1p",
            SpecialFunctions::log1p,
            HighPrecision::log1p,
            x -> div(ONE, x.add(ONE)),
            positive(1e-300, 1e300),
            negative(1e-300, 0.99)),
        Row.of(
            "expm1",
            SpecialFunctions::expm1,
            HighPrecision::expm1,
            HighPrecision::exp,
            positive(1e-300, 700),
            negative(1e-300, 700)),
        Row.of(
            "log1mexp",
            SpecialFunctions::log1mexp,
            x -> log(expm1(x).negate()),
            x -> div(exp(x), expm1(x)),
            negative(1e-300, 700),
            around(-Math.log(2))),
        Row.of(
            "sigmoid",
            SpecialFunctions::sigmoid,
            x -> logistic(x),
            x -> logistic(x).multiply(logistic(x.negate())),
            positive(1e-300, 700),
            // Below, the square in the slope underflows.
            negative(1e-300, 350)),
        Row.of(
            "exactSoftplus",
            SpecialFunctions::exactSoftplus,
            x -> softplus(x),
            x -> logistic(x),
            positive(1e-300, 1e300),
            negative(1e-300, 700)),
        Row.of(
                "softplus",
                SpecialFunctions::softplus,
                x -> softplus(x),
                x -> logistic(x),
                positive(1e-300, 1400),
                negative(1e-300, 1400))
            .absolute(),
        Row.of(
                "logSigmoid",
                SpecialFunctions::logSigmoid,
                x -> softplus(x.negate()).negate(),
                x -> logistic(x.negate()),
                positive(1e-300, 1400),
                negative(1e-300, 1400))
            .absolute(),
        Row.of(
            "logNormalCdf",
            SpecialFunctions::logNormalCdf,
            HighPrecisionTails::logNormalCdf,
            HighPrecisionTails::normalHazard,
            positive(1e-300, 37),
            negative(1e-300, 1e150)),
        Row.of(
            "log I0",
            BesselI.ZERO::log,
            x -> HighPrecisionTails.logBesselI(0, x),
            HighPrecisionTails::besselRatio,
            positive(1e-150, 1e300)),
        Row.of(
            "log I1",
            BesselI.ONE::log,
            x -> HighPrecisionTails.logBesselI(1, x),
            x -> div(ONE, HighPrecisionTails.besselRatio(x)).subtract(div(ONE, x)),
            positive(1e-300, 1e300)),
        Row.of(
            "log I0 - x",
            BesselI.ZERO::logScaled,
            x -> HighPrecisionTails.logScaledBesselI(0, x),
            x -> HighPrecisionTails.besselRatio(x).subtract(ONE),
            positive(1e-300, 1e30)));
  }

  @TestFactory
  Stream<DynamicTest> functionsKeepTheirDigits() {
    return rows().map(row -> DynamicTest.dynamicTest(row.name(), () -> check(row)));
  }

  private static void check(Row row) {
    double[] x = row.points();
    List<double[]> got = run(row.graph(), x);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      compare(wrong, "", row, row.function(), x[i], got.get(0)[i]);
      compare(wrong, "slope ", row, row.slope(), x[i], got.get(1)[i]);
    }
    assertThat(wrong).as("%s: of %d", row.name(), 2 * x.length).isEmpty();
  }

  private static void compare(
      List<String> wrong,
      String what,
      Row row,
      UnaryOperator<BigDecimal> function,
      double x,
      double got) {
    BigDecimal at = new BigDecimal(x);
    BigDecimal exact = function.apply(at);
    double size = Math.max(Math.abs(exact.doubleValue()), row.floor());
    if (row.hasZeros()) {
      size = Math.max(size, condition(function, at, exact));
    }
    double expected = exact.doubleValue();
    double error = Math.abs(got - expected) / size;
    if (!(error <= RELATIVE) && got != expected) {
      wrong.add("%s%s: %s, not %s (%.1e)".formatted(what, x, got, expected, error));
    }
  }

  /**
   * |x f'(x)|, by which f changes relative to x: next to a zero, an error of 1e-12 of x, which f
   * cannot know, is one of 1e-12 of that.
   */
  private static double condition(
      UnaryOperator<BigDecimal> function, BigDecimal x, BigDecimal exact) {
    BigDecimal beside = function.apply(x.add(x.scaleByPowerOfTen(-20)));
    return Math.abs(beside.subtract(exact).scaleByPowerOfTen(20).doubleValue());
  }

  private static List<double[]> run(UnaryOperator<Value> function, double[] at) {
    Value x = Ops.input("x", ElementType.FLOAT64, Shape.rows("n", 1));
    Value f = function.apply(x);
    Value slope = Gradients.of(Ops.sumAll(f), List.of(x)).get(0);
    Graph graph = Graph.of("f", Map.of("x", x), Map.of("f", f, "slope", slope));
    try (OnnxSession session = OnnxSession.open(OnnxWriter.toBytes(graph))) {
      Tensor in = Tensor.copyOf(ElementType.FLOAT64, at, at.length, 1);
      Map<String, Tensor> out = session.run(Map.of("x", in), Set.of("f", "slope"));
      return List.of(out.get("f").toDoubles(), out.get("slope").toDoubles());
    }
  }
}
