package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deepregression4j.onnx.graph.ElementType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What every row of the table must fulfil; a row without reference values fails. */
@ParameterizedClass(name = "{0}")
@MethodSource("names")
class FamilyContractTest {
  /** Relative, absolute below one; R's own densities are good to about 1e-13. */
  private static final double DENSITY = 1e-10;

  /** Quadrature: the tails are cut where exp underflows. */
  private static final double INTEGRAL = 1e-8;

  private static final Map<String, List<ReferenceRow>> REFERENCE = ReferenceRow.byFamily();

  @Parameter String name;

  static Stream<String> names() {
    return Families.all().stream().map(Family::name);
  }

  private List<ReferenceRow> reference() {
    assertThat(REFERENCE).as("reference rows, from tests/parity/families.R").containsKey(name);
    return REFERENCE.get(name);
  }

  private FamilyGraph graph() {
    return new FamilyGraph(Families.named(name), ElementType.FLOAT64);
  }

  @Test
  void theLogDensityIsThatOfR() {
    List<ReferenceRow> rows = reference();
    double[] y = rows.stream().mapToDouble(ReferenceRow::y).toArray();
    try (FamilyGraph graph = graph()) {
      double[] got = graph.run("log_density", y, ReferenceRow.etaColumns(rows));
      for (int i = 0; i < got.length; i++) {
        double expected = rows.get(i).logDensity();
        assertThat(got[i])
            .as("%s at y = %s, eta = %s", name, y[i], Arrays.toString(rows.get(i).eta()))
            .isCloseTo(expected, within(DENSITY * Math.max(1, Math.abs(expected))));
      }
    }
  }

  @Test
  void itIntegratesToOneAndToItsMoments() {
    Support support = Families.named(name).support();
    try (FamilyGraph graph = graph()) {
      for (double[] eta : distinct()) {
        double mean = graph.runAt("mean", new double[1], eta)[0];
        double stddev = graph.runAt("stddev", new double[1], eta)[0];
        Quadrature rule = Quadrature.on(support, mean, stddev);
        double[] density = graph.runAt("log_density", rule.nodes(), eta);
        String at = name + " at eta = " + Arrays.toString(eta);
        assertThat(rule.expect(density, v -> 1)).as(at).isCloseTo(1, within(INTEGRAL));
        assertThat(rule.expect(density, v -> v))
            .as("mean of " + at)
            .isCloseTo(mean, within(INTEGRAL * Math.max(1, Math.abs(mean))));
        assertThat(Math.sqrt(rule.expect(density, v -> (v - mean) * (v - mean))))
            .as("standard deviation of " + at)
            .isCloseTo(stddev, within(INTEGRAL * Math.max(1, stddev)));
      }
    }
  }

  private List<double[]> distinct() {
    List<double[]> out = new ArrayList<>();
    for (ReferenceRow row : reference()) {
      if (out.stream().noneMatch(eta -> Arrays.equals(eta, row.eta()))) {
        out.add(row.eta());
      }
    }
    return out;
  }

  @Test
  void theLogDensityIsFiniteAtTheBorderOfTheDomain() {
    List<ReferenceRow> rows = reference();
    double[] y = rows.stream().mapToDouble(ReferenceRow::y).toArray();
    int q = rows.get(0).eta().length;
    try (FamilyGraph graph = graph()) {
      for (int corner = 0; corner < 1 << q; corner++) {
        double[] eta = new double[q];
        for (int i = 0; i < q; i++) {
          eta[i] = (corner >> i & 1) == 0 ? -30 : 30;
        }
        assertThat(Arrays.stream(graph.runAt("log_density", y, eta)).boxed())
            .as("%s at eta = %s", name, Arrays.toString(eta))
            .allMatch(Double::isFinite);
      }
    }
  }
}
