package org.deepregression4j.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.deepregression4j.engine.api.Model;
import org.deepregression4j.engine.family.Families;
import org.deepregression4j.engine.model.Dataset;
import org.deepregression4j.engine.model.ModelDefinition;
import org.deepregression4j.engine.model.Predictor;
import org.deepregression4j.engine.model.TrainingData;
import org.deepregression4j.engine.term.ColumnSpec;
import org.deepregression4j.engine.term.Component;
import org.deepregression4j.engine.term.Intercept;
import org.deepregression4j.engine.term.Linear;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.runtime.Tensor;
import org.junit.jupiter.api.Test;

class TrainerTest {
  private static final double ROUNDING = 1e-12;
  private static final double RATE = .02;

  private static Regression.Step descent() {
    return (w, g, t) -> {
      for (int i = 0; i < w.length; i++) {
        w[i] -= RATE * g[i];
      }
    };
  }

  private static FitOptions.Builder options(int epochs, int batch) {
    return FitOptions.builder()
        .plain(true)
        .epochs(epochs)
        .batchSize(batch)
        .shuffle(false)
        .validationSplit(0)
        .optimizer(new Optimizer.Sgd(RATE, 0, false));
  }

  private static double[] start() {
    return new double[] {.3, -.2, .1};
  }

  @Test
  void fullBatchesEqualPlainJava() {
    Regression regression = new Regression(9, 2);
    double[] want = start();
    List<Double> losses = regression.train(want, descent(), 9, 9, 5, 100);
    Model model = Regression.model(start());
    History history = model.fit(regression.data(), options(5, 64).build(), TrainingListener.NONE);
    assertThat(model.weights()).containsExactly(want, within(ROUNDING));
    assertThat(history.loss().get(4)).isCloseTo(losses.get(4), within(ROUNDING));
    assertThat(history.validationLoss()).isEmpty();
    assertThat(history.stop()).isEqualTo(History.Stop.FINISHED);
  }

  @Test
  void theSeedOfTheOrderDecides() {
    Regression regression = new Regression(30, 2);
    double[][] got = new double[3][];
    long[] seeds = {4, 4, 5};
    for (int i = 0; i < 3; i++) {
      Model model = Regression.model(start());
      FitOptions options = options(2, 4).shuffle(true).seed(seeds[i]).build();
      model.fit(regression.data(), options, TrainingListener.NONE);
      got[i] = model.weights();
    }
    assertThat(got[0]).containsExactly(got[1]);
    assertThat(got[0]).isNotEqualTo(got[2]);
  }

  @Test
  void anOrderVisitsEveryRowOnceAndTheShortBatchLast() {
    RowOrder order = new RowOrder(11, 4, 9);
    long[] before = null;
    for (int epoch = 0; epoch < 3; epoch++) {
      order.shuffle();
      assertThat(order.batches()).isEqualTo(3);
      assertThat(order.run(0, 100)).isEqualTo(2);
      assertThat(order.run(2, 100)).isEqualTo(1);
      assertThat(order.size(2)).isEqualTo(3);
      double[] full = order.indices(0, 2).toDoubles();
      double[] rest = order.indices(2, 1).toDoubles();
      double[] all = Arrays.copyOf(full, 11);
      System.arraycopy(rest, 0, all, 8, 3);
      long[] rows = Arrays.stream(all).mapToLong(v -> (long) v).toArray();
      assertThat(rows).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
      assertThat(rows).isNotEqualTo(before);
      before = rows;
    }
  }

  /** Keras trains on the first floor(n (1 - split)) rows. */
  @Test
  void theValidationSplitIsTheLastFraction() {
    Regression regression = new Regression(15, 2);
    double[] want = start();
    regression.train(want, descent(), 13, 4, 2, 100);
    Model model = Regression.model(start());
    FitOptions options = options(2, 4).validationSplit(.1).build();
    History history = model.fit(regression.data(), options, TrainingListener.NONE);
    assertThat(model.weights()).containsExactly(want, within(ROUNDING));
    assertThat(history.validationLoss().get(1))
        .isCloseTo(regression.loss(want, 13, 15), within(ROUNDING));
  }

  @Test
  void aSplitThatLeavesNothingIsRefused() {
    Regression regression = new Regression(3, 2);
    FitOptions options = options(2, 4).validationSplit(.99).build();
    assertThatThrownBy(
            () -> Regression.model().fit(regression.data(), options, TrainingListener.NONE))
        .hasMessage("validation_split: 0.99 leaves no row of 3 to train on");
  }

