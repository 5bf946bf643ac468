package org.deepregression4j.engine.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.family.FamilyException;
import org.deepregression4j.engine.family.Quantity;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;

/** Quantities of rows, against closed forms. */
class DistributionTest {
  private static final double UPPER = 1.959963984540054;

  /** What special functions promise. */
  private static final double PRECISE = 1e-12;

  private static Tensor matrix(int rows, double... rowMajor) {
    return Tensor.copyOf(ElementType.FLOAT64, rowMajor, rows, rowMajor.length / rows);
  }

  private static Distribution of(String family, int rows, double... eta) {
    return new Distribution(Families.named(family), matrix(rows, eta), 1);
  }

  @Test
  void answersOfSeveralValuesStandSideBySide() {
    Distribution normal = of("normal", 2, 1, Math.log(2), -3, Math.log(0.5));
    Tensor levels = matrix(1, 0.5, 0.975);
    double[] got = normal.at(Quantity.QUANTILE, levels).toDoubles();
    assertThat(got)
        .containsExactly(new double[] {1, 1 + 2 * UPPER, -3, -3 + 0.5 * UPPER}, within(PRECISE));
    double[] cdf = normal.at(Quantity.CDF, matrix(2, 1, 1, -3, -3)).toDoubles();
    assertThat(cdf).containsExactly(new double[] {.5, .5, .5, .5}, within(PRECISE));
  }

  @Test
  void rowsBeyondOneBlockAreThoseOfTheirPredictors() {
    int n = 70_001;
    double[] eta = new double[n];
    java.util.Arrays.setAll(eta, i -> Math.log(1.0 + i % 7));
    double[] mean = of("poisson", n, eta).at(Quantity.MEAN).toDoubles();
    for (int i = 0; i < n; i++) {
      assertThat(mean[i]).isCloseTo(1 + i % 7, within(PRECISE));
    }
  }

  /** More than one block of them, with a remainder, for each row its own and for all the same. */
  @Test
  void manyAnswersOfFewRowsAreThoseOfTheirValues() {
    Distribution exponential = of("exponential", 3, 0, Math.log(2), Math.log(0.5));
    double[] rates = {1, 2, 0.5};
    int k = 50_001;
    double[] shared = new double[k];
    java.util.Arrays.setAll(shared, i -> i % 11);
    double[] own = new double[3 * k];
    java.util.Arrays.setAll(own, i -> i % 13);
    double[] first = exponential.at(Quantity.SURVIVAL, matrix(1, shared)).toDoubles();
    double[] second = exponential.at(Quantity.SURVIVAL, matrix(3, own)).toDoubles();
    for (int i = 0; i < 3 * k; i++) {
      double rate = rates[i / k];
      assertThat(first[i]).isCloseTo(Math.exp(-rate * (i % k % 11)), within(PRECISE));
      assertThat(second[i]).isCloseTo(Math.exp(-rate * (i % 13)), within(PRECISE));
    }
  }

  @Test
  void outsideTheSupportTheDensityIsZero() {
    double[] counts = {-1, 1.5, 2, Double.NaN};
    double[] log =
        of("poisson", 4, 0, 0, 0, 0).at(Quantity.LOG_PROB, matrix(4, counts)).toDoubles();
    assertThat(log[0]).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(log[1]).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(log[2]).isCloseTo(-1 - Math.log(2), within(PRECISE));
    assertThat(log[3]).isNaN();
    double[] positive = of("exponential", 2, 0, 0).at(Quantity.PROB, matrix(2, -1, 0)).toDoubles();
    assertThat(positive).containsExactly(0, 1);
  }

  @Test
  void columnsOfTheResponseAreMargins() {
    Tensor eta = matrix(1, 0, 10, 0, 0);
    Distribution two = new Distribution(Families.named("normal"), eta, 2);
    assertThat(two.at(Quantity.MEAN).toDoubles()).containsExactly(0, 10);
    double[] got = two.at(Quantity.CDF, matrix(1, 0, 10, UPPER, 10 - UPPER)).toDoubles();
    assertThat(got).containsExactly(new double[] {.5, .5, .975, .025}, within(PRECISE));
  }

  @Test
  void aMeanThatNoPredictorMovesIsThatOfEveryRow() {
    assertThat(of("student_t", 3, 2, 3, 4).at(Quantity.MEAN).toDoubles()).containsExactly(0, 0, 0);
  }

  @Test
  void noRowsGiveNoAnswers() {
    Distribution none =
        new Distribution(Families.named("gamma"), Tensor.allocate(ElementType.FLOAT64, 0, 2), 1);
    assertThat(none.at(Quantity.QUANTILE, matrix(1, 0.1, 0.9)).sizes()).containsExactly(0, 2);
  }

  @Test
  void whatDoesNotFitIsNamed() {
    assertThatThrownBy(() -> of("normal", 1, 0)).hasMessage("eta: expected (n, 2), got [1, 1]");
    Distribution normal = of("normal", 2, 0, 0, 0, 0);
    assertThatThrownBy(() -> normal.at(Quantity.CDF, matrix(3, 1, 1, 1)))
        .hasMessageContaining("cdf: expected values of 2 rows or one");
    assertThatThrownBy(() -> of("mvr", 1, 0, 0).at(Quantity.CDF, matrix(1, 0)))
        .isInstanceOf(FamilyException.class)
        .hasMessageContaining("family 'mvr' has no cdf; there are [parameters, mean");
    assertThatThrownBy(() -> Quantity.named("median"))
        .hasMessageContaining("unknown quantity 'median'");
  }
}
