package org.deepregression4j.onnx.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.onnx.scoring.Column.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelSignatureTest {
  private static ModelSignature signature(List<Column> columns) {
    return new ModelSignature(
        columns, "normal", List.of("loc", "scale"), List.of("parameters", "mean", "stddev"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a\tb",
        "a\nb\r",
        "a\0b",
        "\\u0041\\",
        "größe 名",
        "\uD83D\uDE00",
        "\u2028",
        "mean"
      })
  void anyTextSurvives(String text) {
    ModelSignature signature =
        new ModelSignature(
            List.of(
                Column.factor(text, List.of(text, text + text + "2")),
                Column.external("s(" + text + ", bs = \"gp\")", 7),
                Column.matrix("pixels", 3),
                Column.of("i", Kind.INTEGER),
                Column.of("l", Kind.LOGICAL)),
            text,
            List.of(text),
            List.of("parameters", "x" + text));
    Map<String, String> metadata = signature.toMetadata();
    assertThat(ModelSignature.of(metadata)).isEqualTo(signature);
    assertThat(String.join("", metadata.values())).matches("[\\t\\n -~]*");
  }

  @Test
  void aFactorWithOneEmptyLevelIsNoFactorWithoutLevels() {
    ModelSignature signature = signature(List.of(Column.factor("f", List.of(""))));
    assertThat(ModelSignature.of(signature.toMetadata()).columns().get(0).levels())
        .containsExactly("");
  }

  @Test
  void aModelMayHaveNoColumns() {
    assertThat(ModelSignature.of(signature(List.of()).toMetadata()))
        .isEqualTo(signature(List.of()));
  }

  @Test
  void inputNamesAreTheUsersWhereOnnxAllowsItAndNeverCollide() {
    List<String> names = List.of("x", "", "mean", "column:mean", "\uD83D\uDE00", "größe", "a\0b");
    ModelSignature signature = signature(List.of());
    List<String> inputs =
        names.stream().map(name -> signature.inputName(Column.of(name, Kind.DOUBLE))).toList();
    assertThat(inputs)
        .containsExactly(
            "x",
            "column:",
            "column:mean",
            "column:column:mean",
            "column:\\ud83d\\ude00",
            "größe",
            "column:a\\u0000b");
    assertThat(Column.factor("f", List.of("a", "", "\uD83D\uDE00", "level:a")).graphLevels())
        .containsExactly("a", "", "level:\\ud83d\\ude00", "level:level:a");
  }

  @Test
  void otherModelsVersionsAndDamageAreTold() {
    assertThatThrownBy(() -> ModelSignature.of(Map.of("author", "x")))
        .isInstanceOf(ScoringException.class)
        .hasMessageContaining("not one that deepregression4j wrote");
    Map<String, String> metadata =
        new HashMap<>(signature(List.of(Column.of("x", Kind.DOUBLE))).toMetadata());
    metadata.put("deepregression4j.signature", "2");
    assertThatThrownBy(() -> ModelSignature.of(metadata))
        .hasMessageContaining("expected a model with signature version 1, got version 2");
    for (String damaged :
        List.of("x", "x\t", "x\tDOUBLE\tone\tfalse\t\n", "\\u00", "x\tFACTOR\t1\tfalse\t")) {
      metadata.put("deepregression4j.signature", "1");
      metadata.put("deepregression4j.columns", damaged);
      assertThatThrownBy(() -> ModelSignature.of(metadata))
          .isInstanceOf(ScoringException.class)
          .hasMessageContaining("damaged");
    }
    metadata.remove("deepregression4j.columns");
    assertThatThrownBy(() -> ModelSignature.of(metadata))
        .hasMessageContaining("deepregression4j.columns");
  }

  @Test
  void contradictionsAreRefused() {
    assertThatThrownBy(() -> Column.factor("f", List.of("a", "a"))).hasMessageContaining("'f'");
    assertThatThrownBy(() -> Column.matrix("m", 0)).hasMessageContaining("'m'");
    assertThatThrownBy(() -> Column.of("f", Kind.FACTOR)).hasMessageContaining("'f'");
    assertThatThrownBy(
            () -> signature(List.of(Column.of("x", Kind.DOUBLE), Column.of("x", Kind.INTEGER))))
        .hasMessageContaining("column twice");
    assertThatThrownBy(() -> new ModelSignature(List.of(), "f", List.of("a"), List.of("mean")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
