package org.deepregression4j.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deepregression4j.onnx.scoring.Column;
import org.deepregression4j.onnx.scoring.ModelSignature;
import org.deepregression4j.onnx.scoring.Rows;
import org.deepregression4j.onnx.scoring.ScoreCsv;
import org.deepregression4j.onnx.scoring.ScoringModel;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Models of every term, layer and family, fitted in R and scored in Java from raw columns: the same
 * numbers as R's predictions, and as R's own arithmetic with mgcv's bases.
 */
class ExportedModelsTest {
  /** One graph with one runtime on both sides: only the order of sums may differ. */
  private static final double AS_PREDICTED = 1e-10;

  /** R evaluates the bases by another way: what PredictMat is held to. */
  private static final double BY_HAND = 1e-8;

  /** Columns of R's file that are no output of the exported model. */
  private static final Set<String> OF_R_ALONE =
      Set.of("(by hand)", "(linear predictor)", "(log density)");

  @TestFactory
  Stream<DynamicTest> scoresInJavaAreThoseOfR() throws IOException {
    Path folder = RScript.run("export-models.R");
    List<String> names;
    try (var files = Files.list(folder)) {
      names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".onnx"))
              .map(name -> name.substring(0, name.length() - ".onnx".length()))
              .sorted()
              .toList();
    }
    assertThat(names).as("exported models").hasSizeGreaterThan(40);
    return names.stream().map(name -> DynamicTest.dynamicTest(name, () -> check(folder, name)));
  }

  private static void check(Path folder, String name) {
    Path output = folder.resolve(name + "-scored.csv");
    Csv expected = Csv.read(folder.resolve(name + "-expected.csv"));
    try (ScoringModel model = ScoringModel.load(folder.resolve(name + ".onnx"))) {
      ScoreCsv.score(model, folder.resolve(name + "-rows.csv"), output);
      Path response = folder.resolve(name + "-response.csv");
      if (Files.exists(response)) {
        double[] density =
            model.logDensity(
                rows(model.signature(), Csv.read(folder.resolve(name + "-rows.csv"))),
                rowMajor(Csv.read(response)));
        compare("log density", density, expected.numbers("(log density)"), AS_PREDICTED);
      }
    }
    Csv scored = Csv.read(output);
    for (String column : expected.columns().keySet()) {
      if (!OF_R_ALONE.contains(column)) {
        compare(column, scored.numbers(column), expected.numbers(column), AS_PREDICTED);
      }
    }
    compare(
        "the predictor by hand",
        expected.numbers("(linear predictor)"),
        expected.numbers("(by hand)"),
        BY_HAND);
  }

  /** Raw columns of the kinds that the cases with responses have. */
  private static Rows rows(ModelSignature signature, Csv csv) {
    Rows.Builder rows = Rows.builder();
    for (Column column : signature.columns()) {
      switch (column.kind()) {
        case DOUBLE -> rows.doubles(column.name(), csv.numbers(column.name()));
        case FACTOR -> rows.strings(column.name(), csv.texts(column.name()).toArray(String[]::new));
        default -> throw new AssertionError("no rows for the column " + column);
      }
    }
    return rows.build();
  }

  private static double[] rowMajor(Csv csv) {
    List<double[]> columns = csv.columns().keySet().stream().map(csv::numbers).toList();
    return IntStream.range(0, columns.get(0).length)
        .boxed()
        .flatMapToDouble(i -> columns.stream().mapToDouble(column -> column[i]))
        .toArray();
  }

  private static void compare(String what, double[] found, double[] expected, double tolerance) {
    assertThat(found).as(what).hasSameSizeAs(expected);
    for (int i = 0; i < found.length; i++) {
      double limit = tolerance * Math.max(1, Math.abs(expected[i]));
      boolean isSame = Double.compare(found[i], expected[i]) == 0;
      assertThat(isSame || Math.abs(found[i] - expected[i]) <= limit)
          .as("%s, row %d: expected %s, got %s", what, i + 1, expected[i], found[i])
          .isTrue();
    }
  }
}