  /** Steps that are too long for the validation rows: their loss falls first and rises then. */
  private static History stopped(int patience, Model model, int epochs) {
    Regression train = new Regression(20, 2);
    Regression other = new Regression(20, 3);
    for (int i = 0; i < other.y.length; i++) {
      other.y[i] -= .6;
    }
    FitOptions options =
        options(epochs, 20).earlyStopping(true).patience(patience).savesWeights(true).build();
    return model.fit(train.data(), Optional.of(other.data()), options, TrainingListener.NONE);
  }

  @Test
  void earlyStoppingRestoresTheBestWeights() {
    Model model = Regression.model(start());
    History history = stopped(5, model, 1000);
    List<Double> watched = history.validationLoss();
    int best = watched.indexOf(watched.stream().min(Double::compare).orElseThrow()) + 1;
    assertThat(history.stop()).isEqualTo(History.Stop.EARLY);
    assertThat(best).isBetween(2, 900);
    assertThat(history.bestEpoch()).isEqualTo(best);
    assertThat(watched).hasSize(best + 5);
    assertThat(history.weights()).hasSize(best + 5);
    assertThat(model.weights()).containsExactly(history.weights().get(best - 1));
    assertThat(history.message())
        .isEqualTo(
            "val_loss has not improved since epoch %d; stopped after epoch %d with the weights of"
                    .formatted(best, best + 5)
                + " epoch "
                + best);
  }

  /** Keras's EarlyStopping(patience = 0) ends at the first epoch that is no better. */
  @Test
  void patienceZeroStopsAtTheFirstEpochThatIsNoBetter() {
    Model model = Regression.model(start());
    History history = stopped(0, model, 1000);
    assertThat(history.bestEpoch()).isGreaterThan(1);
    assertThat(history.validationLoss()).hasSize(history.bestEpoch() + 1);
  }

  @Test
  void theBestWeightsAreKeptWhenTheEpochsRunOut() {
    Model model = Regression.model(start());
    int best = stopped(5, Regression.model(start()), 1000).bestEpoch();
    History history = stopped(100, model, best + 3);
    assertThat(history.stop()).isEqualTo(History.Stop.FINISHED);
    assertThat(model.weights()).containsExactly(history.weights().get(best - 1));
  }

  @Test
  void watchingWhatIsNotThereIsRefusedBeforeTraining() {
    Regression regression = new Regression(20, 2);
    Model model = Regression.model(start());
    FitOptions options = options(3, 4).earlyStopping(true).build();
    assertThatThrownBy(() -> model.fit(regression.data(), options, progress -> false))
        .hasMessageContaining(
            "early_stopping watches 'val_loss', but there are no validation data");
    assertThat(model.weights()).containsExactly(start());
  }

  @Test
  void trainingLossCanBeWatched() {
    Regression regression = new Regression(20, 2);
    Model model = Regression.model(start());
    FitOptions options =
        options(4000, 20)
            .earlyStopping(true)
            .metric("loss")
            .patience(2)
            .optimizer(new Optimizer.Sgd(.3, 0, false))
            .build();
    History history = model.fit(regression.data(), options, TrainingListener.NONE);
    assertThat(history.stop()).isEqualTo(History.Stop.EARLY);
    // The gradient vanishes where the loss stops falling.
    double[] gradient = regression.gradient(model.weights(), 0, 20);
    assertThat(gradient).containsExactly(new double[3], within(1e-6));
  }

  /** The first call of the runtime takes 16 steps. */
  @Test
  void cancellingInTheMiddleOfAnEpochKeepsTheWeightsOfThatMoment() {
    Regression regression = new Regression(100, 2);
    double[] want = start();
    regression.train(want, descent(), 100, 2, 1, 16);
    Model model = Regression.model(start());
    History history = model.fit(regression.data(), options(3, 2).build(), progress -> false);
    assertThat(history.stop()).isEqualTo(History.Stop.CANCELLED);
    assertThat(model.weights()).containsExactly(want, within(ROUNDING));
    assertThat(history.message())
        .isEqualTo(
            "stopped in epoch 1 of 3 after 16 of 50 batches; the model keeps the weights it had"
                + " then");
    assertThat(history.loss()).isEmpty();
  }

