/**
 * Writes graphs as ONNX bytes ({@link org.deepregression4j.onnx.writer.OnnxWriter}): operator set
 * 18, IR version 9. The only package that needs the protobuf classes.
 */
@org.jspecify.annotations.NullMarked
package org.deepregression4j.onnx.writer;
