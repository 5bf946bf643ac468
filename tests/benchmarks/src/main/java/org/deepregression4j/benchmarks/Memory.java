package org.deepregression4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.deepregression4j.onnx.graph.ElementType;

/** Resident memory that a fit adds for each row, beside the bytes of its numbers. Linux only. */
final class Memory {
  private static final int SMALL = 20_480;
  private static final int LARGE = 204_800;

  private Memory() {}

  /**
   * Rows of the table. Peaks are of the whole process, so the small fit runs first; run this in a
   * process of its own.
   */
  static List<String> rows() throws IOException {
    double first = peak(SMALL);
    double second = peak(LARGE);
    double perRow = (second - first) / (LARGE - SMALL);
    long numbers = 8L * (100 + 1);
    return List.of(
        String.format(
            Locale.ROOT,
            "| bytes per row, 100 columns in float64 | %.0f (%.1f times its numbers) |",
            perRow,
            perRow / numbers));
  }

  private static double peak(int rows) throws IOException {
    Engine.fit(new Workload(false, 32, ElementType.FLOAT64, rows), 1, true, progress -> true);
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return 1024 * Double.parseDouble(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("/proc/self/status does not say VmHWM");
  }
}
