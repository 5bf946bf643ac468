package org.deepregression4j.engine.examples;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.deepregression4j.engine.api.Distribution;
import org.deepregression4j.engine.api.Model;
import org.deepregression4j.engine.api.ModelInference;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.family.Quantity;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.solve.Inference;
import org.deepregression4j.engine.solve.SolverOptions;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.engine.term.PSplineTerm;
import org.deepregression4j.engine.train.FitOptions;
import org.deepregression4j.engine.train.TrainingListener;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;

/**
 * Solves a model exactly and asks what a statistician asks: standard errors, effective degrees of
 * freedom, the likelihood, quantiles.
 *
 * <p>The data are y = 1 + 2x + sin(3z) + exp(-1 + x/2) e with standard normal e; a spline finds the
 * curve, and restricted maximum likelihood how smooth it is.
 */
public final class StandardErrors {
  private static final int ROWS = 2000;

  private StandardErrors() {}

  /** Prints a table of coefficients. */
  public static void main(String[] args) {
    TrainingData data = data();
    Model model = fit(data);
    ModelInference inference = model.inference(data);
    Inference all = inference.statistics();
    for (ModelInference.Span span : inference.spans()) {
      if (span.size() == 1) {
        double estimate = all.coefficients().get(span.from());
        double error = all.standardError(span.from());
        System.out.printf(
            Locale.ROOT,
            "%-5s %-11s %7.3f  std. error %.3f  z %6.1f%n",
            span.predictor(),
            span.terms().get(0),
            estimate,
            error,
            estimate / error);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "s(z): %.2f effective degrees of freedom; log-likelihood %.2f with %.2f%n",
        freedom(inference, "s(z)"),
        all.logLikelihood(),
        all.totalFreedom());
    Dataset ahead = Dataset.builder(1).doubles("x", 0.5).doubles("z", 0.2).build();
    Distribution there = model.distribution(ahead);
    Tensor levels = Tensor.copyOf(ElementType.FLOAT64, new double[] {.05, .95}, 1, 2);
    double[] interval = there.at(Quantity.QUANTILE, levels).toDoubles();
    System.out.printf(
        Locale.ROOT,
        "90%% of responses at x = 0.5, z = 0.2: %.3f to %.3f%n",
        interval[0],
        interval[1]);
  }

  /** Effective degrees of freedom of a term. */
  static double freedom(ModelInference inference, String term) {
    double sum = 0;
    for (ModelInference.Span span : inference.spans()) {
      for (int i = 0; i < span.size() && span.terms().contains(term); i++) {
        sum += inference.statistics().freedom().get(span.from() + i);
      }
    }
    return sum;
  }

  /** The location 1 + x + s(z), the scale exp(1 + x). */
  static Model fit(TrainingData data) {
    Linear x = new Linear("x", Component.numeric("x"));
    ModelDefinition definition =
        new ModelDefinition(
            Families.named("normal"),
            ElementType.FLOAT64,
            1,
            1,
            List.of(ColumnSpec.real("x"), ColumnSpec.real("z")),
            List.of(
                Predictor.of(
                    "loc", List.of(x, PSplineTerm.of("z", -1, 1, 12, ROWS), new Intercept())),
                Predictor.of("scale", List.of(x, new Intercept()))),
            Map.of());
    Model model = new Model(definition);
    SolverOptions reml = SolverOptions.DEFAULT.withSelect(SolverOptions.Select.REML);
    model.fit(data, FitOptions.DEFAULT, reml, TrainingListener.NONE);
    return model;
  }

  /** Simulated rows. */
  static TrainingData data() {
    SplittableRandom random = new SplittableRandom(42);
    double[] x = new double[ROWS];
    double[] z = new double[ROWS];
    double[] y = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      x[i] = random.nextDouble(-1, 1);
      z[i] = random.nextDouble(-1, 1);
      double noise = Math.exp(-1 + x[i] / 2) * random.nextGaussian();
      y[i] = 1 + 2 * x[i] + Math.sin(3 * z[i]) + noise;
    }
    Dataset columns = Dataset.builder(ROWS).doubles("x", x).doubles("z", z).build();
    return TrainingData.of(columns, Tensor.copyOf(ElementType.FLOAT64, y, ROWS, 1));
  }
}
