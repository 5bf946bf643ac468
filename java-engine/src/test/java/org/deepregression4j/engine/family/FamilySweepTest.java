package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deepregression4j.engine.api.FamilyExportTest;
import org.deepregression4j.engine.api.FamilyRecoveryTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;

/**
 * Every family has every {@link Piece} or a row in {@link FamilyGaps}. The tests marked with {@link
 * Shows} hold families to it; here it is seen that there is such a test for every piece, that it is
 * run for every family, and that no family of the engine or of docs/model-spec.md is left out.
 */
class FamilySweepTest {
  private static final List<Class<?>> TESTS =
      List.of(
          FamilyContractTest.class,
          FamilyDistributionTest.class,
          FamilySampleTest.class,
          FamilyRecoveryTest.class,
          FamilyExportTest.class);

  /** Families made of others, and a case of each. */
  private static final Map<String, String> COMPOSED =
      Map.of(
          "mixture", "mixture",
          "inflated", "inflated_poisson",
          "censored", "censored(normal)",
          "custom", "custom",
          "composed", "composed");

  private static final Path SPECIFICATION = Path.of("..", "docs", "model-spec.md");

  @Test
  void everyPieceIsShown() {
    Set<Piece> shown = EnumSet.noneOf(Piece.class);
    for (Class<?> test : TESTS) {
      for (Method method : test.getDeclaredMethods()) {
        if (method.isAnnotationPresent(Shows.class)) {
          shown.add(method.getAnnotation(Shows.class).value());
        }
      }
    }
    assertThat(shown).containsExactlyInAnyOrder(Piece.values());
  }

  @Test
  void everyTestIsRunForEveryFamily() throws ReflectiveOperationException {
    List<String> all = FamilyCases.keys().toList();
    for (Class<?> test : TESTS) {
      assertThat(test).hasAnnotation(ParameterizedClass.class).isAssignableTo(OF_FAMILY);
      Method keys = test.getDeclaredMethod("keys");
      keys.setAccessible(true);
      assertThat(((Stream<?>) keys.invoke(null)).toList()).as("keys of %s", test).isEqualTo(all);
    }
  }

  private static final Class<?> OF_FAMILY = GapRule.OfFamily.class;

  @Test
  void gapsAreOfFamiliesThatThereAreAndSayWhy() {
    List<String> all = FamilyCases.keys().toList();
    for (Piece piece : Piece.values()) {
      assertThat(all).as("families without %s", piece).containsAll(FamilyGaps.of(piece).keySet());
      assertThat(FamilyGaps.of(piece).values()).as("reasons").noneMatch(String::isBlank);
    }
  }

  @Test
  void everyFamilyOfTheEngineIsInTheSweep() {
    Set<String> swept = new TreeSet<>();
    FamilyCases.keys().map(key -> FamilyCases.named(key).family().name()).forEach(swept::add);
    assertThat(swept).containsAll(ofTheEngine());
    assertThat(FamilyCases.keys().toList()).containsAll(COMPOSED.values());
  }

  private static Set<String> ofTheEngine() {
    Set<String> names = new TreeSet<>(Families.withOptions());
    Families.all().forEach(family -> names.add(family.name()));
    return names;
  }

  /** The tables and the sentences on families of others, in docs/model-spec.md. */
  @Test
  void theSpecificationListsTheFamiliesThereAre() throws IOException {
    Set<String> there = ofTheEngine();
    there.addAll(COMPOSED.keySet());
    Set<String> documented = new TreeSet<>(rows().keySet());
    String name = "\\{\"name\": \"(\\w+)\",\\s+\"(?:components|label)\"";
    matches(name).map(match -> match.group(1)).forEach(documented::add);
    assertThat(documented).isEqualTo(there);
  }

  /** Parameters in order with their links, in the words of the table. */
  @Test
  void theSpecificationListsTheirParameters() throws IOException {
    Map<String, List<String>> rows = rows();
    for (Family family : Families.all()) {
      List<String> cells = rows.get(family.name());
      assertThat(cells.get(cells.size() - 1)).as(family.name()).startsWith(parameters(family));
    }
  }

  private static String parameters(Family family) {
    return family.parameters().stream()
        .map(p -> p.name() + (p.link() == Link.IDENTITY ? "" : " (" + p.link().label() + ")"))
        .collect(Collectors.joining(", "));
  }

  /** The rows of tables in the section on families: cells after the name, by name. */
  private static Map<String, List<String>> rows() throws IOException {
    Map<String, List<String>> out = new LinkedHashMap<>();
    for (String line : section().split("\n")) {
      if (line.startsWith("| ") && !line.startsWith("| name |")) {
        String[] cells = line.substring(2).split("\\s*\\|\\s*");
        for (String name : cells[0].split(", ")) {
          assertThat(out.put(name, List.of(cells).subList(1, cells.length)))
              .as("%s is in two rows", name)
              .isNull();
        }
      }
    }
    return out;
  }

  private static Stream<MatchResult> matches(String pattern) throws IOException {
    return Pattern.compile(pattern).matcher(section()).results();
  }

  private static String section() throws IOException {
    String all = Files.readString(SPECIFICATION);
    int from = all.indexOf("### Families");
    return all.substring(from, Arrays.stream(ends(all, from)).min().orElseThrow());
  }

  /** Where the next section may begin. */
  private static int[] ends(String text, int from) {
    return Stream.of("\n## ", "\n### ")
        .mapToInt(mark -> text.indexOf(mark, from + 1))
        .filter(at -> at >= 0)
        .toArray();
  }
}
