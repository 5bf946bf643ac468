package org.deepregression4j.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The engine behind the facade: y ~ N(1 + d + f + i, 1) with every way in which data can come. */
class EngineModelTest {
  private static final String SPEC =
      """
      {'family': 'normal', 'columns': [{'name': 'd', 'type': 'double'},
       {'name': 'i', 'type': 'integer'}, {'name': 'f', 'type': 'factor', 'levels': ['a', 'b', 'c']},
       {'name': 'M', 'type': 'matrix', 'width': 2}],
       'predictors': [{'name': 'loc', 'terms': [
        {'kind': 'linear', 'name': 'd', 'labels': 'd',
         'components': [{'kind': 'numeric', 'expr': {'column': 'd'}}]},
        {'kind': 'linear', 'name': 'i',
         'components': [{'kind': 'numeric', 'expr': {'column': 'i'}}]},
        {'kind': 'linear', 'name': 'f', 'labels': ['fb', 'fc'], 'components': [
         {'kind': 'factor', 'column': 'f', 'contrasts': {'rows': 3, 'columns': 2, 'offset': 0}}]},
        {'kind': 'deep', 'name': 'net(M)', 'network': 'net',
         'inputs': [[{'kind': 'matrix', 'column': 'M'}]]},
        {'kind': 'intercept', 'name': '(Intercept)', 'weights': {'trainable': false}}]},
       {'name': 'scale', 'terms': [{'kind': 'intercept', 'name': '(Intercept)'}]}],
       'networks': [{'name': 'net', 'inputs': ['in'], 'output': 'out', 'layers': [
        {'id': 'out', 'type': 'dense', 'inputs': ['in'], 'units': 1, 'use_bias': false}]}]}
      """
          .replace('\'', '"');

  /** Treatment contrasts, column by column. */
  private static final double[] CONTRASTS = {0, 1, 0, 0, 0, 1};

  /** d, i, fb, fc, intercept of loc, of scale, kernel. */
  private static final double[] WEIGHTS = {2, 3, 10, 20, 1, 0, .5, -.5};

  private final Bridge bridge = new Bridge(new EngineService());
  private final List<String> handles = new ArrayList<>();
  private final String model = keep(bridge.newModel(SPEC, payload()));

  private String keep(String handle) {
    handles.add(handle);
    return handle;
  }

  private String payload() {
    String schema = "{\"rows\":6,\"columns\":[{\"name\":\"p\",\"kind\":\"double\"}]}";
    return keep(bridge.plainTable(schema, CONTRASTS, new String[0]));
  }

  @AfterEach
  void nothingStaysOpen() {
    handles.forEach(bridge::release);
    assertThat(bridge.openHandles()).isZero();
  }

  private String table(String d, String i, String f, double[] values, String... texts) {
    String schema =
        ("{'rows': 2, 'columns': [{'name': 'd', 'kind': '%s'}, {'name': 'i', 'kind': '%s'},"
                + " {'name': 'f', %s}, {'name': 'M', 'kind': 'matrix', 'width': 2}]}")
            .formatted(d, i, f)
            .replace('\'', '"');
    return keep(bridge.plainTable(schema, values, texts));
  }

  private static String factor(String levels) {
    return "'kind': 'factor', 'levels': [" + levels + "]";
  }

  private JsonNode await(String job) {
    JsonNode state;
    do {
      state = Json.parse("state", bridge.poll(job, 50));
    } while (state.get("state").asText().equals("running"));
    return state;
  }

  private double[] means(String table) {
    bridge.setWeights(model, WEIGHTS);
    String job = keep(bridge.startPredict(model, table, "mean", "", 2));
    await(job);
    bridge.result(job);
    return bridge.numbers(job, "values");
  }

  private BridgeException refused(String table) {
    return catchThrowableOfType(BridgeException.class, () -> means(table));
  }

  @Test
  void weightsAreDescribedAndComeBack() {
    JsonNode parameters = Json.parse("model", bridge.describe(model)).get("parameters");
    List<String> got = new ArrayList<>();
    parameters.forEach(
        p ->
            got.add(
                String.join(
                    " ",
                    p.get("predictor").asText(),
                    p.get("term").asText(),
                    p.get("rows").asText(),
                    p.get("columns").asText(),
                    p.get("offset").asText(),
                    p.get("trainable").asText(),
                    p.get("labels").toString())));
    assertThat(got)
        .containsExactly(
            "loc d 1 1 0 true [\"d\"]",
            "loc i 1 1 1 true [\"i\"]",
            "loc f 2 1 2 true [\"fb\",\"fc\"]",
            "loc (Intercept) 1 1 4 false [\"(Intercept)\"]",
            "scale (Intercept) 1 1 5 true [\"(Intercept)\"]",
            " out/kernel 2 1 6 true []");
    bridge.setWeights(model, WEIGHTS);
    assertThat(bridge.weights(model)).containsExactly(WEIGHTS);
    BridgeException thrown =
        catchThrowableOfType(BridgeException.class, () -> bridge.setWeights(model, new double[3]));
    assertThat(thrown).hasMessage("weights: expected 8 numbers, got 3");
  }

