package org.deepregression4j.engine.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.engine.term.Term;

/**
 * The additive predictor of one parameter of the response distribution.
 *
 * @param name the parameter, such as {@code loc}
 * @param structured terms with coefficients, the intercept among them
 * @param offsets terms with the fixed weight 1
 * @param deep deep networks
 */
public record Predictor(
    String name, List<Weighted> structured, List<StructuredTerm> offsets, List<DeepTerm> deep) {
  /** A term with the treatment of its coefficients. */
  public record Weighted(StructuredTerm term, TermWeights weights) {}

  /** Copies the lists. */
  public Predictor {
    structured = List.copyOf(structured);
    offsets = List.copyOf(offsets);
    deep = List.copyOf(deep);
  }

  /** A predictor of structured terms and offsets with the usual treatment, and deep networks. */
  public static Predictor of(String name, List<StructuredTerm> terms, DeepTerm... deep) {
    List<Weighted> structured = new ArrayList<>();
    List<StructuredTerm> offsets = new ArrayList<>();
    for (StructuredTerm term : terms) {
      if (term.isOffset()) {
        offsets.add(term);
      } else {
        structured.add(new Weighted(term, TermWeights.DEFAULT));
      }
    }
    return new Predictor(name, structured, offsets, Arrays.asList(deep));
  }

  /** All terms: structured, offsets, deep. */
  public List<Term> terms() {
    List<Term> out = new ArrayList<>();
    structured.forEach(weighted -> out.add(weighted.term()));
    out.addAll(offsets);
    out.addAll(deep);
    return out;
  }
}
