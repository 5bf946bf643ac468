# What the engine knows of the structured coefficients: computed when first
# asked for, kept in the model's state for the weights it belongs to.

inference_numbers <- c(
  "coefficients", "vcov", "vcov_frequentist", "hessian", "penalty", "edf",
  "edf1"
)

#' Inference at the present weights
#' @return A list: `spans` (data about which coefficients stand where),
#'   `labels`, the numbers above (matrices (k, k)), `log_likelihood`, `rows`,
#'   `distance` (to the optimum, in standard errors), `conditional`, `notes`.
#' @noRd
inference <- function(object) {
  state <- object$state
  if (state$status == "not trained") {
    refuse("the model is not fitted yet: use fit() first")
  }
  if (!identical(state$inference$weights, state$weights)) {
    state$inference <- c(
      compute_inference(object), list(weights = state$weights)
    )
  }
  state$inference
}

compute_inference <- function(object) {
  model <- engine_model(object)
  rows <- seq_len(object$state$fitted_rows %||% object$n)
  tables <- inference_tables(object, rows)
  on.exit(lapply(tables$own, java_release))
  job <- java_call("startInference", model, tables$columns,
    tables$own$response, tables$own$weights
  )
  inference_of(java_job(job, numbers = inference_numbers), object, rows)
}

#' The rows that were trained on: all, or the first ones
#' @noRd
inference_tables <- function(object, rows) {
  weights <- object$state$row_weights
  own <- list(
    response = java_table(list(y = take_rows(list(object$y), rows)[[1]])),
    weights = if (!is.null(weights)) java_table(list(weights = weights[rows]))
  )
  if (length(rows) == object$n) {
    return(list(columns = training_table(object), own = drop_null(own)))
  }
  part <- rows_table(object, take_rows(object$data, rows), length(rows))
  list(columns = part, own = drop_null(c(own, list(columns = part))))
}

inference_of <- function(outcome, object, rows) {
  out <- outcome$numbers
  k <- length(out$coefficients)
  for (name in c("vcov", "vcov_frequentist", "hessian", "penalty")) {
    out[[name]] <- matrix(out[[name]], k, k)
  }
  out$spans <- spans_of(outcome$spans)
  out$labels <- coefficient_labels(out$spans, predictor_columns(object))
  out$log_likelihood <- outcome$log_likelihood %||% NaN
  out$rows <- outcome$rows
  out$distance <- outcome$distance %||% NaN
  out$conditional <- isTRUE(outcome$conditional)
  out$notes <- as.character(outcome$notes$message)
  is_squared <- identical(object$loss, "mse")
  if (is_squared) with_error_variance(out, object, rows) else out
}

#' The squared error stands for a likelihood with variance 1/2: scale the
#' covariance by the estimated variance
#' @noRd
with_error_variance <- function(out, object, rows) {
  error <- (object$y - fitted.deepregression(object))[rows]
  weights <- object$state$row_weights %||% rep(1, object$n)
  variance <- sum(weights[rows] * error^2) / (out$rows - sum(out$edf))
  out$vcov <- out$vcov * 2 * variance
  out$vcov_frequentist <- out$vcov_frequentist * 2 * variance
  out$hessian <- out$hessian / (2 * variance)
  out$penalty <- out$penalty / (2 * variance)
  out
}

#' The spans as a list of lists, whatever fromJSON() made of them
#' @noRd
spans_of <- function(spans) {
  rows <- function(column, i) {
    as.character(if (is.matrix(column)) column[i, ] else column[[i]])
  }
  lapply(seq_along(spans$predictor), function(i) {
    list(
      predictor = spans$predictor[i], terms = rows(spans$terms, i),
      labels = rows(spans$labels, i), column = spans$predictor_column[i] + 1,
      index = spans$from[i] + seq_len(spans$size[i])
    )
  })
}

coefficient_labels <- function(spans, columns) {
  out <- character(sum(lengths(lapply(spans, `[[`, "index"))))
  for (span in spans) {
    suffix <- if (columns > 1) paste0("_", span$column)
    labels <- span$labels
    if (length(labels) == 1) labels <- span$terms[1]
    out[span$index] <- paste0(span$predictor, ":", labels, suffix)
  }
  out
}

#' Places of a term's coefficients, NULL when they are held fixed
#' @noRd
term_index <- function(found, predictor, term, column = 1) {
  for (span in found$spans) {
    if (span$predictor == predictor && span$column == column &&
      term %in% span$terms) {
      return(span$index)
    }
  }
  NULL
}
