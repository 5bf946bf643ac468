package org.deepregression4j.onnx.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Shape;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.scoring.Column.Kind;
import org.deepregression4j.onnx.scoring.ScoringException.Code;
import org.deepregression4j.onnx.writer.OnnxWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Quantiles and log-densities: y_c uniform on (x, x + c), for c = 1, 2 columns. */
class OptionalOutputsTest {
  private static final List<Double> LEVELS = List.of(.25, .9);
  private static final double[] X = {0, 2, -1.5};

  @TempDir Path folder;

  /** The columns are called as what the file has besides them. */
  private static ModelSignature signature(String... outputs) {
    List<String> all = new ArrayList<>(List.of("parameters", "mean"));
    all.addAll(Arrays.asList(outputs));
    List<Double> levels = all.contains("quantile") ? LEVELS : List.of();
    return new ModelSignature(
        List.of(Column.of("response", Kind.DOUBLE), Column.of("quantile", Kind.DOUBLE)),
        "uniform",
        List.of("low.1", "low.2"),
        all,
        levels);
  }

  private static ScoringModel model(String... outputs) {
    ModelSignature signature = signature(outputs);
    Map<String, Value> in = HouseModel.inputs(signature);
    Value x = Ops.unsqueeze(in.get(signature.inputName(signature.columns().get(0))), 1);
    Value low = Ops.concat(List.of(x, x), 1);
    Value width = Ops.matrix(ElementType.FLOAT64, new double[] {1, 2}, 1, 2);
    Map<String, Value> out = new LinkedHashMap<>();
    out.put("parameters", low);
    out.put("mean", Ops.add(low, Ops.mul(width, .5)));
    if (signature.outputs().contains("quantile")) {
      List<Value> quantiles = LEVELS.stream().map(p -> Ops.add(low, Ops.mul(width, p))).toList();
      out.put("quantile", Ops.concat(quantiles, 1));
    }
    if (signature.outputs().contains("log_density")) {
      Value y = Ops.input("response", ElementType.FLOAT64, Shape.rows("n", 2));
      in.put("response", y);
      Value sum = Ops.sum(Ops.mul(Ops.sub(y, low), 0.0), true, 1);
      out.put("log_density", Ops.sub(sum, Math.log(2)));
    }
    Graph graph = Graph.of("uniform", in, out).withMetadata(signature.toMetadata());
    return ScoringModel.load(OnnxWriter.toBytes(graph));
  }

  private static Rows rows() {
    return Rows.builder().doubles("response", X).doubles("quantile", X).build();
  }

  @Test
  void quantilesAreFoundByLevelAndColumn() {
    try (ScoringModel model = model("quantile")) {
      Scores scores = model.score(rows());
      assertThat(model.signature().quantileLevels()).isEqualTo(LEVELS);
      for (int i = 0; i < X.length; i++) {
        assertThat(scores.quantile(.9, 0)[i]).isCloseTo(X[i] + .9, within(1e-15));
        assertThat(scores.quantile(.25, 1)[i]).isCloseTo(X[i] + .5, within(1e-15));
        assertThat(scores.mean(1)[i]).isCloseTo(X[i] + 1, within(1e-15));
      }
      assertThatThrownBy(() -> scores.quantile(.9))
          .hasMessage("'quantile' has 2 columns: ask for one of them, from 0 on");
      assertThatThrownBy(() -> scores.quantile(.5, 0))
          .hasMessage("no quantile of level 0.5, the model has [0.25, 0.9]");
      assertThatThrownBy(() -> scores.mean(2)).hasMessageContaining("expected 0 to 1");
    }
  }

  @Test
  void logDensitiesTakeOneMoreInputThatScoresDoWithout() {
    try (ScoringModel model = model("log_density")) {
      double[] y = {0, 0, 1, 1, Double.NaN, 0};
      double[] density = model.logDensity(rows(), y);
      assertThat(density[0]).isCloseTo(-Math.log(2), within(1e-15));
      assertThat(density[2]).isNaN();
      assertThat(model.score(rows()).mean(0)[1]).isEqualTo(2.5);
      assertThat(model.score(Map.of("response", 2, "quantile", 0)).mean(0)[0]).isEqualTo(2.5);
      assertThatThrownBy(() -> model.logDensity(rows(), new double[3]))
          .hasMessage("response: expected 3 rows of 2 values, got 3 values");
    }
  }

  @Test
  void whatAFileLacksIsSaid() {
    try (ScoringModel model = model()) {
      assertThatThrownBy(() -> model.score(rows()).quantile(.9))
          .hasMessage(
              "the model was exported without the output 'quantile', it has [parameters, mean]");
      assertThatThrownBy(() -> model.logDensity(rows(), new double[6]))
          .isInstanceOfSatisfying(
              ScoringException.class, e -> assertThat(e.code()).isEqualTo(Code.UNKNOWN_OUTPUT))
          .hasMessageContaining("without the output 'log_density', it has [parameters, mean]");
    }
  }

  /** Files from before there were such outputs may have columns of their names. */
  @Test
  void columnsKeepTheirNamesWhereNothingElseHasThem() {
    ModelSignature old = signature();
    Column response = old.columns().get(0);
    Column quantile = old.columns().get(1);
    assertThat(old.inputName(response)).isEqualTo("response");
    assertThat(old.inputName(quantile)).isEqualTo("quantile");
    ModelSignature full = signature("quantile", "log_density");
    assertThat(full.inputName(response)).isEqualTo("column:response");
    assertThat(full.inputName(quantile)).isEqualTo("column:quantile");
    assertThat(ModelSignature.of(full.toMetadata())).isEqualTo(full);
    assertThat(old.toMetadata()).doesNotContainKey("deepregression4j.quantile_levels");
    assertThatThrownBy(
            () -> new ModelSignature(List.of(), "f", List.of("a"), List.of("parameters"), LEVELS))
        .hasMessageContaining("quantiles have levels");
  }

  @Test
  void aTableHasAColumnForEachLevelAndMargin() throws Exception {
    Path input = Files.writeString(folder.resolve("in.csv"), "response,quantile\n2,0\n");
    Path output = folder.resolve("out.csv");
    try (ScoringModel model = model("quantile", "log_density")) {
      ScoreCsv.score(model, input, output);
    }
    assertThat(Files.readAllLines(output))
        .containsExactly(
            "low.1,low.2,mean.1,mean.2,quantile_0.25.1,quantile_0.25.2,"
                + "quantile_0.9.1,quantile_0.9.2",
            "2.0,2.0,2.5,3.0,2.25,2.5,2.9,3.8");
  }
}
