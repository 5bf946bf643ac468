# Distributions of the response: a family at n linear predictors. Plain lists
# without handles, so that saveRDS() keeps them.

#' The response distributions of rows
#'
#' A distribution object holds the distribution of every row and is asked by
#' the verbs of [distribution_verbs]: `tfd_mean()`, `tfd_quantile()`, and so on.
#' It keeps linear predictors rather than parameters, so that nothing overflows
#' on the way. [tfd_distribution()] makes one from parameter values.
#'
#' @param x a [deepregression()] model; for the methods a distribution.
#' @param data data frame or named list of raw columns; `NULL` for the training
#'   data. Rows with NA give NA in every result.
#' @param force_float accepted as in deepregression, without effect: results are
#'   doubles.
#' @param rows which rows to keep, as for a vector of length n.
#' @param probs levels strictly between 0 and 1.
#' @param ... not used.
#' @return An object of class `response_distribution`, a list: `family` (name,
#'   parameters, links, ...), `eta`, the linear predictors (n, q*r): the r
#'   columns of the first of q parameters, then those of the next; `n`;
#'   `output_dim`, the columns m of the response. `x[rows]` has fewer rows.
#'   `mean()`, `stddev()` and `quant()` are `tfd_mean()`, `tfd_stddev()` and
#'   `tfd_quantile()`.
#' @section Errors: those of [predict.deepregression()] for `data`.
#' @examples
#' \donttest{
#' data(mcycle, package = "MASS")
#' model <- deepregression(mcycle$accel, list(~ 1 + times, ~ 1), data = mcycle)
#' fit(model, verbose = FALSE)
#' ahead <- get_distribution(model, data.frame(times = c(10, 20)))
#' ahead
#' tfd_quantile(ahead, c(0.1, 0.9))
#' tfd_cdf(ahead[1], 0)
#' }
#' @export
get_distribution <- function(x, data = NULL, force_float = FALSE) {
  check_model(x, "get_distribution()")
  check_switch(force_float, "force_float")
  new_distribution(uncensored(x$family), predict_kind(x, data, "link"))
}

#' The distributions of what is observed, which may be censored
#' @noRd
observed_distribution <- function(x, data = NULL) {
  new_distribution(x$family, predict_kind(x, data, "link"))
}

check_model <- function(x, what) {
  if (!inherits(x, "deepregression")) {
    refuse(what, " needs a deepregression model, got ", describe_value(x))
  }
}

#' A distribution object
#' @param family of class `response_family`.
#' @param eta (n, q*r).
#' @noRd
new_distribution <- function(family, eta) {
  structure(
    list(
      family = family, eta = unname(eta), n = nrow(eta),
      output_dim = family$response_columns
    ),
    class = "response_distribution"
  )
}

check_distribution <- function(x, what) {
  if (!inherits(x, "response_distribution")) {
    refuse(what, " needs a distribution, got ", describe_value(x),
      if (inherits(x, "deepregression")) ": write get_distribution(model)"
    )
  }
}

#' @rdname get_distribution
#' @export
`[.response_distribution` <- function(x, rows) {
  index <- seq_len(x$n)[rows]
  if (anyNA(index)) {
    refuse("rows: expected numbers from 1 to ", x$n, ", got ",
      describe_value(rows)
    )
  }
  x$eta <- x$eta[index, , drop = FALSE]
  x$n <- length(index)
  x
}

#' @rdname get_distribution
#' @export
print.response_distribution <- function(x, ...) {
  cat("Distribution: ", x$family$name, ", ", x$n, " row",
    if (x$n != 1) "s", if (x$output_dim > 1) {
      paste0(", ", x$output_dim, " columns")
    }, if (isTRUE(x$independent)) ", densities multiplied over columns", "\n",
    sep = ""
  )
  if (x$n > 0) print_parameters(x)
  invisible(x)
}

#' Of each parameter its range over the rows, on the response scale
#' @noRd
print_parameters <- function(x, most = 12L) {
  values <- distribution_answer(x, "parameters")
  labels <- parameter_labels(x$family)
  shown <- seq_len(min(most, length(labels)))
  range <- apply(values[, shown, drop = FALSE], 2, function(column) {
    stats::quantile(column, c(0, 0.5, 1), na.rm = TRUE, names = FALSE)
  })
  out <- t(range)
  dimnames(out) <- list(labels[shown], c("min", "median", "max"))
  if (x$n == 1) {
    out <- out[, 1, drop = FALSE]
    colnames(out) <- "value"
  }
  print(signif(out, 4))
  if (length(labels) > most) cat("and", length(labels) - most, "more\n")
}

#' Names of the columns of parameters and linear predictors
#' @noRd
parameter_labels <- function(family) {
  with_columns(family$parameters, family$predictor_columns)
}

#' @rdname get_distribution
#' @export
mean.response_distribution <- function(x, ...) tfd_mean(x)

#' @rdname get_distribution
#' @export
stddev.response_distribution <- function(x, ...) tfd_stddev(x)

#' @rdname get_distribution
#' @export
quant.response_distribution <- function(x, probs, ...) tfd_quantile(x, probs)
