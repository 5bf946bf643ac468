/**
 * A model as one graph: {@link org.deepregression4j.engine.model.ModelDefinition} says what it is,
 * {@link org.deepregression4j.engine.model.ModelGraph} writes features, linear predictors and
 * objective, {@link org.deepregression4j.engine.model.WeightLayout} says where each weight stands.
 */
@org.jspecify.annotations.NullMarked
package org.deepregression4j.engine.model;
