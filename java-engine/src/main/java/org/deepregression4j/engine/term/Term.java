package org.deepregression4j.engine.term;

import java.util.Set;

/** One summand of a predictor. */
public interface Term {
  /** The term as the user wrote it. */
  String name();

  /** Names of the raw columns that it reads, in order. */
  Set<String> columnsUsed();
}
