package org.deepregression4j.onnx.scoring;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.deepregression4j.onnx.scoring.ScoringException.Code;

/**
 * Turns CSV records into rows. A matrix column m of width w is read from {@code m.1} to {@code
 * m.w}, as R writes it.
 */
final class CsvColumns {
  /** A column and the places of its fields in a record. */
  private record Source(Column column, int[] places, Set<String> levels) {}

  private final List<Source> sources = new ArrayList<>();
  private final int fields;

  /**
   * Finds the model's columns in the header.
   *
   * @throws ScoringException when one is missing or there twice
   */
  CsvColumns(ModelSignature signature, List<String> header) {
    fields = header.size();
    for (Column column : signature.columns()) {
      sources.add(new Source(column, places(column, header), Set.copyOf(column.levels())));
    }
  }

  private static int[] places(Column column, List<String> header) {
    if (column.kind() != Column.Kind.MATRIX
        || (column.width() == 1 && header.contains(column.name()))) {
      return new int[] {place(column, column.name(), header)};
    }
    return IntStream.rangeClosed(1, column.width())
        .map(j -> place(column, column.name() + "." + j, header))
        .toArray();
  }

  private static int place(Column column, String name, List<String> header) {
    int at = header.indexOf(name);
    if (at < 0) {
      throw new ScoringException(
          Code.MISSING_COLUMN,
          column.name(),
          "column " + column + ": no '" + name + "' in the header " + header);
    }
    if (header.lastIndexOf(name) != at) {
      throw new ScoringException(
          Code.MALFORMED_CSV, column.name(), "'" + name + "' stands twice in the header");
    }
    return at;
  }

  /** Refuses a record with more or fewer fields than the header. */
  void check(List<String> record, int line) {
    if (record.size() != fields) {
      throw new ScoringException(
          Code.MALFORMED_CSV,
          "",
          "line " + line + ": expected " + fields + " fields, got " + record.size());
    }
  }

  /**
   * The rows of some records.
   *
   * @param lines the line of each record, for messages
   * @throws ScoringException when a field does not fit its column
   */
  Rows toRows(List<List<String>> records, List<Integer> lines) {
    Rows.Builder rows = Rows.builder().size(records.size());
    for (Source source : sources) {
      add(rows, source, records, lines);
    }
    return rows.build();
  }

  private static void add(
      Rows.Builder rows, Source source, List<List<String>> records, List<Integer> lines) {
    int n = records.size();
    Column column = source.column();
    int at = source.places()[0];
    switch (column.kind()) {
      case DOUBLE -> rows.doubles(column.name(), numbers(source, records, lines));
      case MATRIX ->
          rows.matrix(column.name(), numbers(source, records, lines), source.places().length);
      case INTEGER -> {
        int[] values = new int[n];
        for (int i = 0; i < n; i++) {
          values[i] = parse(column, records.get(i).get(at), lines.get(i), CsvColumns::integer);
        }
        rows.ints(column.name(), values);
      }
      case LOGICAL -> {
        boolean[] values = new boolean[n];
        for (int i = 0; i < n; i++) {
          values[i] = parse(column, records.get(i).get(at), lines.get(i), CsvColumns::logical);
        }
        rows.booleans(column.name(), values);
      }
      case FACTOR -> {
        String[] values = new String[n];
        for (int i = 0; i < n; i++) {
          values[i] = records.get(i).get(at);
          if (!source.levels().contains(values[i])) {
            throw ColumnFeed.unknownLevel(column, values[i], ", line " + lines.get(i));
          }
        }
        rows.strings(column.name(), values);
      }
    }
  }

  private static double[] numbers(Source source, List<List<String>> records, List<Integer> lines) {
    int[] places = source.places();
    double[] values = new double[records.size() * places.length];
    for (int i = 0; i < values.length; i++) {
      int row = i / places.length;
      String text = records.get(row).get(places[i % places.length]);
      values[i] = parse(source.column(), text, lines.get(row), CsvColumns::number);
    }
    return values;
  }

  private static <T> T parse(Column column, String text, int line, Function<String, T> parser) {
    try {
      return parser.apply(text.strip());
    } catch (IllegalArgumentException e) {
      throw new ScoringException(
          Code.WRONG_TYPE,
          column.name(),
          "column " + column + ", line " + line + ": got '" + text + "'");
    }
  }

  /** A number as R or Java writes it; an empty field and NA are NaN. */
  private static double number(String text) {
    return switch (text) {
      case "", "NA" -> Double.NaN;
      case "Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> {
        // Double.parseDouble takes Java's own suffixes, which are no numbers elsewhere.
        if ("dDfF".indexOf(text.charAt(text.length() - 1)) >= 0) {
          throw new NumberFormatException(text);
        }
        yield Double.parseDouble(text);
      }
    };
  }

  private static int integer(String text) {
    return Integer.parseInt(text);
  }

  private static boolean logical(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "t" -> true;
      case "false", "f" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }
}
