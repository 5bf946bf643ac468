package org.deepregression4j.engine;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order of the packages. Those of one rank do not know each other. */
class ArchitectureTest {
  private static final String ROOT = "org.deepregression4j.engine.";

  private static final List<List<String>> RANKS =
      List.of(
          List.of("autodiff"),
          List.of("family", "layer", "term"),
          List.of("model"),
          List.of("train", "solve"),
          List.of("api"));

  /**
   * Besides these the engine needs nothing: no Arrow, no JSON, no R, no ONNX Runtime of its own.
   */
  private static final List<String> LIBRARIES =
      List.of("java..", "org.jspecify..", "org.ejml..", "org.deepregression4j.onnx..");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.deepregression4j.engine");

  @ParameterizedTest
  @ValueSource(strings = {"autodiff", "family", "layer", "term", "model", "train", "solve", "api"})
  void aPackageImportsOnlyWhatStandsBeforeIt(String name) {
    List<String> allowed = new ArrayList<>(LIBRARIES);
    allowed.add(ROOT + name);
    for (List<String> rank : RANKS) {
      if (rank.contains(name)) {
        break;
      }
      rank.forEach(before -> allowed.add(ROOT + before));
    }
    classes()
        .that()
        .resideInAPackage(ROOT + name)
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(allowed.toArray(String[]::new)))
        .check(CLASSES);
  }

  @Test
  void everyPackageHasItsPlace() {
    String[] places =
        RANKS.stream().flatMap(List::stream).map(name -> ROOT + name).toArray(String[]::new);
    classes().should().resideInAnyPackage(places).check(CLASSES);
  }
}
