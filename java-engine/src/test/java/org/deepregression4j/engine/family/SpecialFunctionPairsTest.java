package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Special functions of two arguments of very different sizes, and their slopes, against arithmetic
 * of 70 digits. Errors are relative to the function or, next to its zeros, to what an error of the
 * arguments makes of it; those of slopes to the slope or to the function over its argument.
 */
class SpecialFunctionPairsTest {
  private static final double RELATIVE = 1e-12;

  private static final double[] SIZES = {
    1e-300, 1e-100, 1e-20, 1e-8, 1e-3, 0.25, 0.5, 1, 1.5, 3.2, 10, 41, 1e3, 1e5, 1e8, 1e12, 1e20,
    1e100, 1e250
  };

  private static final double[] LOGS = {
    -1e13, -800, -40, -0.6931471805599453, -1e-8, 0, 1e-12, 0.3, 1, 36.5, 700, 1e13
  };

  private static final double[] STARTS = {
    -1e9, -1e4, -38, -8, -1, -0.5, -0.01, -1e-8, 0, 1e-3, 0.7, 8.5, 37, 1e3, 1e8
  };

  private static final double[] WIDTHS = {1e-9, 1e-6, 1e-3, 0.049, 0.051, 1, 1.0001, 9, 200, 1e5};

  /**
   * A function of two arguments.
   *
   * @param floor the error may be relative to that, where the function is smaller
   */
  private record Row(
      String name,
      BinaryOperator<Value> graph,
      BinaryOperator<BigDecimal> function,
      double floor,
      double[][] points) {}

  private static Stream<Row> rows() {
    return Stream.of(
        new Row(
            "lbeta",
            SpecialFunctions::lbeta,
            HighPrecision::lbeta,
            0,
            pairs(SIZES, (a, b) -> true)),
        new Row(
            "lchoose",
            SpecialFunctions::lchoose,
            (n, k) -> HighPrecision.lchoose(n, k),
            0,
            pairs(new double[] {1, 2, 7, 30, 1e3, 1e8, 1e15}, (n, k) -> k <= n)),
        new Row(
            "lgammaDifference",
            SpecialFunctions::lgammaDifference,
            HighPrecision::lgammaDifference,
            1,
            pairs(SIZES, (x, h) -> true)),
        new Row(
            "logAddExp",
            SpecialFunctions::logAddExp,
            HighPrecision::logAddExp,
            0,
            pairs(LOGS, (a, b) -> true)),
        new Row(
            "logMass",
            NormalTail::logMass,
            HighPrecisionTails::logNormalMass,
            0,
            pairs(STARTS, WIDTHS)));
  }

  private interface Choice {
    boolean has(double a, double b);
  }

  private static double[][] pairs(double[] values, Choice choice) {
    return DoubleStream.of(values)
        .boxed()
        .flatMap(
            a ->
                DoubleStream.of(values)
                    .filter(b -> choice.has(a, b))
                    .mapToObj(b -> new double[] {a, b}))
        .toArray(double[][]::new);
  }

  private static double[][] pairs(double[] first, double[] second) {
    return DoubleStream.of(first)
        .boxed()
        .flatMap(a -> DoubleStream.of(second).mapToObj(b -> new double[] {a, b}))
        .toArray(double[][]::new);
  }

  @TestFactory
  Stream<DynamicTest> functionsKeepTheirDigits() {
    return rows().map(row -> DynamicTest.dynamicTest(row.name(), () -> check(row)));
  }

  private static void check(Row row) {
    double[][] points = row.points();
    List<double[]> got = run(row);
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < points.length; i++) {
      BigDecimal a = new BigDecimal(points[i][0]);
      BigDecimal b = new BigDecimal(points[i][1]);
      BigDecimal f = row.function().apply(a, b);
      double slopeA = slope(row.function().apply(beside(a), b).subtract(f), a);
      double slopeB = slope(row.function().apply(a, beside(b)).subtract(f), b);
      double value = f.doubleValue();
      double moved = Math.max(Math.abs(slopeA * points[i][0]), Math.abs(slopeB * points[i][1]));
      double size = Math.max(Math.max(Math.abs(value), moved), row.floor());
      String at = "(" + points[i][0] + ", " + points[i][1] + ")";
      compare(wrong, at, got.get(0)[i], value, size);
      compare(wrong, "slope 1 " + at, got.get(1)[i], slopeA, size / length(points[i][0]));
      compare(wrong, "slope 2 " + at, got.get(2)[i], slopeB, size / length(points[i][1]));
    }
    assertThat(wrong).as("%s: of %d", row.name(), 3 * points.length).isEmpty();
  }

  private static double length(double x) {
    return Math.max(Math.abs(x), Double.MIN_NORMAL);
  }

  private static final BigDecimal STEP = new BigDecimal("1e-32");

  private static BigDecimal step(BigDecimal x) {
    return x.signum() == 0 ? STEP : x.multiply(STEP);
  }

  private static BigDecimal beside(BigDecimal x) {
    return x.add(step(x));
  }

  private static double slope(BigDecimal change, BigDecimal x) {
    return HighPrecision.div(change, step(x)).doubleValue();
  }

  private static void compare(
      List<String> wrong, String at, double got, double expected, double size) {
    double error = Math.abs(got - expected);
    // Below the smallest normal number there are fewer digits.
    double tolerance = RELATIVE * Math.max(size, Math.abs(expected)) + Double.MIN_NORMAL * 1e-3;
    if (!(error <= tolerance)) {
      wrong.add("%s: %s, not %s (%.1e)".formatted(at, got, expected, error / size));
    }
  }

  /** Users' densities call it with numbers, too. */
  @Test
  void bothMayBeNumbers() {
    Value two = Ops.scalar(ElementType.FLOAT64, 2);
    Value beta = SpecialFunctions.lbeta(two, Ops.scalar(ElementType.FLOAT64, 3));
    Value x = Ops.input("x", ElementType.FLOAT64, Shape.rows("n", 1));
    Graph graph = Graph.of("f", Map.of("x", x), Map.of("f", Ops.add(x, beta)));
    try (OnnxSession session = OnnxSession.open(OnnxWriter.toBytes(graph))) {
      Tensor in = Tensor.copyOf(ElementType.FLOAT64, new double[] {0}, 1, 1);
      double[] got = session.run(Map.of("x", in), Set.of("f")).get("f").toDoubles();
      assertThat(got[0]).isCloseTo(-Math.log(12), within(1e-14));
    }
  }

  private static List<double[]> run(Row row) {
    Value x = Ops.input("x", ElementType.FLOAT64, Shape.rows("n", 2));
    List<Value> parts = Ops.split(x, 1, 1, 1);
    Value f = row.graph().apply(parts.get(0), parts.get(1));
    List<Value> slopes = Gradients.of(Ops.sumAll(f), parts);
    Map<String, Value> out = Map.of("f", f, "a", slopes.get(0), "b", slopes.get(1));
    Graph graph = Graph.of("f", Map.of("x", x), out);
    double[] flat = Stream.of(row.points()).flatMapToDouble(DoubleStream::of).toArray();
    try (OnnxSession session = OnnxSession.open(OnnxWriter.toBytes(graph))) {
      Tensor in = Tensor.copyOf(ElementType.FLOAT64, flat, row.points().length, 2);
      Map<String, Tensor> got = session.run(Map.of("x", in), Set.of("f", "a", "b"));
      return Stream.of("f", "a", "b").map(name -> got.get(name).toDoubles()).toList();
    }
  }
}
