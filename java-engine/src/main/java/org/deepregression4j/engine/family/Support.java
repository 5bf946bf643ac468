package org.deepregression4j.engine.family;

import java.util.function.DoublePredicate;

/** Where the responses of a family live. NaN is in no support. */
public enum Support {
  REAL("a finite number", Double::isFinite),
  POSITIVE("positive", y -> y > 0 && Double.isFinite(y)),
  NON_NEGATIVE("zero or positive", y -> y >= 0 && Double.isFinite(y)),
  UNIT_OPEN("strictly between 0 and 1", y -> y > 0 && y < 1),
  BINARY("0 or 1", y -> y == 0 || y == 1),
  ONE_HOT("0 or 1, with one 1 in each row", y -> y == 0 || y == 1),
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

  /** True when {@code y} is a possible response, or a possible column of one. */
  public boolean contains(double y) {
    return predicate.test(y);
  }

  /** True for counts and classes: densities are then probabilities. */
  public boolean isDiscrete() {
    return this == BINARY || this == ONE_HOT || this == COUNT;
  }

  /** True when the columns of a response belong together: log-densities are then (n, 1). */
  public boolean isMultivariate() {
    return this == ONE_HOT;
  }
}
