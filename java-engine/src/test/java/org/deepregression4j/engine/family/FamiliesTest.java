package org.deepregression4j.engine.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FamiliesTest {
  @Test
  void everyRowHasReferenceValuesAndNothingElseHas() {
    assertThat(ReferenceRow.byFamily().keySet())
        .containsExactlyInAnyOrderElementsOf(Families.all().stream().map(Family::name).toList());
  }

  @Test
  void anUnknownNameIsRefusedWithTheNamesThereAre() {
    assertThatThrownBy(() -> Families.named("gaussian"))
        .isInstanceOf(FamilyException.class)
        .hasMessageContaining("gaussian")
        .hasMessageContaining("log_normal");
  }
}
