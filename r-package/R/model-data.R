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
