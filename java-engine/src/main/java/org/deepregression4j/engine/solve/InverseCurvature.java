package org.deepregression4j.engine.solve;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * The inverse second derivatives as the last steps show them: a diagonal and a few pairs of vectors
 * instead of a (k, k) matrix. Mutable.
 *
 * <p>Source: Nocedal and Wright (2006), Numerical Optimization, algorithm 7.4.
 */
final class InverseCurvature {
  private static final int MEMORY = 20;

  /** Cosine between step and change of slope below which a pair tells nothing but rounding. */
  private static final double FLAT = 1e-12;

  private final Deque<Pair> pairs = new ArrayDeque<>();
  private double[] diagonal;

  /** A step s, the change y of the gradient along it, and s'y &gt; 0. */
  private record Pair(double[] step, double[] change, double product) {}

  /** Starts from a diagonal of second derivatives, all positive. */
  InverseCurvature(double[] diagonal) {
    this.diagonal = diagonal.clone();
  }

  /** Replaces the diagonal; what the steps have shown stays. */
  void setDiagonal(double[] values) {
    diagonal = values.clone();
  }

  boolean isEmpty() {
    return pairs.isEmpty();
  }

  void forget() {
    pairs.clear();
  }

  /** Learns from a step; one along which the slope does not rise is left out. */
  void learn(double[] step, double[] change) {
    double product = ExactSolver.dot(step, change);
    double lengths = SparsePenalty.length(step) * SparsePenalty.length(change);
    if (!(product > FLAT * lengths)) {
      return;
    }
    pairs.addLast(new Pair(step, change, product));
    if (pairs.size() > MEMORY) {
      pairs.removeFirst();
    }
  }

  /** The product with a gradient: the step that leads to the optimum where w − step is. */
  double[] times(double[] gradient) {
    double[] out = gradient.clone();
    double[] along = new double[pairs.size()];
    int at = along.length;
    for (Iterator<Pair> newest = pairs.descendingIterator(); newest.hasNext(); ) {
      Pair pair = newest.next();
      along[--at] = ExactSolver.dot(pair.step(), out) / pair.product();
      add(out, -along[at], pair.change());
    }
    double scale = scale();
    for (int i = 0; i < out.length; i++) {
      out[i] *= scale / diagonal[i];
    }
    for (Pair pair : pairs) {
      double back = ExactSolver.dot(pair.change(), out) / pair.product();
      add(out, along[at++] - back, pair.step());
    }
    return out;
  }

  /** The factor by which the diagonal misses the last pair. */
  private double scale() {
    if (pairs.isEmpty()) {
      return 1;
    }
    Pair last = pairs.getLast();
    double sum = 0;
    for (int i = 0; i < diagonal.length; i++) {
      sum += last.change()[i] * last.change()[i] / diagonal[i];
    }
    return last.product() / sum;
  }

  /** g'D⁻¹g with the diagonal alone: what the gradient means whatever the steps have shown. */
  double plainGain(double[] gradient) {
    double sum = 0;
    for (int i = 0; i < diagonal.length; i++) {
      sum += gradient[i] * gradient[i] / diagonal[i];
    }
    return sum;
  }

  private static void add(double[] to, double times, double[] what) {
    for (int i = 0; i < to.length; i++) {
      to[i] += times * what[i];
    }
  }
}
