package org.deepregression4j.engine.model;

import java.util.List;
import org.deepregression4j.engine.term.ColumnInputs;
import org.deepregression4j.engine.term.StructuredTerm;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * The design of terms that have the same coefficients: the sum of their designs, (n, k).
 *
 * @param terms at least one, of equal width
 */
record Design(List<StructuredTerm> terms) {
  Value value(ColumnInputs columns) {
    Value sum = terms.get(0).design(columns);
    for (StructuredTerm term : terms.subList(1, terms.size())) {
      Value next = term.design(columns);
      if (!next.shape().equals(sum.shape())) {
        throw new IllegalArgumentException(
            "terms '"
                + terms.get(0).name()
                + "' and '"
                + term.name()
                + "' cannot share coefficients: their designs have shapes "
                + sum.shape()
                + " and "
                + next.shape());
      }
      sum = Ops.add(sum, next);
    }
    return sum;
  }
}
