#' Partial effects
#'
#' @param object a [deepregression()] model.
#' @param names names of terms, as in the formula; `NULL` for all smooths.
#' @param return_matrix `TRUE` gives the design matrix (n, p) instead.
#' @param which_param number or name of the parameter.
#' @param newdata raw data; `NULL` for the training data. Only the variables of
#'   the term are needed.
#' @return For one term a matrix (n, columns of the predictor) or (n, p); for
#'   several a named list of these.
#' @examples
#' \donttest{
#' data(mcycle, package = "MASS")
#' model <- deepregression(
#'   mcycle$accel, list(~ 1 + s(times, df = 6), ~ 1), data = mcycle
#' )
#' get_partial_effect(model, "s(times)", newdata = data.frame(times = 1:5))
#' }
#' @export
get_partial_effect <- function(object, names = NULL, return_matrix = FALSE,
                               which_param = 1, newdata = NULL) {
  predictor <- model_predictor(object, which_param)
  if (is.null(names)) names <- smooth_names(predictor)
  terms <- lapply(names, function(name) find_term(predictor, name))
  out <- lapply(terms, function(term) {
    if (return_matrix) {
      effect_design(object, term, newdata)
    } else {
      term_effect(object, predictor$name, term, newdata)
    }
  })
  names(out) <- names
  if (length(out) == 1) out[[1]] else out
}

smooth_names <- function(predictor) {
  names(Filter(function(term) term$type == "smooth", predictor$terms))
}

#' A term by its name, or by its beginning as s(x) for s(x, df = 6)
#' @noRd
find_term <- function(predictor, name) {
  known <- names(predictor$terms)
  found <- match(name, known)
  if (is.na(found)) {
    open <- paste0(sub("\\)$", "", name), ",")
    starts <- which(startsWith(known, open))
    if (length(starts) == 1) found <- starts
  }
  if (is.na(found)) {
    refuse("predictor '", predictor$name, "' has no term '", name,
      "'; its terms are ", quote_names(known)
    )
  }
  predictor$terms[[found]]
}

term_effect <- function(object, predictor, term, newdata = NULL) {
  engine_predict(object, term_query("term", predictor, term$name),
    predictor_columns(object), with_other_columns(object, newdata)
  )
}

effect_design <- function(object, term, newdata = NULL) {
  if (term$type == "deep") {
    refuse("term '", term$name, "' is a deep network: it has no design matrix")
  }
  data <- if (is.null(newdata)) object$data else newdata
  if (term$type == "intercept") {
    n <- if (is.null(newdata)) object$n else rows_of(newdata)
    return(matrix(1, n, 1, dimnames = list(NULL, term$name)))
  }
  term_design(term, data)
}

#' Complete the columns of newdata by the first training row: a term does not
#' depend on the variables of the others, but a table must have them
#' @noRd
with_other_columns <- function(object, newdata) {
  if (is.null(newdata)) {
    return(NULL)
  }
  newdata <- as.list(newdata)
  absent <- setdiff(names(object$data), names(newdata))
  first <- rep(1L, rows_of(newdata))
  c(newdata, take_rows(object$data[absent], first))
}