  @Test
  void predictionsFollowTheWeights() {
    double[] values = {.5, -1, 2, 3, 1, 3, .1, .2, .3, .4};
    double[] got = means(table("double", "integer", factor("'a', 'b', 'c'"), values));
    assertThat(got[0]).isCloseTo(1 + 2 * .5 + 3 * 2 + 0 + .5 * .1 - .5 * .3, within(1e-14));
    assertThat(got[1]).isCloseTo(1 - 2 + 3 * 3 + 20 + .5 * .2 - .5 * .4, within(1e-14));
  }

  @Test
  void levelsInAnotherOrderAndTextsAreCodedAnew() {
    double[] usual = {1, 1, 2, 3, 2, 3, 0, 0, 0, 0};
    double[] want = means(table("double", "integer", factor("'a', 'b', 'c'"), usual));
    double[] other = {1, 1, 2, 3, 2, 1, 0, 0, 0, 0};
    assertThat(means(table("double", "integer", factor("'c', 'b', 'unused'"), other)))
        .containsExactly(want);
    double[] rest = {1, 1, 2, 3, 0, 0, 0, 0};
    assertThat(means(table("double", "integer", "'kind': 'string'", rest, "b", "c")))
        .containsExactly(want);
  }

  @Test
  void anUnseenLevelIsNamed() {
    double[] values = {1, 1, 2, 3, 1, 2, 0, 0, 0, 0};
    BridgeException thrown = refused(table("double", "integer", factor("'a', 'z'"), values));
    assertThat(thrown.code()).isEqualTo("column");
    assertThat(thrown.fields()).containsEntry("column", "f");
    assertThat(thrown)
        .hasMessage("column 'f': level 'z' was not seen in training, known are [a, b, c]");
  }

  @Test
  void missingValuesGiveMissingPredictions() {
    double na = Double.NaN;
    for (double[] values :
        new double[][] {
          {na, 1, 2, 3, 1, 2, 0, 0, 0, 0},
          {1, 1, na, 3, 1, 2, 0, 0, 0, 0},
          {1, 1, 2, 3, na, 2, 0, 0, 0, 0}
        }) {
      for (String levels : new String[] {"'a', 'b', 'c'", "'a', 'b'"}) {
        double[] got = means(table("double", "integer", factor(levels), values));
        assertThat(got[0]).isNaN();
        assertThat(got[1]).isEqualTo(1 + 2 + 9 + 10);
      }
    }
  }

  @Test
  void integersServeAsDoublesAndWholeDoublesAsIntegers() {
    double[] values = {1, 2, 2, 3, 1, 2, 0, 0, 0, 0};
    String levels = factor("'a', 'b', 'c'");
    double[] want = means(table("double", "integer", levels, values));
    assertThat(means(table("integer", "double", levels, values))).containsExactly(want);
    assertThat(means(table("integer", "integer", levels, values))).containsExactly(want);
    double[] half = {1, 2, 2, 2.5, 1, 2, 0, 0, 0, 0};
    assertThat(refused(table("double", "double", levels, half)))
        .hasMessageContaining("column 'i': expected whole numbers as in training (row 2: 2.5)");
  }

  @Test
  void wrongTypesAreNamed() {
    double[] values = {1, 2, 2, 3, 1, 2, 0, 0, 0, 0};
    BridgeException numbers = refused(table("double", "integer", "'kind': 'double'", values));
    assertThat(numbers).hasMessage("column 'f': expected a factor, got DOUBLE of width 1");
    String text = "'kind': 'string'";
    String schema =
        ("{'rows': 1, 'columns': [{'name': 'd', "
                + text
                + "}, {'name': 'i', 'kind': 'integer'}, {'name': 'f', "
                + text
                + "}, {'name': 'M', 'kind': 'matrix', 'width': 3}]}")
            .replace('\'', '"');
    String other =
        keep(bridge.plainTable(schema, new double[] {1, 0, 0, 0}, new String[] {"no", "a"}));
    assertThat(refused(other)).hasMessage("column 'd': expected numbers, got STRING of width 1");
  }

  @Test
  void whatDoesNotFitNamesTheTerm() {
    String wrong = SPEC.replace("\"column\": \"d\"", "\"column\": \"unknown\"");
    BridgeException thrown =
        catchThrowableOfType(BridgeException.class, () -> bridge.newModel(wrong, handles.get(0)));
    assertThat(thrown.code()).isEqualTo("term");
    assertThat(thrown.fields()).containsEntry("term", "d").containsEntry("predictor", "loc");
    String units = SPEC.replace("\"units\": 1", "\"units\": 4");
    BridgeException deep =
        catchThrowableOfType(BridgeException.class, () -> bridge.newModel(units, handles.get(0)));
    assertThat(deep.fields()).containsEntry("term", "net(M)").containsEntry("predictor", "loc");
    assertThat(deep).hasMessageContaining("must end with 1 unit(s)");
    String factors = SPEC.replace("\"rows\": 3, \"columns\": 2", "\"rows\": 2, \"columns\": 3");
    BridgeException contrasts =
        catchThrowableOfType(BridgeException.class, () -> bridge.newModel(factors, handles.get(0)));
    assertThat(contrasts.fields()).containsEntry("term", "f");
  }

