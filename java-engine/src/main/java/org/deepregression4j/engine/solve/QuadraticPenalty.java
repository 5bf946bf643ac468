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
 * their quadratic regularisers. Immutable.
 */
final class QuadraticPenalty {
  private final int size;
  private final List<Piece> pieces;
  private final double[] ridge;
  private final double constant;

  /**
   * One Sᵢ in its place.
   *
   * @param term index into the list of penalised terms
   * @param span the unknowns it penalises
   * @param matrix Sᵢ, row-major (k, k)
   * @param factor scale · λᵢ
   * @param scale the factor of λᵢ
   */
  record Piece(int term, Unknowns.Span span, Matrix matrix, double factor, double scale) {
    Piece withFactor(double value) {
      return new Piece(term, span, matrix, value, scale);
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
        int term = t;
        place.term().penalty().ifPresent(p -> collect(term, span, p, pieces));
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

  private static void collect(int term, Unknowns.Span span, Penalty p, List<Piece> pieces) {
    for (int i = 0; i < p.matrices().size(); i++) {
      double factor = p.scale() * p.lambdas().get(i);
      pieces.add(new Piece(term, span, p.matrices().get(i), factor, p.scale()));
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
      Unknowns.Span span = piece.span();
      index = span.equals(last) ? index + 1 : 0;
      last = span;
      out.add(
          new ExactFit.SmoothingParameter(
              span.predictor(),
              span.term(),
              span.predictorColumn(),
              index,
              piece.factor() / piece.scale()));
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

  /** What is added to the objective. */
  double value(double[] w) {
    double sum = constant;
    for (Piece piece : pieces) {
      sum += piece.factor() * form(piece.matrix(), w, piece.span().from());
    }
    for (int i = 0; i < size; i++) {
      sum += ridge[i] * w[i] * w[i];
    }
    return sum;
  }

  /** Adds the gradient 2Pw. */
  void addGradient(double[] w, double[] gradient) {
    for (Piece piece : pieces) {
      Matrix s = piece.matrix();
      int from = piece.span().from();
      for (int i = 0; i < s.rows(); i++) {
        double row = 0;
        for (int k = first(s, i); k < end(s, i); k++) {
          row += (s.get(i, k) + s.get(k, i)) * w[from + k];
        }
        gradient[from + i] += piece.factor() * row;
      }
    }
    for (int i = 0; i < size; i++) {
      gradient[i] += 2 * ridge[i] * w[i];
    }
  }

  /** Adds {@code times} the Hessian 2P. */
  void addHessian(DMatrixRMaj hessian, double times) {
    for (Piece piece : pieces) {
      Matrix s = piece.matrix();
      int from = piece.span().from();
      for (int i = 0; i < s.rows(); i++) {
        for (int k = first(s, i); k < end(s, i); k++) {
          hessian.add(from + i, from + k, times * piece.factor() * (s.get(i, k) + s.get(k, i)));
        }
      }
    }
    for (int i = 0; i < size; i++) {
      hessian.add(i, i, times * 2 * ridge[i]);
    }
  }

  /** Adds the diagonal of the Hessian 2P. */
  void addDiagonal(double[] diagonal) {
    for (Piece piece : pieces) {
      int from = piece.span().from();
      for (int i = 0; i < piece.span().size(); i++) {
        diagonal[from + i] += 2 * piece.factor() * piece.matrix().get(i, i);
      }
    }
    for (int i = 0; i < size; i++) {
      diagonal[i] += 2 * ridge[i];
    }
  }
}
