package org.deepregression4j.bridge;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What rJava and Renjin can call, held by reflection. */
class FacadeRulesTest {
  private static final Set<Class<?>> TYPES =
      Set.of(int.class, double.class, boolean.class, String.class, double[].class, String[].class);

  private static List<Method> facade() {
    return Arrays.stream(Bridge.class.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
        .toList();
  }

  @Test
  void signaturesHoldScalarsStringsAndTheirArraysOnly() {
    assertThat(facade()).hasSizeGreaterThan(15);
    for (Method method : facade()) {
      assertThat(TYPES).as(method.toString()).contains(method.getReturnType());
      assertThat(method.getParameterTypes()).as(method.toString()).allMatch(TYPES::contains);
    }
  }

  @Test
  void namesAreUniqueAndMethodsAreOfTheInstance() {
    assertThat(facade().stream().map(Method::getName)).doesNotHaveDuplicates();
    assertThat(facade()).noneMatch(method -> Modifier.isStatic(method.getModifiers()));
    assertThat(Bridge.class.getConstructors()).hasSize(1);
  }

  @Test
  void javaNeverPrints() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.deepregression4j.bridge", "org.deepregression4j.engine");
    noClasses().should(ACCESS_STANDARD_STREAMS).check(classes);
  }
}
