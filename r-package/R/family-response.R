# Responses: from what users have (factors, logicals, two columns) to the
# numbers that a family takes.

#' The response as numbers, and the family that suits it
#' @return A list: `y`, and `family`, described by the engine, with its
#'   `classes` where the response has any.
#' @noRd
family_response <- function(y, family, output_dim, trafo_list = NULL) {
  family <- find_family(family)
  if (inherits(y, "Surv")) family <- censored_family(family)
  if (!is.null(trafo_list)) family$trafo_list <- trafo_list
  family$classes <- response_classes(y, family)
  y <- as_response(y, NROW(y), family)
  m <- response_columns(y, family, output_dim)
  family <- resolve_family(family, response_options(y, family), m)
  list(y = y, family = with_start(family, y))
}

#' How a family takes classes: "binary" (0 and 1), "one_hot", "codes" (1, 2,
#' ...), "successes" (two columns), or "numbers" (it does not)
#' @noRd
response_form <- function(family) {
  spec <- family$spec
  name <- if (is.list(spec)) spec$name else spec
  counts <- c("binomial", "beta_binomial")
  if (name %in% counts && is.null(as.list(spec)$trials)) {
    return("successes")
  }
  if ("categories" %in% c(names(spec), missing_options(spec))) {
    return("codes")
  }
  support <- family$support %||% "unknown"
  if (support %in% c("binary", "one_hot")) support else "numbers"
}

#' Classes as numbers: a row per form. `codes` are 1, 2, ..., k.
#' @noRd
class_forms <- list(
  binary = function(codes, classes) codes - 1,
  codes = function(codes, classes) codes,
  one_hot = function(codes, classes) {
    out <- diag(length(classes))[codes, , drop = FALSE]
    colnames(out) <- classes
    out
  },
  successes = function(codes, classes) {
    cbind(successes = codes - 1, failures = 2 - codes)
  }
)

#' The classes that a response has, in order; NULL when it has numbers
#' @noRd
response_classes <- function(y, family) {
  form <- response_form(family)
  if (form == "one_hot" && NCOL(y) > 1) {
    return(colnames(y))
  }
  if (is.logical(y) && form != "numbers") {
    return(c("FALSE", "TRUE"))
  }
  if (!is.factor(y) && !is.character(y)) {
    return(NULL)
  }
  classes <- levels(droplevels(as.factor(y)))
  two <- form %in% c("binary", "successes")
  if (two && length(classes) != 2) {
    refuse("family '", family$name, "' needs a factor of two levels, got ",
      length(classes), ": ", quote_names(classes)
    )
  }
  classes
}

#' The response as a double vector or matrix, or an error that says why not
#'
#' @param family a family, with `classes` once they are known.
#' @noRd
as_response <- function(y, n = NROW(y), family = NULL) {
  if (is.data.frame(y)) y <- as.matrix(y)
  if (inherits(y, "Surv")) y <- response_of_surv(y)
  if (NROW(y) != n) {
    refuse("the response has ", NROW(y), " rows, the data have ", n)
  }
  form <- if (is.null(family)) "numbers" else response_form(family)
  if (form != "numbers" && is.null(dim(y)) && !is.numeric(y)) {
    return(coded_response(y, form, family))
  }
  if (!is.numeric(y) && !is.logical(y)) {
    refuse("the response must be numeric",
      if (!is.null(family)) paste0(" for family '", family$name, "'"),
      ", got ", describe_value(y)
    )
  }
  check_response_form(y, form, family)
  storage.mode(y) <- "double"
  if (NCOL(y) == 1) as.vector(y) else y
}

coded_response <- function(y, form, family) {
  classes <- family$classes %||% response_classes(y, family)
  codes <- match(as.character(y), classes)
  unknown <- setdiff(as.character(y)[is.na(codes)], NA)
  if (length(unknown) > 0 || is.null(classes)) {
    refuse("the response has ", quote_names(unknown), "; the classes of the ",
      "model are ", quote_names(classes)
    )
  }
  class_forms[[form]](codes, classes)
}

#' Forms that no vector of numbers has
#' @noRd
check_response_form <- function(y, form, family) {
  if (form == "successes" && NCOL(y) != 2) {
    refuse("family '", family$name, "' needs trials, as in response_family(\"",
      family$name, "\", trials = 10), or a response of two columns, successes ",
      "and failures; got ", NCOL(y), " column", if (NCOL(y) != 1) "s"
    )
  }
  if (form == "one_hot" && NCOL(y) == 1) {
    refuse("family '", family$name, "' needs a factor, or a matrix with one ",
      "column per class that has a single 1 in each row, got ",
      describe_value(y)
    )
  }
}

#' Options that the response tells
#' @noRd
response_options <- function(y, family) {
  largest <- suppressWarnings(max(y, na.rm = TRUE))
  list(
    categories = if (is.null(family$classes)) largest else
      length(family$classes),
    dimension = NCOL(y)
  )
}

