/**
 * Speed and memory of training and scoring, beside libtorch in the same run: {@link
 * org.deepregression4j.benchmarks.Benchmarks}.
 */
@org.jspecify.annotations.NullMarked
package org.deepregression4j.benchmarks;
