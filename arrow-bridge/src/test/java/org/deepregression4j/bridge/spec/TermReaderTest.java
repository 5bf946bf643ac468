package org.deepregression4j.bridge.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.deepregression4j.engine.layer.Regularizer;
import org.deepregression4j.engine.model.DeepTerm;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TermWeights;
import org.deepregression4j.engine.term.Basis;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.CubicRegression;
import org.deepregression4j.engine.term.CyclicCubic;
import org.deepregression4j.engine.term.Expression;
import org.deepregression4j.engine.term.ExternalBasis;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.engine.term.Matrix;
import org.deepregression4j.engine.term.Offset;
import org.deepregression4j.engine.term.PSpline;
import org.deepregression4j.engine.term.Penalty;
import org.deepregression4j.engine.term.RandomEffect;
import org.deepregression4j.engine.term.Smooth;
import org.deepregression4j.engine.term.SmoothTerm;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.engine.term.TermException;
import org.deepregression4j.engine.term.ThinPlate;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Shape;
import org.junit.jupiter.api.Test;

class TermReaderTest extends ReaderTest {
  /** 1, 2, ..., 16: a matrix (r, c) at offset o is filled column by column from o + 1 on. */
  private static final double[] PAYLOAD = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

  private static final String X = "{'column': 'x'}";

  private static String m(int rows, int columns, int offset) {
    return "{'rows': " + rows + ", 'columns': " + columns + ", 'offset': " + offset + "}";
  }

  private static Predictor read(String... terms) {
    String text = "{'name': 'loc', 'terms': [" + String.join(",", terms) + "]}";
    return TermReader.predictor(node(text, PAYLOAD));
  }

  private static StructuredTerm one(String term) {
    return read(term).structured().get(0).term();
  }

  @Test
  void linearTermsOffsetsAndExpressions() {
    assertThat(one("{'kind': 'intercept', 'name': 'one'}")).isEqualTo(new Intercept("one"));
    String components =
        "[{'kind': 'numeric', 'expr': {'call': '^', 'args': [{'column': 'x'}, {'value': 2}]}},"
            + " {'kind': 'factor', 'column': 'f', 'contrasts': "
            + m(3, 2, 0)
            + "}, {'kind': 'matrix', 'column': 'M'}]";
    Expression square = Expression.call("^", Expression.column("x"), Expression.number(2));
    List<Component> expected =
        List.of(
            Component.numeric(square),
            Component.factor("f", Matrix.copyOf(3, 2, 1, 4, 2, 5, 3, 6)),
            Component.matrix("M"));
    assertThat(one("{'kind': 'linear', 'name': 'a:b', 'components': " + components + "}"))
        .isEqualTo(new Linear("a:b", List.of(), expected, false, null));
    assertThat(
            one(
                "{'kind': 'linear', 'name': 'lin', 'labels': ['p', 'q'], 'joint': true,"
                    + " 'components': "
                    + components
                    + ", 'penalty': {'matrices': ["
                    + m(2, 2, 2)
                    + "], 'lambdas': [0.5], 'scale': 0.1}}"))
        .isEqualTo(
            new Linear(
                "lin",
                List.of("p", "q"),
                expected,
                true,
                new Penalty(List.of(Matrix.copyOf(2, 2, 3, 5, 4, 6)), List.of(.5), .1)));
    assertThat(read("{'kind': 'offset', 'name': 'offset(x)', 'expr': " + X + "}").offsets())
        .containsExactly(new Offset("offset(x)", Expression.column("x")));
  }

  @Test
  void matricesOfWhichFewNumbersSayAll() {
    String at = "{'rows': 3, 'columns': %d, 'offset': 0, 'form': '%s'}";
    Node diagonal = node(String.format(at, 3, "diagonal"), 5, 6, 7);
    assertThat(diagonal.asMatrix()).isEqualTo(Matrix.diagonal(5, 6, 7));
    Node indicators = node(String.format(at, 2, "indicators"), 2, 0, 1);
    assertThat(indicators.asMatrix()).isEqualTo(Matrix.indicators(2, 2, 0, 1));
    assertThatThrownBy(() -> node(String.format(at, 2, "indicators"), 2, 0).asMatrix())
        .hasMessageContaining("here: 3 x 2 values from 0 on are not in the payload of 2");
    assertThatThrownBy(() -> node(String.format(at, 2, "indicators"), 2, 0, 3).asMatrix())
        .hasMessageContaining("expected places from 0 to 2, got 3");
    assertThatThrownBy(() -> node(String.format(at, 2, "diagonal"), 5, 6, 7).asMatrix())
        .hasMessageContaining("here: a diagonal matrix of 3 x 2");
    assertThatThrownBy(() -> node(String.format(at, 2, "sparse"), 5, 6, 7).asMatrix())
        .hasMessageContaining("unknown matrix 'sparse', known are [dense, diagonal, indicators]");
  }

