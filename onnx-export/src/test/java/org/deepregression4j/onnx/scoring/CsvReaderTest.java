package org.deepregression4j.onnx.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CsvReaderTest {
  private static List<List<String>> read(String text) throws IOException {
    CsvReader reader = new CsvReader(new StringReader(text));
    List<List<String>> out = new ArrayList<>();
    for (List<String> record = reader.read(); record != null; record = reader.read()) {
      out.add(record);
    }
    return out;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a,b\n1,\n", "a,b\r\n1,\r\n", "a,b\r1,", "\uFEFFa,b\n1,", "\"a\",b\n\"1\",\"\""})
  void everyLineEndGivesTheSameRecords(String text) throws IOException {
    assertThat(read(text)).containsExactly(List.of("a", "b"), List.of("1", ""));
  }

  @Test
  void quotedFieldsHoldAnything() throws IOException {
    assertThat(read("\"a,\"\"b\"\"\r\nc\", d \n")).containsExactly(List.of("a,\"b\"\r\nc", " d "));
    assertThat(read("")).isEmpty();
    assertThat(read("\n")).containsExactly(List.of(""));
  }

  @Test
  void linesAreCountedThroughQuotes() throws IOException {
    CsvReader reader = new CsvReader(new StringReader("a\n\"b\nb\"\nc"));
    reader.read();
    reader.read();
    assertThat(reader.line()).isEqualTo(4);
  }

  @Test
  void misplacedQuotesAreNamedWithTheirLine() {
    assertThatThrownBy(() -> read("a\nb\"c\n")).hasMessageContaining("line 2");
    assertThatThrownBy(() -> read("a\n\"b\"c\n")).hasMessageContaining("line 2");
    assertThatThrownBy(() -> read("a\n\"b\n\n")).hasMessageContaining("line 2");
  }
}
