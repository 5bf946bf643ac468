/**
 * The typed ONNX graph: immutable {@link org.deepregression4j.onnx.graph.Value values} made by
 * {@link org.deepregression4j.onnx.graph.Node nodes}, one table of operators ({@link
 * org.deepregression4j.onnx.graph.Op}), and {@link org.deepregression4j.onnx.graph.Graph graphs}
 * that name inputs and outputs. Expressions are written with {@link
 * org.deepregression4j.onnx.graph.Ops}. Source of the operators' meaning: ONNX operator set 18.
 */
@org.jspecify.annotations.NullMarked
package org.deepregression4j.onnx.graph;
