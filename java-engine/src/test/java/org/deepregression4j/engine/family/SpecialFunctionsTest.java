package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BinaryOperator;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SpecialFunctionsTest {
  private static final List<String[]> ROWS = read();

  private static List<String[]> read() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    SpecialFunctionsTest.class.getResourceAsStream("/special-functions.csv")),
                StandardCharsets.UTF_8))) {
      return reader.lines().filter(l -> !l.startsWith("#")).map(l -> l.split(",")).toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static Stream<Arguments> functions() {
    return Stream.of(
        row("lgamma", 1e-13, 1e-14, (x, h) -> SpecialFunctions.lgamma(x)),
        row("digamma", 1e-13, 1e-14, (x, h) -> slope(SpecialFunctions.lgamma(x), x)),
        row("difference", 1e-13, 1e-14, SpecialFunctions::lgammaDifference),
        row("log_cdf", 2e-13, 1e-18, (x, h) -> SpecialFunctions.logNormalCdf(x)),
        row("log1p", 1e-15, 0, (x, h) -> SpecialFunctions.log1p(x)),
        row("expm1", 1e-15, 0, (x, h) -> SpecialFunctions.expm1(x)));
  }

  private static Arguments row(
      String name, double relative, double absolute, BinaryOperator<Value> function) {
    return Arguments.of(name, function, relative, absolute);
  }

  private static Value slope(Value function, Value x) {
    return Gradients.of(Ops.sumAll(function), List.of(x)).get(0);
  }

  /** The relative error is that of R's value; the absolute one counts at zeros of the function. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("functions")
  void agreesWithR(String name, BinaryOperator<Value> function, double relative, double absolute) {
    List<String[]> rows = ROWS.stream().filter(row -> row[0].equals(name)).toList();
    double[] x = rows.stream().mapToDouble(row -> Double.parseDouble(row[1])).toArray();
    double[] h = rows.stream().mapToDouble(row -> Double.parseDouble(row[2])).toArray();
    double[] got = run(function, x, h);
    for (int i = 0; i < x.length; i++) {
      double expected = Double.parseDouble(rows.get(i)[3]);
      assertThat(got[i])
          .as("%s(%s)", name, x[i])
          .isCloseTo(expected, within(absolute + relative * Math.abs(expected)));
    }
  }

  @Test
  void softplusKeepsBothTails() {
    double[] x = {-700, -30, -1, 0, 1, 30, 700};
    double[] got = run((a, b) -> SpecialFunctions.softplus(a), x, x);
    double[] exact = run((a, b) -> SpecialFunctions.exactSoftplus(a), x, x);
    double[] s = run((a, b) -> SpecialFunctions.sigmoid(a), x, x);
    for (int i = 0; i < x.length; i++) {
      double expected = Math.max(x[i], 0) + Math.log1p(Math.exp(-Math.abs(x[i])));
      assertThat(got[i]).isCloseTo(expected, within(1e-13));
      assertThat(exact[i]).isCloseTo(expected, within(1e-15 * expected));
      double probability =
          x[i] < 0 ? Math.exp(x[i]) / (1 + Math.exp(x[i])) : 1 / (1 + Math.exp(-x[i]));
      assertThat(s[i]).isCloseTo(probability, within(1e-15 * probability));
    }
  }

  @Test
  void logAddExpTakesAnyDistance() {
    double[] a = {0, 1e13, -1e13, 3};
    double[] b = {0, -1e13, 5, -2};
    double[] expected = {Math.log(2), 1e13, 5, 3 + Math.log1p(Math.exp(-5))};
    assertThat(run(SpecialFunctions::logAddExp, a, b)).containsExactly(expected, within(1e-14));
  }

  private static double[] run(BinaryOperator<Value> function, double[] x, double[] h) {
    Value a = Ops.input("a", ElementType.FLOAT64, Shape.rows("n", 1));
    Value b = Ops.input("b", ElementType.FLOAT64, Shape.rows("n", 1));
    Graph graph = Graph.of("f", Map.of("a", a, "b", b), Map.of("f", function.apply(a, b)));
    try (OnnxSession session = OnnxSession.open(OnnxWriter.toBytes(graph))) {
      Map<String, Tensor> in =
          Map.of(
              "a", Tensor.copyOf(ElementType.FLOAT64, x, x.length, 1),
              "b", Tensor.copyOf(ElementType.FLOAT64, h, h.length, 1));
      return session.run(in, Set.of("f")).get("f").toDoubles();
    }
  }
}
