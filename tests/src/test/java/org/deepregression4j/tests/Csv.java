package org.deepregression4j.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A table that R or {@code ScoreCsv} wrote: fields without commas and line breaks. */
record Csv(Map<String, List<String>> columns) {
  static Csv read(Path file) {
    try {
      List<String> lines = Files.readAllLines(file);
      List<String> names = fields(lines.get(0));
      Map<String, List<String>> columns = new LinkedHashMap<>();
      for (int j = 0; j < names.size(); j++) {
        List<String> values = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
          values.add(fields(line).get(j));
        }
        columns.put(names.get(j), values);
      }
      return new Csv(columns);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> fields(String line) {
    return java.util.Arrays.stream(line.split(",", -1)).map(f -> f.replace("\"", "")).toList();
  }

  List<String> texts(String name) {
    List<String> column = columns.get(name);
    if (column == null) {
      throw new AssertionError("no column '" + name + "' in " + columns.keySet());
    }
    return column;
  }

  double[] numbers(String name) {
    return texts(name).stream().mapToDouble(Csv::number).toArray();
  }

  private static double number(String text) {
    return switch (text) {
      case "NA" -> Double.NaN;
      case "Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }
}
