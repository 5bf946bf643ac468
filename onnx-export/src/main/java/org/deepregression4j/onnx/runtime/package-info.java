/**
 * Runs ONNX models: {@link org.deepregression4j.onnx.runtime.OnnxSession sessions} from bytes,
 * {@link org.deepregression4j.onnx.runtime.Tensor tensors} over direct buffers, an explicit {@link
 * org.deepregression4j.onnx.runtime.Device device}. Source: ONNX Runtime 1.28's Java API.
 */
@org.jspecify.annotations.NullMarked
package org.deepregression4j.onnx.runtime;
