package org.deepregression4j.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BridgeTest {
  private static final String XY =
      "{\"rows\":4,\"columns\":[{\"name\":\"x\",\"kind\":\"double\"},"
          + "{\"name\":\"y\",\"kind\":\"double\"}]}";
  private static final double[] XY_VALUES = {1, 2, 3, 4, 10, 20, 30, 60};

  private final Bridge bridge = new Bridge(new MeanService());
  private final String table = bridge.plainTable(XY, XY_VALUES, new String[0]);

  @AfterEach
  void everyTestReleasesWhatItMakes() {
    bridge.release(table);
    assertThat(bridge.openHandles()).isZero();
  }

  private JsonNode await(String job) {
    while (true) {
      JsonNode state = Json.parse("state", bridge.poll(job, 50));
      if (!state.get("state").asText().equals("running")) {
        return state;
      }
    }
  }

  @Test
  void fitChangesTheModelAndKeepsLosses() {
    String model = bridge.newModel("{}", "");
    String job = bridge.startFit(model, table, "y", "", "", "", "{\"epochs\":3}");
    JsonNode state = await(job);
    assertThat(state.get("state").asText()).isEqualTo("done");
    assertThat(state.get("epoch").asInt()).isEqualTo(3);
    assertThat(state.has("val_loss")).isFalse();
    assertThat(bridge.result(job)).isEqualTo("{\"epochs_done\":3}");
    assertThat(bridge.numbers(job, "loss")).containsExactly(1, 1 / 2.0, 1 / 3.0);
    assertThat(bridge.weights(model)).containsExactly(30);
    bridge.release(job);
    bridge.release(model);
  }

  @Test
  void aResponseMayBeATableOfItsOwnAndPayloadReachesTheModel() {
    String one = "{\"rows\":2,\"columns\":[{\"name\":\"payload\",\"kind\":\"double\"}]}";
    String values = bridge.plainTable(one, new double[] {7, 9}, new String[0]);
    String model = bridge.newModel("{}", values);
    assertThat(bridge.weights(model)).containsExactly(7);
    String job = bridge.startFit(model, table, values, "", "", "", "{}");
    await(job);
    assertThat(bridge.weights(model)).containsExactly(8);
    bridge.release(job);
    bridge.release(values);
    bridge.release(model);
  }

  @Test
  void cancelStopsAFitThatLeavesAUsableModel() {
    String model = bridge.newModel("{}", "");
    String fit = "{\"epochs\":100000,\"sleep\":2}";
    String job = bridge.startFit(model, table, "y", "", "", "", fit);
    while (Json.parse("state", bridge.poll(job, 5)).get("epoch").asInt() < 3) {
      Thread.onSpinWait();
    }
    assertThat(bridge.cancel(job)).isTrue();
    JsonNode state = await(job);
    assertThat(state.get("state").asText()).isEqualTo("cancelled");
    int reached = state.get("epoch").asInt();
    assertThat(reached).isBetween(3, 1000);
    assertThat(bridge.result(job)).isEqualTo("{\"epochs_done\":" + reached + "}");
    assertThat(bridge.numbers(job, "loss")).hasSize(reached);
    assertThat(bridge.cancel(job)).isFalse();
    bridge.release(job);
    bridge.release(model);
  }

  @Test
  void aJobThatOnlyChecksEndsAsCancelled() {
    String model = bridge.newModel("{}", "");
    String job = bridge.startLogDensity(model, table, "y", "", 4);
    assertThat(catchThrowableOfType(BridgeException.class, () -> bridge.result(job)).code())
        .isEqualTo("argument");
    bridge.cancel(job);
    assertThat(await(job).get("state").asText()).isEqualTo("cancelled");
    assertThat(catchThrowableOfType(BridgeException.class, () -> bridge.result(job)).code())
        .isEqualTo("cancelled");
    bridge.release(job);
    bridge.release(model);
  }

  @Test
  void whatAJobUsesStaysOpenUntilItEnds() {
    String model = bridge.newModel("{}", "");
    String own = bridge.plainTable(XY, XY_VALUES, new String[0]);
    String job = bridge.startFit(model, own, "y", "", "", "", "{\"epochs\":20,\"sleep\":5}");
    assertThat(bridge.release(own)).isTrue();
    assertThat(bridge.release(model)).isTrue();
    assertThat(await(job).get("state").asText()).isEqualTo("done");
    assertThat(bridge.release(own)).isFalse();
    bridge.release(job);
  }

  @Test
  void errorsOfEveryKindReachTheCallerOfResult() {
    String model = bridge.newModel("{}", "");
    String job = bridge.startExport(model, "x.onnx", "{}");
    assertThat(await(job).get("state").asText()).isEqualTo("failed");
    BridgeException thrown = catchThrowableOfType(BridgeException.class, () -> bridge.result(job));
    assertThat(thrown.code()).isEqualTo("engine");
    assertThat(thrown).hasMessage("java.lang.StackOverflowError");
    bridge.release(job);
    bridge.release(model);
  }

  @Test
  void failuresNameTheTermAndTheCause() {
    BridgeException thrown =
        catchThrowableOfType(
            BridgeException.class, () -> bridge.newModel("{\"bad_term\":\"s(age)\"}", ""));
    JsonNode told = Json.parse("failure", thrown.toJson());
    assertThat(told.get("code").asText()).isEqualTo("term");
    assertThat(told.get("fields").get("term").asText()).isEqualTo("s(age)");
    assertThat(told.get("causes").get(0).asText())
        .startsWith("java.lang.IllegalStateException: inner");
  }

  @Test
  void badHandlesColumnsAndJsonAreNamed() {
    String model = bridge.newModel("{}", "");
    BridgeException other =
        catchThrowableOfType(BridgeException.class, () -> bridge.describe(table));
    assertThat(other).hasMessageStartingWith("model: expected a handle of a Model, got table:");
    BridgeException column =
        catchThrowableOfType(
            BridgeException.class, () -> bridge.startFit(model, table, "z", "", "", "", "{}"));
    assertThat(column).hasMessage("column 'z' is missing: the data have [x, y]");
    assertThat(column.fields()).containsEntry("column", "z");
    BridgeException json =
        catchThrowableOfType(BridgeException.class, () -> bridge.newModel("{", ""));
    assertThat(json.fields()).containsEntry("argument", "specJson");
    bridge.release(model);
    assertThat(
            catchThrowableOfType(BridgeException.class, () -> bridge.describe(model)).getMessage())
        .endsWith("was released");
  }

  @Test
  void resultsWithoutAnAddressAreRead() {
    String model = bridge.newModel("{}", "");
    bridge.setWeights(model, new double[] {2.5});
    String job = bridge.startPredict(model, table, "mean", "", 4);
    await(job);
    assertThat(bridge.numbers(job, "values")).containsExactly(2.5, 2.5, 2.5, 2.5);
    String wrong = bridge.startPredict(model, table, "mean", "", 3);
    await(wrong);
    assertThat(catchThrowableOfType(BridgeException.class, () -> bridge.result(wrong)).getMessage())
        .isEqualTo("mean: expected a vector of 4 values, got 3");
    bridge.release(job);
    bridge.release(wrong);
    bridge.release(model);
  }
}
