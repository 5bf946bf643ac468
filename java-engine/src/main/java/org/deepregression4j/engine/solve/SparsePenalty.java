package org.deepregression4j.engine.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.Structured;
import org.deepregression4j.engine.term.Sparsity;
import org.ejml.data.DMatrixRMaj;

/**
 * What the objective adds for groups of unknowns that are not zero: Σ threshold_g ‖w_g‖₂ over
 * disjoint groups g. From {@link Sparsity} and from the l1 regularisers. Immutable.
 */
final class SparsePenalty {
  private final List<Group> groups;
  private final double constant;

  /**
   * Unknowns that become zero together.
   *
   * @param places ascending
   * @param threshold &gt; 0
   */
  record Group(int[] places, double threshold) {
    int size() {
      return places.length;
    }

    double[] take(double[] of) {
      double[] out = new double[places.length];
      Arrays.setAll(out, i -> of[places[i]]);
      return out;
    }

    double norm(double[] of) {
      return length(take(of));
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Group g
          && Arrays.equals(places, g.places)
          && threshold == g.threshold;
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(places);
    }
  }

  private SparsePenalty(List<Group> groups, double constant) {
    this.groups = List.copyOf(groups);
    this.constant = constant;
  }

  /**
   * The penalties of a model; those of fixed coefficients are a constant.
   *
   * @throws SolverException naming a term that shares a part of a group with another
   */
  static SparsePenalty of(ModelGraph model, Unknowns unknowns, double[] trained) {
    Map<List<Integer>, Double> thresholds = new LinkedHashMap<>();
    Map<Integer, List<Integer>> owners = new LinkedHashMap<>();
    double constant = 0;
    for (Structured.Placed place : model.structured().placed()) {
      for (Sparsity sparsity : sparsities(place, model)) {
        double factor = sparsity.scale() * sparsity.lambda();
        for (int g = 0; factor > 0 && g < sparsity.count(); g++) {
          if (!place.weighted().weights().isTrainable()) {
            constant += factor * length(fixed(model, place, sparsity.members(g), trained));
            continue;
          }
          List<Integer> members = members(model, unknowns, place, sparsity.members(g));
          thresholds.merge(members, factor, Double::sum);
          claim(owners, members, place.term().name());
        }
      }
    }
    List<Group> groups = new ArrayList<>();
    thresholds.forEach(
        (members, threshold) ->
            groups.add(new Group(members.stream().mapToInt(x -> x).toArray(), threshold)));
    return new SparsePenalty(groups, constant);
  }

  /** A regulariser penalises each column of a predictor by itself, unlike the term's own groups. */
  private static List<Sparsity> sparsities(Structured.Placed place, ModelGraph model) {
    List<Sparsity> out = new ArrayList<>();
    place.term().sparsity().ifPresent(out::add);
    double l1 = place.weighted().weights().regularizer().l1();
    if (l1 > 0) {
      if (model.definition().predictorColumns() > 1) {
        throw new SolverException(
            "term '"
                + place.term().name()
                + "': an l1 regulariser of a predictor with several columns; use lasso()");
      }
      out.add(Sparsity.single(place.size(), l1, 1));
    }
    return out;
  }

  private static void claim(Map<Integer, List<Integer>> owners, List<Integer> members, String t) {
    for (int at : members) {
      List<Integer> owner = owners.putIfAbsent(at, members);
      if (owner != null && !owner.equals(members)) {
        throw new SolverException("term '" + t + "': its coefficients belong to several groups");
      }
    }
  }

  private static List<Integer> members(
      ModelGraph model, Unknowns unknowns, Structured.Placed place, int[] rows) {
    List<Integer> out = new ArrayList<>();
    for (int c = 0; c < model.definition().predictorColumns(); c++) {
      for (int row : rows) {
        out.add(unknowns.place(place.predictor(), c, place.from() + row));
      }
    }
    out.sort(null);
    return out;
  }

  private static double[] fixed(
      ModelGraph model, Structured.Placed place, int[] rows, double[] trained) {
    int r = model.definition().predictorColumns();
    int columns = model.layout().columns();
    double[] out = new double[rows.length * r];
    for (int i = 0; i < out.length; i++) {
      out[i] = trained[(place.from() + rows[i / r]) * columns + place.predictor() * r + i % r];
    }
    return out;
  }

