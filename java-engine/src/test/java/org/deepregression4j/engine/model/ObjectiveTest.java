package org.deepregression4j.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.deepregression4j.engine.api.Model;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.layer.Activation;
import org.deepregression4j.engine.layer.Dense;
import org.deepregression4j.engine.layer.Initializer;
import org.deepregression4j.engine.layer.Network;
import org.deepregression4j.engine.layer.Regularizer;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Expression;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.engine.term.Matrix;
import org.deepregression4j.engine.term.Offset;
import org.deepregression4j.engine.term.Penalty;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.engine.train.FitOptions;
import org.deepregression4j.engine.train.History;
import org.deepregression4j.engine.train.Optimizer;
import org.deepregression4j.engine.train.TrainingListener;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The objective and its gradient against plain Java: shared designs, shared and frozen
 * coefficients, diagonal and rooted penalties, regularisers, an offset, and one network in two
 * predictors. Normal responses of one or two columns, rows with weights.
 */
class ObjectiveTest {
  private static final int N = 7;
  private static final int K = 4;
  private static final double STEP = 1e-6;

  private final SplittableRandom random = new SplittableRandom(42);
  private final double[] x = draw(N);
  private final double[] z = draw(N);
  private final double[] basis = draw(N * K);
  private final double[] rowWeights = Arrays.stream(draw(N)).map(v -> v + 1.5).toArray();
  private final Matrix first = semidefinite(K);
  private final Matrix second = semidefinite(K);

  private double[] draw(int count) {
    double[] out = new double[count];
    for (int i = 0; i < count; i++) {
      out[i] = 2 * random.nextDouble() - 1;
    }
    return out;
  }

  /** A'A of rank size - 1. */
  private Matrix semidefinite(int size) {
    Matrix root = Matrix.copyOf(size - 1, size, draw((size - 1) * size));
    return root.transpose().times(root);
  }

  private static Predictor.Weighted plain(StructuredTerm term) {
    return new Predictor.Weighted(term, TermWeights.DEFAULT);
  }

  private static Predictor.Weighted with(
      StructuredTerm term, boolean isTrainable, Regularizer regularizer, String shared) {
    return new Predictor.Weighted(
        term, new TermWeights(Optional.empty(), isTrainable, regularizer, shared));
  }

  private static Linear linear(String name, Component component, Penalty penalty) {
    return new Linear(name, List.of(), List.of(component), false, penalty);
  }

  private static Component squareOf(String column) {
    Expression value = Expression.column(column);
    return Component.numeric(Expression.call("*", value, value));
  }

  private ModelDefinition definition(int m) {
    Component bases = Component.matrix("B");
    Penalty rooted = new Penalty(List.of(first, second), List.of(.7, .3), .1);
    Matrix diagonal = Matrix.copyOf(K, K, diagonal(1, 2, 0, 3));
    List<List<Component>> inputs = List.of(List.of(Component.numeric("x"), Component.numeric("z")));
    DeepTerm deep = new DeepTerm("net(x, z)", "net", inputs, false);
    Expression product = Expression.call("*", Expression.column("x"), Expression.column("z"));
    Predictor loc =
        new Predictor(
            "loc",
            List.of(
                plain(new Intercept()),
                with(linear("x", Component.numeric("x"), null), true, new Regularizer(.1, .2), ""),
                plain(linear("B", bases, rooted)),
                with(linear("a", squareOf("x"), null), true, new Regularizer(0, .4), "twins"),
                with(linear("b", squareOf("z"), null), true, Regularizer.NONE, "twins")),
            List.of(new Offset("offset(x * z)", product)),
            List.of(deep));
    Predictor scale =
        new Predictor(
            "scale",
            List.of(
                plain(new Intercept()),
                plain(linear("x", Component.numeric("x"), null)),
                plain(linear("B", bases, new Penalty(List.of(diagonal), List.of(.5), .2))),
                with(linear("z", Component.numeric("z"), null), false, Regularizer.NONE, "")),
            List.of(),
            List.of(deep));
    return new ModelDefinition(
        Families.named("normal"),
        ElementType.FLOAT64,
        3,
        m,
        List.of(ColumnSpec.real("x"), ColumnSpec.real("z"), ColumnSpec.matrix("B", K)),
        List.of(loc, scale),
        Map.of("net", network(m)));
  }

