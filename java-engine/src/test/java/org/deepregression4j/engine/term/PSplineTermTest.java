package org.deepregression4j.engine.term;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;

class PSplineTermTest {
  private static final int K = 8;

  /** The least squares fit to a straight line through the origin is exact and has no penalty. */
  @Test
  void straightLinesAreFree() {
    SmoothTerm term = PSplineTerm.of("x", -2, 3, K, 50);
    double[] x = {-3, -2, -1.3, -0.4, 0, 0.2, 0.9, 1.7, 2.2, 2.9, 3, 4};
    double[] design =
        TermRun.run(List.of(ColumnSpec.real("x")), Map.of("x", TermRun.doubles(x)), term::design)
            .toDoubles();
    assertThat(design).hasSize(x.length * (K - 1));
    DMatrixRMaj basis = new DMatrixRMaj(x.length, K, true, new double[x.length * K]);
    DMatrixRMaj line = new DMatrixRMaj(x.length, 1);
    for (int i = 0; i < x.length; i++) {
      basis.set(i, 0, 1);
      for (int k = 0; k < K - 1; k++) {
        basis.set(i, k + 1, design[i * (K - 1) + k]);
      }
      line.set(i, 0, 0.7 * x[i]);
    }
    DMatrixRMaj w = new DMatrixRMaj(K, 1);
    assertThat(CommonOps_DDRM.solve(basis, line, w)).isTrue();
    DMatrixRMaj fitted = new DMatrixRMaj(x.length, 1);
    CommonOps_DDRM.mult(basis, w, fitted);
    assertThat(fitted.data).containsExactly(line.data, within(1e-12));
    Matrix penalty = term.penalty().orElseThrow().total();
    double rough = 0;
    for (int i = 0; i < K - 1; i++) {
      for (int k = 0; k < K - 1; k++) {
        rough += w.get(i + 1, 0) * penalty.get(i, k) * w.get(k + 1, 0);
      }
    }
    assertThat(rough).isCloseTo(0, within(1e-14));
    assertThat(CommonOps_DDRM.trace(penalty.toEjml())).isGreaterThan(1.0 / 50);
  }

  @Test
  void argumentsOutsideTheirDomainAreNamed() {
    assertThatThrownBy(() -> PSplineTerm.of("x", 1, 1, K, 50))
        .hasMessageContaining("s(x): expected low < high")
        .hasMessageContaining("got [1.0, 1.0], 8 and 50");
    assertThatThrownBy(() -> PSplineTerm.of("x", 0, Double.POSITIVE_INFINITY, K, 50))
        .hasMessageContaining("Infinity");
    assertThatThrownBy(() -> PSplineTerm.of("x", 0, 1, 4, 50))
        .hasMessageContaining("at least 5 functions");
    assertThatThrownBy(() -> PSplineTerm.of("x", 0, 1, K, 0)).hasMessageContaining("a row");
  }
}
