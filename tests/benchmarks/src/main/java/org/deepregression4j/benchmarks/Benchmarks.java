package org.deepregression4j.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.deepregression4j.onnx.graph.ElementType;

/**
 * Prints the tables of README.md. Run with {@code OPENBLAS_NUM_THREADS=1}, since libtorch's threads
 * get in each other's way otherwise.
 */
public final class Benchmarks {
  private Benchmarks() {}

  /**
   * Runs what is named, {@code training}, {@code scoring}, {@code families} or {@code memory}; all
   * when nothing.
   */
  public static void main(String[] names) throws IOException, InterruptedException {
    List<String> all = List.of("memory", "scoring", "families", "training");
    List<String> wanted = names.length == 0 ? all : List.of(names);
    PrintStream out = System.out;
    if (wanted.contains("memory")) {
      Memory.rows().forEach(out::println);
    }
    if (wanted.contains("scoring")) {
      Scoring.rows().forEach(out::println);
    }
    if (wanted.contains("families")) {
      FamilySteps.rows(100).forEach(out::println);
      FamilySteps.rows(10).forEach(out::println);
    }
    if (wanted.contains("training")) {
      out.println("| workload | libtorch | engine | ratio | ratio of CPU times |");
      out.println("|---|---|---|---|---|");
      for (boolean isDeep : new boolean[] {false, true}) {
        for (int batch : new int[] {32, 1024}) {
          for (ElementType type : new ElementType[] {ElementType.FLOAT32, ElementType.FLOAT64}) {
            out.println(Training.compare(new Workload(isDeep, batch, type)));
          }
        }
      }
    }
  }
}