  private static double[] diagonal(double... values) {
    double[] out = new double[values.length * values.length];
    for (int i = 0; i < values.length; i++) {
      out[i * values.length + i] = values[i];
    }
    return out;
  }

  private static Network network(int m) {
    Dense hidden =
        new Dense(
            "d1",
            3,
            Activation.TANH,
            true,
            Initializer.GLOROT_UNIFORM,
            Initializer.ZEROS,
            new Regularizer(.03, .05),
            new Regularizer(0, .02));
    return new Network(
        "net",
        List.of("in"),
        List.of(
            new Network.Step("d1", List.of("in"), hidden),
            new Network.Step("d2", List.of("d1"), new Dense("d2", m, Activation.LINEAR))),
        "d2");
  }

  private TrainingData data(double[] y, int m) {
    Dataset columns =
        Dataset.builder(N).doubles("x", x).doubles("z", z).matrix("B", basis, K).build();
    return new TrainingData(
        columns,
        Tensor.copyOf(ElementType.FLOAT64, y, N, m),
        Tensor.copyOf(ElementType.FLOAT64, rowWeights, N, 1));
  }

  /** The objective of weights by "predictor|term" or by the network's names. */
  private double objective(Map<String, double[]> w, double[] y, int m) {
    double sum = 0;
    for (int i = 0; i < N; i++) {
      for (int c = 0; c < m; c++) {
        double deep = deep(w, i, c, m);
        double loc = at(w, "loc|(Intercept)", 0, c, m) + x[i] * at(w, "loc|x", 0, c, m);
        loc += (x[i] * x[i] + z[i] * z[i]) * at(w, "loc|a", 0, c, m) + x[i] * z[i] + deep;
        double eta = at(w, "scale|(Intercept)", 0, c, m) + x[i] * at(w, "scale|x", 0, c, m);
        eta += z[i] * at(w, "scale|z", 0, c, m) + deep;
        for (int k = 0; k < K; k++) {
          loc += basis[i * K + k] * at(w, "loc|B", k, c, m);
          eta += basis[i * K + k] * at(w, "scale|B", k, c, m);
        }
        double standard = (y[i * m + c] - loc) * Math.exp(-eta);
        sum += rowWeights[i] * (.5 * Math.log(2 * Math.PI) + eta + .5 * standard * standard);
      }
    }
    return sum / N + penalties(w, m);
  }

  private static double at(Map<String, double[]> w, String name, int row, int c, int m) {
    return w.get(name)[row * m + c];
  }

  private double deep(Map<String, double[]> w, int i, int c, int m) {
    double out = w.get("d2/bias")[c];
    for (int h = 0; h < 3; h++) {
      double[] kernel = w.get("d1/kernel");
      double hidden = w.get("d1/bias")[h] + x[i] * kernel[h] + z[i] * kernel[3 + h];
      out += Math.tanh(hidden) * w.get("d2/kernel")[h * m + c];
    }
    return out;
  }

  private double penalties(Map<String, double[]> w, int m) {
    double out = .03 * absolutes(w.get("d1/kernel")) + .05 * squares(w.get("d1/kernel"));
    out += .02 * squares(w.get("d1/bias")) + .4 * squares(w.get("loc|a"));
    out += .1 * absolutes(w.get("loc|x")) + .2 * squares(w.get("loc|x"));
    for (int c = 0; c < m; c++) {
      double[] b = column(w.get("loc|B"), c, m);
      out += .1 * (.7 * quadratic(first, b) + .3 * quadratic(second, b));
      double[] d = column(w.get("scale|B"), c, m);
      out += .2 * .5 * (d[0] * d[0] + 2 * d[1] * d[1] + 3 * d[3] * d[3]);
    }
    return out;
  }

