package org.deepregression4j.engine.family;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A line of the files that R writes by the scripts in tests/parity: a value of a family at a
 * response (or level) and linear predictors.
 *
 * @param key of the family in {@link FamilyCases}
 * @param kind what the value is
 * @param y the response, one number per column
 * @param eta the linear predictors, predictor by predictor and column by column
 */
public record ReferenceRow(String key, String kind, double[] y, double[] eta, double value) {
  private static final Map<String, String> DENSITIES =
      Map.of("families.csv", "log_density", "families-extended.csv", "log_density");
  private static final Map<String, String> DISTRIBUTIONS =
      Map.of(
          "family-distributions.csv", "",
          "family-extended-distributions.csv", "",
          "family-crps.csv", "crps");

  /** Log-densities by family. */
  static Map<String, List<ReferenceRow>> densities() {
    return read(DENSITIES);
  }

  /** Distribution functions, quantiles and scores by family. */
  static Map<String, List<ReferenceRow>> distributions() {
    return read(DISTRIBUTIONS);
  }

  /** Files, and what their values are; empty where the second cell says it. */
  private static Map<String, List<ReferenceRow>> read(Map<String, String> files) {
    return files.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .flatMap(file -> lines(file.getKey()).map(line -> parse(line, file.getValue())))
        .collect(Collectors.groupingBy(ReferenceRow::key, LinkedHashMap::new, Collectors.toList()));
  }

  private static Stream<String> lines(String file) {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(ReferenceRow.class.getResourceAsStream("/" + file)),
                StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(line -> !line.startsWith("#") && !line.startsWith("key,"))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ReferenceRow parse(String line, String kind) {
    String[] cells = line.split(",", -1);
    int at = kind.isEmpty() ? 2 : 1;
    return new ReferenceRow(
        cells[0],
        kind.isEmpty() ? cells[1] : kind,
        numbers(cells[at]),
        numbers(cells[at + 1]),
        Double.parseDouble(cells[at + 2]));
  }

  private static double[] numbers(String text) {
    return Stream.of(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }
}
