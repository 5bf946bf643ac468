package org.deepregression4j.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.deepregression4j.engine.api.Model;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.scoring.Rows;
import org.deepregression4j.onnx.scoring.Scores;
import org.deepregression4j.onnx.scoring.ScoringModel;

/** Time to score raw columns with an exported model, as a Java service does. */
final class Scoring {
  private static final int MILLION = 1_000_000;
  private static final int CALLS = 20_000;

  private Scoring() {}

  /** Rows of the table: one row, and a million rows, of the semi-structured model. */
  static List<String> rows() {
    Workload work = new Workload(true, 32, ElementType.FLOAT64);
    byte[] bytes = new Model(Engine.definition(work)).toOnnx();
    try (ScoringModel model = ScoringModel.load(bytes)) {
      double single = single(model, work);
      double many = many(model, work);
      return List.of(
          String.format(Locale.ROOT, "| one row, us | %.1f |", single),
          String.format(Locale.ROOT, "| a million rows, s | %.2f |", many));
    }
  }

  private static double single(ScoringModel model, Workload work) {
    Map<String, Object> row =
        Map.of("X", new double[work.columns()], "Z", new double[Workload.DEEP_COLUMNS]);
    double[] times = new double[CALLS];
    double sum = 0;
    for (int i = 0; i < 2 * CALLS; i++) {
      long start = System.nanoTime();
      sum += model.score(row).mean()[0];
      times[i % CALLS] = (System.nanoTime() - start) * 1e-3;
    }
    return median(times, sum);
  }

  private static double many(ScoringModel model, Workload work) {
    Rows rows =
        Rows.builder()
            .matrix("X", new double[MILLION * work.columns()], work.columns())
            .matrix("Z", new double[MILLION * Workload.DEEP_COLUMNS], Workload.DEEP_COLUMNS)
            .build();
    double[] times = new double[5];
    double sum = 0;
    for (int i = 0; i < times.length; i++) {
      long start = System.nanoTime();
      Scores scores = model.score(rows);
      times[i] = (System.nanoTime() - start) * 1e-9;
      sum += scores.mean()[MILLION - 1];
    }
    return median(times, sum);
  }

  private static double median(double[] times, double used) {
    if (Double.isNaN(used)) {
      throw new IllegalStateException("the model scores zeros as NaN");
    }
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
