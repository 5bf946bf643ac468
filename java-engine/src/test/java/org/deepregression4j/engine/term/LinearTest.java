package org.deepregression4j.engine.term;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.writer.OnnxWriter;
import org.junit.jupiter.api.Test;

class LinearTest {
  private static final Matrix TREATMENT = Matrix.copyOf(3, 2, 0, 0, 1, 0, 0, 1);
  private static final ColumnSpec FACTOR = ColumnSpec.factor("f", List.of("a", "b", "c"));
  private static final double NaN = Double.NaN;

  @Test
  void codesPickRowsOfTheContrastsAndUnknownLevelsGiveNaN() {
    Tensor got =
        TermRun.run(
            List.of(FACTOR),
            Map.of("f", TermRun.ints(3, 1, 0, 2, 4, -1, Integer.MIN_VALUE)),
            c -> new Linear("f", Component.factor("f", TREATMENT)).design(c));
    assertThat(got.sizes()).containsExactly(7, 2);
    assertThat(got.toDoubles())
        .containsExactly(0, 1, 0, 0, NaN, NaN, 1, 0, NaN, NaN, NaN, NaN, NaN, NaN);
  }

  @Test
  void manyLevelsAreComparedWithTheirColumn() {
    int levels = 1500;
    List<String> names = IntStream.range(0, levels).mapToObj(i -> "l" + i).toList();
    // Treatment contrasts whose reference is the third level.
    int[] places = IntStream.range(0, levels).map(i -> i == 2 ? 0 : i < 2 ? i + 1 : i).toArray();
    Matrix contrasts = Matrix.indicators(levels - 1, places);
    Tensor got =
        TermRun.run(
            List.of(ColumnSpec.factor("f", names)),
            Map.of("f", TermRun.ints(1, 3, 1500, 0)),
            c -> new Linear("f", Component.factor("f", contrasts)).design(c));
    double[] expected = new double[4 * (levels - 1)];
    expected[0] = 1;
    expected[2 * (levels - 1) + levels - 2] = 1;
    Arrays.fill(expected, 3 * (levels - 1), expected.length, NaN);
    assertThat(got.toDoubles()).containsExactly(expected);
  }

  @Test
  void truthValuesAreAFactorOfFalseAndTrue() {
    Matrix contrasts = Matrix.copyOf(2, 1, -1, 4);
    Tensor got =
        TermRun.run(
            List.of(ColumnSpec.logical("l")),
            Map.of("l", TermRun.ints(1, 0, Integer.MIN_VALUE)),
            c -> Component.factor("l", contrasts).columns(c));
    assertThat(got.toDoubles()).containsExactly(4, -1, NaN);
    assertThatThrownBy(
            () ->
                TermRun.run(
                    List.of(ColumnSpec.real("x")),
                    Map.of(),
                    c -> Component.factor("x", contrasts).columns(c)))
        .hasMessageContaining("x: expected a factor, got DOUBLE");
  }

  @Test
  void stringsAreEncodedByTheirLevels() {
    Value strings = Ops.input("f", ElementType.STRING, Shape.rows("n"));
    ColumnInputs columns = new ColumnInputs(Map.of("f", new ColumnInputs.Column(FACTOR, strings)));
    Value design = Component.factor("f", TREATMENT).columns(columns);
    Graph graph = Graph.of("strings", columns.values(), Map.of("design", design));
    try (OnnxSession session = OnnxSession.open(OnnxWriter.toBytes(graph))) {
      Tensor text = Tensor.copyOf(List.of("c", "z", "b"), 3);
      assertThat(session.run(Map.of("f", text), Set.of("design")).get("design").toDoubles())
          .containsExactly(0, 1, NaN, NaN, 1, 0);
    }
  }

  @Test
  void theFirstComponentVariesFastestInAnInteraction() {
    List<ColumnSpec> specs = List.of(ColumnSpec.matrix("m", 2), FACTOR, ColumnSpec.real("x"));
    Map<String, Tensor> data =
        Map.of(
            "m", Tensor.copyOf(ElementType.FLOAT64, new double[] {2, 3, 5, 7}, 2, 2),
            "f", TermRun.ints(2, 3),
            "x", TermRun.doubles(10, 1));
    Linear term =
        new Linear(
            "m:f:x",
            Component.matrix("m"),
            Component.factor("f", TREATMENT),
            Component.numeric("x"));
    assertThat(term.columnsUsed()).containsExactly("m", "f", "x");
    Tensor got = TermRun.run(specs, data, term::design);
    assertThat(got.sizes()).containsExactly(2, 4);
    assertThat(got.toDoubles()).containsExactly(20, 30, 0, 0, 0, 0, 5, 7);
  }

  @Test
  void noRowsGiveNoRows() {
    List<ColumnSpec> specs = List.of(ColumnSpec.real("x"), FACTOR);
    Map<String, Tensor> data = new LinkedHashMap<>();
    data.put("x", TermRun.doubles());
    data.put("f", TermRun.ints());
    Linear term = new Linear("f:x", Component.factor("f", TREATMENT), Component.numeric("x"));
    assertThat(TermRun.run(specs, data, term::design).sizes()).containsExactly(0, 2);
    assertThat(TermRun.run(specs, data, new Intercept()::design).sizes()).containsExactly(0, 1);
  }

  @Test
  void theInterceptHasARowForEveryRowOfTheData() {
    Tensor got =
        TermRun.run(List.of(FACTOR), Map.of("f", TermRun.ints(1, 0, 2)), new Intercept()::design);
    assertThat(got.sizes()).containsExactly(3, 1);
    assertThat(got.toDoubles()).containsExactly(1, 1, 1);
    assertThatThrownBy(() -> new Intercept().design(new ColumnInputs(Map.of())))
        .hasMessageContaining("(Intercept): no column tells the rows");
  }

  @Test
  void anOffsetIsOneColumn() {
    Offset offset = new Offset("offset(log(x))", Expression.call("log", Expression.column("x")));
    assertThat(offset.isOffset()).isTrue();
    Tensor got =
        TermRun.run(List.of(ColumnSpec.real("x")), Map.of("x", TermRun.doubles(1)), offset::design);
    assertThat(got.toDoubles()).containsExactly(0);
  }

  @Test
  void whatDoesNotFitIsNamed() {
    Matrix wrong = Matrix.identity(2);
    assertThatThrownBy(
            () ->
                TermRun.run(
                    List.of(FACTOR), Map.of(), c -> Component.factor("f", wrong).columns(c)))
        .hasMessageContaining("f: expected contrasts for 3 levels, got matrix(2, 2)");
    Linear labels =
        new Linear("f", List.of("fb"), List.of(Component.factor("f", TREATMENT)), false, null);
    assertThatThrownBy(() -> TermRun.run(List.of(FACTOR), Map.of(), labels::design))
        .hasMessageContaining("f: expected 1 columns, got a design (n, 2)");
    assertThatThrownBy(() -> new ColumnSpec("g", ColumnSpec.Kind.FACTOR, List.of(), 1, false))
        .hasMessageContaining("g: factors have levels");
  }
}