  private static Basis basis(String text) {
    String term =
        "{'kind': 'smooth', 'name': 's(x)', 'smooths': [{'label': 's', 'margins': ["
            + text
            + "]}]}";
    return ((SmoothTerm) one(term)).smooths().get(0).margins().get(0).basis();
  }

  @Test
  void everyBasisIsRead() {
    Expression x = Expression.column("x");
    Matrix square = Matrix.copyOf(3, 3, 1, 4, 7, 2, 5, 8, 3, 6, 9);
    Map<String, Basis> expected =
        Map.of(
            "{'basis': 'tp', 'variables': ["
                + X
                + "], 'shift': "
                + m(1, 1, 0)
                + ", 'knots': "
                + m(2, 1, 1)
                + ", 'm': 2, 'UZ': "
                + m(4, 2, 0)
                + ", 'powers': "
                + m(2, 1, 0)
                + "}",
            new ThinPlate(
                List.of(x),
                Matrix.vector(1),
                Matrix.vector(2, 3),
                2,
                Matrix.copyOf(4, 2, 1, 5, 2, 6, 3, 7, 4, 8),
                Matrix.vector(1, 2)),
            "{'basis': 'cr', 'variables': "
                + X
                + ", 'knots': "
                + m(3, 1, 0)
                + ", 'F': "
                + m(3, 3, 0)
                + "}",
            new CubicRegression(x, Matrix.vector(1, 2, 3), square),
            "{'basis': 'cc', 'variables': ["
                + X
                + "], 'knots': "
                + m(4, 1, 0)
                + ", 'BD': "
                + m(3, 3, 0)
                + "}",
            new CyclicCubic(x, Matrix.vector(1, 2, 3, 4), square),
            "{'basis': 'ps', 'variables': [" + X + "], 'knots': " + m(8, 1, 0) + ", 'degree': 2}",
            new PSpline(x, Matrix.vector(1, 2, 3, 4, 5, 6, 7, 8), 2),
            "{'basis': 're', 'components': [{'kind': 'matrix', 'column': 'M'}]}",
            new RandomEffect(List.of(Component.matrix("M"))),
            "{'basis': 'external', 'column': 'E'}",
            new ExternalBasis("E"));
    Set<String> covered = new HashSet<>();
    expected.forEach(
        (text, want) -> {
          covered.add(json(text).get("basis").asText());
          assertThat(basis(text)).isEqualTo(want);
        });
    assertThat(covered).isEqualTo(TermReader.BASES.keySet());
  }

  @Test
  void smoothsHaveMarginsByTransformAndPenalty() {
    String margin = "{'basis': 'external', 'column': 'E', 'transform': " + m(2, 1, 4) + "}";
    StructuredTerm got =
        one(
            "{'kind': 'smooth', 'name': 'te', 'smooths': [{'label': 'te1', 'margins': ["
                + margin
                + ","
                + margin
                + "], 'by': {'kind': 'numeric', 'expr': "
                + X
                + "}, 'transform': "
                + m(1, 1, 6)
                + "}], 'penalty': {'matrices': "
                + m(1, 1, 8)
                + ", 'lambdas': 3, 'scale': 0.5}}");
    Smooth.Margin expected = new Smooth.Margin(new ExternalBasis("E"), Matrix.vector(5, 6));
    Smooth smooth =
        new Smooth("te1", List.of(expected, expected), Component.numeric("x"), Matrix.vector(7));
    Penalty penalty = new Penalty(List.of(Matrix.vector(9)), List.of(3.0), .5);
    assertThat(got).isEqualTo(new SmoothTerm("te", List.of(), List.of(smooth), penalty));
  }

  @Test
  void deepTermsHaveOneListOfComponentsPerInput() {
    String numeric = "{'kind': 'numeric', 'expr': " + X + "}";
    String matrix = "{'kind': 'matrix', 'column': 'M'}";
    Predictor got =
        read(
            "{'kind': 'deep', 'name': 'd(x)', 'network': 'net', 'orthogonalize': false, 'inputs': [["
                + numeric
                + ","
                + matrix
                + "],["
                + numeric
                + "]]}");
    assertThat(got.deep())
        .containsExactly(
            new DeepTerm(
                "d(x)",
                "net",
                List.of(
                    List.of(Component.numeric("x"), Component.matrix("M")),
                    List.of(Component.numeric("x"))),
                false));
  }

