package org.deepregression4j.engine.api;

import org.deepregression4j.onnx.runtime.Tensor;

/**
 * What a model says of n rows; FLOAT64, row-major.
 *
 * @param parameters (n, q·r) on the response scale, parameter by parameter
 * @param mean (n, mean columns)
 * @param stddev (n, mean columns)
 * @param linearPredictors (n, q·r)
 */
public record Predictions(Tensor parameters, Tensor mean, Tensor stddev, Tensor linearPredictors) {}
