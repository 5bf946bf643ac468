package org.deepregression4j.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.deepregression4j.engine.api.Model;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.layer.Activation;
import org.deepregression4j.engine.layer.BatchNormalization;
import org.deepregression4j.engine.layer.Dense;
import org.deepregression4j.engine.layer.Dropout;
import org.deepregression4j.engine.layer.Layer;
import org.deepregression4j.engine.layer.Network;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.DeepTerm;
import org.deepregression4j.engine.model.InitialWeights;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.model.WeightEntries;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.CubicRegression;
import org.deepregression4j.engine.term.CyclicCubic;
import org.deepregression4j.engine.term.Expression;
import org.deepregression4j.engine.term.ExternalBasis;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.engine.term.Matrix;
import org.deepregression4j.engine.term.Offset;
import org.deepregression4j.engine.term.PSpline;
import org.deepregression4j.engine.term.RandomEffect;
import org.deepregression4j.engine.term.Smooth;
import org.deepregression4j.engine.term.SmoothTerm;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.engine.term.ThinPlate;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Device;
import org.deepregression4j.onnx.runtime.OnnxSession;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;

/** The training program on a model with every kind of term and layer. */
class EpochProgramTest {
  private static final int N = 60;
  private static final double ROUNDING = 1e-12;

  private final double[] x = new double[N];
  private final double[] z = new double[N];
  private final double[] y = new double[N];
  private final int[] f = new int[N];
  private final double[] wide = new double[3 * N];

