package org.deepregression4j.onnx.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Graph;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;
import org.deepregression4j.onnx.scoring.Column.Kind;
import org.deepregression4j.onnx.scoring.HouseModel.Houses;
import org.deepregression4j.onnx.scoring.ScoringException.Code;
import org.deepregression4j.onnx.writer.OnnxWriter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadInputTest {
  private final ScoringModel model = ScoringModel.load(HouseModel.toBytes());
  private final Houses houses = new Houses(10_000, 1);

  @AfterEach
  void close() {
    model.close();
  }

  private static void assertRefused(
      ThrowingCallable call, Code code, String column, String... words) {
    ScoringException e = catchThrowableOfType(ScoringException.class, call);
    assertThat(e).isNotNull();
    assertThat(e.code()).isEqualTo(code);
    assertThat(e.column()).isEqualTo(column);
    assertThat(e.getMessage()).contains(words);
  }

  private Rows.Builder without(String name) {
    Rows.Builder rows = Rows.builder();
    Map<String, Runnable> all = new HashMap<>();
    all.put("age", () -> rows.doubles("age", houses.age));
    all.put("rooms", () -> rows.ints("rooms", houses.rooms));
    all.put("sold", () -> rows.booleans("sold", houses.sold));
    all.put("stories", () -> rows.strings("stories", houses.stories));
    all.put(HouseModel.PIXELS, () -> rows.matrix(HouseModel.PIXELS, houses.pixels, 2));
    all.remove(name);
    all.values().forEach(Runnable::run);
    return rows;
  }

  @ParameterizedTest
  @ValueSource(strings = {"age", "rooms", "sold", "stories", "s(lat, bs = \"gp\")"})
  void aMissingColumnIsNamed(String name) {
    Rows rows = without(name).build();
    assertRefused(
        () -> model.score(rows), Code.MISSING_COLUMN, name, "'" + name + "'", "is missing");
    Map<String, Object> row = houses.row(0);
    row.remove(name);
    assertRefused(() -> model.score(row), Code.MISSING_COLUMN, name, "'" + name + "'", "id");
  }

  @Test
  void anExternalTermSaysWhatItIs() {
    assertThatThrownBy(() -> model.score(without(HouseModel.PIXELS).build()))
        .hasMessageContaining("a term that the graph does not compute");
  }

  @Test
  void wrongTypesAreNamed() {
    int n = houses.age.length;
    assertRefused(
        () -> model.score(without("age").strings("age", houses.stories).build()),
        Code.WRONG_TYPE,
        "age",
        "'age' (double)",
        "got strings");
    assertRefused(
        () -> model.score(without("rooms").doubles("rooms", houses.age).build()),
        Code.WRONG_TYPE,
        "rooms",
        "'rooms' (integer)",
        "got doubles");
    assertRefused(
        () -> model.score(without("sold").ints("sold", houses.rooms).build()),
        Code.WRONG_TYPE,
        "sold",
        "(logical)",
        "got ints");
    assertRefused(
        () -> model.score(without("stories").ints("stories", houses.rooms).build()),
        Code.WRONG_TYPE,
        "stories",
        "(factor)",
        "got ints");
    String pixels = HouseModel.PIXELS;
    assertRefused(
        () -> model.score(without(pixels).matrix(pixels, new double[3 * n], 3).build()),
        Code.WRONG_TYPE,
        pixels,
        "matrix of width 2",
        "got matrix of width 3");
  }

  @Test
  void wrongTypesAreNamedEvenWithoutRows() {
    Rows rows =
        Rows.builder()
            .strings("age", new String[0])
            .ints("rooms", new int[0])
            .booleans("sold", new boolean[0])
            .strings("stories", new String[0])
            .matrix(HouseModel.PIXELS, new double[0], 2)
            .build();
    assertRefused(() -> model.score(rows), Code.WRONG_TYPE, "age", "got strings");
  }

  @ParameterizedTest
  @CsvSource({
    "age,double,String",
    "rooms,integer,Double 2.5",
    "sold,logical,Integer 1",
    "stories,factor,Integer 1"
  })
  void wrongTypesInASingleRowAreNamed(String name, String type, String came) {
    Map<String, Object> row = houses.row(0);
    row.put(name, came.equals("String") ? "old" : came.endsWith("2.5") ? (Object) 2.5 : 1);
    assertRefused(() -> model.score(row), Code.WRONG_TYPE, name, "(" + type + ")", "got " + came);
  }

  @Test
  void integersOutOfRangeAndMatricesOfAnotherWidthAreNamed() {
    Map<String, Object> row = houses.row(0);
    row.put("rooms", 1L << 40);
    assertRefused(() -> model.score(row), Code.WRONG_TYPE, "rooms", "Long 1099511627776");
    Map<String, Object> other = houses.row(0);
    other.put(HouseModel.PIXELS, new double[3]);
    assertRefused(() -> model.score(other), Code.WRONG_TYPE, HouseModel.PIXELS, "double[3]");
  }

  @Test
  void aLevelThatTrainingNeverSawIsNamedWithItsRow() {
    houses.stories[7777] = "three";
    assertRefused(
        () -> model.score(houses.rows()),
        Code.UNKNOWN_LEVEL,
        "stories",
        "'three'",
        "'stories'",
        "row 7778",
        "[one, two, or more, ");
    Map<String, Object> row = houses.row(0);
    row.put("stories", "One");
    assertRefused(
        () -> model.score(row), Code.UNKNOWN_LEVEL, "stories", "'One'", "[one, two, or more, ");
    row.put("stories", "one");
    assertThat(model.score(row).size()).isEqualTo(1);
  }

  @Test
  void nullIsRefused() {
    houses.stories[3] = null;
    assertRefused(() -> model.score(houses.rows()), Code.MISSING_VALUE, "stories", "row 4", "null");
    Map<String, Object> row = houses.row(0);
    row.put("age", null);
    assertRefused(() -> model.score(row), Code.MISSING_VALUE, "age", "'age'", "null");
    assertRefused(() -> Rows.builder().doubles("age", null), Code.MISSING_VALUE, "age", "got null");
  }

  @Test
  void lengthsMustAgree() {
    assertRefused(
        () -> Rows.builder().doubles("a", new double[3]).ints("b", new int[2]),
        Code.WRONG_LENGTH,
        "b",
        "expected 3 rows as in column 'a', got 2");
    assertRefused(
        () -> Rows.builder().matrix("m", new double[5], 2), Code.WRONG_LENGTH, "m", "5 values");
    assertRefused(() -> Rows.builder().size(-1), Code.WRONG_LENGTH, "", "-1");
    assertRefused(
        () -> Rows.builder().doubles("a", new double[1]).ints("a", new int[1]),
        Code.WRONG_TYPE,
        "a",
        "twice");
  }

  @Test
  void filesThatAreNoModelsOfOursAreRefused(@TempDir Path folder) throws IOException {
    byte[] good = HouseModel.toBytes();
    Path file = folder.resolve("house.onnx");
    assertRefused(() -> ScoringModel.load(file), Code.UNREADABLE_FILE, "", "house.onnx", "NoSuch");
    for (byte[] bad :
        List.of(new byte[0], "no model".getBytes(), Arrays.copyOf(good, good.length / 2))) {
      Files.write(file, bad);
      assertRefused(
          () -> ScoringModel.load(file), Code.NOT_A_MODEL, "", "house.onnx", bad.length + " bytes");
    }
    assertRefused(
        () -> ScoringModel.load(OnnxWriter.toBytes(HouseModel.graph())),
        Code.FOREIGN_MODEL,
        "",
        "not one that deepregression4j wrote");
  }

  @Test
  void aSignatureThatIsNotTheGraphsIsRefused() {
    ModelSignature s = HouseModel.SIGNATURE;
    List<ModelSignature> others =
        List.of(
            new ModelSignature(
                List.of(Column.of("other", Kind.DOUBLE)), "f", s.parameters(), s.outputs()),
            new ModelSignature(
                List.of(Column.of("rooms", Kind.DOUBLE)), "f", s.parameters(), s.outputs()),
            new ModelSignature(
                List.of(Column.external(HouseModel.PIXELS, 3)), "f", s.parameters(), s.outputs()),
            new ModelSignature(s.columns().subList(1, 5), "f", s.parameters(), s.outputs()),
            new ModelSignature(s.columns(), "f", List.of("a", "b", "c"), s.outputs()));
    for (ModelSignature other : others) {
      Graph graph = HouseModel.graph().withMetadata(other.toMetadata());
      assertRefused(
          () -> ScoringModel.load(OnnxWriter.toBytes(graph)),
          Code.FOREIGN_MODEL,
          "",
          "not what its signature says");
    }
  }

  @Test
  void anOutputThatDoesNotFollowTheRowsIsRefused() {
    ModelSignature signature =
        new ModelSignature(
            List.of(Column.of("x", Kind.DOUBLE)), "f", List.of("a"), List.of("parameters"));
    Value fixed = Ops.matrix(ElementType.FLOAT64, new double[] {1}, 1, 1);
    Graph graph =
        Graph.of("fixed", HouseModel.inputs(signature), Map.of("parameters", Ops.exp(fixed)))
            .withMetadata(signature.toMetadata());
    assertRefused(
        () -> ScoringModel.load(OnnxWriter.toBytes(graph)), Code.FOREIGN_MODEL, "", "'parameters'");
  }
}
