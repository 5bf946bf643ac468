/**
 * Response distributions: one table, {@link org.deepregression4j.engine.family.Families}, of {@link
 * org.deepregression4j.engine.family.Family} rows. Densities and moments are graph expressions of
 * the linear predictors, so gradients, Hessians and export follow from the same definition. Links
 * are rows of {@link org.deepregression4j.engine.family.Link}; what ONNX lacks is composed in
 * {@link org.deepregression4j.engine.family.SpecialFunctions}.
 */
@org.jspecify.annotations.NullMarked
package org.deepregression4j.engine.family;
