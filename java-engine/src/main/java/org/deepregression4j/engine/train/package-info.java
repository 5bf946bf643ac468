/**
 * Training programs: an epoch is an ONNX Loop over minibatches ({@link
 * org.deepregression4j.engine.train.EpochProgram}); {@link
 * org.deepregression4j.engine.train.Trainer} runs epochs, validation, early stopping.
 */
@org.jspecify.annotations.NullMarked
package org.deepregression4j.engine.train;
