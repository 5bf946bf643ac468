package org.deepregression4j.engine.family;

import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.function.UnaryOperator;
import org.deepregression4j.onnx.graph.Ops;
import org.deepregression4j.onnx.graph.Value;

/**
 * How responses are made of uniform random numbers.
 *
 * @param columns how many uniforms a row takes, by the number of response columns
 * @param rule from uniforms (n, columns) and parameters to responses, float64
 */
record Sampler(IntUnaryOperator columns, Family.Density rule) {
  /** The same number of uniforms for each response column: all first ones, all second ones, ... */
  static Sampler perColumn(int uniforms, Family.Density rule) {
    return new Sampler(m -> uniforms * m, rule);
  }

  /** So many uniforms for a row, however many columns it has. */
  static Sampler perRow(int uniforms, Family.Density rule) {
    return new Sampler(m -> uniforms, rule);
  }

  /** The same of a family whose parameters are functions of others. */
  Sampler through(UnaryOperator<List<LinkedValue>> inner) {
    return new Sampler(columns, (u, theta) -> rule.at(u, inner.apply(theta)));
  }

  int uniforms(int responseColumns) {
    return columns.applyAsInt(responseColumns);
  }

  /** A part of uniforms (n, parts · width), counted from 0. */
  static Value part(Value u, int index, int parts) {
    long width = u.shape().dim(1).size() / parts;
    return Ops.slice(u, 1, index * width, (index + 1) * width);
  }
}