#' Columns of the response: those it has where they belong together, otherwise
#' those that were announced
#' @noRd
response_columns <- function(y, family, output_dim) {
  announced <- if (output_dim == 1) family$output_dim %||% 1 else output_dim
  together <- isTRUE(family$is_multivariate) ||
    "dimension" %in% missing_options(family$spec)
  if (together && announced == 1) announced <- NCOL(y)
  if (NCOL(y) != announced) {
    refuse("the response has ", NCOL(y), " column", if (NCOL(y) != 1) "s",
      ", but output_dim is ", describe_value(output_dim)
    )
  }
  announced
}

# ---- support --------------------------------------------------------------

#' What each support means: a row per word of the families table, of rows of a
#' matrix
#' @noRd
support_rules <- list(
  positive = function(y) y > 0,
  non_negative = function(y) y >= 0,
  zero_or_positive = function(y) y >= 0,
  unit_open = function(y) y > 0 & y < 1,
  unit_closed = function(y) y >= 0 & y <= 1,
  count = function(y) y >= 0 & y == round(y),
  positive_count = function(y) y >= 1 & y == round(y),
  counts = function(y) y >= 0 & y == round(y),
  binary = function(y) y == 0 | y == 1,
  one_hot = function(y) (y == 0 | y == 1) & rowSums(y) == 1,
  simplex = function(y) y > 0 & abs(rowSums(y) - 1) < 1e-8,
  direction = function(y) abs(rowSums(y^2) - 1) < 1e-8
)

#' Which rows of a response are in the support of a family
#' @noRd
in_support <- function(y, family) {
  y <- as.matrix(y)
  if (is_censored(family)) {
    return(in_censored_support(y, family))
  }
  rule <- support_rules[[family$support]]
  range <- support_range(family)
  inside <- is.finite(y) & y >= range[1] & y <= range[2]
  if (!is.null(rule)) inside <- inside & rule(y)
  total <- support_total(family)
  if (!is.null(total)) inside <- inside & rowSums(y) == total
  rowSums(!inside) == 0
}

#' Rows of a response outside the support, looked for in blocks of rows
#' @noRd
outside_support <- function(y, family, block = 2^16) {
  n <- NROW(y)
  unlist(lapply(seq(1, n, block), function(from) {
    rows <- from:min(n, from + block - 1)
    rows[!in_support(take_rows(list(y), rows)[[1]], family)]
  }))
}

#' The range of responses that the options of a family allow
#' @noRd
support_range <- function(family) {
  spec <- if (is.list(family$spec)) family$spec else list(name = family$spec)
  most <- spec$categories %||% spec$trials
  cut <- spec$name == "truncated_normal"
  as.numeric(c(
    (if (cut) spec$low) %||% -Inf, most %||% (if (cut) spec$high) %||% Inf
  ))
}

#' The sum that the columns of a response must have, NULL for any
#' @noRd
support_total <- function(family) {
  if (identical(family$support, "counts") && is.list(family$spec)) {
    family$spec$trials
  }
}

#' Warn about a response outside the support of its family, once per model
#' @noRd
check_support <- function(object) {
  outside <- outside_support(object$y, object$family)
  if (length(outside) == 0 || isTRUE(object$state$support_said)) {
    return(invisible())
  }
  object$state$support_said <- TRUE
  first <- outside[1]
  range <- support_range(object$family)
  total <- support_total(object$family)
  warn_spec("outside_support", "family '", object$family$name, "' expects ",
    "a response that is ", object$family$support_text,
    if (is.finite(range[1])) paste(", at least", range[1]),
    if (is.finite(range[2])) paste(", at most", range[2]),
    if (!is.null(total)) paste(", with sum", total, "in each row"), "; ",
    length(outside), " of ", object$n, " rows are not, the first is row ",
    first, " (", paste(format(as.matrix(object$y)[first, ]), collapse = ", "),
    "). ", outside_fate(object, outside)
  )
}

#' What the fit does with rows outside the support
#' @noRd
outside_fate <- function(object, rows) {
  density <- training_density(object, rows)
  if (all(is.finite(density))) {
    "They are used as they are: the formula of the density has a value there."
  } else {
    "Their log-density is not finite: the fit has no maximum with them."
  }
}

#' The log-density as it is trained on, which does not ask for the support
#' @noRd
training_density <- function(object, rows) {
  response <- java_table(list(y = take_rows(list(object$y), rows)[[1]]))
  on.exit(java_release(response))
  table <- rows_table(object, take_rows(object$data, rows), length(rows))
  on.exit(java_release(table), add = TRUE)
  result <- java_result_vector(length(rows))
  job <- java_call("startLogDensity", engine_model(object), table, response,
    result$address, result$length
  )
  java_job(job, result)
  result$values
}
