package org.deepregression4j.onnx.scoring;

import java.util.ArrayList;
import java.util.List;

/**
 * Lists of any texts as printable ASCII, tabs and newlines. Each field ends with a tab, so that an
 * empty list differs from a list of one empty text; everything else that is not printable ASCII,
 * and the backslash, is written as {@code \}{@code uXXXX} per UTF-16 unit. ASCII, because ONNX
 * Runtime's Java API garbles characters beyond the basic plane in metadata.
 */
final class SignatureText {
  private SignatureText() {}

  /** True when ONNX Runtime's Java API carries the text unchanged. */
  static boolean isPlain(String text) {
    return text.chars().noneMatch(c -> c == 0 || Character.isSurrogate((char) c));
  }

  static String escape(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '\\') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  static String unescape(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        out.append(c);
      } else if (i + 6 <= text.length() && text.charAt(i + 1) == 'u') {
        out.append((char) Integer.parseInt(text.substring(i + 2, i + 6), 16));
        i += 5;
      } else {
        throw new IllegalArgumentException("a backslash without its code in '" + text + "'");
      }
    }
    return out.toString();
  }

  static String join(List<String> fields) {
    StringBuilder out = new StringBuilder();
    fields.forEach(field -> out.append(escape(field)).append('\t'));
    return out.toString();
  }

  static List<String> split(String text) {
    List<String> out = new ArrayList<>();
    int start = 0;
    for (int tab = text.indexOf('\t'); tab >= 0; tab = text.indexOf('\t', start)) {
      out.add(unescape(text.substring(start, tab)));
      start = tab + 1;
    }
    if (start != text.length()) {
      throw new IllegalArgumentException("a list that does not end with a tab: '" + text + "'");
    }
    return out;
  }
}
