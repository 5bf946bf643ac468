package org.deepregression4j.engine.term;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.File;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Designs against mgcv's PredictMat and R's model.matrix, on rows inside and outside the data. */
class ReferenceDesignTest {
  /** The promise of the project: equal to PredictMat to 1e-8 of the larger of 1 and the value. */
  private static final double TOLERANCE = 1e-8;

  /** float32 has seven digits; differences to a knot and cubes of them cost a few. */
  private static final double SINGLE_TOLERANCE = 1e-4;

  static Stream<String> cases() throws URISyntaxException {
    File folder = new File(ReferenceDesignTest.class.getResource("designs").toURI());
    return Arrays.stream(folder.list()).sorted().map(name -> name.replace(".txt", ""));
  }

  @Test
  void everyKindOfBasisHasItsReference() throws URISyntaxException {
    assertThat(cases()).contains("tp1", "tp2", "tp3", "ts", "cr", "cs", "cc", "ps", "re", "ti");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void designsEqualThoseOfR(String name) {
    ReferenceTerm reference = new ReferenceTerm(name);
    Matrix want = reference.expected();
    Tensor got =
        TermRun.run(
            reference.columns(), reference.data(want.rows(), false), reference.term()::design);
    assertThat(got.sizes()).containsExactly(want.rows(), want.columns());
    assertClose(got.toDoubles(), want, TOLERANCE);
  }

  private static void assertClose(double[] got, Matrix want, double tolerance) {
    double[] values = want.toRowMajor();
    for (int i = 0; i < values.length; i++) {
      double scale = Math.max(1, Math.abs(values[i]));
      assertThat(got[i])
          .as("row %d, column %d", i / want.columns(), i % want.columns())
          .isCloseTo(values[i], within(tolerance * scale));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void noRowsGiveADesignWithoutRows(String name) {
    ReferenceTerm reference = new ReferenceTerm(name);
    Tensor got = TermRun.run(reference.columns(), reference.noRows(), reference.term()::design);
    assertThat(got.sizes()).containsExactly(0, reference.expected().columns());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aMissingNumberMakesItsRowNaNAndNoOther(String name) {
    ReferenceTerm reference = new ReferenceTerm(name);
    List<ColumnSpec> columns = reference.columns();
    boolean hasNumbers = columns.stream().anyMatch(c -> c.kind() == ColumnSpec.Kind.DOUBLE);
    Matrix want = reference.expected();
    double[] got =
        TermRun.run(columns, reference.data(want.rows(), true), reference.term()::design)
            .toDoubles();
    int p = want.columns();
    for (int i = 0; i < got.length; i++) {
      boolean isMissing = hasNumbers && i < p;
      assertThat(Double.isNaN(got[i])).as("row %d, column %d", i / p, i % p).isEqualTo(isMissing);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cr", "ps", "cc", "te-cr", "re-slope"})
  void singlePrecisionIsCloseInsideTheData(String name) {
    ReferenceTerm reference = new ReferenceTerm(name);
    Matrix want = reference.expected();
    Tensor got =
        TermRun.run(
            reference.columns(),
            reference.data(want.rows(), false),
            ElementType.FLOAT32,
            reference.term()::design);
    assertThat(got.type()).isEqualTo(ElementType.FLOAT32);
    double[] values = Arrays.copyOf(got.toDoubles(), 2 * want.columns());
    assertClose(values, want.slice(0, 2), SINGLE_TOLERANCE);
  }
}