  EpochProgramTest() {
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < N; i++) {
      x[i] = random.nextDouble();
      z[i] = random.nextGaussian();
      f[i] = 1 + random.nextInt(3);
      y[i] = x[i] + random.nextGaussian();
      for (int k = 0; k < 3; k++) {
        wide[3 * i + k] = random.nextGaussian();
      }
    }
  }

  private TrainingData data() {
    Dataset columns =
        Dataset.builder(N)
            .doubles("x", x)
            .doubles("z", z)
            .ints("f", f)
            .ints("l", Arrays.stream(f).map(v -> v % 2).toArray())
            .matrix("M", wide, 3)
            .matrix("E", wide, 3)
            .build();
    return TrainingData.of(columns, Tensor.copyOf(ElementType.FLOAT64, y, N, 1));
  }

  private static final List<ColumnSpec> COLUMNS =
      List.of(
          ColumnSpec.real("x"),
          ColumnSpec.real("z"),
          ColumnSpec.factor("f", List.of("a", "b", "c")),
          ColumnSpec.logical("l"),
          ColumnSpec.matrix("M", 3),
          ColumnSpec.external("E", 3));

  private static Matrix square(int size) {
    double[] out = new double[size * size];
    Arrays.setAll(out, i -> Math.sin(i));
    return Matrix.copyOf(size, size, out);
  }

  private static Linear linear(String name, Component... components) {
    return new Linear(name, List.of(), List.of(components), false, null);
  }

  private static SmoothTerm smooth(String name, Smooth.Margin... margins) {
    Smooth one = new Smooth(name, List.of(margins), null, null);
    return new SmoothTerm(name, List.of(), List.of(one), null);
  }

  private static List<StructuredTerm> terms() {
    Expression x = Expression.column("x");
    Component factor = Component.factor("f", Matrix.copyOf(3, 2, 0, 0, 1, 0, 0, 1));
    Component logical = Component.factor("l", Matrix.copyOf(2, 1, 0, 1));
    Matrix knots = Matrix.vector(0, .3, .6, 1);
    return List.of(
        new Intercept(),
        linear("log(x)", Component.numeric(Expression.call("log", x))),
        linear("f:z", factor, Component.numeric("z")),
        linear("l", logical),
        linear("M", Component.matrix("M")),
        new Offset("offset(x)", x),
        smooth("s(x, bs = cr)", new Smooth.Margin(new CubicRegression(x, knots, square(4)))),
        smooth("s(x, bs = cc)", new Smooth.Margin(new CyclicCubic(x, knots, square(3)))),
        smooth(
            "te(x, f)",
            new Smooth.Margin(
                new PSpline(x, Matrix.vector(-1, -.5, 0, .5, 1, 1.5, 2), 2), square(4)),
            new Smooth.Margin(new RandomEffect(List.of(factor)))),
        smooth(
            "s(x)",
            new Smooth.Margin(
                new ThinPlate(
                    List.of(x),
                    Matrix.vector(.5),
                    Matrix.vector(-.4, 0, .4),
                    2,
                    Matrix.copyOf(5, 2, 1, 0, 0, 1, 2, 0, .5, 0, 0, 1),
                    Matrix.vector(0, 1)))),
        smooth("E", new Smooth.Margin(new ExternalBasis("E"))));
  }

  private static Network.Step step(String id, String input, Layer layer) {
    return new Network.Step(id, List.of(input), layer);
  }

  private static Network network() {
    return new Network(
        "net",
        List.of("in"),
        List.of(
            step("bn", "in", new BatchNormalization("bn", .9, .01, true, true)),
            step("d1", "bn", new Dense("d1", 4, Activation.TANH)),
            step("do", "d1", new Dropout("do", .4)),
            step("d2", "do", new Dense("d2", 1, Activation.LINEAR))),
        "d2");
  }

  private static ModelDefinition definition(ElementType precision, List<StructuredTerm> terms) {
    DeepTerm deep =
        new DeepTerm(
            "net(x, M)",
            "net",
            List.of(List.of(Component.numeric("x"), Component.matrix("M"))),
            false);
    return new ModelDefinition(
        Families.named("normal"),
        precision,
        1,
        1,
        COLUMNS,
        List.of(Predictor.of("loc", terms, deep), Predictor.of("scale", List.of(new Intercept()))),
        Map.of("net", network()));
  }

  private static FitOptions.Builder options() {
    return FitOptions.builder().plain(true).epochs(3).batchSize(7);
  }

  @Test
  void featuresPerBatchGiveTheSameFitForEveryKindOfTerm() {
    for (ElementType precision : new ElementType[] {ElementType.FLOAT64, ElementType.FLOAT32}) {
      double[][] weights = new double[2][];
      List<History> histories = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Model model = new Model(definition(precision, terms()));
        FitOptions options = options().memoryBudget(i == 0 ? 1L << 30 : 1).build();
        histories.add(model.fit(data(), options, TrainingListener.NONE));
        weights[i] = model.weights();
      }
      assertThat(Arrays.stream(weights[0])).allMatch(Double::isFinite);
      // Products of other sizes are summed in another order.
      double rounding = precision == ElementType.FLOAT64 ? 1e-11 : 1e-4;
      assertThat(weights[1]).containsExactly(weights[0], within(rounding));
      assertThat(histories.get(1).validationLoss().get(2))
          .isCloseTo(histories.get(0).validationLoss().get(2), within(rounding));
    }
  }

  /** Many steps in one call of the runtime, or one step per call: weights, layers, dropout. */
  @Test
  void howStepsArePartedIntoCallsDoesNotMatter() {
    ModelGraph graph = new ModelGraph(definition(ElementType.FLOAT64, terms()));
    RowSource source = RowSource.Evaluated.of(graph, data());
    Optimizer optimizer = new Optimizer.Adam(.05);
    double[][] got = new double[2][];
    double[] sums = new double[2];
    for (int way = 0; way < 2; way++) {
      try (EpochProgram program =
          EpochProgram.of(graph, source, optimizer, false, 5, Device.CPU, OnnxSession.Work.SMALL)) {
        EpochProgram.State state = new EpochProgram.State(start(graph), 0);
        int perCall = way == 0 ? 12 : 1;
        for (int from = 0; from < 12; from += perCall) {
          long[] rows = LongStream.range(5L * from, 5L * (from + perCall)).toArray();
          double[] rates = new double[perCall];
          Arrays.fill(rates, .05);
          state =
              program.run(
                  state.carried(),
                  Tensor.copyOf(rows, perCall, 5),
                  Tensor.copyOf(ElementType.FLOAT64, rates, perCall),
                  state.lossSum());
        }
        got[way] = state.carried().get("trained").toDoubles();
        sums[way] = state.lossSum();
      }
    }
    assertThat(got[1]).containsExactly(got[0]);
    assertThat(sums[1]).isEqualTo(sums[0]);
  }

  private static Map<String, Tensor> start(ModelGraph graph) {
    InitialWeights initial = new InitialWeights(graph, 1);
    double[] trained = initial.trained(new double[2]);
    double[] state = initial.state();
    Map<String, Tensor> out = new LinkedHashMap<>();
    out.put("trained", Tensor.copyOf(ElementType.FLOAT64, trained, trained.length));
    out.put("state", Tensor.copyOf(ElementType.FLOAT64, state, state.length));
    out.put("slot0", Tensor.allocate(ElementType.FLOAT64, trained.length));
    out.put("slot1", Tensor.allocate(ElementType.FLOAT64, trained.length));
    return out;
  }

  /** Batches of 25, 25 and 10 rows, twice: the averages depend on the inputs alone. */
  @Test
  void movingAveragesFollowTheBatchesAndServePrediction() {
    Model model = new Model(definition(ElementType.FLOAT64, List.of(new Intercept())));
    FitOptions options =
        options().epochs(2).batchSize(25).shuffle(false).validationSplit(0).build();
    model.fit(data(), options, TrainingListener.NONE);
    double[][] inputs = new double[N][4];
    for (int i = 0; i < N; i++) {
      inputs[i] = new double[] {x[i], wide[3 * i], wide[3 * i + 1], wide[3 * i + 2]};
    }
    double[] mean = new double[4];
    double[] variance = {1, 1, 1, 1};
    for (int batch = 0; batch < 6; batch++) {
      int from = 25 * (batch % 3);
      average(mean, variance, Arrays.copyOfRange(inputs, from, Math.min(N, from + 25)));
    }
    assertThat(entry(model, "bn/moving_mean")).containsExactly(mean, within(ROUNDING));
    assertThat(entry(model, "bn/moving_variance")).containsExactly(variance, within(ROUNDING));
    double[] eta = model.predict(data().columns()).linearPredictors().toDoubles();
    for (int i = 0; i < N; i++) {
      assertThat(eta[2 * i]).isCloseTo(predict(model, inputs[i], mean, variance), within(ROUNDING));
    }
  }

  private static void average(double[] mean, double[] variance, double[][] rows) {
    for (int k = 0; k < mean.length; k++) {
      int column = k;
      double m = Arrays.stream(rows).mapToDouble(r -> r[column]).average().orElseThrow();
      double v =
          Arrays.stream(rows).mapToDouble(r -> Math.pow(r[column] - m, 2)).sum() / rows.length;
      mean[k] = .9 * mean[k] + .1 * m;
      variance[k] = .9 * variance[k] + .1 * v;
    }
  }

  private static double[] entry(Model model, String name) {
    WeightEntries.Entry entry =
        model.entries().stream().filter(e -> e.name().equals(name)).findFirst().orElseThrow();
    return Arrays.copyOfRange(model.weights(), entry.offset(), entry.offset() + entry.size());
  }

  private static double predict(Model model, double[] row, double[] mean, double[] variance) {
    double out = model.coefficients("loc", "(Intercept)")[0] + entry(model, "d2/bias")[0];
    for (int h = 0; h < 4; h++) {
      double hidden = entry(model, "d1/bias")[h];
      for (int k = 0; k < 4; k++) {
        double standard = (row[k] - mean[k]) / Math.sqrt(variance[k] + .01);
        double scaled = standard * entry(model, "bn/gamma")[k] + entry(model, "bn/beta")[k];
        hidden += scaled * entry(model, "d1/kernel")[4 * k + h];
      }
      out += Math.tanh(hidden) * entry(model, "d2/kernel")[h];
    }
    return out;
  }
}
