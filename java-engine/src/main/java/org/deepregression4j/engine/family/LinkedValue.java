package org.deepregression4j.engine.family;

import org.deepregression4j.onnx.graph.Value;

/**
 * A parameter inside a density: its linear predictor together with its link. Densities ask for the
 * form they need (value, log, reciprocal), and the link gives it without overflow.
 *
 * @param eta the linear predictor, (n, columns)
 * @param link the link
 */
public record LinkedValue(Value eta, Link link) {
  /** h(η). */
  public Value value() {
    return link.value(eta);
  }

  /** log h(η). */
  public Value log() {
    return link.logValue(eta);
  }

  /** log(1 − h(η)). */
  public Value logComplement() {
    return link.logComplement(eta);
  }

  /** log(h(η) / (1 − h(η))). */
  public Value logit() {
    return link.logit(eta);
  }

  /** 1 / h(η). */
  public Value reciprocal() {
    return link.reciprocal(eta);
  }
}
