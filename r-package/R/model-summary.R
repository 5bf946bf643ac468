#' @export
print.deepregression <- function(x, ...) {
  cat(model_title(x), "\n", sep = "")
  parameters <- unlist(x$family$parameters)
  for (i in seq_along(parameters)) {
    text <- text_of(x$formulas[[i]])
    cat("  ", format(parameters[i], width = max(nchar(parameters))), " ",
      substr(text, 1, 66), if (nchar(text) > 66) " ...", "\n",
      sep = ""
    )
  }
  cat("Rows: ", x$n, ". Total params: ", length(x$state$weights), "\n",
    sep = ""
  )
  cat("State: ", training_state(x), "\n", sep = "")
  invisible(x)
}

model_title <- function(x) {
  paste0("Model: deepregression, family '", x$family$name, "'")
}

training_state <- function(x) {
  state <- x$state
  if (state$status == "not trained") {
    return("not trained, use fit()")
  }
  metrics <- state$history$metrics
  last <- function(name) {
    value <- metrics[[name]]
    if (length(value)) {
      paste0(", ", name, " ", format(value[length(value)], digits = 5))
    }
  }
  paste0(state$status, ", ", state$epochs, " epochs", last("loss"),
    last("val_loss")
  )
}

#' Summary of a model
#'
#' @param object a [deepregression()] model.
#' @param x a summary.
#' @param ... not used.
#' @return A list of class `summary.deepregression`: `coefficients` (per
#'   parameter a matrix, one row per coefficient of the linear terms), `smooths`
#'   (per parameter a data frame: term, columns, df), `family`, `n`, `weights`
#'   (their number), `state`. The `df` of a smooth is what its penalty stands
#'   for, 2 tr(H) - tr(HH) with H the hat matrix of the penalised basis; without
#'   a penalty it is the number of columns.
#' @examples
#' \donttest{
#' data(mcycle, package = "MASS")
#' model <- deepregression(
#'   mcycle$accel, list(~ 1 + s(times, df = 6), ~ 1), data = mcycle
#' )
#' summary(model)
#' }
#' @export
summary.deepregression <- function(object, ...) {
  parameters <- unlist(object$family$parameters)
  per_parameter <- function(f) {
    stats::setNames(lapply(parameters, f), parameters)
  }
  structure(list(
    title = model_title(object),
    coefficients = per_parameter(function(p) linear_table(object, p)),
    smooths = per_parameter(function(p) smooth_table(object, p)),
    family = object$family$name, n = object$n,
    weights = length(object$state$weights), state = training_state(object)
  ), class = "summary.deepregression")
}

linear_table <- function(object, parameter) {
  coefs <- coef.deepregression(object, parameter, "linear")
  rows <- Map(function(values, term) {
    labels <- rownames(values)
    if (is.null(labels)) {
      number <- if (nrow(values) > 1) seq_len(nrow(values))
      rownames(values) <- paste0(term, number)
    }
    values
  }, coefs, names(coefs))
  out <- do.call(rbind, unname(rows))
  if (is.null(out)) out <- matrix(0, 0, object$output_dim)
  colnames(out) <- if (ncol(out) == 1) "Estimate"
  out
}

smooth_table <- function(object, parameter) {
  predictor <- model_predictor(object, parameter)
  terms <- predictor$terms[smooth_names(predictor)]
  data.frame(
    term = as.character(names(terms)),
    columns = vapply(terms, function(term) length(term$labels), 0L),
    df = vapply(terms, function(term) penalty_df(
      effect_design(object, term), total_penalty(term)
    ), 0),
    row.names = NULL
  )
}

#' Degrees of freedom that a penalty stands for: 2 tr(H) - tr(HH) with
#' H = X (X'X + P)^-1 X'; the rank of X without a penalty
#' @noRd
penalty_df <- function(design, penalty) {
  if (is.null(penalty) || all(penalty == 0)) {
    return(as.numeric(qr(design)$rank))
  }
  cross <- crossprod(design)
  # A little of the penalty makes X'X + P positive definite, as for lambda.
  ridge <- 1e-9 * penalty + diag(1e-12 * max(diag(cross)), ncol(cross))
  hat <- solve(cross + penalty + ridge, cross, tol = 0)
  2 * sum(diag(hat)) - sum(hat * t(hat))
}

#' sum_i lambda_i S_i of a term, NULL without a penalty
#' @noRd
total_penalty <- function(term) {
  if (length(term$penalty$lambdas) == 0) {
    return(NULL)
  }
  Reduce(`+`, Map(`*`, term$penalty$lambdas, term$penalty$matrices))
}

#' @rdname summary.deepregression
#' @export
print.summary.deepregression <- function(x, ...) {
  cat(x$title, "\n", sep = "")
  for (parameter in names(x$coefficients)) {
    cat("\nParameter '", parameter, "'\n", sep = "")
    if (nrow(x$coefficients[[parameter]])) print(x$coefficients[[parameter]])
    if (nrow(x$smooths[[parameter]])) {
      print(x$smooths[[parameter]], row.names = FALSE, digits = 4)
    }
  }
  cat("\nRows: ", x$n, ". Total params: ", x$weights, "\n", sep = "")
  cat("State: ", x$state, "\n", sep = "")
  invisible(x)
}
