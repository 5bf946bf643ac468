package org.deepregression4j.engine.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deepregression4j.engine.api.Model;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FitAndExportTest {
  /** Three standard errors, 3 sd / sqrt(n var(x)), are about 0.06. */
  private static final double OF_A_SLOPE = .1;

  @Test
  void findsWhatTheDataWereMadeOf(@TempDir Path folder) throws IOException {
    Model model = FitAndExport.fit();
    assertThat(model.coefficients("loc", "x")[0]).isCloseTo(2, within(OF_A_SLOPE));
    assertThat(model.coefficients("scale", "x")[0]).isCloseTo(.5, within(OF_A_SLOPE));
    assertThat(model.coefficients("scale", "(Intercept)")[0]).isCloseTo(-1, within(OF_A_SLOPE));
    Path file = Files.write(folder.resolve("model.onnx"), model.toOnnx());
    for (double z : new double[] {-.5, 0, .5}) {
      double truth = 1 + 2 * .5 + Math.sin(3 * z);
      assertThat(FitAndExport.score(file, .5, z)).isCloseTo(truth, within(.15));
    }
  }
}
