# Rows of data: a data frame or a named list of vectors, matrices and arrays of
# equal first dimension.

rows_of <- function(data) {
  if (is.data.frame(data)) {
    return(nrow(data))
  }
  if (length(data) == 0) 0L else NROW(data[[1]])
}

take_rows <- function(data, rows) {
  lapply(data, function(column) {
    dims <- length(dim(column))
    if (dims == 0) {
      column[rows]
    } else if (dims == 2) {
      column[rows, , drop = FALSE]
    } else {
      index <- c(list(column, rows), rep(list(TRUE), dims - 1), drop = FALSE)
      do.call(`[`, index)
    }
  })
}

#' Which rows have no NA in any of several columns
#' @noRd
complete_in <- function(columns, n) {
  Reduce(`&`, lapply(columns, complete_rows), rep(TRUE, n))
}

#' The variables that formulas use, of those in the data
#' @noRd
used_variables <- function(formulas, data) {
  intersect(names(data), unique(unlist(lapply(formulas, all.vars))))
}

#' The response as a double vector or matrix, or an error that says why not
#' @noRd
as_response <- function(y, n = NROW(y)) {
  if (is.data.frame(y)) y <- as.matrix(y)
  if (!is.numeric(y) && !is.logical(y)) {
    refuse("the response must be numeric or logical, got ", describe_value(y),
      if (is.factor(y)) ": give 0 and 1, as in as.integer(y) - 1"
    )
  }
  if (NROW(y) != n) {
    refuse("the response has ", NROW(y), " rows, the data have ", n)
  }
  storage.mode(y) <- "double"
  if (NCOL(y) == 1) as.vector(y) else y
}

#' What each support means: a row per word of the families table
#' @noRd
support_rules <- list(
  real = function(y) rep(TRUE, length(y)),
  positive = function(y) y > 0,
  non_negative = function(y) y >= 0,
  unit = function(y) y > 0 & y < 1,
  count = function(y) y >= 0 & y == round(y),
  binary = function(y) y == 0 | y == 1,
  one_hot = function(y) y == 0 | y == 1,
  positive_count = function(y) y >= 1 & y == round(y),
  zero_or_positive = function(y) y >= 0,
  unit_closed = function(y) y >= 0 & y <= 1,
  simplex = function(y) y > 0 & y < 1,
  counts = function(y) y >= 0 & y == round(y),
  direction = function(y) abs(y) <= 1
)

# Values that are looked at together.
support_block <- 2^18

#' Warn about a response outside the support of its family
#' @noRd
check_support <- function(y, family) {
  support <- sub("_open$", "", tolower(family$support %||% "real"))
  rule <- support_rules[[support]]
  if (is.null(rule)) {
    return(invisible())
  }
  blocks <- seq(1, length(y), support_block)
  outside <- unlist(lapply(blocks, function(from) {
    rows <- from:min(length(y), from + support_block - 1)
    rows[!rule(y[rows])]
  }))
  if (length(outside) > 0) {
    warning("family '", family$name, "' is for a ",
      gsub("_", " ", support, fixed = TRUE), " response; ",
      length(outside), " of ", length(y), " values are not, the first is ",
      format(y[outside[1]]), " in row ",
      (outside[1] - 1) %% NROW(y) + 1,
      call. = FALSE
    )
  }
}
