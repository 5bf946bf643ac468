package org.deepregression4j.engine.term;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;

class SmoothTest {
  private static final ColumnSpec GROUP = ColumnSpec.factor("g", List.of("a", "b"));
  private static final ColumnSpec X = ColumnSpec.real("x");
  private static final Expression VARIABLE = Expression.column("x");
  private static final Component DUMMIES = Component.factor("g", Matrix.identity(2));

  /** Linear B-splines on 0, 1, 2: hats whose values are plain to see. */
  private static final Basis HATS = new PSpline(VARIABLE, Matrix.vector(-1, 0, 1, 2, 3), 1);

  private static double[] design(Smooth smooth) {
    return TermRun.run(
            List.of(X, GROUP),
            Map.of("x", TermRun.doubles(0, 0.25, 1, 1.5, 2), "g", TermRun.ints(1, 2, 0, 2, 1)),
            smooth::design)
        .toDoubles();
  }

  @Test
  void hatsAreLinearBetweenTheirKnots() {
    assertThat(design(new Smooth("s(x)", HATS, null)))
        .containsExactly(1, 0, 0, 0.75, 0.25, 0, 0, 1, 0, 0, 0.5, 0.5, 0, 0, 1);
  }

  @Test
  void marginAndSmoothTransformsAreAppliedInOrder() {
    Matrix first = Matrix.copyOf(3, 2, 1, 0, 2, 1, 0, 3);
    Matrix second = Matrix.copyOf(2, 1, 10, 1);
    Smooth smooth = new Smooth("s(x)", List.of(new Smooth.Margin(HATS, first)), null, second);
    assertThat(design(smooth)).containsExactly(10, 12.75, 21, 12, 3);
  }

  @Test
  void anUnknownLevelHasNoRandomEffectButStopsAFactorBy() {
    Basis effects = new RandomEffect(List.of(DUMMIES, Component.numeric("x")));
    assertThat(design(new Smooth("s(g, x)", effects, null)))
        .containsExactly(0, 0, 0, 0.25, 0, 0, 0, 1.5, 2, 0);
    Component isB = Component.factor("g", Matrix.vector(0, 1));
    Matrix sum = Matrix.vector(1, 1, 1);
    Smooth by = new Smooth("s(x):gb", List.of(new Smooth.Margin(HATS)), isB, sum);
    assertThat(design(by)).containsExactly(0, 1, Double.NaN, 1, 0);
    assertThat(by.columnsUsed()).containsExactly("x", "g");
  }

  @Test
  void smoothsOfATermStandSideBySideWithOnePenalty() {
    Smooth whole = new Smooth("s(x)", HATS, Matrix.vector(1, 1, 1));
    Smooth slope = new Smooth("s(x).2", HATS, Matrix.vector(0, 1, 2));
    Penalty penalty = new Penalty(List.of(Matrix.identity(2)), List.of(1.0), 0.5);
    SmoothTerm term = new SmoothTerm("s", List.of("a", "b"), List.of(whole, slope), penalty);
    Tensor got = TermRun.run(List.of(X), Map.of("x", TermRun.doubles(0.5, 2)), term::design);
    assertThat(got.toDoubles()).containsExactly(1, 0.5, 1, 2);
    assertThat(term.penalty()).contains(penalty);
    SmoothTerm wrong = new SmoothTerm("s", List.of(), List.of(whole), penalty);
    assertThatThrownBy(() -> TermRun.run(List.of(X), Map.of(), wrong::design))
        .hasMessageContaining("s: expected 2 columns, got a design (n, 1)");
  }

  @Test
  void anExternalBasisIsItsColumn() {
    Smooth smooth = new Smooth("s(x)", new ExternalBasis("s(x)"), Matrix.copyOf(2, 2, 0, 1, 1, 0));
    Tensor columns = Tensor.copyOf(ElementType.FLOAT64, new double[] {1, 2, 3, 4}, 2, 2);
    Tensor got =
        TermRun.run(
            List.of(ColumnSpec.external("s(x)", 2)), Map.of("s(x)", columns), smooth::design);
    assertThat(got.toDoubles()).containsExactly(2, 1, 4, 3);
  }

  @Test
  void whatDoesNotFitIsNamed() {
    Matrix three = Matrix.vector(0, 1, 2);
    assertThatThrownBy(() -> new CubicRegression(VARIABLE, three, Matrix.identity(2)))
        .hasMessageContaining("cr: expected k knots and F (k, k), got matrix(3, 1), matrix(2, 2)");
    assertThatThrownBy(() -> new CyclicCubic(VARIABLE, three, Matrix.identity(3)))
        .hasMessageContaining("cc: expected k + 1 knots and BD (k, k)");
    assertThatThrownBy(() -> new PSpline(VARIABLE, three, 3))
        .hasMessageContaining("ps: expected 2 degree + 2 knots or more for degree 3");
    Smooth tied =
        new Smooth(
            "s(x)",
            new CubicRegression(VARIABLE, Matrix.vector(0, 1, 1), Matrix.identity(3)),
            null);
    assertThatThrownBy(() -> design(tied)).hasMessageContaining("expected increasing knots");
    Smooth wide = new Smooth("s(x)", List.of(new Smooth.Margin(HATS)), DUMMIES, null);
    assertThatThrownBy(() -> design(wide))
        .hasMessageContaining("s(x), by: expected 1 columns, got a design (n, 2)");
    Basis factor = new PSpline(Expression.column("g"), Matrix.vector(-1, 0, 1, 2), 1);
    assertThatThrownBy(() -> design(new Smooth("s(g)", factor, null)))
        .hasMessageContaining("g: expected numbers, got a factor");
  }
}
