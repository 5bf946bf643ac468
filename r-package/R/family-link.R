# Links: how a linear predictor becomes a parameter. A user gives the engine's
# name for one, or a function of the linear predictor.

#' FAMILY's "links": one entry per parameter
#'
#' @param trafo_list list (or character vector) of names and functions, one per
#'   parameter in order, or named by parameter, the others then as in `links`.
#' @param parameters names of the parameters.
#' @param links what the parameters have without `trafo_list`, `NULL` where
#'   every parameter needs an entry.
#' @return A list: names and EXPRs of `{"column": "eta"}`.
#' @noRd
links_of <- function(trafo_list, parameters, links = NULL) {
  given <- as.list(trafo_list)
  words <- names(given)
  unknown <- setdiff(words[nzchar(words)], parameters)
  named <- !is.null(words) && all(nzchar(words))
  if (length(unknown) > 0 || !named && length(given) != length(parameters) ||
    named && is.null(links) && length(given) != length(parameters)) {
    refuse("trafo_list needs one link for each of the parameters ",
      quote_names(parameters), ", got ", length(given),
      if (!is.null(words)) paste0(" (", quote_names(words), ")")
    )
  }
  if (!named) words <- parameters
  out <- stats::setNames(as.list(links), parameters[seq_along(links)])
  out[words] <- Map(link_of, given, words)
  unname(out[parameters])
}

#' One link: a name of the engine's, or EXPR of a function
#' @noRd
link_of <- function(link, parameter) {
  what <- paste0("trafo_list of '", parameter, "'")
  if (is.function(link)) {
    return(link_expr(link, what))
  }
  # One that was compiled before.
  if (is.list(link)) {
    return(link)
  }
  known <- c(names(link_forms()), "softmax")
  if (!is.character(link) || length(link) != 1 || !(link %in% known)) {
    refuse(what, " must be a function of the linear predictor or one of ",
      quote_names(known), ", got ", describe_value(link)
    )
  }
  link
}

#' The name of the link that a function is, or its EXPR
#' @noRd
link_expr <- function(link, what) {
  traced <- expr_of(trace_function(link, unname(new_symbols("eta")), what))
  if (!"eta" %in% columns_in(traced)) {
    refuse(what, " does not use the linear predictor")
  }
  forms <- link_forms()
  for (name in names(forms)) {
    for (form in forms[[name]]) if (identical(form, traced)) return(name)
  }
  traced
}

#' EXPRs that are a link of the engine's, by its name: that one is written on
#' the log scale inside densities
#' @noRd
link_forms <- function() {
  x <- new_symbols("eta")$eta
  forms <- list(
    identity = list(x),
    exp = list(exp(x)),
    exp_neg = list(exp(-x), 1 / exp(x)),
    softplus = list(
      graph_call("softplus", x), log1p(exp(x)), log(1 + exp(x)), log(exp(x) + 1)
    ),
    sigmoid = list(
      graph_call("plogis", x), 1 / (1 + exp(-x)), 1 / (exp(-x) + 1),
      exp(x) / (1 + exp(x))
    )
  )
  lapply(forms, lapply, expr_of)
}
