package org.deepregression4j.engine.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deepregression4j.engine.model.ModelGraph;
import org.deepregression4j.engine.model.Structured;
import org.deepregression4j.engine.term.Matrix;
import org.deepregression4j.engine.term.Penalty;
import org.ejml.data.DMatrixRMaj;

/**
 * What the objective adds for the unknowns w: Σ scale · λᵢ w'Sᵢw over the terms, without ½, and
 * their quadratic regularisers. A term of a predictor of several columns has one λᵢ for all of
 * them. Immutable.
 */
final class QuadraticPenalty {
  private final int size;
  private final List<Piece> pieces;
  private final double[] ridge;
  private final double constant;

  /**
   * One Sᵢ in its places.
   *
   * @param term index into the list of penalised terms
   * @param spans the unknowns it penalises, of every column of the predictor
   * @param matrix Sᵢ, row-major (k, k)
   * @param factor scale · λᵢ
   * @param scale the factor of λᵢ
   */
  record Piece(int term, List<Unknowns.Span> spans, Matrix matrix, double factor, double scale) {
    Piece withFactor(double value) {
      return new Piece(term, spans, matrix, value, scale);
    }

    /** The span of the first column. */
    Unknowns.Span first() {
      return spans.get(0);
    }

    /** Where each column's unknowns begin. */
    int[] places() {
      return spans.stream().mapToInt(Unknowns.Span::from).toArray();
    }
  }

  private QuadraticPenalty(int size, List<Piece> pieces, double[] ridge, double constant) {
    this.size = size;
    this.pieces = List.copyOf(pieces);
    this.ridge = ridge;
    this.constant = constant;
  }

  /** The penalties of a model; those of fixed coefficients are a constant. */
  static QuadraticPenalty of(ModelGraph model, Unknowns unknowns, double[] trained) {
    int r = model.definition().predictorColumns();
    List<Piece> pieces = new ArrayList<>();
    double[] ridge = new double[unknowns.size()];
    double constant = 0;
    List<Structured.Placed> placed = model.structured().placed();
    for (int t = 0; t < placed.size(); t++) {
      Structured.Placed place = placed.get(t);
      List<Unknowns.Span> spans = new ArrayList<>();
      for (int c = 0; c < r; c++) {
        if (!place.weighted().weights().isTrainable()) {
          constant += fixed(model, place, c, trained);
          continue;
        }
        Unknowns.Span span = span(model, unknowns, place, c);
        double l2 = place.weighted().weights().regularizer().l2();
        for (int i = 0; i < span.size(); i++) {
          ridge[span.from() + i] += l2;
        }
        spans.add(span);
      }
      int term = t;
      if (!spans.isEmpty()) {
        place.term().penalty().ifPresent(p -> collect(term, spans, p, pieces));
      }
    }
    return new QuadraticPenalty(unknowns.size(), pieces, ridge, constant);
  }

  private static Unknowns.Span span(
      ModelGraph model, Unknowns unknowns, Structured.Placed place, int c) {
    int j = place.predictor();
    String parameter = model.definition().predictors().get(j).name();
    int from = unknowns.place(j, c, place.from());
    return new Unknowns.Span(j, parameter, place.term().name(), c, from, place.size());
  }

  private static void collect(int term, List<Unknowns.Span> spans, Penalty p, List<Piece> pieces) {
    for (int i = 0; i < p.matrices().size(); i++) {
      double factor = p.scale() * p.lambdas().get(i);
      pieces.add(new Piece(term, List.copyOf(spans), p.matrices().get(i), factor, p.scale()));
    }
  }

  private static double fixed(ModelGraph model, Structured.Placed place, int c, double[] trained) {
    int r = model.definition().predictorColumns();
    int columns = model.layout().columns();
    double[] w = new double[place.size()];
    double sum = 0;
    for (int i = 0; i < w.length; i++) {
      w[i] = trained[(place.from() + i) * columns + place.predictor() * r + c];
      sum += place.weighted().weights().regularizer().l2() * w[i] * w[i];
    }
    return sum + place.term().penalty().map(p -> form(p.total(), w, 0)).orElse(0.0);
  }

  List<Piece> pieces() {
    return pieces;
  }

  /** The same matrices with other factors scale · λᵢ, one per piece. */
  QuadraticPenalty withFactors(double[] factors) {
    List<Piece> next = new ArrayList<>();
    for (int i = 0; i < pieces.size(); i++) {
      next.add(pieces.get(i).withFactor(factors[i]));
    }
    return new QuadraticPenalty(size, next, ridge, constant);
  }

