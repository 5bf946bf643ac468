package org.deepregression4j.engine.family;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** A line of family-distributions.csv, which tests/parity/families.R writes with R's p* and q*. */
record DistributionRow(String family, String kind, double x, double[] eta, double value) {

  /** All lines by family. */
  static Map<String, List<DistributionRow>> byFamily() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    DistributionRow.class.getResourceAsStream("/family-distributions.csv")),
                StandardCharsets.UTF_8))) {
      return reader
          .lines()
          .filter(line -> !line.startsWith("#") && !line.startsWith("family,"))
          .map(DistributionRow::parse)
          .collect(Collectors.groupingBy(DistributionRow::family));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DistributionRow parse(String line) {
    String[] cells = line.split(",", -1);
    double[] eta =
        Arrays.stream(cells, 3, 6)
            .filter(cell -> !cell.isEmpty())
            .mapToDouble(Double::parseDouble)
            .toArray();
    return new DistributionRow(
        cells[0], cells[1], Double.parseDouble(cells[2]), eta, Double.parseDouble(cells[6]));
  }

  /** The linear predictors as columns, one array per parameter. */
  static double[][] etaColumns(List<DistributionRow> rows) {
    double[][] out = new double[rows.get(0).eta.length][rows.size()];
    for (int i = 0; i < rows.size(); i++) {
      for (int j = 0; j < out.length; j++) {
        out[j][i] = rows.get(i).eta[j];
      }
    }
    return out;
  }
}
