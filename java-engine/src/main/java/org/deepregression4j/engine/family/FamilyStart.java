package org.deepregression4j.engine.family;

import java.util.List;
import java.util.Objects;

/** Constant linear predictors from which fits of a family start. */
final class FamilyStart {
  private static final double LARGEST = 20;

  private final FamilyBuilder row;

  /** Borrows a finished row. */
  FamilyStart(FamilyBuilder row) {
    this.row = row;
  }

  /** Of a response of one column, (q). */
  double[] of(Moments moments) {
    return row.startingAt == null ? toPredictors(row.start.at(moments)) : given(1);
  }

  /**
   * Of several columns whose predictors have {@code r} columns, (q·r), predictor after predictor.
   */
  double[] of(List<Moments> columns, int r) {
    if (row.startingAt != null) {
      return given(r);
    }
    Family.JointStart joint = row.jointStart;
    if (joint != null) {
      return toPredictors(joint.at(columns));
    }
    double[] eta = new double[row.parameters.size() * r];
    for (int c = 0; c < r; c++) {
      double[] own = of(columns.get(c));
      for (int j = 0; j < own.length; j++) {
        eta[j * r + c] = own[j];
      }
    }
    return eta;
  }

  private double[] given(int columns) {
    double[] eta = Objects.requireNonNull(row.startingAt);
    if (eta.length != row.parameters.size() * columns) {
      throw new FamilyException(
          "family '"
              + row.name
              + "': expected "
              + row.parameters.size() * columns
              + " linear predictors to start at, got "
              + eta.length);
    }
    return eta.clone();
  }

  private double[] toPredictors(double[] values) {
    double[] eta = new double[row.parameters.size()];
    for (int i = 0; i < values.length; i++) {
      Link link = row.parameters.get(i).link();
      double raw = link.inverse(values[i]);
      double low = link.hasLowerEdge() ? -LARGEST : -Double.MAX_VALUE;
      double high = link.hasUpperEdge() ? LARGEST : Double.MAX_VALUE;
      eta[i] = Double.isFinite(raw) ? Math.max(low, Math.min(high, raw)) : 0;
    }
    return eta;
  }
}
