package org.deepregression4j.bridge.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.deepregression4j.engine.api.ExportOptions;
import org.junit.jupiter.api.Test;

class ExportReaderTest {
  private static ExportOptions read(String json) {
    try {
      return ExportReader.options(new ObjectMapper().readTree(json.replace('\'', '"')));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void optionsAreReadAndAbsentOnesAskForNothing() {
    assertThat(read("{}")).isEqualTo(ExportOptions.NONE);
    assertThat(read("{'quantiles': [0.1, 0.5], 'log_density': true, 'linear_predictors': true}"))
        .isEqualTo(new ExportOptions(List.of(.1, .5), true, true));
    assertThat(read("{'quantiles': 0.9}")).isEqualTo(ExportOptions.NONE.withQuantiles(.9));
  }

  @Test
  void whatIsWrongIsNamed() {
    assertThatThrownBy(() -> read("{'quantile': [0.1]}"))
        .hasMessageContaining("unknown option 'quantile', known are [linear_predictors,");
    assertThatThrownBy(() -> read("{'quantiles': [0.1, 1.5]}"))
        .hasMessage("quantiles: expected levels between 0 and 1, got 1.5");
    assertThatThrownBy(() -> read("{'quantiles': ['median']}"))
        .hasMessageContaining("export.quantiles[0]: expected a number, got \"median\"");
    assertThatThrownBy(() -> read("{'log_density': 1}"))
        .hasMessageContaining("expected true or false as 'log_density', got 1");
  }
}
