# Data as a named list of columns with one number of rows. Character columns
# become factors when they are used; arrays and matrices stay as they are.
as_columns <- function(data) {
  if (!is.list(data) || is.null(names(data)) || any(!nzchar(names(data)))) {
    abort_spec("data_error", "argument `data`: expected a data frame or a ",
               "named list of vectors, matrices or arrays, got ",
               describe_value(data), if (is.list(data)) " without names")
  }
  columns <- unclass(as.list(data))
  attributes(columns) <- list(names = names(data))
  nested <- vapply(columns, function(x) is.list(x) && !is.data.frame(x) &&
                     !inherits(x, "POSIXlt"), NA)
  if (any(nested)) {
    abort_spec("data_error", "argument `data`: column ",
               quote_names(names(columns)[nested]), " is a list")
  }
  check_rows(columns)
  lapply(columns, plain_column)
}

plain_column <- function(x) {
  if (is.data.frame(x)) return(as.matrix(x))
  if (inherits(x, "POSIXlt")) return(as.POSIXct(x))
  if (is.character(x)) return(factor(x))
  if (length(dim(x)) == 1L) as.vector(x) else x
}

# All columns have the rows of most columns; the error names the odd ones.
check_rows <- function(columns) {
  rows <- vapply(columns, NROW, 1L)
  if (length(unique(rows)) <= 1L) return(invisible())
  usual <- as.integer(names(which.max(table(rows))))
  odd <- which(rows != usual)
  abort_spec("data_error", "argument `data`: expected ", usual, " rows in ",
             "every column, got ",
             paste0(rows[odd], " in '", names(columns)[odd], "'",
                    collapse = ", "))
}

#' Check and clean the data of a fit
#'
#' @param data A data frame or named list of columns (n rows each).
#' @param formulas The formulas of the model; only their variables are checked.
#' @param y The response, a vector (n) or matrix (n, k), or `NULL`.
#' @return A list: `data` (the columns without the dropped rows, unused factor
#'   levels dropped), `y`, and `kept`, the indices of the rows that stay.
#' @section Errors: Inf in a numeric column or the response, no row left, a
#'   response of another length. Rows with NA are dropped with a message.
#' @keywords internal
check_data <- function(data, formulas, y = NULL) {
  columns <- as_columns(data)
  if (inherits(formulas, "formula")) formulas <- list(formulas)
  used <- intersect(unlist(lapply(formulas, all.vars)), names(columns))
  n <- if (length(columns)) NROW(columns[[1L]]) else NROW(y)
  if (!is.null(y) && NROW(y) != n) {
    abort_spec("data_error", "argument `y`: expected ", n, " rows as in the ",
               "data, got ", NROW(y))
  }
  if (n == 0L) abort_spec("data_error", "the data have no rows")
  for (name in used) check_finite(columns[[name]], name)
  check_finite(y, "y")
  gaps <- Filter(anyNA, c(columns[used], list(y)))
  kept <- if (length(gaps)) which(complete_in(gaps, n)) else seq_len(n)
  report_dropped(n, length(kept), columns[used], y)
  if (!length(kept)) abort_spec("data_error", "the data have no complete row")
  columns <- lapply(columns, keep_rows, rows = kept)
  list(data = columns, y = if (!is.null(y)) keep_rows(y, kept), kept = kept)
}

check_finite <- function(x, name) {
  if (!is.numeric(x) || surely_finite(x)) return(invisible())
  bad <- which(is.infinite(x))
  if (length(bad)) {
    abort_spec("infinite_value", "column '", name, "' has ", length(bad),
               " infinite value", if (length(bad) > 1L) "s", ", the first in ",
               "row ", (bad[1L] - 1L) %% NROW(x) + 1L,
               fields = list(column = name))
  }
}

# Without a vector as long as x. An infinite sum may still be one of finite
# numbers.
surely_finite <- function(x) {
  is.integer(x) && !anyNA(x) ||
    is.double(x) && !is.object(x) && is.finite(sum(x))
}

complete_rows <- function(x) {
  if (is.null(x)) return(TRUE)
  if (is.null(dim(x))) return(!is.na(x))
  rowSums(matrix(is.na(x), NROW(x))) == 0
}

report_dropped <- function(n, kept, columns, y) {
  if (kept == n) return(invisible())
  missing <- vapply(c(columns, list(y = y)), anyNA, NA)
  message("Dropped ", n - kept, " of ", n, " rows with missing values in ",
          quote_names(names(missing)[missing]), ".")
}

# Rows of a vector, matrix or array; factor levels that no row has are dropped.
# What stays whole is not copied.
keep_rows <- function(x, rows) {
  if (length(rows) == NROW(x)) return(drop_unused(x))
  if (is.factor(x)) return(droplevels(x[rows]))
  if (is.null(dim(x))) return(x[rows])
  index <- c(list(x, rows), rep(list(TRUE), length(dim(x)) - 1L),
             list(drop = FALSE))
  do.call(`[`, index)
}

# droplevels() goes through the texts of all values.
drop_unused <- function(x) {
  if (is.factor(x) && any(tabulate(x, nlevels(x)) == 0L)) droplevels(x) else x
}
