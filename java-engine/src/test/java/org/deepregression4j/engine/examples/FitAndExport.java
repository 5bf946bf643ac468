package org.deepregression4j.engine.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.deepregression4j.engine.api.Model;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.layer.Activation;
import org.deepregression4j.engine.layer.Dense;
import org.deepregression4j.engine.layer.Network;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.DeepTerm;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.engine.train.FitOptions;
import org.deepregression4j.engine.train.History;
import org.deepregression4j.engine.train.Optimizer;
import org.deepregression4j.engine.train.TrainingListener;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;
import org.deepregression4j.onnx.scoring.ScoringModel;

/**
 * Fits a semi-structured model of location and scale in Java, exports it and scores the file.
 *
 * <p>The data are y = 1 + 2x + sin(3z) + exp(-1 + x/2) e with standard normal e: a linear effect in
 * the location, which the model knows, a curve that a small network has to find, and a linear
 * effect in the logarithm of the scale.
 */
public final class FitAndExport {
  private static final int ROWS = 2000;

  private FitAndExport() {}

  /** Writes the model to the file that the first argument names. */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args.length > 0 ? args[0] : "example.onnx");
    Model model = fit();
    System.out.printf(
        Locale.ROOT,
        "loc: x %.3f   scale: x %.3f, (Intercept) %.3f%n",
        model.coefficients("loc", "x")[0],
        model.coefficients("scale", "x")[0],
        model.coefficients("scale", "(Intercept)")[0]);
    Files.write(file, model.toOnnx());
    System.out.printf("wrote %s, %d bytes%n", file, Files.size(file));
    System.out.printf(Locale.ROOT, "mean at x = 0.5, z = 0.2: %.3f%n", score(file, .5, .2));
  }

  /** The location 1 + x + net(z), the scale exp(1 + x). */
  static ModelDefinition definition() {
    Component x = Component.numeric("x");
    Component z = Component.numeric("z");
    Network net =
        new Network(
            "net",
            List.of("in"),
            List.of(
                new Network.Step("hidden", List.of("in"), new Dense("hidden", 16, Activation.TANH)),
                new Network.Step("out", List.of("hidden"), new Dense("out", 1, Activation.LINEAR))),
            "out");
    return new ModelDefinition(
        Families.named("normal"),
        ElementType.FLOAT64,
        1,
        1,
        List.of(ColumnSpec.real("x"), ColumnSpec.real("z")),
        List.of(
            Predictor.of(
                "loc",
                List.of(new Linear("x", x), new Intercept()),
                new DeepTerm("net(z)", "net", List.of(List.of(z)))),
            Predictor.of("scale", List.of(new Linear("x", x), new Intercept()))),
        Map.of("net", net));
  }

  /** Trains on simulated data. */
  static Model fit() {
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
    TrainingData data = TrainingData.of(columns, Tensor.copyOf(ElementType.FLOAT64, y, ROWS, 1));
    FitOptions options =
        FitOptions.builder().epochs(400).batchSize(100).optimizer(new Optimizer.Adam(.01)).build();
    Model model = new Model(definition());
    History history = model.fit(data, options, TrainingListener.NONE);
    System.out.printf(
        Locale.ROOT,
        "%d epochs, validation loss %.4f%n",
        history.loss().size(),
        history.validationLoss().get(history.loss().size() - 1));
    return model;
  }

  /** What a service does: the file, one row of raw columns, the mean. */
  static double score(Path file, double x, double z) {
    try (ScoringModel model = ScoringModel.load(file)) {
      return model.score(Map.of("x", x, "z", z)).mean()[0];
    }
  }
}
