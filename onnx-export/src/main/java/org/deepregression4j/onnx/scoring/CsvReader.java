package org.deepregression4j.onnx.scoring;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.deepregression4j.onnx.scoring.ScoringException.Code;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of a CSV text one after the other. Source: RFC 4180, with LF or CR alone as line
 * ends too, and a byte order mark passed over. Mutable; the caller closes the reader it gave.
 */
final class CsvReader {
  private static final int END = -1;

  private final BufferedReader in;
  private int line = 1;
  private int next;

  CsvReader(Reader reader) throws IOException {
    in = new BufferedReader(reader, 1 << 16);
    next = in.read();
    if (next == '\uFEFF') {
      next = in.read();
    }
  }

  /** The line at which the next record starts, from 1. */
  int line() {
    return line;
  }

  /**
   * The next record; null at the end.
   *
   * @throws ScoringException for a quote where none may stand, naming the line
   */
  @Nullable List<String> read() throws IOException {
    if (next == END) {
      return null;
    }
    List<String> fields = new ArrayList<>();
    fields.add(field());
    while (next == ',') {
      next = in.read();
      fields.add(field());
    }
    endLine();
    return fields;
  }

  private String field() throws IOException {
    StringBuilder text = new StringBuilder();
    boolean isQuoted = next == '"';
    if (isQuoted) {
      quoted(text);
    }
    while (next != ',' && !isLineEnd()) {
      if (isQuoted || next == '"') {
        throw malformed("a quote inside a field that is not quoted as a whole", line);
      }
      text.append((char) next);
      next = in.read();
    }
    return text.toString();
  }

  private void quoted(StringBuilder text) throws IOException {
    int start = line;
    next = in.read();
    while (true) {
      if (next == END) {
        throw malformed("a quoted field that does not end", start);
      }
      if (next == '"') {
        next = in.read();
        if (next != '"') {
          return;
        }
      } else if (next == '\n') {
        line++;
      }
      text.append((char) next);
      next = in.read();
    }
  }

  private boolean isLineEnd() {
    return next == END || next == '\n' || next == '\r';
  }

  private void endLine() throws IOException {
    if (next == '\r') {
      next = in.read();
      if (next == '\n') {
        next = in.read();
      }
    } else if (next == '\n') {
      next = in.read();
    }
    line++;
  }

  private static ScoringException malformed(String what, int line) {
    return new ScoringException(Code.MALFORMED_CSV, "", "line " + line + ": " + what);
  }
}
