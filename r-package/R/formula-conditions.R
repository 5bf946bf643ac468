# Raises a classed error: `class` is the specific class without the package
# prefix; further fields travel in the condition.
abort_spec <- function(class, ..., fields = list()) {
  message <- paste0(...)
  classes <- c(paste0("deepregression4j_", class), "deepregression4j_error",
               "error", "condition")
  stop(structure(
    class = classes, c(list(message = message, call = NULL), fields)
  ))
}

warn_spec <- function(class, ..., fields = list()) {
  message <- paste0(...)
  classes <- c(paste0("deepregression4j_", class), "deepregression4j_warning",
               "warning", "condition")
  warning(structure(
    class = classes, c(list(message = message, call = NULL), fields)
  ))
}

# "'a', 'b', 'c'", shortened when there are many.
quote_names <- function(x, most = 20L) {
  if (!length(x)) return("(none)")
  shown <- paste0("'", utils::head(x, most), "'", collapse = ", ")
  if (length(x) > most) {
    shown <- paste0(shown, " and ", length(x) - most, " more")
  }
  shown
}

# The text of a call on one line, as the user would write it.
text_of <- function(expr) {
  paste(trimws(deparse(expr, width.cutoff = 500L, backtick = TRUE)),
        collapse = " ")
}

`%||%` <- function(x, y) if (is.null(x)) y else x
