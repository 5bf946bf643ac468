package org.deepregression4j.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs the scripts of {@code src/test/r} with the R package that {@code make install} put into
 * {@code .r-library}. What is missing (R, rJava, the package) fails the test that needs it.
 */
final class RScript {
  private static final Path FOLDER = Path.of("src/test/r").toAbsolutePath();
  private static final Path LIBRARY = Path.of("../.r-library").toAbsolutePath().normalize();
  private static final long MINUTES = 5;

  private RScript() {}

  /**
   * Runs one script with a fresh folder below {@code target} as its argument.
   *
   * @return the folder
   * @throws AssertionError with what R said, when it did not end well
   */
  static Path run(String script) {
    try {
      Path folder = fresh(Path.of("target/r", script.replace(".R", "")).toAbsolutePath());
      Path log = folder.resolve("R.log");
      Process process = start(List.of(script, folder.toString()), log);
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError(script + " ran longer than " + MINUTES + " minutes: " + read(log));
      }
      if (process.exitValue() != 0) {
        throw new AssertionError(script + " failed:\n" + read(log));
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static Process start(List<String> arguments, Path log) throws IOException {
    List<String> command = new ArrayList<>(List.of("Rscript", "--vanilla"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(FOLDER.toFile());
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("R_LIBS", LIBRARY.toString());
    try {
      return builder.start();
    } catch (IOException e) {
      throw new AssertionError("R is needed: no Rscript on the path. Run 'make test'.", e);
    }
  }

  private static Path fresh(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    return folder;
  }

  private static String read(Path log) throws IOException {
    return Files.readString(log);
  }
}
