package org.deepregression4j.engine.family;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks a test, run for every key of {@link FamilyCases}, that shows a piece of a family. Where
 * {@link FamilyGaps} says that the family lacks it, the test must fail.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(GapRule.class)
public @interface Shows {
  /** The piece. */
  Piece value();
}
