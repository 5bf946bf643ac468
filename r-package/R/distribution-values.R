# Shapes of the values that distributions are asked at.

#' Responses as a matrix of n rows or one
#'
#' A number counts for every row and column; a vector of length n is a number
#' per row; a vector of length m > 1 is one response for all rows; of a single
#' row any vector is as many values.
#'
#' @return A matrix (n, k*m) or (1, k*m).
#' @noRd
response_values <- function(value, distribution) {
  m <- distribution$output_dim
  value <- number_values(value, "value")
  if (is.matrix(value)) {
    return(check_value_matrix(value, distribution, "value"))
  }
  size <- length(value)
  if (size == 1 && !distribution$family$is_multivariate) {
    matrix(value, 1, m)
  } else if ((m > 1 && size == m) || (m == 1 && distribution$n == 1)) {
    matrix(value, 1)
  } else if (m == 1 && size == distribution$n) {
    matrix(value, size)
  } else {
    refuse("value: expected ", expected_values(distribution), ", got ", size,
      " number", if (size != 1) "s"
    )
  }
}

expected_values <- function(distribution) {
  n <- distribution$n
  m <- distribution$output_dim
  if (m == 1) {
    return(paste0("a number, one for each of ", n, " rows, or a matrix (", n,
      ", k)"
    ))
  }
  paste0(if (!distribution$family$is_multivariate) "a number, ",
    "one response of ", m, " numbers, or a matrix (", n, ", ", m, ")"
  )
}

#' Levels of quantiles as a matrix: k levels for all rows, or one row each
#' @noRd
level_values <- function(value, distribution) {
  if (is.matrix(value)) {
    value <- check_quantile_levels(value, "value")
    return(check_value_matrix(value, distribution, "value"))
  }
  shared_levels(value, distribution, "value")
}

#' A vector of k levels for all rows, as a matrix (1, k*m)
#' @noRd
shared_levels <- function(levels, distribution, what) {
  if (!is.null(dim(levels)) || length(levels) == 0) {
    refuse(what, ": expected a vector of levels, got ", describe_value(levels))
  }
  levels <- check_quantile_levels(levels, what)
  matrix(rep(levels, each = distribution$output_dim), 1)
}

check_quantile_levels <- function(levels, what) {
  levels <- number_values(levels, what)
  outside <- which(!is.na(levels) & !(levels > 0 & levels < 1))
  if (length(outside) > 0) {
    refuse(what, ": levels of quantiles must lie strictly between 0 and 1, ",
      "got ", format(levels[outside[1]])
    )
  }
  levels
}

number_values <- function(value, what) {
  if (is.data.frame(value)) value <- as.matrix(value)
  if (!is.numeric(value) && !is.logical(value)) {
    refuse(what, ": expected numbers, got ", describe_value(value))
  }
  storage.mode(value) <- "double"
  if (is.matrix(value)) unname(value) else as.vector(value)
}

check_value_matrix <- function(value, distribution, what) {
  n <- distribution$n
  m <- distribution$output_dim
  fits <- ncol(value) > 0 && ncol(value) %% m == 0
  if (!fits || !nrow(value) %in% c(1, n)) {
    refuse(what, ": expected a matrix of ", n, " rows (or one) and ",
      if (m > 1) paste("a multiple of", m, "columns") else "a column or more",
      ", got ", nrow(value), " x ", ncol(value)
    )
  }
  value
}
