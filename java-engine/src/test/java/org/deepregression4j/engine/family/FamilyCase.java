package org.deepregression4j.engine.family;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A family under the contract with the log-densities that R gives it.
 *
 * @param key its name in {@link FamilyCases}
 * @param rows log-densities; empty fails the contract
 */
public record FamilyCase(String key, Family family, List<ReferenceRow> rows) {
  /** Columns of the response. */
  public int columns() {
    return rows.isEmpty() ? 1 : rows.get(0).y().length;
  }

  /** Columns of all linear predictors, q · r. */
  public int width() {
    return family.parameters().size() * family.predictorColumns(columns());
  }

  /** True of a family whose responses may be lower bounds. */
  public boolean isCensored() {
    return family.support() == Support.CENSORED;
  }

  /** The key of the family that is censored here. */
  public String base() {
    return key.substring("censored(".length(), key.length() - 1);
  }

  /** What the mean of a response is a share of: without their total, counts have shares only. */
  double meanUnit() {
    return key.equals("dirichlet_multinomial") ? VectorQuadrature.TOTAL : 1;
  }

  /** Responses of all rows, row-major. */
  double[] y() {
    return rows.stream().flatMapToDouble(row -> Arrays.stream(row.y())).toArray();
  }

  /** Linear predictors of all rows, row-major. */
  double[] eta() {
    return etaOf(rows);
  }

  static double[] etaOf(List<ReferenceRow> rows) {
    return rows.stream().flatMapToDouble(row -> Arrays.stream(row.eta())).toArray();
  }

  /** The same linear predictors n times. */
  static double[] repeated(double[] eta, int n) {
    double[] out = new double[n * eta.length];
    for (int i = 0; i < n; i++) {
      System.arraycopy(eta, 0, out, i * eta.length, eta.length);
    }
    return out;
  }

  /** Each of several linear predictors n times. */
  static double[] each(List<double[]> etas, int n) {
    return etas.stream().flatMapToDouble(eta -> Arrays.stream(repeated(eta, n))).toArray();
  }

  /** Linear predictors of the rows, each once. */
  List<double[]> predictors() {
    List<double[]> out = new ArrayList<>();
    for (ReferenceRow row : rows) {
      if (out.stream().noneMatch(eta -> Arrays.equals(eta, row.eta()))) {
        out.add(row.eta());
      }
    }
    return out;
  }

  @Override
  public String toString() {
    return key;
  }
}
