# What scores and calibration are computed from: distributions of rows and what
# was observed.

#' The distributions and responses to score
#'
#' @param x a model, or a distribution (then `data` must be NULL).
#' @param what the function that asks, for its errors.
#' @return A list: `distribution`, and `y`, a matrix (n, m).
#' @noRd
scored_rows <- function(x, data, this_y, what) {
  distribution <- distribution_of(x, data, what)
  # The training response, of a model; a distribution has none.
  if (is.null(data) && is.null(this_y)) this_y <- x$y
  if (is.null(this_y)) {
    refuse(what, " needs `this_y`, the response of the rows")
  }
  y <- as.matrix(as_response(this_y, distribution$n, distribution$family))
  if (ncol(y) != distribution$output_dim) {
    refuse("`this_y` has ", ncol(y), " column", if (ncol(y) != 1) "s",
      ", the distribution ", distribution$output_dim
    )
  }
  list(distribution = distribution, y = unname(y))
}

#' The distributions of a model's rows, or those that were given
#' @noRd
distribution_of <- function(x, data, what) {
  if (inherits(x, "response_distribution")) {
    if (!is.null(data)) refuse(what, " of a distribution takes no `data`")
    return(x)
  }
  check_model(x, what)
  observed_distribution(x, data)
}

#' Squared error makes no statement about the distribution
#' @noRd
check_likelihood <- function(x, what) {
  if (identical(x$loss, "mse")) {
    refuse(what, " needs a distribution; the model has loss = \"mse\"")
  }
}
