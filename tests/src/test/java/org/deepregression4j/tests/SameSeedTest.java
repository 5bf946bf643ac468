package org.deepregression4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deepregression4j.engine.api.Model;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.layer.Activation;
import org.deepregression4j.engine.layer.BatchNormalization;
import org.deepregression4j.engine.layer.Dense;
import org.deepregression4j.engine.layer.Dropout;
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
import org.deepregression4j.engine.term.Matrix;
import org.deepregression4j.engine.train.FitOptions;
import org.deepregression4j.engine.train.History;
import org.deepregression4j.engine.train.Optimizer;
import org.deepregression4j.engine.train.TrainingListener;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;

/** The model of same-seed.R, made by hand in Java: the same bits before and after training. */
class SameSeedTest {
  private static final List<String> LEVELS = List.of("a", "b", "c");

  @Test
  void rAndJavaTrainTheSameModel() {
    Path folder = RScript.run("same-seed.R");
    Csv data = Csv.read(folder.resolve("data.csv"));
    Csv weights = Csv.read(folder.resolve("weights.csv"));
    Csv losses = Csv.read(folder.resolve("history.csv"));
    Csv parameters = Csv.read(folder.resolve("parameters.csv"));

    Model model = new Model(definition());
    assertThat(model.weights()).containsExactly(weights.numbers("start"));
    FitOptions options =
        FitOptions.builder()
            .epochs(4)
            .batchSize(32)
            .seed(9)
            .optimizer(new Optimizer.Adam(.01))
            .build();
    History history = model.fit(training(data), options, TrainingListener.NONE);
    assertThat(model.weights()).containsExactly(weights.numbers("fitted"));
    assertThat(toArray(history.loss())).containsExactly(losses.numbers("loss"));
    assertThat(toArray(history.validationLoss())).containsExactly(losses.numbers("val_loss"));

    double[] found = model.predict(columns(data)).parameters().toDoubles();
    double[] loc = parameters.numbers("loc");
    double[] scale = parameters.numbers("scale");
    for (int i = 0; i < loc.length; i++) {
      assertThat(found[2 * i]).isEqualTo(loc[i]);
      assertThat(found[2 * i + 1]).isEqualTo(scale[i]);
    }
  }

  private static ModelDefinition definition() {
    Matrix treatment = Matrix.copyOf(3, 2, 0, 0, 1, 0, 0, 1);
    Component x = Component.numeric("x");
    Component z = Component.numeric("z");
    Predictor loc =
        Predictor.of(
            "loc",
            List.of(
                new Linear("x", x),
                new Linear("g", Component.factor("g", treatment)),
                new Intercept()),
            new DeepTerm("net(x, z)", "net", List.of(List.of(x, z))));
    Predictor scale = Predictor.of("scale", List.of(new Linear("z", z), new Intercept()));
    return new ModelDefinition(
        Families.named("normal"),
        ElementType.FLOAT64,
        7,
        1,
        List.of(ColumnSpec.real("x"), ColumnSpec.real("z"), ColumnSpec.factor("g", LEVELS)),
        List.of(loc, scale),
        Map.of("net", network()));
  }

  private static Network network() {
    return new Network(
        "net",
        List.of("in"),
        List.of(
            new Network.Step("dense", List.of("in"), new Dense("dense_1", 4, Activation.TANH)),
            new Network.Step(
                "norm", List.of("dense"), new BatchNormalization("batch_normalization_1")),
            new Network.Step("drop", List.of("norm"), new Dropout("dropout_1", .1)),
            new Network.Step("out", List.of("drop"), new Dense("dense_2", 1, Activation.LINEAR))),
        "out");
  }

  private static Dataset columns(Csv data) {
    return Dataset.builder(data.texts("x").size())
        .doubles("x", data.numbers("x"))
        .doubles("z", data.numbers("z"))
        .factor("g", LEVELS, data.texts("g"))
        .build();
  }

  private static TrainingData training(Csv data) {
    double[] y = data.numbers("y");
    return TrainingData.of(columns(data), Tensor.copyOf(ElementType.FLOAT64, y, y.length, 1));
  }

  private static double[] toArray(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
