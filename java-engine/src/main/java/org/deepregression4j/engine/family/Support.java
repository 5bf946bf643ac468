package org.deepregression4j.engine.family;

import java.util.function.DoublePredicate;

/** Where the responses of a family live. NaN is in no support. */
public enum Support {
  REAL("a finite number", Double::isFinite),
  POSITIVE("positive", y -> y > 0 && Double.isFinite(y)),
  NON_NEGATIVE("zero or positive", y -> y >= 0 && Double.isFinite(y)),
  UNIT_OPEN("strictly between 0 and 1", y -> y > 0 && y < 1),
  BINARY("0 or 1", y -> y == 0 || y == 1),
  COUNT("a whole number 0, 1, 2, ...", y -> y >= 0 && Double.isFinite(y) && y == Math.rint(y));

  private final String description;
  private final DoublePredicate predicate;

  Support(String description, DoublePredicate predicate) {
    this.description = description;
    this.predicate = predicate;
  }

  /** What a response must be, to complete "expected ...". */
  public String description() {
    return description;
  }

  /** True when {@code y} is a possible response. */
  public boolean contains(double y) {
    return predicate.test(y);
  }

  /** True for counts and binary responses: densities are then probabilities. */
  public boolean isDiscrete() {
    return this == BINARY || this == COUNT;
  }
}
