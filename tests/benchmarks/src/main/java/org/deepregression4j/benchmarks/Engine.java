package org.deepregression4j.benchmarks;

import java.util.List;
import java.util.Map;
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
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.engine.train.FitOptions;
import org.deepregression4j.engine.train.TrainingListener;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;

/** This project's engine, through the same call that users make. */
final class Engine {
  private Engine() {}

  /** The model of a workload. */
  static ModelDefinition definition(Workload work) {
    Linear linear = new Linear("X", Component.matrix("X"));
    List<String> parameters = List.of("loc", "scale");
    List<Predictor> predictors =
        parameters.stream()
            .map(
                p ->
                    work.isDeep()
                        ? Predictor.of(p, List.of(linear), deep(p))
                        : Predictor.of(p, List.of(linear)))
            .toList();
    Map<String, Network> networks =
        work.isDeep() ? Map.of("loc", network("loc"), "scale", network("scale")) : Map.of();
    ColumnSpec design = ColumnSpec.matrix("X", work.columns());
    ColumnSpec inputs = ColumnSpec.matrix("Z", Workload.DEEP_COLUMNS);
    return new ModelDefinition(
        Families.named("normal"),
        work.type(),
        1,
        1,
        work.isDeep() ? List.of(design, inputs) : List.of(design),
        predictors,
        networks);
  }

  private static DeepTerm deep(String parameter) {
    return new DeepTerm("deep(Z)", parameter, List.of(List.of(Component.matrix("Z"))));
  }

  /** Hidden layers that both parameters share, and an output of its own for each. */
  private static Network network(String parameter) {
    return new Network(
        parameter,
        List.of("in"),
        List.of(
            new Network.Step("a", List.of("in"), new Dense("a", 64, Activation.RELU)),
            new Network.Step("b", List.of("a"), new Dense("b", 32, Activation.RELU)),
            new Network.Step("out", List.of("b"), new Dense(parameter, 1, Activation.LINEAR))),
        "out");
  }

  static TrainingData data(Workload work) {
    Workload.Data data = work.data();
    Dataset.Builder columns =
        Dataset.builder(work.rows()).matrix("X", data.design(), work.columns());
    if (work.isDeep()) {
      columns.matrix("Z", data.inputs(), Workload.DEEP_COLUMNS);
    }
    return TrainingData.of(
        columns.build(), Tensor.copyOf(ElementType.FLOAT64, data.response(), work.rows(), 1));
  }

  /**
   * Trains the epochs of one fit; the listener gets each epoch's end, so that what is measured is
   * training and not the building of the program.
   *
   * @return the losses of the epochs
   */
  static List<Double> fit(Workload work, int epochs, boolean shuffles, TrainingListener listener) {
    FitOptions options =
        FitOptions.builder()
            .epochs(epochs)
            .batchSize(work.batch())
            .validationSplit(0)
            .plain(true)
            .shuffle(shuffles)
            .build();
    Model model = new Model(definition(work));
    model.setWeights(start(work));
    return model.fit(data(work), options, listener).loss();
  }

  /** The weights that a fit starts from. */
  static double[] start(Workload work) {
    return new Model(definition(work)).weights();
  }
}
