package org.deepregression4j.onnx.graph;

/**
 * One dimension of a shape: a fixed size, or a symbol whose size is known when the graph runs. Two
 * symbols of the same name have the same size.
 *
 * @param size the size, or -1 when symbolic
 * @param symbol the symbol's name, or "" when fixed
 */
public record Dim(long size, String symbol) {
  /** Checks that exactly one of the two is given. */
  public Dim {
    if ((size < 0) == symbol.isEmpty()) {
      throw new GraphException("a dimension is a size >= 0 or a symbol, got " + size + symbol);
    }
  }

  /** A fixed size. */
  public static Dim of(long size) {
    return new Dim(size, "");
  }

  /** A symbolic size. */
  public static Dim of(String symbol) {
    return new Dim(-1, symbol);
  }

  /** True when the size is known before the graph runs. */
  public boolean isFixed() {
    return size >= 0;
  }

  /** True when this dimension is known to be one, so that it broadcasts. */
  public boolean isOne() {
    return size == 1;
  }

  @Override
  public String toString() {
    return isFixed() ? Long.toString(size) : symbol;
  }
}
