package org.deepregression4j.engine.term;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Entries of a file that {@code tests/parity/bases.R} wrote. */
final class ReferenceFile {
  private final Map<String, String> texts = new LinkedHashMap<>();
  private final Map<String, Matrix> matrices = new LinkedHashMap<>();

  private ReferenceFile(List<String> lines) {
    for (int at = 0; at < lines.size(); at++) {
      String[] words = lines.get(at).split(" ", 4);
      if (words[0].equals("@text")) {
        texts.put(words[1], lines.get(at).substring(words[1].length() + 7));
      } else if (words[0].equals("@matrix")) {
        int rows = Integer.parseInt(words[2]);
        int columns = Integer.parseInt(words[3]);
        matrices.put(words[1], matrix(lines.subList(at + 1, at + 1 + rows), rows, columns));
        at += rows;
      }
    }
  }

  private static Matrix matrix(List<String> lines, int rows, int columns) {
    double[] values = new double[rows * columns];
    for (int i = 0; i < rows; i++) {
      String[] numbers = lines.get(i).split(",");
      for (int j = 0; j < columns; j++) {
        values[i * columns + j] = Double.parseDouble(numbers[j]);
      }
    }
    return Matrix.copyOf(rows, columns, values);
  }

  static ReferenceFile read(String name) {
    try (var stream = ReferenceFile.class.getResourceAsStream("designs/" + name + ".txt")) {
      if (stream == null) {
        throw new IllegalArgumentException("no reference file " + name);
      }
      return new ReferenceFile(
          new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean has(String key) {
    return texts.containsKey(key) || matrices.containsKey(key);
  }

  String text(String key) {
    return require(texts, key);
  }

  List<String> list(String key) {
    return List.of(text(key).split(","));
  }

  int count(String key) {
    return Integer.parseInt(text(key));
  }

  Matrix matrix(String key) {
    return require(matrices, key);
  }

  Matrix matrixOrNull(String key) {
    return matrices.get(key);
  }

  private static <T> T require(Map<String, T> map, String key) {
    T value = map.get(key);
    if (value == null) {
      throw new IllegalArgumentException("no entry " + key + " in " + map.keySet());
    }
    return value;
  }
}
