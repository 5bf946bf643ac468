package org.deepregression4j.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deepregression4j.engine.api.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every optimiser against its formula in plain Java, through the training program. */
class OptimizerTest {
  private static final double[] START = {.3, -.2, .1};
  private static final int ROWS = 10;

  /** Rounding of a dozen steps. */
  private static final double ROUNDING = 1e-12;

  record Case(Optimizer optimizer, Regression.Step plain) {}

  static Stream<Case> cases() {
    return Stream.of(
        new Case(new Optimizer.Adam(.02, .8, .95, 1e-3), adam(.02, .8, .95, 1e-3)),
        new Case(new Optimizer.Adam(), adam(1e-3, .9, .999, 1e-7)),
        new Case(new Optimizer.Sgd(), sgd(.01, 0, false)),
        new Case(new Optimizer.Sgd(.05, .7, false), sgd(.05, .7, false)),
        new Case(new Optimizer.Sgd(.05, .7, true), sgd(.05, .7, true)),
        new Case(new Optimizer.Sgd(.05, 0, true), sgd(.05, 0, true)),
        new Case(new Optimizer.RmsProp(), rmsprop(1e-3, .9, 0, 1e-7, false)),
        new Case(
            new Optimizer.RmsProp(.02, .8, .5, 1e-4, false), rmsprop(.02, .8, .5, 1e-4, false)),
        new Case(new Optimizer.RmsProp(.02, .8, 0, 1e-4, true), rmsprop(.02, .8, 0, 1e-4, true)),
        new Case(new Optimizer.RmsProp(.02, .8, .5, 1e-4, true), rmsprop(.02, .8, .5, 1e-4, true)));
  }

  /** Kingma and Ba (2015), algorithm 1 in the order of section 2's last remark. */
  private static Regression.Step adam(double rate, double b1, double b2, double epsilon) {
    double[] m = new double[3];
    double[] v = new double[3];
    return (w, g, t) -> {
      double step = rate * Math.sqrt(1 - Math.pow(b2, t)) / (1 - Math.pow(b1, t));
      for (int i = 0; i < 3; i++) {
        m[i] = b1 * m[i] + (1 - b1) * g[i];
        v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i];
        w[i] -= step * m[i] / (Math.sqrt(v[i]) + epsilon);
      }
    };
  }

  private static Regression.Step sgd(double rate, double momentum, boolean nesterov) {
    double[] velocity = new double[3];
    return (w, g, t) -> {
      for (int i = 0; i < 3; i++) {
        velocity[i] = momentum * velocity[i] - rate * g[i];
        w[i] += nesterov ? momentum * velocity[i] - rate * g[i] : velocity[i];
      }
    };
  }

  private static Regression.Step rmsprop(
      double rate, double rho, double momentum, double epsilon, boolean centered) {
    double[] square = new double[3];
    double[] mean = new double[3];
    double[] velocity = new double[3];
    return (w, g, t) -> {
      for (int i = 0; i < 3; i++) {
        square[i] = rho * square[i] + (1 - rho) * g[i] * g[i];
        mean[i] = rho * mean[i] + (1 - rho) * g[i];
        double variance = square[i] - (centered ? mean[i] * mean[i] : 0);
        velocity[i] = momentum * velocity[i] + rate * g[i] / Math.sqrt(variance + epsilon);
        w[i] -= velocity[i];
      }
    };
  }

  /** Batches of 4, 4 and 2 rows in order, four epochs. */
  @ParameterizedTest
  @MethodSource("cases")
  void stepsEqualPlainJava(Case about) {
    Regression regression = new Regression(ROWS, 5);
    double[] want = START.clone();
    List<Double> losses = regression.train(want, about.plain(), ROWS, 4, 4, 100);
    Model model = Regression.model(START);
    FitOptions options =
        FitOptions.builder()
            .plain(true)
            .epochs(4)
            .batchSize(4)
            .validationSplit(0)
            .shuffle(false)
            .optimizer(about.optimizer())
            .build();
    History history = model.fit(regression.data(), options, TrainingListener.NONE);
    assertThat(model.weights()).containsExactly(want, within(ROUNDING));
    for (int epoch = 0; epoch < 4; epoch++) {
      assertThat(history.loss().get(epoch)).isCloseTo(losses.get(epoch), within(ROUNDING));
    }
  }

  @Test
  void everyOptimizerHasACase() {
    Set<Class<?>> covered = cases().map(c -> c.optimizer().getClass()).collect(Collectors.toSet());
    Set<Class<?>> exist =
        Arrays.stream(Optimizer.class.getDeclaredClasses())
            .filter(Optimizer.class::isAssignableFrom)
            .collect(Collectors.toSet());
    assertThat(exist).isNotEmpty().isEqualTo(covered);
  }

  /** A large, constant gradient: its centred variance is zero, and rounding must not go below. */
  @Test
  void centredRmspropBearsConstantGradients() {
    Regression regression = new Regression(1, 1);
    regression.y[0] = 1e9;
    Model model = Regression.model(0, 0, 0);
    FitOptions options =
        FitOptions.builder()
            .plain(true)
            .epochs(300)
            .batchSize(1)
            .validationSplit(0)
            .optimizer(new Optimizer.RmsProp(1e-12, .9, 0, 1e-7, true))
            .build();
    History history = model.fit(regression.data(), options, TrainingListener.NONE);
    assertThat(history.stop()).isEqualTo(History.Stop.FINISHED);
    assertThat(Arrays.stream(model.weights())).allMatch(Double::isFinite);
  }

  @Test
  void domainsAreChecked() {
    for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new Optimizer.Adam(bad))
          .hasMessage("adam: expected a learning rate above 0, got " + bad);
      assertThatThrownBy(() -> new Optimizer.Sgd(bad, 0, false)).hasMessageStartingWith("sgd: ");
      assertThatThrownBy(() -> new Optimizer.RmsProp(bad, .9, 0, 1e-7, false))
          .hasMessageStartingWith("rmsprop: expected a learning rate");
    }
    for (double bad : new double[] {1, -.1, Double.NaN}) {
      assertThatThrownBy(() -> new Optimizer.Adam(.1, bad, .9, 0))
          .hasMessage("adam: expected beta_1 in [0, 1), got " + bad);
      assertThatThrownBy(() -> new Optimizer.Adam(.1, .9, bad, 0)).hasMessageContaining("beta_2");
      assertThatThrownBy(() -> new Optimizer.Sgd(.1, bad, false)).hasMessageContaining("momentum");
      assertThatThrownBy(() -> new Optimizer.RmsProp(.1, bad, 0, 1, false))
          .hasMessageContaining("rho");
      assertThatThrownBy(() -> new Optimizer.RmsProp(.1, .9, bad, 1, false))
          .hasMessageContaining("momentum");
    }
    assertThatThrownBy(() -> new Optimizer.Adam(.1, .9, .9, -1)).hasMessageContaining("epsilon");
    assertThatThrownBy(() -> new Optimizer.RmsProp(.1, .9, 0, Double.NaN, false))
        .hasMessage("rmsprop: expected epsilon of at least 0, got NaN");
  }
}