  @Test
  void progressIsReportedInOrder() {
    Regression regression = new Regression(100, 2);
    Model model = Regression.model(start());
    long[] last = {0, 0};
    model.fit(
        regression.data(),
        options(3, 2).validationSplit(.2).build(),
        now -> {
          assertThat(now.epoch() * 1000L + now.batch()).isGreaterThan(last[0]);
          assertThat(now.batches()).isEqualTo(40);
          assertThat(now.epochs()).isEqualTo(3);
          assertThat(Double.isNaN(now.validationLoss())).isEqualTo(now.epoch() == 1);
          last[0] = now.epoch() * 1000L + now.batch();
          last[1]++;
          return true;
        });
    assertThat(last[0]).isEqualTo(3040);
  }

  private static Model poisson() {
    Linear slope = new Linear("x", List.of("x"), List.of(Component.numeric("x")), false, null);
    return new Model(
        new ModelDefinition(
            Families.named("poisson"),
            ElementType.FLOAT64,
            1,
            1,
            List.of(ColumnSpec.real("x")),
            List.of(Predictor.of("rate", List.of(new Intercept(), slope))),
            Map.of()));
  }

  private static TrainingData counts() {
    double[] x = new double[40];
    double[] y = new double[40];
    SplittableRandom random = new SplittableRandom(8);
    for (int i = 0; i < 40; i++) {
      x[i] = random.nextDouble();
      y[i] = random.nextInt(1000);
    }
    Dataset columns = Dataset.builder(40).doubles("x", x).build();
    return TrainingData.of(columns, Tensor.copyOf(ElementType.FLOAT64, y, 40, 1));
  }

  /** Steps of such a rate leave exp() no number within a few batches. */
  @Test
  void aBrokenLossNamesTheParameterAndGoesBackToWeightsThatWork() {
    for (int batch : new int[] {4, 40}) {
      Model model = poisson();
      model.setWeights(new double[] {1, 0});
      TrainingData data = counts();
      FitOptions options = options(50, batch).optimizer(new Optimizer.Sgd(5, 0, false)).build();
      History history = model.fit(data, options, TrainingListener.NONE);
      assertThat(history.stop()).isEqualTo(History.Stop.NOT_FINITE);
      assertThat(history.message()).contains("the loss is no longer a number in epoch");
      assertThat(history.message()).contains("parameter 'rate'");
      assertThat(Arrays.stream(model.logDensity(data))).allMatch(Double::isFinite);
    }
  }

  /** The loss of the only step is finite, what the step makes of the weights is not. */
  @Test
  void weightsThatBreakInTheLastStepAreNotKept() {
    Model model = poisson();
    model.setWeights(new double[] {700, 0});
    TrainingData data = counts();
    FitOptions options = options(1, 40).optimizer(new Optimizer.Sgd(1e100, 0, false)).build();
    History history = model.fit(data, options, TrainingListener.NONE);
    assertThat(history.stop()).isEqualTo(History.Stop.NOT_FINITE);
    assertThat(model.weights()).containsExactly(700, 0);
  }

  @Test
  void badDataAreRefusedWithNumbers() {
    Regression regression = new Regression(4, 2);
    Tensor one = Tensor.copyOf(ElementType.FLOAT64, new double[4], 4, 1);
    assertThatThrownBy(() -> TrainingData.of(Dataset.builder(0).build(), one))
        .hasMessage("the data have zero rows");
    Tensor two = Tensor.copyOf(ElementType.FLOAT64, new double[8], 4, 2);
    TrainingData wide = TrainingData.of(regression.data().columns(), two);
    FitOptions options = options(1, 4).build();
    assertThatThrownBy(() -> Regression.model().fit(wide, options, TrainingListener.NONE))
        .hasMessage("response: expected 1 column(s), got 2");
    Tensor three = Tensor.copyOf(ElementType.FLOAT64, new double[3], 3, 1);
    assertThatThrownBy(() -> TrainingData.of(regression.data().columns(), three))
        .hasMessage("response: expected 4 rows as the data have, got 3");
    regression.rowWeights[2] = -1;
    assertThatThrownBy(
            () -> Regression.model().fit(regression.data(), options, TrainingListener.NONE))
        .hasMessage("weights: expected numbers of at least 0, got -1.0 in row 3");
    TrainingData other = TrainingData.of(Dataset.builder(4).doubles("z", 1, 2, 3, 4).build(), one);
    assertThatThrownBy(() -> Regression.model().fit(other, options, TrainingListener.NONE))
        .hasMessage("column 'x' is missing; the data has [z]");
  }
}
