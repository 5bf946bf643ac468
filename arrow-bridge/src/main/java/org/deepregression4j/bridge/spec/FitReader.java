package org.deepregression4j.bridge.spec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import org.deepregression4j.engine.solve.SolverOptions;
import org.deepregression4j.engine.train.FitOptions;
import org.deepregression4j.engine.train.Optimizer;

/** Reads FIT and OPTIMIZER. */
public final class FitReader {
  private static final long MEGABYTE = 1L << 20;

  /** How each optimiser reads its fields; what is missing is the optimiser's default. */
  static final Map<String, Function<Node, Optimizer>> OPTIMIZERS =
      Map.of("adam", FitReader::adam, "sgd", FitReader::sgd, "rmsprop", FitReader::rmsprop);

  private FitReader() {}

  /**
   * The options of a fit; missing ones are the engine's defaults.
   *
   * @throws IllegalArgumentException naming the option that is wrong
   */
  public static FitOptions options(JsonNode json) {
    Node node = new Node(json, "fit", new double[0]);
    FitOptions.Builder out = FitOptions.builder();
    node.optionalInteger("epochs").ifPresent(out::epochs);
    node.optionalInteger("batch_size").ifPresent(out::batchSize);
    node.optionalNumber("validation_split").ifPresent(out::validationSplit);
    node.optionalFlag("early_stopping").ifPresent(out::earlyStopping);
    if (node.has("early_stopping_metric")) {
      out.metric(node.text("early_stopping_metric"));
    }
    node.optionalInteger("patience").ifPresent(out::patience);
    node.optionalFlag("shuffle").ifPresent(out::shuffle);
    node.optionalNumber("seed").ifPresent(seed -> out.seed(seed.longValue()));
    node.optional("optimizer").ifPresent(o -> out.optimizer(optimizer(o)));
    node.optionalNumber("memory_budget_mb")
        .ifPresent(mb -> out.memoryBudget((long) (mb * MEGABYTE)));
    if (node.has("device")) {
      out.device(node.text("device"));
    }
    node.optionalFlag("warm_start").ifPresent(warm -> out.plain(!warm));
    node.optionalFlag("save_weights").ifPresent(out::savesWeights);
    return out.build();
  }

  /**
   * How the exact solver goes about it.
   *
   * @throws IllegalArgumentException naming the option that is wrong
   */
  public static SolverOptions solver(JsonNode json) {
    Node node = new Node(json, "fit", new double[0]);
    SolverOptions out = SolverOptions.DEFAULT;
    if (node.has("memory_budget_mb")) {
      out = out.withMemoryBudget((long) (node.number("memory_budget_mb") * MEGABYTE));
    }
    if (!node.has("select")) {
      return out;
    }
    String select = node.text("select");
    for (SolverOptions.Select known : SolverOptions.Select.values()) {
      if (known.name().equalsIgnoreCase(select)) {
        return out.withSelect(known);
      }
    }
    throw new IllegalArgumentException(
        "select: expected one of "
            + Arrays.toString(SolverOptions.Select.values())
            + ", got '"
            + select
            + "'");
  }

  private static Optimizer optimizer(Node node) {
    String type = node.text("type");
    Function<Node, Optimizer> read = OPTIMIZERS.get(type);
    if (read == null) {
      throw node.unknown("optimizer", type, OPTIMIZERS.keySet());
    }
    return read.apply(node);
  }

  private static Optimizer adam(Node node) {
    Optimizer.Adam usual = new Optimizer.Adam();
    return new Optimizer.Adam(
        node.number("learning_rate", usual.learningRate()),
        node.number("beta_1", usual.beta1()),
        node.number("beta_2", usual.beta2()),
        node.number("epsilon", usual.epsilon()));
  }

  private static Optimizer sgd(Node node) {
    Optimizer.Sgd usual = new Optimizer.Sgd();
    return new Optimizer.Sgd(
        node.number("learning_rate", usual.learningRate()),
        node.number("momentum", usual.momentum()),
        node.flag("nesterov", usual.nesterov()));
  }

  private static Optimizer rmsprop(Node node) {
    Optimizer.RmsProp usual = new Optimizer.RmsProp();
    return new Optimizer.RmsProp(
        node.number("learning_rate", usual.learningRate()),
        node.number("rho", usual.rho()),
        node.number("momentum", usual.momentum()),
        node.number("epsilon", usual.epsilon()),
        node.flag("centered", usual.centered()));
  }
}