  static double length(double[] x) {
    double sum = 0;
    for (double v : x) {
      sum += v * v;
    }
    return Math.sqrt(sum);
  }

  List<Group> groups() {
    return groups;
  }

  boolean isEmpty() {
    return groups.isEmpty();
  }

  /** What is added to the objective. */
  double value(double[] w) {
    double sum = constant;
    for (Group group : groups) {
      sum += group.threshold() * group.norm(w);
    }
    return sum;
  }

  /**
   * What a step to a target gains at first order: the gradient along it, and the norms' difference.
   * Written without differences of norms, which would be lost in rounding near the optimum.
   */
  double gain(double[] w, double[] target, double[] gradient) {
    double[] slope = gradient.clone();
    for (Group group : groups) {
      double norms = group.norm(w) + group.norm(target);
      for (int at : group.places()) {
        slope[at] += norms > 0 ? group.threshold() * ((w[at] + target[at]) / norms) : 0;
      }
    }
    double sum = 0;
    for (int i = 0; i < w.length; i++) {
      sum += slope[i] * (w[i] - target[i]);
    }
    return sum;
  }

  /**
   * The shortest subgradient of the objective, given the gradient of its smooth part: zero at the
   * optimum (the Karush-Kuhn-Tucker conditions).
   */
  double[] residual(double[] w, double[] gradient) {
    double[] out = gradient.clone();
    for (Group group : groups) {
      double norm = group.norm(w);
      double steepness = group.norm(gradient);
      for (int at : group.places()) {
        out[at] =
            norm > 0
                ? gradient[at] + group.threshold() * w[at] / norm
                : gradient[at] * Math.max(0, 1 - group.threshold() / Math.max(steepness, 1e-300));
      }
    }
    return out;
  }

  /** A copy of w in which the groups that are zero in {@code where} are zero. */
  double[] snapped(double[] w, double[] where) {
    double[] out = w.clone();
    for (Group group : groups) {
      if (group.norm(where) == 0) {
        for (int at : group.places()) {
          out[at] = 0;
        }
      }
    }
    return out;
  }

  /** Which unknowns are held at zero. */
  boolean[] zeros(double[] w) {
    boolean[] out = new boolean[w.length];
    for (Group group : groups) {
      boolean isZero = group.norm(w) == 0;
      for (int at : group.places()) {
        out[at] = isZero;
      }
    }
    return out;
  }

  /**
   * Adds {@code times} the curvature of the norms of groups that are not zero, and gives those that
   * are zero the curvature one and no connection: their place in the inverse is then known.
   */
  void restrict(DMatrixRMaj hessian, double[] w, double times) {
    for (Group group : groups) {
      double norm = group.norm(w);
      for (int i : group.places()) {
        for (int k = 0; norm == 0 && k < w.length; k++) {
          hessian.set(i, k, i == k ? 1 : 0);
          hessian.set(k, i, i == k ? 1 : 0);
        }
        for (int k : norm > 0 && group.size() > 1 ? group.places() : new int[0]) {
          double bend = (i == k ? 1 : 0) - w[i] / norm * (w[k] / norm);
          hessian.add(i, k, times * group.threshold() / norm * bend);
        }
      }
    }
  }

  /** Sets the rows and columns of the groups that are zero to zero. */
  void clear(DMatrixRMaj matrix, double[] w) {
    boolean[] zeros = zeros(w);
    for (int i = 0; i < w.length; i++) {
      for (int k = 0; k < w.length; k++) {
        if (zeros[i] || zeros[k]) {
          matrix.set(i, k, 0);
        }
      }
    }
  }

  /**
   * Makes the quadratic model of a likelihood one of the coefficients that are not zero: the norms
   * add their slope and curvature, the others have no connection.
   *
   * @param hessian of the negative log-likelihood, summed over rows
   * @param gradient of the same
   * @param bend another slope, without entries of coefficients that are zero
   */
  void attach(DMatrixRMaj hessian, double[] gradient, double[] bend, double[] w, double rows) {
    restrict(hessian, w, rows);
    boolean[] zeros = zeros(w);
    for (Group group : groups) {
      double norm = group.norm(w);
      for (int at : group.places()) {
        gradient[at] = norm > 0 ? gradient[at] + rows * group.threshold() * w[at] / norm : 0;
        bend[at] = zeros[at] ? 0 : bend[at];
      }
    }
  }
}
