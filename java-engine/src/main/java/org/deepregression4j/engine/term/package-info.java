/**
 * The terms of a predictor as graph expressions over raw columns: what a formula term means, from
 * contrasts and arithmetic to the bases of smooths, with its penalty. The main type is {@link
 * org.deepregression4j.engine.term.StructuredTerm}; {@link
 * org.deepregression4j.engine.term.ColumnInputs} holds the columns that it reads. Source of the
 * bases: Wood (2017), Generalized Additive Models, chapter 5; their numbers equal those of mgcv's
 * {@code PredictMat}.
 */
@org.jspecify.annotations.NullMarked
package org.deepregression4j.engine.term;