  @Test
  void fitsTellHowTheyEndedAndKeepWeightsInTheOrderOfTheDescription() {
    double[] values = {1, 2, 2, 3, 1, 2, .1, .2, .3, .4};
    String data = table("double", "integer", factor("'a', 'b', 'c'"), values);
    String one = "{\"rows\":2,\"columns\":[{\"name\":\"y\",\"kind\":\"integer\"}]}";
    String y = keep(bridge.plainTable(one, new double[] {3, 5}, new String[0]));
    bridge.setWeights(model, WEIGHTS);
    String fit =
        "{\"epochs\":3,\"save_weights\":true,\"warm_start\":false,\"validation_split\":0,"
            + "\"optimizer\":{\"type\":\"adam\",\"learning_rate\":0.1}}";
    String job = keep(bridge.startFit(model, data, y, "", "", "", fit));
    assertThat(await(job).get("state").asText()).isEqualTo("done");
    JsonNode result = Json.parse("result", bridge.result(job));
    assertThat(result.get("stop").asText()).isEqualTo("finished");
    assertThat(bridge.numbers(job, "loss")).hasSize(3);
    double[] saved = bridge.numbers(job, "weights");
    assertThat(saved).hasSize(3 * WEIGHTS.length);
    assertThat(java.util.Arrays.copyOfRange(saved, 16, 24)).containsExactly(bridge.weights(model));
    assertThat(saved[4]).isEqualTo(1); // the intercept is not trained
  }

  @Test
  void predictorsAndMeansHaveWidthsOfTheirOwn() {
    String terms = "'terms': [{'kind': 'intercept', 'name': '(Intercept)'}]";
    String spec =
        "{'family': 'binomial', 'response_columns': 2, 'predictors': [{'name': 'logits', "
            + terms
            + "}]}";
    String shares = keep(bridge.newModel(spec.replace('\'', '"'), ""));
    JsonNode got = Json.parse("model", bridge.describe(shares));
    assertThat(got.get("response_columns").asInt()).isEqualTo(2);
    assertThat(got.get("predictor_columns").asInt()).isEqualTo(1);
    assertThat(got.get("mean_columns").asInt()).isEqualTo(1);
    bridge.setWeights(shares, new double[] {Math.log(3)});
    String rows = keep(bridge.plainTable(numbers("(rows)", 2, 1), new double[2], NONE));
    String job = keep(bridge.startPredict(shares, rows, "mean", "", 2));
    await(job);
    assertThat(bridge.numbers(job, "values"))
        .containsExactly(new double[] {.75, .75}, within(1e-15));
    String joint = spec.replace("'binomial'", "{'name': 'multivariate_normal', 'dimension': 3}");
    BridgeException wrong =
        catchThrowableOfType(
            BridgeException.class, () -> bridge.newModel(joint.replace('\'', '"'), ""));
    assertThat(wrong).hasMessageContaining("has 9 parameters, got 1 formulas");
  }

  @Test
  void distributionsOfAFamilyAreAskedForQuantities() {
    JsonNode normal = Json.parse("family", bridge.describeFamily("\"normal\"", 1));
    assertThat(normal.get("parameters").toString()).isEqualTo("[\"loc\",\"scale\"]");
    assertThat(normal.get("predictor_columns").asInt()).isEqualTo(1);
    assertThat(normal.get("has").toString()).contains("\"quantile\"");
    String family = "{\"name\":\"normal\",\"links\":[\"identity\",\"identity\"]}";
    String eta = keep(bridge.plainTable(numbers("eta", 2, 2), new double[] {1, -3, 2, .5}, NONE));
    String levels = keep(bridge.plainTable(numbers("p", 1, 2), new double[] {.5, .975}, NONE));
    String job = keep(bridge.startDistribution(family, "quantile", 1, eta, levels, "", 4));
    assertThat(await(job).get("state").asText()).isEqualTo("done");
    double z = 1.959963984540054;
    assertThat(bridge.numbers(job, "values"))
        .containsExactly(new double[] {1, -3, 1 + 2 * z, -3 + .5 * z}, within(1e-12));
    BridgeException wrong =
        catchThrowableOfType(
            BridgeException.class, () -> bridge.describeFamily("{\"name\":\"quantile\"}", 1));
    assertThat(wrong).hasMessageContaining("expected one number 'level'");
  }

  private static final String[] NONE = new String[0];

  private static String numbers(String name, int rows, int width) {
    String column = "{'name': '" + name + "', 'kind': 'matrix', 'width': " + width + "}";
    return ("{'rows': " + rows + ", 'columns': [" + column + "]}").replace('\'', '"');
  }
}
