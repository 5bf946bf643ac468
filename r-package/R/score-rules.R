#' Proper scores
#'
#' Scores of the distributions of rows at what was observed, one number per row
#' and response column. `log_score()` is better when larger; `crps()` and
#' `quantile_score()` are losses, better when smaller.
#'
#' @param x a [deepregression()] model, or a distribution of
#'   [get_distribution()] or [tfd_distribution()].
#' @param data data frame or named list of raw columns; `NULL` for the training
#'   data.
#' @param this_y response of these rows, (n, m); `NULL` for the training
#'   response. Needed with `data`, and for a distribution. NA gives NA.
#' @param ind_fun applied to the distribution before its density is taken:
#'   [tfd_independent()] sums log-densities over the response columns,
#'   `identity` keeps them apart.
#' @param convert_fun applied to the log-densities, such as `as.matrix`.
#' @param summary_fun applied to the result, such as `mean`.
#' @param probs k levels strictly between 0 and 1.
#' @param ... not used.
#' @return
#'   - `log_score()`: (n, 1), log p(y) of each row; -Inf outside the support.
#'   - `crps()`: (n, m), the continuous ranked probability score
#'     E|Y - y| - E|Y - Y'| / 2 with Y, Y' independent draws: the integral over
#'     all thresholds t of (P(Y <= t) - 1\{y <= t\})^2. In the units of y.
#'   - `quantile_score()`: (n, k*m), 2 (1\{y <= q\} - p)(q - y) of the quantile q
#'     at each level p, all columns at the first level, then at the next. Its
#'     integral over p from 0 to 1 is the CRPS.
#' @section Errors: a family without the density, CRPS or quantile, naming what
#'   it has; a response of another shape.
#' @source Gneiting and Raftery (2007), Strictly proper scoring rules,
#'   prediction, and estimation: equations 21 (CRPS) and 40 (quantile score,
#'   there with the other sign).
#' @examples
#' \donttest{
#' data(mcycle, package = "MASS")
#' model <- deepregression(mcycle$accel, list(~ 1 + times, ~ 1), data = mcycle)
#' fit(model, verbose = FALSE)
#' log_score(model, summary_fun = mean)
#' crps(model, summary_fun = mean)
#' quantile_score(model, c(0.1, 0.9), summary_fun = colMeans)
#' crps(tfd_poisson(rate = 3), this_y = 2)
#' }
#' @export
log_score <- function(x, data = NULL, this_y = NULL,
                      ind_fun = tfd_independent, convert_fun = as.matrix,
                      summary_fun = identity, ...) {
  check_no_dots(list(...), "log_score")
  check_function(ind_fun, "ind_fun")
  check_function(convert_fun, "convert_fun")
  check_function(summary_fun, "summary_fun")
  rows <- scored_rows(x, data, this_y, "log_score()")
  density <- tfd_log_prob(ind_fun(rows$distribution), rows$y)
  summary_fun(convert_fun(density))
}

#' @rdname log_score
#' @export
crps <- function(x, data = NULL, this_y = NULL, summary_fun = identity) {
  check_function(summary_fun, "summary_fun")
  rows <- scored_rows(x, data, this_y, "crps()")
  check_likelihood(x, "crps()")
  summary_fun(distribution_answer(rows$distribution, "crps", rows$y))
}

#' @rdname log_score
#' @export
quantile_score <- function(x, probs, data = NULL, this_y = NULL,
                           summary_fun = identity) {
  check_function(summary_fun, "summary_fun")
  rows <- scored_rows(x, data, this_y, "quantile_score()")
  check_likelihood(x, "quantile_score()")
  levels <- shared_levels(probs, rows$distribution, "probs")
  q <- distribution_answer(rows$distribution, "quantile", levels)
  y <- rows$y[, rep_len(seq_len(ncol(rows$y)), ncol(q)), drop = FALSE]
  p <- matrix(levels, nrow(q), ncol(q), byrow = TRUE)
  summary_fun(2 * ((y <= q) - p) * (q - y))
}
