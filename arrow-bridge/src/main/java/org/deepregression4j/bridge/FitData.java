package org.deepregression4j.bridge;

import org.jspecify.annotations.Nullable;

/**
 * What a fit reads.
 *
 * @param table the columns of the model
 * @param response {@code (n)}, or {@code (n, w)}
 * @param weights of the observations {@code (n)}; null when all are 1
 * @param validationTable held-out rows; null without
 * @param validationResponse their response; null without
 */
public record FitData(
    Table table,
    Column response,
    @Nullable Column weights,
    @Nullable Table validationTable,
    @Nullable Column validationResponse) {}
