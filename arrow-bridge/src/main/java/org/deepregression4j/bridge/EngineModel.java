package org.deepregression4j.bridge;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.deepregression4j.bridge.BridgeException.ArgumentException;
import org.deepregression4j.bridge.spec.ExportReader;
import org.deepregression4j.bridge.spec.FitReader;
import org.deepregression4j.engine.api.Predictions;
import org.deepregression4j.engine.api.RowScorer;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.Scoring;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.model.WeightEntries;
import org.deepregression4j.engine.solve.ExactFit;
import org.deepregression4j.engine.solve.SolverOptions;
import org.deepregression4j.engine.train.FitOptions;
import org.deepregression4j.engine.train.History;
import org.deepregression4j.engine.train.TrainingListener;
import org.deepregression4j.onnx.runtime.Tensor;
import org.jspecify.annotations.Nullable;

/** A model of java-engine behind a handle. Mutable: a fit changes the weights. */
final class EngineModel implements Model {
  private final org.deepregression4j.engine.api.Model model;

  EngineModel(ModelDefinition definition) {
    this.model = new org.deepregression4j.engine.api.Model(definition);
  }

  @Override
  public String describe() {
    ModelDefinition definition = model.definition();
    ObjectNode out = Json.object().put("weights", model.weights().length);
    out.put("response_columns", definition.responseColumns());
    out.put("predictor_columns", definition.predictorColumns());
    out.put("mean_columns", Scoring.meanColumns(definition));
    ArrayNode parameters = out.putArray("parameters");
    for (WeightEntries.Entry entry : model.entries()) {
      ObjectNode node = parameters.addObject();
      boolean isTerm = entry.predictor() >= 0;
      String predictor = isTerm ? definition.predictors().get(entry.predictor()).name() : "";
      node.put("predictor", predictor);
      node.put("term", entry.name()).put("rows", entry.rows()).put("columns", entry.columns());
      node.put("offset", entry.offset()).put("trainable", entry.isTrainable());
      ArrayNode labels = node.putArray("labels");
      entry.labels().forEach(labels::add);
    }
    return out.toString();
  }

  @Override
  public double[] weights() {
    return model.weights();
  }

  @Override
  public void setWeights(double[] values) {
    EngineFailures.translate(
        () -> {
          model.setWeights(values);
          return true;
        });
  }

  @Override
  public String fit(FitData data, String fitJson, Job job) {
    return EngineFailures.translate(
        () -> {
          FitOptions options = FitReader.options(Json.parse("fit", fitJson));
          SolverOptions solver = FitReader.solver(Json.parse("fit", fitJson));
          TrainingData rows =
              EngineData.training(
                  data.table(), data.response(), data.weights(), model.definition().columns());
          TrainingListener listener =
              progress -> {
                job.report(snapshot(progress));
                return !job.isCancelled();
              };
          Optional<TrainingData> validation = validation(data);
          History history =
              validation.isPresent()
                  ? model.fit(rows, validation, options, solver, listener)
                  : model.fit(rows, options, solver, listener);
          return outcome(history, job, model.exactFit());
        });
  }

  private Optional<TrainingData> validation(FitData data) {
    Table table = data.validationTable();
    Column response = data.validationResponse();
    if (table == null || response == null) {
      return Optional.empty();
    }
    return Optional.of(EngineData.training(table, response, null, model.definition().columns()));
  }

  private static Progress snapshot(TrainingListener.Progress now) {
    return new Progress(
        now.epoch(),
        now.epochs(),
        now.batch(),
        now.batches(),
        now.loss(),
        now.validationLoss(),
        "");
  }

  private String outcome(History history, Job job, Optional<ExactFit> exact) {
    job.keep("loss", toArray(history.loss()));
    job.keep("val_loss", toArray(history.validationLoss()));
    int size = history.weights().isEmpty() ? 0 : history.weights().get(0).length;
    double[] weights = new double[size * history.weights().size()];
    for (int i = 0; i < history.weights().size(); i++) {
      System.arraycopy(history.weights().get(i), 0, weights, i * size, size);
    }
    job.keep("weights", weights);
    ObjectNode out =
        Json.object()
            .put("stop", history.stop().name().toLowerCase(Locale.ROOT))
            .put("best_epoch", history.bestEpoch())
            .put("rows", model.fittedRows())
            .put("message", history.message());
    exact.ifPresent(fit -> describe(fit, out.putObject("exact")));
    return out.toString();
  }

