package org.deepregression4j.engine.api;

import org.deepregression4j.onnx.runtime.Tensor;

/**
 * What a model says of n rows; FLOAT64, row-major.
 *
 * @param parameters (n, q·m) on the response scale, parameter by parameter
 * @param mean (n, m)
 * @param stddev (n, m)
 * @param linearPredictors (n, q·m)
 */
public record Predictions(Tensor parameters, Tensor mean, Tensor stddev, Tensor linearPredictors) {}
