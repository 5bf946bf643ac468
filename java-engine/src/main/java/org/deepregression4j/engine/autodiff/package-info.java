/**
 * Reverse-mode differentiation of ONNX graphs into more ONNX. The entry point is {@link
 * org.deepregression4j.engine.autodiff.Gradients}; {@code GradientRules} is the one table of local
 * gradients. Gradient graphs run at every training step, so they are kept small: nodes are shared
 * with the forward pass, numeric factors are carried along instead of multiplied, and a gradient
 * that is the same for a whole dimension keeps size one there until a rule needs every element.
 * Source: Griewank and Walther, Evaluating Derivatives (2008), chapter 3.
 */
@org.jspecify.annotations.NullMarked
package org.deepregression4j.engine.autodiff;
