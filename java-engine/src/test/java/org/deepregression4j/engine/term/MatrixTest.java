package org.deepregression4j.engine.term;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MatrixTest {
  private static final Matrix INDICATORS = Matrix.indicators(2, 2, 0, 1);
  private static final Matrix DENSE = Matrix.copyOf(3, 2, 0, 1, 0, 0, 1, 0);

  @Test
  void indicatorsAreTheMatrixTheyStandFor() {
    for (int i = 0; i < 3; i++) {
      for (int k = 0; k < 2; k++) {
        assertThat(INDICATORS.get(i, k)).isEqualTo(DENSE.get(i, k));
      }
    }
    assertThat(INDICATORS.toRowMajor()).containsExactly(DENSE.toRowMajor());
    assertThat(INDICATORS.transpose()).isEqualTo(DENSE.transpose());
    assertThat(INDICATORS.scaled(3)).isEqualTo(DENSE.scaled(3));
    assertThat(INDICATORS.slice(1, 3)).isEqualTo(DENSE.slice(1, 3));
    Matrix other = Matrix.copyOf(2, 1, 5, 7);
    assertThat(INDICATORS.times(other)).isEqualTo(Matrix.vector(7, 0, 5));
    assertThat(INDICATORS.isDiagonal()).isFalse();
  }

  @Test
  void placesAreKnownOfIndicatorsAndTheIdentity() {
    assertThat(INDICATORS.places()).hasValue(new int[] {2, 0, 1});
    assertThat(Matrix.identity(3).places()).hasValue(new int[] {1, 2, 3});
    assertThat(DENSE.places()).isEmpty();
    assertThat(Matrix.diagonal(1, 2).places()).isEmpty();
    assertThatThrownBy(() -> Matrix.indicators(2, 3))
        .hasMessageContaining("expected places from 0 to 2, got 3");
  }
}
