package org.deepregression4j.engine.solve;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.deepregression4j.engine.family.Family;

/**
 * What a user should know of a fit.
 *
 * @param kind the reason
 * @param terms the terms concerned, such as {@code 'loc: x'}
 * @param message a sentence
 */
public record Note(Kind kind, List<String> terms, String message) {
  /** A share of a direction's length below which a term has no part in it. */
  private static final double PART = 1e-6;

  /** Directions that are told one by one. */
  private static final int SEPARATE = 3;

  /** Terms that a message names. */
  private static final int NAMED = 10;

  /** Why there is something to say. */
  public enum Kind {
    /** Coefficients of these terms can be traded against each other without changing the fit. */
    NOT_IDENTIFIED,
    /** The likelihood rises for ever towards infinite coefficients of these terms. */
    SEPARATION,
    /** The density is unbounded: the response is fitted exactly. */
    UNBOUNDED,
    /** Responses bound the parameters, and the likelihood is largest at their bound. */
    EDGE
  }

  /** Copies the list. */
  public Note {
    terms = List.copyOf(terms);
  }

  /** The terms that have a part in a direction of the unknowns. */
  static List<String> terms(Unknowns unknowns, double[] direction, double part) {
    double total = 0;
    for (double d : direction) {
      total += d * d;
    }
    Set<String> out = new LinkedHashSet<>();
    for (Unknowns.Span span : unknowns.spans()) {
      double sum = 0;
      for (int i = 0; i < span.size(); i++) {
        double d = direction[span.from() + i];
        sum += d * d;
      }
      if (sum > part * total) {
        out.add(span.label());
      }
    }
    return List.copyOf(out);
  }

  /** Notes on directions without curvature, equal ones once; a single one where they are many. */
  static List<Note> notIdentified(Unknowns unknowns, List<double[]> directions) {
    Set<List<String>> seen = new LinkedHashSet<>();
    directions.forEach(d -> seen.add(terms(unknowns, d, PART)));
    List<Note> out = new ArrayList<>();
    if (seen.size() > SEPARATE) {
      return List.of(manyNotIdentified(directions.size(), seen));
    }
    for (List<String> terms : seen) {
      List<String> others = terms.subList(1, terms.size());
      String with = others.isEmpty() ? " by itself" : " with " + String.join(" and ", others);
      out.add(new Note(Kind.NOT_IDENTIFIED, terms, "not identified: " + terms.get(0) + with));
    }
    return out;
  }

  private static Note manyNotIdentified(int directions, Set<List<String>> seen) {
    Set<String> all = new TreeSet<>();
    seen.forEach(all::addAll);
    String named = String.join(", ", all.stream().limit(NAMED).toList());
    String more = all.size() > NAMED ? " and " + (all.size() - NAMED) + " more" : "";
    return new Note(
        Kind.NOT_IDENTIFIED,
        List.copyOf(all),
        "not identified: "
            + directions
            + " directions of the coefficients of "
            + named
            + more
            + "; are there more coefficients than rows?");
  }

  static Note separation(List<String> terms) {
    return new Note(
        Kind.SEPARATION,
        terms,
        "separation: the likelihood rises for ever towards infinite coefficients of "
            + String.join(" and ", terms)
            + "; their estimates are where the fit no longer changes");
  }

  static Note edge(Family family) {
    List<String> names = family.parameters().stream().map(p -> "'" + p.name() + "'").toList();
    return new Note(
        Kind.EDGE,
        List.of(),
        "responses bound the parameters "
            + String.join(" and ", names)
            + " of family '"
            + family.name()
            + "', and the likelihood still rises where they do: no standard errors");
  }

  static Note unbounded(String parameter, List<String> terms) {
    return new Note(
        Kind.UNBOUNDED,
        terms,
        "the likelihood is unbounded: parameter '"
            + parameter
            + "' goes to the edge of its range along "
            + String.join(" and ", terms)
            + "; is the response constant, or fitted exactly by as many coefficients as rows?");
  }
}
