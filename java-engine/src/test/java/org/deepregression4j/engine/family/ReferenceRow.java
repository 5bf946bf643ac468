package org.deepregression4j.engine.family;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** A line of families.csv, which tests/parity/families.R writes with R's density functions. */
record ReferenceRow(String family, double y, double[] eta, double logDensity) {

  /** All lines by family. */
  static Map<String, List<ReferenceRow>> byFamily() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(ReferenceRow.class.getResourceAsStream("/families.csv")),
                StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(line -> !line.startsWith("#") && !line.startsWith("family,"))
          .map(ReferenceRow::parse)
          .collect(Collectors.groupingBy(r -> r.family, LinkedHashMap::new, Collectors.toList()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ReferenceRow parse(String line) {
    String[] cells = line.split(",", -1);
    double[] eta =
        Arrays.stream(cells, 2, 5)
            .filter(cell -> !cell.isEmpty())
            .mapToDouble(Double::parseDouble)
            .toArray();
    return new ReferenceRow(
        cells[0], Double.parseDouble(cells[1]), eta, Double.parseDouble(cells[5]));
  }

  /** The linear predictors as columns, one array per parameter. */
  static double[][] etaColumns(List<ReferenceRow> rows) {
    double[][] out = new double[rows.get(0).eta.length][rows.size()];
    for (int i = 0; i < rows.size(); i++) {
      for (int j = 0; j < out.length; j++) {
        out[j][i] = rows.get(i).eta[j];
      }
    }
    return out;
  }
}