  /**
   * The same matrices with the smoothing parameters of a fit.
   *
   * @param smoothing one per piece, in their order; empty for those that are there
   */
  QuadraticPenalty withSmoothing(List<ExactFit.SmoothingParameter> smoothing) {
    if (smoothing.isEmpty()) {
      return this;
    }
    if (pieces.size() != smoothing.size()) {
      throw new IllegalArgumentException(
          "expected " + pieces.size() + " smoothing parameters, got " + smoothing.size());
    }
    double[] factors = new double[pieces.size()];
    Arrays.setAll(factors, i -> smoothing.get(i).lambda() * pieces.get(i).scale());
    return withFactors(factors);
  }

  /** The first column in which a row of S may not be zero. */
  private static int first(Matrix s, int row) {
    return s.isDiagonal() ? row : 0;
  }

  /** One more than the last such column. */
  private static int end(Matrix s, int row) {
    return s.isDiagonal() ? row + 1 : s.columns();
  }

  /** The smoothing parameters, in the order of the terms. */
  List<ExactFit.SmoothingParameter> smoothing() {
    List<ExactFit.SmoothingParameter> out = new ArrayList<>();
    int index = 0;
    Unknowns.Span last = null;
    for (Piece piece : pieces) {
      Unknowns.Span span = piece.first();
      index = span.equals(last) ? index + 1 : 0;
      last = span;
      out.add(
          new ExactFit.SmoothingParameter(
              span.predictor(), span.term(), index, piece.factor() / piece.scale()));
    }
    return out;
  }

  /** w'Sw with w from place {@code from} on. */
  static double form(Matrix s, double[] w, int from) {
    double sum = 0;
    for (int i = 0; i < s.rows(); i++) {
      double row = 0;
      for (int k = first(s, i); k < end(s, i); k++) {
        row += s.get(i, k) * w[from + k];
      }
      sum += row * w[from + i];
    }
    return sum;
  }

  /** The same, over all columns of a piece. */
  static double form(Piece piece, double[] w) {
    return Arrays.stream(piece.places()).mapToDouble(from -> form(piece.matrix(), w, from)).sum();
  }

  /** What is added to the objective. */
  double value(double[] w) {
    double sum = constant;
    for (Piece piece : pieces) {
      sum += piece.factor() * form(piece, w);
    }
    for (int i = 0; i < size; i++) {
      sum += ridge[i] * w[i] * w[i];
    }
    return sum;
  }

  /** Adds the gradient 2Pw. */
  void addGradient(double[] w, double[] gradient) {
    for (Piece piece : pieces) {
      for (int from : piece.places()) {
        addGradient(piece, from, w, gradient);
      }
    }
    for (int i = 0; i < size; i++) {
      gradient[i] += 2 * ridge[i] * w[i];
    }
  }

  private static void addGradient(Piece piece, int from, double[] w, double[] gradient) {
    Matrix s = piece.matrix();
    for (int i = 0; i < s.rows(); i++) {
      double row = 0;
      for (int k = first(s, i); k < end(s, i); k++) {
        row += (s.get(i, k) + s.get(k, i)) * w[from + k];
      }
      gradient[from + i] += piece.factor() * row;
    }
  }

  /** Adds {@code times} the Hessian 2P. */
  void addHessian(DMatrixRMaj hessian, double times) {
    for (Piece piece : pieces) {
      for (int from : piece.places()) {
        addHessian(piece, from, times * piece.factor(), hessian);
      }
    }
    for (int i = 0; i < size; i++) {
      hessian.add(i, i, times * 2 * ridge[i]);
    }
  }

  private static void addHessian(Piece piece, int from, double factor, DMatrixRMaj hessian) {
    Matrix s = piece.matrix();
    for (int i = 0; i < s.rows(); i++) {
      for (int k = first(s, i); k < end(s, i); k++) {
        hessian.add(from + i, from + k, factor * (s.get(i, k) + s.get(k, i)));
      }
    }
  }

  /** Adds the diagonal of the Hessian 2P. */
  void addDiagonal(double[] diagonal) {
    for (Piece piece : pieces) {
      for (int from : piece.places()) {
        for (int i = 0; i < piece.matrix().rows(); i++) {
          diagonal[from + i] += 2 * piece.factor() * piece.matrix().get(i, i);
        }
      }
    }
    for (int i = 0; i < size; i++) {
      diagonal[i] += 2 * ridge[i];
    }
  }
}
