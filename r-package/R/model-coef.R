#' A predictor: the name of its parameter and its terms by name
#' @noRd
model_predictor <- function(object, which_param) {
  parameters <- unlist(object$family$parameters)
  index <- if (is.character(which_param)) {
    match(which_param, parameters)
  } else {
    which_param
  }
  if (length(index) != 1 || !isTRUE(index %in% seq_along(parameters))) {
    refuse("which_param must be one of 1 to ", length(parameters), " or ",
      quote_names(parameters), ", got ", describe_value(which_param)
    )
  }
  list(name = parameters[index], terms = object$spec$terms[[index]])
}

#' Kinds of terms that have coefficients, by what `type` calls them
#' @noRd
coefficient_types <- c(
  intercept = "linear", linear = "linear", smooth = "smooth"
)

#' Coefficients
#'
#' @param object a [deepregression()] model.
#' @param which_param number or name of the parameter.
#' @param type `"linear"`, `"smooth"`, or `NULL` for both.
#' @param ... not used.
#' @return A named list of matrices (p, columns of the predictor), one per
#'   structured term, `"(Intercept)"` last. Row names are the labels of the columns.
#' @examples
#' \donttest{
#' data(mcycle, package = "MASS")
#' model <- deepregression(mcycle$accel, list(~ 1 + times, ~ 1), data = mcycle)
#' coef(model)
#' coef(model, which_param = "scale")
#' }
#' @export
coef.deepregression <- function(object, which_param = 1, type = NULL, ...) {
  if (!is.null(type) && !isTRUE(type %in% c("linear", "smooth"))) {
    refuse("type must be \"linear\", \"smooth\" or NULL, got ",
      describe_value(type)
    )
  }
  predictor <- model_predictor(object, which_param)
  kinds <- vapply(predictor$terms, function(term) term$type, "")
  wanted <- kinds %in% names(coefficient_types)
  if (!is.null(type)) wanted <- wanted & coefficient_types[kinds] %in% type
  order_last <- order(kinds[wanted] == "intercept")
  names_wanted <- names(predictor$terms)[wanted][order_last]
  out <- lapply(names_wanted, function(term) {
    term_coefficients(object, predictor$name, term)
  })
  stats::setNames(out, names_wanted)
}

#' The weights of a structured term
#' @noRd
term_coefficients <- function(object, predictor, term) {
  for (entry in object$layout$parameters) {
    if (identical(entry$predictor, predictor) && identical(entry$term, term)) {
      return(entry_weights(object, entry))
    }
  }
  refuse("predictor '", predictor, "' has no weights for term '", term, "'")
}

#' A weight as a matrix; the engine keeps matrices row by row
#' @noRd
entry_weights <- function(object, entry) {
  size <- entry$rows * entry$columns
  values <- object$state$weights[entry$offset + seq_len(size)]
  out <- matrix(values, entry$rows, entry$columns, byrow = TRUE)
  labels <- unlist(entry$labels)
  if (length(labels) == entry$rows) rownames(out) <- labels
  out
}

#' Weights by name
#'
#' @param mod a [deepregression()] model.
#' @param name a term (`"s(x)"`) or a layer (`"dense_1"`).
#' @param param_nr number or name of the parameter, for terms.
#' @param postfixes appended to `name`, as `"/kernel"` is.
#' @return A matrix, or a named list of matrices when several weights have this
#'   name (a layer's kernel and bias).
#' @examples
#' \donttest{
#' data(mcycle, package = "MASS")
#' model <- deepregression(mcycle$accel, list(~ 1 + times, ~ 1), data = mcycle)
#' get_weight_by_name(model, "times")
#' }
#' @export
get_weight_by_name <- function(mod, name, param_nr = 1, postfixes = "") {
  predictor <- model_predictor(mod, param_nr)$name
  wanted <- paste0(name, postfixes)
  entries <- Filter(function(entry) {
    owner <- entry$predictor %||% ""
    begins <- startsWith(entry$term, paste0(wanted, "/"))
    owner %in% c("", predictor) && any(entry$term == wanted | begins)
  }, mod$layout$parameters)
  if (length(entries) == 0) {
    known <- vapply(mod$layout$parameters, function(entry) entry$term, "")
    refuse("no weight is called ", quote_names(wanted), "; known: ",
      quote_names(unique(known))
    )
  }
  out <- lapply(entries, entry_weights, object = mod)
  names(out) <- vapply(entries, function(entry) entry$term, "")
  if (length(out) == 1) out[[1]] else out
}

#' Draw the weights anew
#'
#' Weights that were given (warm starts, constants) stay what they are.
#'
#' @param object a [deepregression()] model, changed in place.
#' @param seed seed of the draws.
#' @return The model, invisibly.
#' @export
reinit_weights <- function(object, seed) {
  object$state$seed <- check_whole(seed, "seed", -.Machine$integer.max)
  old <- if (identical(object$state$session, engine_session)) object$state$model
  object$state$session <- NULL
  object$state$status <- "not trained"
  keep_weights(object)
  if (!is.null(old)) java_release(old)
  object$state$history <- NULL
  object$state$epochs <- 0
  invisible(object)
}