  @Test
  void weightsOfTerms() {
    String start = "{'kind': 'intercept', 'name': 'one', 'weights': ";
    TermWeights got =
        read(start
                + "{'initializer': {'type': 'ones'}, 'trainable': false, 'regularizer':"
                + " {'l1': 0.1}, 'shared': 'id'}}")
            .structured()
            .get(0)
            .weights();
    assertThat(got.isTrainable()).isFalse();
    assertThat(got.regularizer()).isEqualTo(new Regularizer(.1, 0));
    assertThat(got.shared()).isEqualTo("id");
    assertThat(draw(got)).containsExactly(1, 1);
    TermWeights warm =
        read(start + "{'warmstart': " + m(2, 1, 3) + "}}").structured().get(0).weights();
    assertThat(draw(warm)).containsExactly(4, 5);
    assertThat(warm.isTrainable()).isTrue();
    assertThat(read(start + "{}}").structured().get(0).weights()).isEqualTo(TermWeights.DEFAULT);
  }

  private static double[] draw(TermWeights weights) {
    return weights.initializer().orElseThrow().draw(Shape.of(2, 1), new SplittableRandom(1));
  }

  @Test
  void mistakesNameTheTermAndThePlace() {
    String smooth = "{'kind': 'smooth', 'name': 's(x)', 'smooths': [{'margins': [%s]}]}";
    String penalty =
        "{'kind': 'linear', 'name': 's(x)', 'components': [{'kind': 'matrix', 'column': 'M'}],"
            + " 'penalty': %s}";
    Map<String, String> mistakes =
        Map.of(
            "{'kind': 'spline', 'name': 's(x)'}",
            "here.terms[0]: unknown term 'spline', known are [deep, intercept,",
            String.format(smooth, "{'basis': 'bs'}"),
            "here.terms[0].smooths[0].margins[0]: unknown basis 'bs', known are [cc, cr,",
            String.format(smooth, "{'basis': 'cr', 'knots': " + m(3, 1, 0) + "}"),
            "expected 1 variable, got 0",
            String.format(smooth, "{'basis': 'external', 'column': 3}"),
            "expected a text as 'column', got 3",
            String.format(
                penalty, "{'matrices': [" + m(9, 9, 0) + "], 'lambdas': [1], 'scale': 1}"),
            "9 x 9 values from 0 on are not in the payload of 16",
            String.format(
                penalty, "{'matrices': [" + m(-1, 1, 0) + "], 'lambdas': [1], 'scale': 1}"),
            "-1 x 1 values",
            String.format(
                penalty, "{'matrices': [" + m(1, 1, 0) + "], 'lambdas': ['NA'], 'scale': 1}"),
            "here.terms[0].penalty.lambdas[0]: expected a number, got \"NA\"",
            String.format(
                penalty, "{'matrices': [" + m(1, 1, 0) + "], 'lambdas': [-1], 'scale': 1}"),
            "penalty: expected lambda >= 0, got -1.0",
            "{'kind': 'intercept', 'name': 's(x)', 'weights': {'activation': 'relu'}}",
            "structured terms are linear, got 'relu'");
    mistakes.forEach(
        (text, message) -> {
          TermException thrown = catchThrowableOfType(TermException.class, () -> read(text));
          assertThat(thrown).as(text).hasMessageStartingWith("s(x): ");
          assertThat(thrown).hasMessageContaining(message);
          assertThat(thrown.where()).isEqualTo("s(x)");
        });
  }

  @Test
  void theModelAsAWhole() {
    String text =
        "{'family': 'poisson', 'precision': 'float32', 'seed': 7, 'response_columns': 2, 'columns': ["
            + "{'name': 'x', 'type': 'double'}, {'name': 'i', 'type': 'integer'},"
            + "{'name': 'l', 'type': 'logical'}, {'name': 'M', 'type': 'matrix', 'width': 3},"
            + "{'name': 'f', 'type': 'factor', 'levels': ['a', 'b'], 'external': true}],"
            + "'predictors': [{'name': 'rate', 'terms': [{'kind': 'intercept', 'name': '1'}]}]}";
    ModelDefinition got = SpecReader.model(json(text), new double[0]);
    assertThat(got.precision()).isEqualTo(ElementType.FLOAT32);
    assertThat(got.seed()).isEqualTo(7);
    assertThat(got.responseColumns()).isEqualTo(2);
    assertThat(got.family().name()).isEqualTo("poisson");
    assertThat(got.columns().stream().map(c -> c.name() + " " + c.kind() + " " + c.width()))
        .containsExactly("x DOUBLE 1", "i INTEGER 1", "l LOGICAL 1", "M MATRIX 3", "f FACTOR 1");
    assertThat(got.columns().get(4).levels()).containsExactly("a", "b");
    assertThat(got.columns().get(4).external()).isTrue();
    IllegalArgumentException thrown =
        catchThrowableOfType(
            IllegalArgumentException.class,
            () -> SpecReader.model(json(text.replace("'logical'", "'complex'")), new double[0]));
    assertThat(thrown)
        .hasMessage(
            "specification, model.columns[2]: unknown column type 'complex', known are [double,"
                + " factor, integer, logical, matrix]");
  }
}
