/**
 * Scores exported models from Java services. A model says what it reads and gives in its {@link
 * org.deepregression4j.onnx.scoring.ModelSignature signature}. Needs ONNX Runtime and nothing else.
 */
@org.jspecify.annotations.NullMarked
package org.deepregression4j.onnx.scoring;
