/**
 * Exact fits of structured models: {@link org.deepregression4j.engine.solve.ExactSolver} maximises
 * the penalised likelihood of all parameters jointly by Newton's method.
 *
 * <p>Sources: Wood, Pya and Saefken (2016), Smoothing parameter and model selection for general
 * smooth models; Wood and Fasiolo (2017), A generalized Fellner-Schall method.
 */
@org.jspecify.annotations.NullMarked
package org.deepregression4j.engine.solve;
