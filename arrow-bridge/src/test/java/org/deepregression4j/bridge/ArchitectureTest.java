package org.deepregression4j.bridge;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The order of the modules, and what the facade may know. */
class ArchitectureTest {
  private static final String ROOT = "org.deepregression4j.";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("org.deepregression4j");

  @Test
  void modulesImportOnlyWhatStandsBeforeThem() {
    mayKnow("onnx..");
    mayKnow("engine..", "onnx..");
    mayKnow("bridge..", "engine..", "onnx..");
  }

  private static void mayKnow(String module, String... before) {
    String[] allowed = new String[before.length + 1];
    allowed[0] = ROOT + module;
    for (int i = 0; i < before.length; i++) {
      allowed[i + 1] = ROOT + before[i];
    }
    noClasses()
        .that()
        .resideInAPackage(ROOT + module)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("org.deepregression4j..").and(not(resideInAnyPackage(allowed))))
        .check(CLASSES);
  }

  @Test
  void thePackageOfSpecificationsKnowsNoArrow() {
    classes()
        .that()
        .resideInAPackage(ROOT + "bridge.spec")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                ROOT + "bridge.spec",
                ROOT + "engine..",
                ROOT + "onnx..",
                "com.fasterxml.jackson..",
                "java..",
                "org.jspecify.."))
        .check(CLASSES);
  }

  @Test
  void onlyOnnxExportTouchesTheRuntimeAndItsFiles() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "onnx..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ai.onnxruntime..", "ai.onnx.proto..", "com.google.protobuf..")
        .check(CLASSES);
  }

  @Test
  void everyPackageHasItsPlace() {
    classes()
        .should()
        .resideInAnyPackage(ROOT + "onnx..", ROOT + "engine..", ROOT + "bridge..")
        .check(CLASSES);
  }
}
