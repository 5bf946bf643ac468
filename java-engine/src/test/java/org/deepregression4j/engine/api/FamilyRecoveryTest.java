package org.deepregression4j.engine.api;

import java.util.stream.Stream;
import org.deepregression4j.engine.family.FamilyCases;
import org.deepregression4j.engine.family.GapRule;
import org.deepregression4j.engine.family.Piece;
import org.deepregression4j.engine.family.Shows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Maximum likelihood on simulated data of every family. */
@ParameterizedClass(name = "{0}")
@MethodSource("keys")
public class FamilyRecoveryTest implements GapRule.OfFamily {
  @Parameter String key;

  static Stream<String> keys() {
    return FamilyCases.keys();
  }

  @Override
  public String key() {
    return key;
  }

  @Test
  @Shows(Piece.RECOVERY)
  void coefficientsAreFoundAgain() {
    new FamilyRecovery(FamilyCases.named(key)).solve();
  }

  @Test
  @Shows(Piece.ADAM)
  void adamComesAsFar() {
    new FamilyRecovery(FamilyCases.named(key)).train();
  }
}
