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
  POSITIVE_COUNT("a whole number 1, 2, 3, ...", y -> y >= 1 && isWhole(y)),
  ANGLE("an angle in radians", Double::isFinite),
  ZERO_OR_POSITIVE("zero or positive", y -> y >= 0 && Double.isFinite(y)),
  UNIT_CLOSED("between 0 and 1", y -> y >= 0 && y <= 1),
  SIMPLEX("positive, with sum one in each row", y -> y > 0 && y < 1),
  COUNTS("a whole number 0, 1, 2, ... in each column", y -> y >= 0 && isWhole(y)),
  DIRECTION("a vector of length one in each row", y -> Math.abs(y) <= 1),
  VECTOR("a finite number in each column", Double::isFinite),
  CENSORED("a number and 1, or a lower bound and 0", Double::isFinite),
  COUNT("a whole number 0, 1, 2, ...", y -> y >= 0 && isWhole(y));

  private final String description;
  private final DoublePredicate predicate;

  Support(String description, DoublePredicate predicate) {
    this.description = description;
    this.predicate = predicate;
  }

  private static boolean isWhole(double y) {
    return Double.isFinite(y) && y == Math.rint(y);
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
    return switch (this) {
      case BINARY, ONE_HOT, COUNT, POSITIVE_COUNT, COUNTS -> true;
      default -> false;
    };
  }

  /** True when the columns of a response belong together: log-densities are then (n, 1). */
  public boolean isMultivariate() {
    return switch (this) {
      case ONE_HOT, SIMPLEX, COUNTS, DIRECTION, VECTOR, CENSORED -> true;
      default -> false;
    };
  }
}
