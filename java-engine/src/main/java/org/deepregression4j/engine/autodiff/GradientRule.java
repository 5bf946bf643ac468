package org.deepregression4j.engine.autodiff;

import org.deepregression4j.onnx.graph.Shape;

/** How one operator hands gradients back: a row of {@link GradientRules}. */
record GradientRule(Kind kind, Local local) {
  /** What a row claims. */
  enum Kind {
    /** The local gradient spans the output, to which the inputs were broadcast. */
    BROADCAST,
    /** The local gradient spans the input. */
    SHAPED,
    /** The output does not change with the inputs, or only in jumps: no gradient. */
    ZERO,
    /** Differentiating is an error. */
    REFUSED
  }

  /** The gradient that arrives at input {@code i}, given those that arrived at the outputs. */
  interface Local {
    Adjoint of(Step step, int i);
  }

  /** The shape that the local gradient stands for when it is written out. */
  Shape reach(Step step, int i, Adjoint given) {
    return kind == Kind.BROADCAST
        ? step.node().output().shape()
        : Shape.broadcast(given.shape(), step.input(i).shape());
  }
}
