package org.deepregression4j.onnx.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.scoring.Column.Kind;
import org.deepregression4j.onnx.scoring.HouseModel.Houses;
import org.deepregression4j.onnx.writer.OnnxWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScoringModelTest {
  /** Both sides do some ten float64 operations on numbers up to 1e3, in another order. */
  private static final double TOLERANCE = 1e-11;

  private final ScoringModel model = ScoringModel.load(HouseModel.toBytes());

  @AfterEach
  void close() {
    model.close();
  }

  private static void assertScores(Scores scores, Houses houses) {
    assertThat(scores.size()).isEqualTo(houses.age.length);
    assertClose(scores.parameter("loc"), houses.loc);
    assertClose(scores.parameter("scale"), houses.scale);
    assertClose(scores.mean(), houses.mean);
    assertClose(scores.stddev(), houses.stddev);
  }

  private static void assertClose(double[] got, double[] wanted) {
    assertThat(got).hasSameSizeAs(wanted);
    double worst = 0;
    for (int i = 0; i < got.length; i++) {
      double error = Math.abs(got[i] - wanted[i]) / Math.max(1, Math.abs(wanted[i]));
      worst = Double.isNaN(error) ? Double.POSITIVE_INFINITY : Math.max(worst, error);
    }
    assertThat(worst).isLessThan(TOLERANCE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 4095, 4096, 4097, 10_000, 1_000_000})
  void scoresAsArithmeticDoes(int n) {
    Houses houses = new Houses(n, 7);
    assertScores(model.score(houses.rows()), houses);
  }

  @Test
  void scoresSingleRows() {
    Houses houses = new Houses(50, 3);
    for (int i = 0; i < 50; i++) {
      Scores scores = model.score(houses.row(i));
      assertThat(scores.size()).isEqualTo(1);
      assertThat(scores.parameter("loc")[0]).isCloseTo(houses.loc[i], within(TOLERANCE));
      assertThat(scores.parameter("scale")[0]).isCloseTo(houses.scale[i], within(TOLERANCE));
      assertThat(scores.mean()[0] / houses.mean[i]).isCloseTo(1, within(TOLERANCE));
      assertThat(scores.stddev()[0] / houses.stddev[i]).isCloseTo(1, within(TOLERANCE));
    }
  }

  @Test
  void everyNumberMayStandForADoubleAndShortIntegersForAnInteger() {
    Houses houses = new Houses(1, 3);
    Map<String, Object> row = houses.row(0);
    row.put("age", 1);
    row.put("rooms", 3L);
    double one = model.score(row).parameter("loc")[0];
    row.put("age", 1f);
    row.put("rooms", (short) 3);
    assertThat(model.score(row).parameter("loc")[0]).isEqualTo(one);
    assertThat(one)
        .isCloseTo(
            houses.loc[0] + 2 * (1 - houses.age[0]) - 0.5 * (3 - houses.rooms[0]),
            within(TOLERANCE));
  }

  @Test
  void intsMayStandForADoubleColumn() {
    Houses houses = new Houses(3, 5);
    Rows rows =
        Rows.builder()
            .ints("age", new int[] {0, 1, 2})
            .ints("rooms", houses.rooms)
            .booleans("sold", houses.sold)
            .strings("stories", houses.stories)
            .matrix(HouseModel.PIXELS, houses.pixels, 2)
            .build();
    double[] scale = {Math.exp(-2), Math.exp(-1.9), Math.exp(-1.8)};
    assertClose(model.score(rows).parameter("scale"), scale);
  }

  @Test
  void nanGivesNanForItsRowAlone() {
    Houses houses = new Houses(5, 2);
    houses.age[2] = Double.NaN;
    Scores scores = model.score(houses.rows());
    assertThat(scores.mean()[2]).isNaN();
    assertThat(scores.parameter("loc")[2]).isNaN();
    assertThat(scores.mean()[1]).isCloseTo(houses.mean[1], within(TOLERANCE * houses.mean[1]));
    Map<String, Object> row = houses.row(0);
    row.put("age", Double.NaN);
    assertThat(model.score(row).stddev()[0]).isNaN();
  }

  @Test
  void manyThreadsScoreAtOnce() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        Houses houses = new Houses(5000, 100 + t);
        Callable<Void> work = () -> scoreBothWays(houses);
        done.add(pool.submit(work));
      }
      for (Future<?> future : done) {
        future.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private Void scoreBothWays(Houses houses) {
    for (int round = 0; round < 5; round++) {
      assertScores(model.score(houses.rows()), houses);
      for (int i = 0; i < 300; i++) {
        assertThat(model.score(houses.row(i)).parameter("loc")[0])
            .isCloseTo(houses.loc[i], within(TOLERANCE));
      }
    }
    return null;
  }

  @Test
  void closingWaitsAndThenScoringSaysSo() throws Exception {
    Houses houses = new Houses(200_000, 1);
    Thread scoring =
        new Thread(
            () -> {
              try {
                while (true) {
                  model.score(houses.rows());
                }
              } catch (ScoringException e) {
                assertThat(e.code()).isEqualTo(ScoringException.Code.CLOSED);
              }
            });
    scoring.start();
    Thread.sleep(50);
    model.close();
    model.close();
    scoring.join(20_000);
    assertThat(scoring.isAlive()).isFalse();
    assertThatThrownBy(() -> model.score(houses.row(0))).hasMessageContaining("closed");
  }

  @Test
  void aModelWithoutColumnsRepeatsItsOneRow() {
    ModelSignature signature =
        new ModelSignature(List.of(), "normal", List.of("loc", "scale"), List.of("parameters"));
    Value out = Ops.exp(Ops.matrix(ElementType.FLOAT64, new double[] {1, -1}, 1, 2));
    Graph graph =
        Graph.of("constant", Map.of(), Map.of("parameters", out))
            .withMetadata(signature.toMetadata());
    try (ScoringModel constant = ScoringModel.load(OnnxWriter.toBytes(graph))) {
      Scores scores = constant.score(Rows.builder().size(3).build());
      assertClose(scores.parameter("loc"), new double[] {Math.E, Math.E, Math.E});
      assertThat(scores.hasMoments()).isFalse();
      assertThatThrownBy(scores::mean).hasMessageContaining("without the output 'mean'");
      assertThat(constant.score(Rows.builder().build()).parameter("scale")).isEmpty();
      assertClose(constant.score(Map.of("x", 1)).parameter("scale"), new double[] {1 / Math.E});
    }
  }

  @Test
  void columnsMayBeCalledAnything() {
    List<String> names =
        List.of("", "mean", "\uD83D\uDE00", "tab\t", "mul_1", "mul_2", "add_9", "n0");
    ModelSignature signature =
        new ModelSignature(
            names.stream().map(name -> Column.of(name, Kind.DOUBLE)).toList(),
            "normal",
            List.of("loc"),
            List.of("parameters", "mean"));
    Map<String, Value> in = HouseModel.inputs(signature);
    Value sum =
        Ops.unsqueeze(Ops.mul(in.get(signature.inputName(signature.columns().get(0))), 1), 1);
    for (int i = 1; i < names.size(); i++) {
      Value next = in.get(signature.inputName(signature.columns().get(i)));
      sum = Ops.add(sum, Ops.unsqueeze(Ops.mul(next, Math.pow(10, i)), 1));
    }
    Map<String, Value> out = new LinkedHashMap<>();
    out.put("parameters", sum);
    out.put("mean", Ops.neg(sum));
    Graph graph = Graph.of("names", in, out).withMetadata(signature.toMetadata());
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      row.put(names.get(i), i + 1);
    }
    try (ScoringModel any = ScoringModel.load(OnnxWriter.toBytes(graph))) {
      assertThat(any.signature()).isEqualTo(signature);
      assertThat(any.score(row).parameter("loc")[0]).isEqualTo(87654321);
      assertThat(any.score(row).mean()[0]).isEqualTo(-87654321);
    }
  }
}
