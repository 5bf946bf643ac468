package org.deepregression4j.engine.api;

import java.util.stream.Stream;
import org.deepregression4j.engine.family.FamilyCase;
import org.deepregression4j.engine.family.FamilyCases;
import org.deepregression4j.engine.family.GapRule;
import org.deepregression4j.engine.family.Piece;
import org.deepregression4j.engine.family.Shows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Every family as a file: what it gives of raw rows is what the model says. */
@ParameterizedClass(name = "{0}")
@MethodSource("keys")
public class FamilyExportTest implements GapRule.OfFamily {
  @Parameter String key;

  static Stream<String> keys() {
    return FamilyCases.keys();
  }

  @Override
  public String key() {
    return key;
  }

  @Test
  @Shows(Piece.EXPORT)
  void aFileSaysWhatItsModelSays() {
    FamilyCase of = FamilyCases.named(key);
    new ExportedFamily(of.family(), of.columns()).check();
  }
}
