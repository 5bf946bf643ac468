package org.deepregression4j.onnx;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of the packages, and who may touch what from outside. */
class ArchitectureTest {
  private static final String ROOT = "org.deepregression4j.onnx.";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.deepregression4j.onnx");

  @ParameterizedTest
  @CsvSource({
    "graph,",
    "writer, graph | ai.onnx.proto | com.google.protobuf",
    "runtime, graph | ai.onnxruntime",
    "scoring, graph | runtime"
  })
  void aPackageImportsOnlyWhatStandsBeforeIt(String name, String others) {
    String[] before = others == null ? new String[0] : others.split(" *\\| *");
    String[] allowed = new String[before.length + 3];
    allowed[0] = ROOT + name;
    allowed[1] = "java..";
    allowed[2] = "org.jspecify..";
    for (int i = 0; i < before.length; i++) {
      allowed[i + 3] = before[i].contains(".") ? before[i] + ".." : ROOT + before[i];
    }
    classes()
        .that()
        .resideInAPackage(ROOT + name)
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(allowed))
        .check(CLASSES);
  }

  @Test
  void onlyTheWriterTouchesProtobuf() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "writer")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.onnx.proto..", "com.google.protobuf..")
        .check(CLASSES);
  }

  @Test
  void everyPackageHasItsPlace() {
    classes()
        .should()
        .resideInAnyPackage(ROOT + "graph", ROOT + "writer", ROOT + "runtime", ROOT + "scoring")
        .check(CLASSES);
  }
}
