package org.deepregression4j.onnx.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The shape of a tensor: a known rank, each dimension fixed or symbolic.
 *
 * @param dims the dimensions, outermost first
 */
public record Shape(List<Dim> dims) {
  /** The shape of a scalar. */
  public static final Shape SCALAR = new Shape(List.of());

  /** Copies the dimensions. */
  public Shape {
    dims = List.copyOf(dims);
  }

  /** A shape of fixed dimensions. */
  public static Shape of(long... sizes) {
    return new Shape(Arrays.stream(sizes).mapToObj(Dim::of).toList());
  }

  /** A shape whose first dimension is the symbol {@code rows}, followed by fixed ones. */
  public static Shape rows(String rows, long... sizes) {
    return of(sizes).prepend(Dim.of(rows));
  }

  /** Number of dimensions. */
  public int rank() {
    return dims.size();
  }

  /** Dimension {@code axis}; negative axes count from the end. */
  public Dim dim(int axis) {
    return dims.get(axis(axis));
  }

  /** The axis as a number in [0, rank). */
  public int axis(int axis) {
    int at = axis < 0 ? axis + rank() : axis;
    if (at < 0 || at >= rank()) {
      throw new GraphException("axis " + axis + " is outside a shape of rank " + rank());
    }
    return at;
  }

  /** True when every dimension is fixed. */
  public boolean isFixed() {
    return dims.stream().allMatch(Dim::isFixed);
  }

  /** Number of elements of a fixed shape. */
  public long size() {
    long size = 1;
    for (Dim dim : dims) {
      if (!dim.isFixed()) {
        throw new GraphException("the size of " + this + " is known only when the graph runs");
      }
      size *= dim.size();
    }
    return size;
  }

  /** The sizes of a fixed shape. */
  public long[] sizes() {
    size();
    return dims.stream().mapToLong(Dim::size).toArray();
  }

  /** This shape with one dimension replaced. */
  public Shape with(int axis, Dim dim) {
    List<Dim> copy = new ArrayList<>(dims);
    copy.set(axis(axis), dim);
    return new Shape(copy);
  }

  /** This shape without one dimension. */
  public Shape without(int axis) {
    List<Dim> copy = new ArrayList<>(dims);
    copy.remove(axis(axis));
    return new Shape(copy);
  }

  /** This shape behind one more outer dimension. */
  public Shape prepend(Dim dim) {
    List<Dim> copy = new ArrayList<>(dims);
    copy.add(0, dim);
    return new Shape(copy);
  }

  /** The shape of an elementwise operation on two shapes, by the ONNX (numpy) rule. */
  public static Shape broadcast(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    Dim[] out = new Dim[rank];
    for (int i = 1; i <= rank; i++) {
      Dim x = i <= a.rank() ? a.dim(-i) : Dim.of(1);
      Dim y = i <= b.rank() ? b.dim(-i) : Dim.of(1);
      if (!x.equals(y) && !x.isOne() && !y.isOne()) {
        throw new GraphException("shapes " + a + " and " + b + " do not broadcast");
      }
      out[rank - i] = x.isOne() ? y : x;
    }
    return new Shape(List.of(out));
  }

  @Override
  public String toString() {
    return "(" + String.join(", ", dims.stream().map(Dim::toString).toList()) + ")";
  }
}
