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
      labels <- if (nrow(values) == 1) term else paste0(term, seq_len(nrow(values)))
    }
    rownames(values) <- labels
    values
  }, coefs, names(coefs))
  out <- do.call(rbind, unname(rows))
  if (is.null(out)) out <- matrix(0, 0, object$output_dim)
  colnames(out) <- if (ncol(out) == 1) "Estimate"
  out
}

smooth_table <- function(object, parameter) {
  predictor <- model_predictor(object, parameter)
  terms <- Filter(function(term) term$kind == "smooth", predictor$terms)
  data.frame(
    term = vapply(terms, function(term) term$name, ""),
    columns = vapply(terms, function(term) length(term$labels), 0L),
    df = vapply(terms, function(term) {
      smooth_df(object, predictor$name, term)
    }, 0)
  )
}

#' Degrees of freedom that the penalty of a smooth stands for
#' @noRd
smooth_df <- function(object, predictor, term) {
  design <- term_design(object, predictor, term)
  penalty <- term_penalty(term, object$spec$payload)
  if (is.null(penalty) || all(penalty == 0)) {
    return(as.numeric(qr(design)$rank))
  }
  cross <- crossprod(design)
  # As for lambda: a little of the penalty makes the matrix positive definite.
  cross <- cross + 1e-9 * sum(diag(cross)) / sum(diag(penalty)) * penalty
  root <- chol(cross + diag(1e-12 * max(diag(cross)), nrow(cross)))
  half <- backsolve(root, penalty, transpose = TRUE)
  d <- eigen(backsolve(root, t(half), transpose = TRUE),
    symmetric = TRUE, only.values = TRUE
  )$values
  shrink <- 1 / (1 + pmax(d, 0))
  2 * sum(shrink) - sum(shrink^2)
}

#' sum_i lambda_i S_i of a term, NULL without a penalty
#' @noRd
term_penalty <- function(term, payload) {
  penalty <- term$penalty
  if (is.null(penalty)) {
    return(NULL)
  }
  parts <- Map(function(shape, lambda) {
    lambda * payload_matrix(shape, payload)
  }, penalty$matrices, penalty$lambdas)
  Reduce(`+`, parts)
}

payload_matrix <- function(shape, payload) {
  values <- payload[shape$offset + seq_len(shape$rows * shape$columns)]
  matrix(values, shape$rows, shape$columns)
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
