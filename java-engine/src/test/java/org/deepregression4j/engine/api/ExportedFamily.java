package org.deepregression4j.engine.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deepregression4j.engine.family.Family;
import org.deepregression4j.engine.family.Quantity;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.scoring.Rows;
import org.deepregression4j.onnx.scoring.Scores;
import org.deepregression4j.onnx.scoring.ScoringModel;

/**
 * A model of a family, with x in every predictor, beside its file.
 *
 * @param columns of the response, m
 */
record ExportedFamily(Family family, int columns) {
  static final double[] X = {0, .2, .4, .6, .8, 1};
  static final int N = X.length;
  private static final double[] LEVELS = {.05, .5, .9};

  /** Relative, absolute below one. */
  private static final double SAME = 1e-12;

  Model model() {
    List<Predictor> predictors = new ArrayList<>();
    for (Family.Parameter parameter : family.parameters()) {
      Linear slope = new Linear("x", List.of("x"), List.of(Component.numeric("x")), false, null);
      List<StructuredTerm> terms = List.of(new Intercept(), slope);
      predictors.add(Predictor.of(parameter.name(), terms));
    }
    List<ColumnSpec> raw = List.of(ColumnSpec.real("x"));
    Model model =
        new Model(
            new ModelDefinition(
                family, ElementType.FLOAT64, 1, columns, raw, predictors, Map.of()));
    double[] weights = model.weights();
    Arrays.setAll(weights, i -> .15 * i + .1 * (i % 3) - .2);
    model.setWeights(weights);
    return model;
  }

  /** Responses of the family, (N, m). */
  double[] responses() {
    double[] y = new double[N * columns];
    Arrays.setAll(y, k -> response(k / columns, k % columns));
    return y;
  }

  private double response(int i, int c) {
    return switch (family.support()) {
      case REAL, ANGLE, VECTOR -> .7 * i - 1.5 + .2 * c;
      case POSITIVE -> .3 + .5 * i;
      case NON_NEGATIVE, ZERO_OR_POSITIVE -> .5 * i;
      case UNIT_OPEN -> .1 + .15 * i;
      case UNIT_CLOSED -> .2 * i;
      case BINARY -> i % 2;
      case ONE_HOT -> i % columns == c ? 1 : 0;
      case POSITIVE_COUNT -> 1 + i % 3;
      case COUNT, COUNTS -> (i + c) % 4;
      case SIMPLEX -> (c + 1) / (columns * (columns + 1) / 2.0);
      case CENSORED -> c == 0 ? .3 + .5 * i : i % 2;
      case DIRECTION -> c == i % columns ? .6 : c == (i + 1) % columns ? .8 : 0;
    };
  }

  /** Parameters, predictors, moments, log-density and quantiles of the file are the model's. */
  void check() {
    Model model = model();
    boolean hasQuantiles = Quantity.QUANTILE.isOf(family);
    ExportOptions options = ExportOptions.NONE.withLogDensity().withLinearPredictors();
    options = hasQuantiles ? options.withQuantiles(LEVELS) : options;
    Dataset data = Dataset.builder(N).doubles("x", X).build();
    try (ScoringModel file = ScoringModel.load(model.toOnnx(options))) {
      Rows rows = Rows.builder().doubles("x", X).build();
      Scores got = file.score(rows);
      checkParameters(got, model.predict(data));
      Tensor y = Tensor.copyOf(ElementType.FLOAT64, responses(), N, columns);
      double[] density = model.logDensity(TrainingData.of(data, y));
      Tensor column = Tensor.copyOf(ElementType.FLOAT64, density, N, 1);
      same("log density", file.logDensity(rows, y.toDoubles()), column, 0);
      if (hasQuantiles) {
        Tensor levels = Tensor.copyOf(ElementType.FLOAT64, LEVELS, 1, LEVELS.length);
        Tensor quantiles = model.distribution(data).at(Quantity.QUANTILE, levels);
        for (int k = 0; k < LEVELS.length; k++) {
          same("quantile", got.quantile(LEVELS[k]), quantiles, k);
        }
      }
    }
  }

  private static void checkParameters(Scores got, Predictions want) {
    List<String> names = got.parameters();
    for (int j = 0; j < names.size(); j++) {
      String name = names.get(j);
      same(name, got.parameter(name), want.parameters(), j);
      same("eta of " + name, got.linearPredictor(name), want.linearPredictors(), j);
    }
    for (int c = 0; c < want.mean().sizes()[1]; c++) {
      same("mean", got.mean(c), want.mean(), c);
      same("stddev", got.stddev(c), want.stddev(), c);
    }
  }

  private static void same(String what, double[] got, Tensor want, int column) {
    int width = (int) want.sizes()[1];
    double[] all = want.toDoubles();
    for (int i = 0; i < N; i++) {
      double expected = all[i * width + column];
      boolean isSame = Double.compare(got[i], expected) == 0;
      double error = Math.abs(got[i] - expected) / Math.max(1, Math.abs(expected));
      assertThat(isSame || error <= SAME)
          .as("%s of row %d: expected %s, got %s", what, i, expected, got[i])
          .isTrue();
    }
  }
}
