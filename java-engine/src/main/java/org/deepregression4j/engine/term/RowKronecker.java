package org.deepregression4j.engine.term;

import java.util.List;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/** Row-wise Kronecker products of (n, a) and (n, b): every product of columns, (n, a·b). */
final class RowKronecker {
  private RowKronecker() {}

  /** The first factor's columns vary fastest, as in R's {@code model.matrix}. */
  static Value firstFastest(List<Value> factors) {
    return factors.stream().reduce((a, b) -> product(b, a)).orElseThrow();
  }

  /** The last factor's columns vary fastest, as in mgcv's {@code tensor.prod.model.matrix}. */
  static Value lastFastest(List<Value> factors) {
    return factors.stream().reduce(RowKronecker::product).orElseThrow();
  }

  private static Value product(Value slow, Value fast) {
    long a = width(slow);
    long b = width(fast);
    if (a == 1 || b == 1) {
      return Ops.mul(slow, fast); // a single column broadcasts: no copy is made
    }
    Value outer = Ops.mul(Ops.unsqueeze(slow, 2), Ops.unsqueeze(fast, 1));
    return Ops.reshape(outer, 0, a * b);
  }

  static long width(Value matrix) {
    return matrix.shape().dim(1).size();
  }

  /** The design itself, when it has the number of columns that was said; 0 says nothing. */
  static Value checkWidth(String term, Value design, int expected) {
    if (expected != 0 && width(design) != expected) {
      throw new TermException(
          term, "expected " + expected + " columns, got a design " + design.shape());
    }
    return design;
  }
}
