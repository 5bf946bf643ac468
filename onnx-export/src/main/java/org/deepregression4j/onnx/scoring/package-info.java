/**
 * Scores exported models from Java services: a {@link
 * org.deepregression4j.onnx.scoring.ScoringModel model} says in its {@link
 * org.deepregression4j.onnx.scoring.ModelSignature signature} what it reads, takes {@link
 * org.deepregression4j.onnx.scoring.Rows raw columns}, and gives {@link
 * org.deepregression4j.onnx.scoring.Scores distributions}. Needs ONNX Runtime and nothing else.
 */
@org.jspecify.annotations.NullMarked
package org.deepregression4j.onnx.scoring;
