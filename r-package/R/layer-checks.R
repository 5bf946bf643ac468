# Checks of arguments; written so that NaN and NA fail. NULL means "not given"
# and passes: the engine holds the default.

check_number <- function(x, what, lower = -Inf, upper = Inf) {
  if (is.null(x)) {
    return(NULL)
  }
  one <- is.numeric(x) && length(x) == 1
  if (!one || !isTRUE(x >= lower && x <= upper && is.finite(x))) {
    refuse(what, " must be one number", range_text(lower, upper), ", got ",
      describe_value(x)
    )
  }
  as.numeric(x)
}

range_text <- function(lower, upper) {
  if (is.infinite(lower) && is.infinite(upper)) {
    ""
  } else if (is.infinite(upper)) {
    paste(" of at least", lower)
  } else {
    paste(" from", lower, "to", upper)
  }
}

check_whole <- function(x, what, lower = 1) {
  x <- check_number(x, what, lower)
  if (!is.null(x) && x != round(x)) {
    refuse(what, " must be a whole number, got ", x)
  }
  x
}

check_units <- function(units) check_whole(units, "layer_dense(units)")

check_switch <- function(x, what) {
  if (!is.null(x) && !isTRUE(x) && !identical(x, FALSE)) {
    refuse(what, " must be TRUE or FALSE, got ", describe_value(x))
  }
  x
}
