#' What a distribution can be asked
#'
#' The verbs of TensorFlow Probability for the distributions of n rows with m
#' response columns. All return plain matrices.
#'
#' @param distribution of class `response_distribution`: from
#'   [get_distribution()], [tfd_distribution()], or one of the constructors.
#' @param value for `tfd_quantile()` k levels, strictly between 0 and 1, for all
#'   rows; otherwise responses: a number for all rows, a vector of length n, a
#'   matrix (n, m), or k of these side by side, (n, k*m); with m > 1 columns a
#'   vector of length m is one response for all rows. Of a single row any vector
#'   is as many values. NA gives NA.
#' @param sample_shape number k of draws per row.
#' @return
#'   - `tfd_mean()`, `tfd_stddev()`, `tfd_variance()`, `tfd_mode()`: (n, m).
#'     Where moments do not exist, NaN or infinite.
#'   - `tfd_entropy()`: E(-log p(Y)), (n, m), or (n, 1) for families whose
#'     response columns belong together (dirichlet, multinoulli, ...).
#'   - `tfd_log_prob()`, `tfd_prob()`: density or probability of `value`, and
#'     its logarithm; 0 and -Inf outside the support. (n, k*m), or (n, k) where
#'     columns belong together or after [tfd_independent()].
#'   - `tfd_cdf()`, `tfd_survival_function()`: P(Y <= value) and
#'     P(Y > value), (n, k*m).
#'   - `tfd_quantile()`: the smallest y with P(Y <= y) >= level, (n, k*m): all
#'     columns at the first level, then at the next.
#'   - `tfd_sample()`: (n, k*m): the first draw of all columns, then the next.
#'     From R's random numbers, so [set.seed()] makes it reproducible.
#' @section Errors: what the family lacks, with what it has; levels outside
#'   (0, 1); values of another shape, with what was expected.
#' @source Dillon et al. (2017), TensorFlow Distributions.
#' @examples
#' \donttest{
#' d <- tfd_normal(loc = c(0, 10), scale = 2)
#' tfd_mean(d)
#' tfd_quantile(d, c(0.1, 0.5, 0.9))
#' tfd_log_prob(d, c(1, 9))
#' tfd_cdf(d, matrix(c(-1, 9, 1, 11), 2))
#' set.seed(1)
#' tfd_sample(d, 3)
#' }
#' @name distribution_verbs
NULL

#' @rdname distribution_verbs
#' @export
tfd_mean <- function(distribution) {
  check_distribution(distribution, "tfd_mean()")
  distribution_answer(distribution, "mean")
}

#' @rdname distribution_verbs
#' @export
tfd_stddev <- function(distribution) {
  check_distribution(distribution, "tfd_stddev()")
  distribution_answer(distribution, "stddev")
}

#' @rdname distribution_verbs
#' @export
tfd_variance <- function(distribution) {
  check_distribution(distribution, "tfd_variance()")
  distribution_answer(distribution, "variance")
}

#' @rdname distribution_verbs
#' @export
tfd_mode <- function(distribution) {
  check_distribution(distribution, "tfd_mode()")
  distribution_answer(distribution, "mode")
}

#' @rdname distribution_verbs
#' @export
tfd_entropy <- function(distribution) {
  check_distribution(distribution, "tfd_entropy()")
  over_columns(distribution, distribution_answer(distribution, "entropy"), 1)
}

#' @rdname distribution_verbs
#' @export
tfd_log_prob <- function(distribution, value) {
  check_distribution(distribution, "tfd_log_prob()")
  value <- response_values(value, distribution)
  out <- distribution_answer(distribution, "log_prob", value)
  over_columns(distribution, out, ncol(value) / distribution$output_dim)
}

#' @rdname distribution_verbs
#' @export
tfd_prob <- function(distribution, value) {
  check_distribution(distribution, "tfd_prob()")
  check_has(distribution$family, "prob")
  exp(tfd_log_prob(distribution, value))
}

#' @rdname distribution_verbs
#' @export
tfd_cdf <- function(distribution, value) {
  check_distribution(distribution, "tfd_cdf()")
  value <- response_values(value, distribution)
  distribution_answer(distribution, "cdf", value)
}

#' @rdname distribution_verbs
#' @export
tfd_survival_function <- function(distribution, value) {
  check_distribution(distribution, "tfd_survival_function()")
  value <- response_values(value, distribution)
  distribution_answer(distribution, "survival", value)
}

#' @rdname distribution_verbs
#' @export
tfd_quantile <- function(distribution, value) {
  check_distribution(distribution, "tfd_quantile()")
  value <- level_values(value, distribution)
  distribution_answer(distribution, "quantile", value)
}

#' @rdname distribution_verbs
#' @export
tfd_sample <- function(distribution, sample_shape = 1) {
  check_distribution(distribution, "tfd_sample()")
  k <- check_whole(sample_shape, "sample_shape")
  check_has(distribution$family, "sample")
  columns <- k * distribution$family$uniforms
  uniforms <- stats::runif(distribution$n * columns)
  distribution_answer(
    distribution, "sample", matrix(uniforms, distribution$n, columns)
  )
}

#' Density of all response columns together
#'
#' Response columns of most families are independent margins with a density
#' each. `tfd_independent()` makes them one event: `tfd_log_prob()` and
#' `tfd_entropy()` are then summed over the columns and `tfd_prob()` multiplied.
#' Means, quantiles and samples stay as they are, one per column.
#'
#' @param distribution as in [distribution_verbs].
#' @param reinterpreted_batch_ndims 1: there is one axis of columns.
#' @return The distribution, with log-densities (n, 1).
#' @examples
#' \donttest{
#' d <- tfd_normal(matrix(c(0, 1), 1), 1)
#' tfd_log_prob(d, c(0, 0))
#' tfd_log_prob(tfd_independent(d), c(0, 0))
#' }
#' @export
tfd_independent <- function(distribution, reinterpreted_batch_ndims = 1) {
  check_distribution(distribution, "tfd_independent()")
  if (!identical(as.numeric(reinterpreted_batch_ndims), 1)) {
    refuse("reinterpreted_batch_ndims must be 1, got ",
      describe_value(reinterpreted_batch_ndims)
    )
  }
  distribution$independent <- TRUE
  distribution
}

#' Sum each of k answers over its columns, of an independent distribution
#' @noRd
over_columns <- function(distribution, out, k) {
  if (!isTRUE(distribution$independent)) {
    return(out)
  }
  width <- ncol(out) / k
  sums <- vapply(seq_len(k), function(j) {
    rowSums(out[, (j - 1) * width + seq_len(width), drop = FALSE])
  }, numeric(nrow(out)))
  matrix(sums, nrow(out), k)
}
