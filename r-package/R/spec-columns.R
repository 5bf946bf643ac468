# The raw columns that scoring needs, from the terms' specs: COLUMN entries in
# order of first use, the external ones with what evaluates them.
collect_columns <- function(terms, data) {
  used <- unlist(lapply(terms, function(term) columns_in(term$spec)))
  externals <- as.list(unlist(lapply(terms, `[[`, "externals"),
                              recursive = FALSE))
  names(externals) <- vapply(externals, `[[`, "", "name")
  check_same_externals(externals)
  lapply(unique(used), function(name) {
    if (name %in% names(externals)) {
      c(externals[[name]], external = TRUE)
    } else {
      describe_column(name, data[[name]])
    }
  })
}

# One name is one column: `f(x)` in two formulas must mean the same.
check_same_externals <- function(externals) {
  content <- lapply(externals, function(e) {
    e$env <- if (!is.null(e$env)) as.list(e$env, sorted = TRUE)
    e
  })
  for (i in which(duplicated(names(externals)))) {
    first <- match(names(externals)[i], names(externals))
    if (!identical(content[[i]], content[[first]])) {
      abort_spec("term_error", "'", names(externals)[i], "' has different ",
                 "values in two terms; write one of them differently")
    }
  }
}

# Names under "column" anywhere in a nested list.
columns_in <- function(spec) {
  if (!is.list(spec)) return(character())
  own <- if (is.character(spec$column)) spec$column
  c(own, unlist(lapply(unname(spec), columns_in)))
}

describe_column <- function(name, x) {
  if (is.factor(x)) {
    return(list(name = name, type = "factor", levels = levels(x),
                ordered = is.ordered(x)))
  }
  if (is.matrix(x)) return(list(name = name, type = "matrix", width = ncol(x)))
  # Whole numbers in training are no promise: new data may lie between them.
  list(name = name, type = if (is.logical(x)) "logical" else "double")
}

# COLUMN of the model specification.
column_spec <- function(column) {
  spec <- column[intersect(c("name", "type", "width"), names(column))]
  if (column$type == "factor") spec$levels <- as.list(column$levels)
  if (isTRUE(column$external)) spec$external <- TRUE
  spec
}

#' The columns of a model on new data
#'
#' @param spec What [spec_model()] returned.
#' @param newdata A data frame or named list with the model's variables.
#' @return A named list in the order of the specification: doubles, integers
#'   and logicals as vectors (n), factors with the training levels, matrices
#'   (n, width); external columns are evaluated.
#' @section Errors: A missing column, a wrong type or width, NA, or a factor
#'   level that the training data did not have; each names the column.
#' @keywords internal
columns_of <- function(spec, newdata) {
  data <- as_columns(newdata)
  raw <- Filter(function(c) !isTRUE(c$external), spec$columns)
  columns <- c(raw, spec$variables)
  columns <- columns[!duplicated(vapply(columns, `[[`, "", "name"))]
  names <- vapply(columns, `[[`, "", "name")
  missing <- setdiff(names, names(data))
  if (length(missing)) {
    abort_spec("missing_column", "the data have no column ",
               quote_names(missing), "; they have ", quote_names(names(data)),
               fields = list(columns = missing))
  }
  data[names] <- lapply(columns, function(c) fit_column(c, data[[c$name]]))
  values <- lapply(spec$columns, function(column) {
    if (isTRUE(column$external)) external_column(column, data) else
      engine_column(data[[column$name]])
  })
  stats::setNames(values, vapply(spec$columns, `[[`, "", "name"))
}

# A new column brought to the type, levels and width of training.
fit_column <- function(column, x) {
  if (anyNA(x)) {
    abort_spec("missing_value", "column '", column$name, "' has missing ",
               "values, the first in row ",
               (which(is.na(x))[1L] - 1L) %% NROW(x) + 1L)
  }
  if (column$type == "factor") return(fit_factor(column, x))
  if (column$type == "matrix") return(fit_matrix(column, x))
  if (is.factor(x) || !is.null(dim(x)) && NCOL(x) > 1L) {
    abort_spec("column_type", "column '", column$name, "': expected ",
               column$type, ", got ", class(x)[1L])
  }
  x
}

fit_factor <- function(column, x) {
  same <- identical(levels(x), column$levels)
  if (same && is.ordered(x) == isTRUE(column$ordered)) return(x)
  codes <- match(as.character(x), column$levels)
  check_levels(x, codes, column$levels, column$name)
  factor(column$levels[codes], levels = column$levels,
         ordered = isTRUE(column$ordered))
}

fit_matrix <- function(column, x) {
  if (!is.matrix(x) || ncol(x) != column$width) {
    abort_spec("column_type", "column '", column$name, "': expected a matrix ",
               "with ", column$width, " columns, got ", NCOL(x))
  }
  x
}

# Vectors without classes (a date is its number of days), matrices of doubles.
engine_column <- function(x) {
  if (is.factor(x)) return(x)
  if (is.matrix(x)) return(matrix(as.numeric(x), nrow(x)))
  if (is.object(x)) as.numeric(x) else as.vector(x)
}

external_column <- function(column, data) {
  if (!is.null(column$smooth)) return(smooth_matrix(column$smooth, data))
  value <- eval(column$predvar, data, column$env)
  if (column$type == "factor") return(fit_factor(column, value))
  matrix(as.numeric(value), NROW(value), NCOL(value))
}