  private static void describe(ExactFit fit, ObjectNode out) {
    out.put("converged", fit.isConverged()).put("iterations", fit.iterations());
    Json.putFinite(out, "gradient", fit.gradientNorm());
    Json.putFinite(out, "condition", fit.condition());
    ArrayNode notes = out.putArray("notes");
    fit.notes().forEach(note -> notes.add(note.message()));
  }

  private static double[] toArray(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  @Override
  public String predict(Table table, String what, ResultVector out, Job job) {
    return EngineFailures.translate(
        () -> {
          Dataset data = EngineData.dataset(table, model.definition().columns());
          String[] parts = what.split(":", 3);
          boolean isTerm = parts.length == 3;
          Tensor result = isTerm ? term(parts, data) : select(what, data);
          writeColumns(result, out, what);
          return "{}";
        });
  }

  private Tensor term(String[] query, Dataset data) {
    return switch (query[0]) {
      case "design" -> model.design(data, query[1], query[2]);
      case "term" -> model.effect(data, query[1], query[2]);
      default -> throw unknown(query[0]);
    };
  }

  private Tensor select(String what, Dataset data) {
    try (RowScorer scorer = new RowScorer(model)) {
      Predictions predictions = scorer.predict(data);
      return switch (what) {
        case "parameters" -> predictions.parameters();
        case "linear_predictors" -> predictions.linearPredictors();
        case "mean" -> predictions.mean();
        case "stddev" -> predictions.stddev();
        case "mean_slopes" -> model.meanSlopes(data);
        case "parameter_slopes" -> model.parameterSlopes(data);
        default -> throw unknown(what);
      };
    }
  }

  private static ArgumentException unknown(String what) {
    return new ArgumentException(
        "what",
        "what: expected parameters, linear_predictors, mean, stddev, mean_slopes,"
            + " parameter_slopes, design:<predictor>:<term> or term:<predictor>:<term>, got '"
            + what
            + "'");
  }

  /** The engine is row-major, R column-major. */
  static void writeColumns(Tensor matrix, ResultVector out, String what) {
    int n = (int) matrix.sizes()[0];
    int columns = (int) matrix.sizes()[1];
    out.requireLength((long) n * columns, what);
    double[] values = matrix.toDoubles();
    if (columns == 1) {
      out.write(0, values);
      return;
    }
    double[] column = new double[n];
    for (int c = 0; c < columns; c++) {
      for (int i = 0; i < n; i++) {
        column[i] = values[i * columns + c];
      }
      out.write((long) c * n, column);
    }
  }

  @Override
  public String logDensity(Table table, Column response, ResultVector out, Job job) {
    return EngineFailures.translate(
        () -> {
          TrainingData data =
              EngineData.training(table, response, null, model.definition().columns());
          double[] values = model.logDensity(data);
          out.requireLength(values.length, "log density");
          out.write(0, values);
          return "{}";
        });
  }

  @Override
  public String inference(Table table, Column response, @Nullable Column weights, Job job) {
    return EngineFailures.translate(
        () -> {
          TrainingData data =
              EngineData.training(table, response, weights, model.definition().columns());
          return InferenceText.of(model.inference(data), job);
        });
  }

  @Override
  public String export(String path, String exportJson, Job job) {
    byte[] bytes =
        EngineFailures.translate(
            () -> model.toOnnx(ExportReader.options(Json.parse("export", exportJson))));
    try {
      Files.write(Path.of(path), bytes);
    } catch (IOException e) {
      throw new BridgeException("file", "'" + path + "' cannot be written: " + e, e);
    }
    return Json.object().put("bytes", bytes.length).toString();
  }

  @Override
  public void close() {}
}
