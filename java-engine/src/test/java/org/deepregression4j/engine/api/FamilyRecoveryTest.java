package org.deepregression4j.engine.api;

import java.util.stream.Stream;
import org.deepregression4j.engine.family.FamilyCases;
import org.deepregression4j.engine.family.FamilyGaps;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Maximum likelihood on simulated data, of every family that is not listed with a reason. */
class FamilyRecoveryTest {
  static Stream<String> keys() {
    return FamilyCases.keys().filter(key -> !FamilyGaps.isMissing(key, "recovery"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("keys")
  void coefficientsAreFoundAgain(String key) {
    new FamilyRecovery(FamilyCases.named(key)).run();
  }
}
