package org.deepregression4j.bridge;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Codes 1..K of texts in order of first appearance. Mutable: grows as texts come. */
final class StringCodes {
  private final Map<String, Integer> codes = new HashMap<>();

  /** The code of a text, new ones numbered on; {@link Column#NA} for a missing text. */
  int code(@Nullable String text) {
    if (text == null) {
      return Column.NA;
    }
    Integer known = codes.putIfAbsent(text, codes.size() + 1);
    return known == null ? codes.size() : known;
  }

  /** Element {@code k - 1} is the text of code {@code k}. */
  List<String> levels() {
    List<String> levels = new ArrayList<>(Collections.nCopies(codes.size(), ""));
    codes.forEach((text, code) -> levels.set(code - 1, text));
    return levels;
  }
}
