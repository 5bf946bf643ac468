package org.deepregression4j.bridge;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.deepregression4j.engine.api.ModelInference;
import org.deepregression4j.engine.solve.Inference;
import org.deepregression4j.engine.solve.Note;

/** Inference as R reads it: text in JSON, numbers kept in the job. */
final class InferenceText {
  private InferenceText() {}

  static String of(ModelInference inference, Job job) {
    Inference statistics = inference.statistics();
    job.keep("coefficients", toArray(statistics.coefficients()));
    // Symmetric: row-major and column-major are the same.
    job.keep("vcov", statistics.bayesian().toRowMajor());
    job.keep("vcov_frequentist", statistics.frequentist().toRowMajor());
    job.keep("hessian", statistics.hessian().toRowMajor());
    job.keep("penalty", statistics.penalty().toRowMajor());
    job.keep("edf", toArray(statistics.freedom()));
    job.keep("edf1", toArray(statistics.upperFreedom()));
    ObjectNode out = Json.object();
    ArrayNode spans = out.putArray("spans");
    inference.spans().forEach(span -> describe(span, spans.addObject()));
    Json.putFinite(out, "log_likelihood", statistics.logLikelihood());
    out.put("rows", statistics.rows()).put("conditional", inference.isConditional());
    Json.putFinite(out, "distance", inference.distance());
    ArrayNode notes = out.putArray("notes");
    statistics.notes().forEach(note -> describe(note, notes.addObject()));
    return out.toString();
  }

  private static void describe(ModelInference.Span span, ObjectNode out) {
    out.put("predictor", span.predictor()).put("predictor_column", span.predictorColumn());
    out.put("from", span.from()).put("size", span.size());
    ArrayNode terms = out.putArray("terms");
    span.terms().forEach(terms::add);
    ArrayNode labels = out.putArray("labels");
    span.labels().forEach(labels::add);
  }

  private static void describe(Note note, ObjectNode out) {
    out.put("kind", note.kind().name().toLowerCase(Locale.ROOT)).put("message", note.message());
    ArrayNode terms = out.putArray("terms");
    note.terms().forEach(terms::add);
  }

  private static double[] toArray(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
