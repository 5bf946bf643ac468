package org.deepregression4j.engine.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.deepregression4j.engine.layer.Regularizer;
import org.deepregression4j.engine.term.Matrix;
import org.deepregression4j.engine.term.Penalty;
import org.deepregression4j.engine.term.Sparsity;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.onnx.graph.ElementType;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** The coefficient matrix W (p, q·r): which entries are free, and what is penalised. */
public final class Structured {
  /** Roots are joined up to this many columns: one product is cheaper than many small ones. */
  private static final int JOINED_COLUMNS = 128;

  private final ElementType type;
  private final int rows;
  private final int columns;
  private final int predictorColumns;
  private final List<Placed> placed;

  /**
   * A term in its place.
   *
   * @param predictor its predictor j: columns j·r to (j + 1)·r of W
   * @param from its first row of W
   * @param size how many rows
   * @param weighted the term
   * @param isAlone true when no other term shares its coefficients
   * @param isFirst false when an earlier term already owns the coefficients that it shares
   */
  public record Placed(
      int predictor,
      int from,
      int size,
      Predictor.Weighted weighted,
      boolean isFirst,
      boolean isAlone) {
    /** The term without its treatment. */
    public StructuredTerm term() {
      return weighted.term();
    }
  }

  Structured(ModelDefinition definition, int rows, int columns, List<Placed> placed) {
    this.type = definition.precision();
    this.rows = rows;
    this.columns = columns;
    this.predictorColumns = definition.predictorColumns();
    this.placed = placed;
  }

  /** The terms in their places, in the layout's order. */
  public List<Placed> placed() {
    return placed;
  }

  private interface Cell {
    void at(Placed place, int row, int column);
  }

  private void forEachCell(Cell cell) {
    for (Placed place : placed) {
      for (int i = 0; i < place.size(); i++) {
        for (int c = 0; c < predictorColumns; c++) {
          int column = place.predictor() * predictorColumns + c;
          cell.at(place, i, (place.from() + i) * columns + column);
        }
      }
    }
  }

  /** 1 where an entry is trained, 0 where it stays: row-major (p, q·r). */
  public double[] mask() {
    double[] mask = new double[rows * columns];
    forEachCell((place, row, at) -> mask[at] = place.weighted().weights().isTrainable() ? 1 : 0);
    return mask;
  }

  /** The penalties on W, scalars. */
  List<Value> penalties(Value w) {
    double[] squares = new double[rows * columns];
    double[] absolutes = new double[rows * columns];
    forEachCell(
        (place, row, at) -> {
          Regularizer regularizer = place.weighted().weights().regularizer();
          squares[at] += regularizer.l2();
          absolutes[at] += regularizer.l1();
        });
    List<Value> out = new ArrayList<>();
    List<Root> roots = new ArrayList<>();
    for (Placed place : placed) {
      place.term().penalty().ifPresent(p -> collect(place, p, squares, roots));
    }
    if (Arrays.stream(squares).anyMatch(x -> x != 0)) {
      out.add(Ops.sumAll(Ops.mul(Ops.square(w), Ops.matrix(type, squares, rows, columns))));
    }
    if (Arrays.stream(absolutes).anyMatch(x -> x != 0)) {
      out.add(Ops.sumAll(Ops.mul(Ops.abs(w), Ops.matrix(type, absolutes, rows, columns))));
    }
    out.addAll(rooted(w, roots));
    for (Placed place : placed) {
      place.term().sparsity().ifPresent(s -> out.add(sparse(w, place, s)));
    }
    return out;
  }

  private Value sparse(Value w, Placed place, Sparsity sparsity) {
    double[] selected = new double[columns];
    int first = place.predictor() * predictorColumns;
    Arrays.fill(selected, first, first + predictorColumns, 1);
    boolean isAll = place.size() == rows;
    Value part = isAll ? w : Ops.slice(w, 0, place.from(), place.from() + place.size());
    return sparsity.loss(part, selected);
  }

  private record Root(int predictor, int from, Matrix root) {}

  private void collect(Placed place, Penalty penalty, double[] squares, List<Root> roots) {
    Matrix total = penalty.total();
    if (total.isDiagonal()) {
      for (int i = 0; i < total.rows(); i++) {
        for (int c = 0; c < predictorColumns; c++) {
          int column = place.predictor() * predictorColumns + c;
          squares[(place.from() + i) * columns + column] += total.get(i, i);
        }
      }
      return;
    }
    Matrix root = penalty.root();
    if (root.rows() > 0) {
      roots.add(new Root(place.predictor(), place.from(), root));
    }
  }

  private List<Value> rooted(Value w, List<Root> roots) {
    List<Root> sorted = new ArrayList<>(roots);
    sorted.sort(Comparator.comparingInt(Root::from));
    List<Value> out = new ArrayList<>();
    List<Root> group = new ArrayList<>();
    for (Root root : sorted) {
      int start = group.isEmpty() ? root.from() : group.get(0).from();
      if (root.from() + root.root().columns() - start > JOINED_COLUMNS && !group.isEmpty()) {
        out.add(joined(w, group));
        group.clear();
      }
      group.add(root);
    }
    if (!group.isEmpty()) {
      out.add(joined(w, group));
    }
    return out;
  }

  /** Σ over the group of ‖R W[rows, predictor]‖², as one product with a selection of columns. */
  private Value joined(Value w, List<Root> group) {
    int start = group.get(0).from();
    int end = group.stream().mapToInt(r -> r.from() + r.root().columns()).max().orElse(start);
    int height = group.stream().mapToInt(r -> r.root().rows()).sum();
    double[] stacked = new double[height * (end - start)];
    double[] selected = new double[height * columns];
    int at = 0;
    for (Root root : group) {
      for (int i = 0; i < root.root().rows(); i++, at++) {
        for (int k = 0; k < root.root().columns(); k++) {
          stacked[at * (end - start) + root.from() - start + k] = root.root().get(i, k);
        }
        int first = at * columns + root.predictor() * predictorColumns;
        Arrays.fill(selected, first, first + predictorColumns, 1);
      }
    }
    Value part = end - start == rows ? w : Ops.slice(w, 0, start, end);
    Value mapped = Ops.matMul(Ops.matrix(type, stacked, height, end - start), part);
    Value squared = Ops.square(mapped);
    return Arrays.stream(selected).allMatch(x -> x == 1)
        ? Ops.sumAll(squared)
        : Ops.sumAll(Ops.mul(squared, Ops.matrix(type, selected, height, columns)));
  }
}