  private static double[] column(double[] values, int c, int m) {
    double[] out = new double[values.length / m];
    Arrays.setAll(out, k -> values[k * m + c]);
    return out;
  }

  private static double absolutes(double[] w) {
    return Arrays.stream(w).map(Math::abs).sum();
  }

  private static double squares(double[] w) {
    return Arrays.stream(w).map(v -> v * v).sum();
  }

  private static double quadratic(Matrix s, double[] w) {
    double out = 0;
    for (int i = 0; i < w.length; i++) {
      for (int j = 0; j < w.length; j++) {
        out += w[i] * s.get(i, j) * w[j];
      }
    }
    return out;
  }

  private static String key(Model model, WeightEntries.Entry entry) {
    return entry.predictor() < 0
        ? entry.name()
        : model.definition().predictors().get(entry.predictor()).name() + "|" + entry.name();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void objectiveAndGradientEqualPlainJava(int m) {
    Model model = new Model(definition(m));
    double[] y = draw(N * m);
    Map<String, double[]> weights = new LinkedHashMap<>();
    double[] flat = new double[model.weights().length];
    for (WeightEntries.Entry entry : model.entries()) {
      String key = key(model, entry);
      // Terms that share coefficients have one array.
      double[] own = key.equals("loc|b") ? weights.get("loc|a") : draw(entry.size());
      if (key.startsWith("lambda/")) { // the smoothing parameters stay those of the definition
        own = Arrays.copyOfRange(model.weights(), entry.offset(), entry.offset() + entry.size());
      }
      weights.put(key, own);
      System.arraycopy(own, 0, flat, entry.offset(), own.length);
    }
    model.setWeights(flat);
    assertThat(model.weights()).containsExactly(flat);
    FitOptions options =
        FitOptions.builder()
            .plain(true)
            .epochs(1)
            .batchSize(N)
            .validationSplit(0)
            .optimizer(new Optimizer.Sgd(1, 0, false))
            .build();
    History history = model.fit(data(y, m), options, TrainingListener.NONE);
    assertThat(history.loss().get(0)).isCloseTo(objective(weights, y, m), within(1e-12));
    double[] after = model.weights();
    for (WeightEntries.Entry entry : model.entries()) {
      for (int i = 0; i < entry.size(); i++) {
        double gradient = flat[entry.offset() + i] - after[entry.offset() + i];

        double want = entry.isTrainable() ? slope(weights, key(model, entry), i, y, m) : 0;
        assertThat(gradient).as("%s[%d]", entry.name(), i).isCloseTo(want, within(1e-7));
      }
    }
  }

  private double slope(Map<String, double[]> weights, String key, int i, double[] y, int m) {
    double[] values = weights.get(key);
    double kept = values[i];
    values[i] = kept + STEP;
    double above = objective(weights, y, m);
    values[i] = kept - STEP;
    double below = objective(weights, y, m);
    values[i] = kept;
    return (above - below) / (2 * STEP);
  }

  @Test
  void equalDesignsAreHeldOnce() {
    ModelGraph graph = new ModelGraph(definition(1));
    // (Intercept), x, B, a + b and z: terms of both predictors share rows, twins are added up.
    assertThat(graph.designWidth()).isEqualTo(1 + 1 + K + 1 + 1);
    assertThat(graph.featureWidth()).isEqualTo(graph.designWidth() + 1 + 2);
    assertThat(graph.layout().coefficients()).hasSize(9);
  }

  @Test
  void frozenTermsKeepTheirStart() {
    Model model = new Model(definition(1));
    double before = model.coefficients("scale", "z")[0];
    FitOptions options = FitOptions.builder().plain(true).epochs(3).validationSplit(0).build();
    model.fit(data(draw(N), 1), options, TrainingListener.NONE);
    assertThat(before).isNotZero();
    assertThat(model.coefficients("scale", "z")).containsExactly(before);
    assertThat(model.coefficients("loc", "a")).containsExactly(model.coefficients("loc", "b"));
  }
}
