package org.deepregression4j.onnx.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.deepregression4j.onnx.scoring.HouseModel.Houses;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoreCsvTest {
  private static final String HEADER =
      "id,age,rooms,sold,stories,\"s(lat, bs = \"\"gp\"\").1\",\"s(lat, bs = \"\"gp\"\").2\"\n";

  @TempDir Path folder;
  private Path model;
  private Path input;
  private Path output;

  @BeforeEach
  void write() throws IOException {
    model = Files.write(folder.resolve("house.onnx"), HouseModel.toBytes());
    input = folder.resolve("in.csv");
    output = folder.resolve("out.csv");
  }

  private static String csv(Houses houses) {
    StringBuilder text = new StringBuilder(HEADER);
    for (int i = 0; i < houses.age.length; i++) {
      text.append(i).append(',').append(houses.age[i]).append(',').append(houses.rooms[i]);
      text.append(houses.sold[i] ? ",TRUE,\"" : ",FALSE,\"").append(houses.stories[i]);
      text.append("\",").append(houses.pixels[2 * i]).append(',').append(houses.pixels[2 * i + 1]);
      text.append('\n');
    }
    return text.toString();
  }

  private String run(int expected, String... args) {
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    int code = ScoreCsv.run(args, new PrintStream(messages, true, StandardCharsets.UTF_8));
    assertThat(code).isEqualTo(expected);
    return messages.toString(StandardCharsets.UTF_8);
  }

  private String run(int expected) {
    return run(expected, model.toString(), input.toString(), output.toString());
  }

  private void assertSameAsInMemory(Houses houses) throws IOException {
    try (ScoringModel loaded = ScoringModel.load(model)) {
      Scores scores = loaded.score(houses.rows());
      List<String> lines = Files.readAllLines(output);
      assertThat(lines.get(0)).isEqualTo("loc,scale,mean,stddev");
      assertThat(lines).hasSize(houses.age.length + 1);
      for (int i = 0; i < scores.size(); i++) {
        assertThat(Arrays.stream(lines.get(i + 1).split(",")).mapToDouble(Double::parseDouble))
            .containsExactly(
                scores.parameter("loc")[i],
                scores.parameter("scale")[i],
                scores.mean()[i],
                scores.stddev()[i]);
      }
    }
  }

  @Test
  void writesWhatScoringInMemoryGivesBitForBit() throws IOException {
    Houses houses = new Houses(12_345, 5);
    Files.writeString(input, csv(houses));
    assertThat(run(0)).isEmpty();
    assertSameAsInMemory(houses);
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("house.onnx", "in.csv", "out.csv");
  }

  @Test
  void noRowsGiveAHeader() throws IOException {
    Files.writeString(input, HEADER);
    run(0);
    assertThat(Files.readString(output)).isEqualTo("loc,scale,mean,stddev\n");
  }

  @Test
  void missingNumbersGiveNaN() throws IOException {
    Files.writeString(
        input, HEADER + "1,NA,3,true,one,0,0\n2,,3,F,one,0,0\n3,-Inf,3,F,one,0,0\n\n");
    run(0);
    assertThat(Files.readAllLines(output).subList(1, 3)).containsOnly("NaN,NaN,NaN,NaN");
    assertThat(Files.readAllLines(output).get(3)).startsWith("-Infinity,0.0,0.0,");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,old,3,TRUE,one,0,0|'age' (double), line 2: got 'old'",
        "1,1d,3,TRUE,one,0,0|'age' (double), line 2: got '1d'",
        "1,1,3.5,TRUE,one,0,0|'rooms' (integer), line 2: got '3.5'",
        "1,1,NA,TRUE,one,0,0|'rooms' (integer), line 2: got 'NA'",
        "1,1,3,yes,one,0,0|'sold' (logical), line 2: got 'yes'",
        "1,1,3,TRUE,three,0,0|'stories', line 2: level 'three'",
        "1,1,3,TRUE,one,0|line 2: expected 7 fields, got 6",
        "1,1,3,TRUE,one,0,x|matrix of width 2), line 2: got 'x'",
        "1,1,3,TRUE,o\"ne,0,0|line 2: a quote"
      },
      quoteCharacter = '`')
  void badFieldsAreNamed(String record, String message) throws IOException {
    Files.writeString(input, HEADER + record + "\n");
    assertThat(run(1)).startsWith("ScoreCsv: '" + input + "': ").contains(message);
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("house.onnx", "in.csv");
  }

  @Test
  void badHeadersAreNamed() throws IOException {
    Files.writeString(input, "");
    assertThat(run(1)).contains("expected a header");
    Files.writeString(input, HEADER.replace("rooms", "room"));
    assertThat(run(1)).contains("'rooms' (integer): no 'rooms' in the header");
    Files.writeString(input, HEADER.replace("id", "age"));
    assertThat(run(1)).contains("'age' stands twice");
  }

  @Test
  void filesThatCannotBeReadAreNamed() throws IOException {
    assertThat(run(1)).contains("in.csv").contains("NoSuchFile");
    Files.write(input, new byte[] {(byte) 0xff, (byte) 0xfe, 'a'});
    assertThat(run(1)).contains("not UTF-8");
    assertThat(run(1, "none.onnx", "a", "b")).contains("none.onnx");
    assertThat(run(2, "model.onnx")).startsWith("usage: ");
  }

  /** A service's class path: this module's classes and the jar of ONNX Runtime, nothing else. */
  @Test
  void scoresInAJvmWithOnnxRuntimeAlone() throws Exception {
    Houses houses = new Houses(100, 9);
    Files.writeString(input, csv(houses));
    String classPath =
        place(ScoringModel.class) + File.pathSeparator + place(ai.onnxruntime.OrtEnvironment.class);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                ScoreCsv.class.getName(),
                model.toString(),
                input.toString(),
                output.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertSameAsInMemory(houses);
  }

  private static String place(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }
}
