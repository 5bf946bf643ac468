package org.deepregression4j.onnx.scoring;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deepregression4j.onnx.scoring.ScoringException.Code;

/**
 * Scores a CSV file of raw columns: {@code ScoreCsv model.onnx input.csv output.csv}.
 *
 * <p>The output has one row per input row: the distribution's parameters, and where the model has
 * them {@code mean}, {@code stddev}, and a column such as {@code quantile_0.9} per level; a
 * response of several columns has {@code mean.1}, {@code mean.2} and so on. {@code
 * Double.parseDouble} gives the same numbers back. Text is UTF-8. The exit code is 0, 1 when
 * something is wrong with the files, and 2 for wrong usage; after a failure there is no output file
 * that was not there before.
 */
public final class ScoreCsv {
  private static final int RECORDS = 10_000;

  private static final List<String> MOMENTS = List.of(ModelSignature.MEAN, ModelSignature.STDDEV);

  private static final List<String> WRITTEN =
      List.of(
          ModelSignature.PARAMETERS,
          ModelSignature.MEAN,
          ModelSignature.STDDEV,
          ModelSignature.QUANTILE);

  private ScoreCsv() {}

  /** Runs and exits. */
  public static void main(String[] args) {
    System.exit(run(args, System.err));
  }

  /** Runs; messages go to {@code messages}. Returns the exit code. */
  static int run(String[] args, PrintStream messages) {
    if (args.length != 3) {
      messages.println("usage: ScoreCsv model.onnx input.csv output.csv");
      return 2;
    }
    try (ScoringModel model = ScoringModel.load(path(args[0]))) {
      score(model, path(args[1]), path(args[2]));
      return 0;
    } catch (ScoringException e) {
      messages.println("ScoreCsv: " + e.getMessage());
      return 1;
    }
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new ScoringException(Code.UNREADABLE_FILE, "no path: '" + text + "'", e);
    }
  }

  /**
   * Scores a file, holding no more than some thousand rows at a time.
   *
   * @throws ScoringException when a file cannot be read or written, or a field does not fit; names
   *     the column and the line
   */
  public static void score(ScoringModel model, Path input, Path output) {
    Path parts = output.resolveSibling(output.getFileName() + ".part");
    try {
      try (var in = Files.newBufferedReader(input, StandardCharsets.UTF_8);
          Writer out = Files.newBufferedWriter(parts, StandardCharsets.UTF_8)) {
        copy(model, new CsvReader(in), out);
      }
      Files.move(parts, output, StandardCopyOption.REPLACE_EXISTING);
    } catch (CharacterCodingException e) {
      throw new ScoringException(Code.MALFORMED_CSV, "'" + input + "' is not UTF-8", e);
    } catch (IOException e) {
      throw new ScoringException(Code.UNREADABLE_FILE, "'" + input + "' to '" + output + "'", e);
    } catch (ScoringException e) {
      throw new ScoringException(e, "'" + input + "': ");
    } finally {
      deleteQuietly(parts);
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // What made the file impossible to write has been reported; this adds nothing.
      file.toFile().deleteOnExit();
    }
  }

  private static void copy(ScoringModel model, CsvReader in, Writer out) throws IOException {
    List<String> header = in.read();
    if (header == null) {
      throw new ScoringException(Code.MALFORMED_CSV, "", "an empty file, expected a header");
    }
    CsvColumns columns = new CsvColumns(model.signature(), header);
    writeHeader(model, out);
    List<List<String>> records = new ArrayList<>();
    List<Integer> lines = new ArrayList<>();
    int line = in.line();
    for (List<String> record = in.read(); record != null; record = in.read()) {
      boolean isBlank = record.size() == 1 && record.get(0).isEmpty() && header.size() > 1;
      if (!isBlank) {
        columns.check(record, line);
        records.add(record);
        lines.add(line);
      }
      if (records.size() == RECORDS) {
        flush(model, columns.toRows(records, lines), out);
        records.clear();
        lines.clear();
      }
      line = in.line();
    }
    flush(model, columns.toRows(records, lines), out);
  }

  private static void writeHeader(ScoringModel model, Writer out) throws IOException {
    ModelSignature signature = model.signature();
    List<String> names = new ArrayList<>(signature.parameters());
    for (String moment : MOMENTS) {
      names.addAll(numbered(moment, model.width(moment)));
    }
    int levels = signature.quantileLevels().size();
    for (double level : signature.quantileLevels()) {
      int columns = model.width(ModelSignature.QUANTILE) / levels;
      names.addAll(numbered(ModelSignature.QUANTILE + "_" + level, columns));
    }
    out.write(String.join(",", names.stream().map(ScoreCsv::quoted).toList()));
    out.write('\n');
  }

  private static List<String> numbered(String name, int columns) {
    return columns == 1
        ? List.of(name)
        : IntStream.rangeClosed(1, columns).mapToObj(c -> name + "." + c).toList();
  }

  private static String quoted(String text) {
    boolean isPlain = text.chars().noneMatch(c -> ",\"\r\n".indexOf(c) >= 0);
    return isPlain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  private static void flush(ScoringModel model, Rows rows, Writer out) throws IOException {
    Scores scores = model.score(rows);
    List<double[]> columns = new ArrayList<>();
    for (String output : WRITTEN) {
      if (model.width(output) > 0) {
        columns.addAll(Arrays.asList(scores.columns(output)));
      }
    }
    for (int i = 0; i < scores.size(); i++) {
      for (int j = 0; j < columns.size(); j++) {
        out.write((j == 0 ? "" : ",") + columns.get(j)[i]);
      }
      out.write('\n');
    }
  }
}
