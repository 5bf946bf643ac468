package org.deepregression4j.bridge.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.deepregression4j.engine.train.FitOptions;
import org.deepregression4j.engine.train.Optimizer;
import org.junit.jupiter.api.Test;

class FitReaderTest extends ReaderTest {
  @Test
  void everyOptionIsRead() {
    FitOptions got =
        FitReader.options(
            json(
                """
                {'epochs': 7, 'batch_size': 9, 'validation_split': 0.25, 'early_stopping': true,
                 'early_stopping_metric': 'loss', 'patience': 3, 'shuffle': false, 'seed': 11,
                 'optimizer': {'type': 'sgd'}, 'memory_budget_mb': 2, 'device': 'cuda:1',
                 'save_weights': true, 'warm_start': false}
                """));
    assertThat(got)
        .isEqualTo(
            new FitOptions(
                7,
                9,
                .25,
                true,
                "loss",
                3,
                false,
                11,
                new Optimizer.Sgd(),
                2L << 20,
                "cuda:1",
                true,
                true));
  }

  @Test
  void whatIsMissingIsTheEnginesDefault() {
    assertThat(FitReader.options(json("{}"))).isEqualTo(FitOptions.DEFAULT);
  }

  @Test
  void everyOptimizerIsReadWithItsOptionsAndDefaults() {
    Map<String, Optimizer> expected =
        Map.of(
            "{'type': 'adam'}",
            new Optimizer.Adam(),
            "{'type': 'adam', 'learning_rate': 1, 'beta_1': 0.2, 'beta_2': 0.3, 'epsilon': 4}",
            new Optimizer.Adam(1, .2, .3, 4),
            "{'type': 'sgd'}",
            new Optimizer.Sgd(),
            "{'type': 'sgd', 'learning_rate': 1, 'momentum': 0.2, 'nesterov': true}",
            new Optimizer.Sgd(1, .2, true),
            "{'type': 'rmsprop'}",
            new Optimizer.RmsProp(),
            "{'type': 'rmsprop', 'learning_rate': 1, 'rho': 0.2, 'momentum': 0.3, 'epsilon': 4,"
                + " 'centered': true}",
            new Optimizer.RmsProp(1, .2, .3, 4, true));
    expected.forEach(
        (text, optimizer) ->
            assertThat(FitReader.options(json("{'optimizer': " + text + "}")).optimizer())
                .isEqualTo(optimizer));
    Set<String> types =
        expected.keySet().stream()
            .map(t -> json(t).get("type").asText())
            .collect(Collectors.toSet());
    assertThat(types).isEqualTo(FitReader.OPTIMIZERS.keySet());
  }

  @Test
  void mistakesNameTheOption() {
    Map<String, String> mistakes =
        Map.of(
            "{'epochs': 0}", "epochs: expected at least 1, got 0",
            "{'epochs': '5'}", "specification, fit: expected a number as 'epochs', got \"5\"",
            "{'batch_size': 2.5}", "expected a whole number as 'batch_size', got 2.5",
            "{'validation_split': 1}", "validation_split: expected a share in [0, 1), got 1.0",
            "{'early_stopping_metric': 'acc'}", "expected 'val_loss' or 'loss', got 'acc'",
            "{'optimizer': {'type': 'adagrad'}}",
                "specification, fit.optimizer: unknown optimizer 'adagrad', known are [adam,",
            "{'optimizer': {'type': 'adam', 'learning_rate': 0}}",
                "adam: expected a learning rate above 0, got 0.0");
    mistakes.forEach(
        (text, message) ->
            assertThatThrownBy(() -> FitReader.options(json(text)))
                .as(text)
                .hasMessageContaining(message));
  }
}
