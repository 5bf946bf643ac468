# The one place where the model functions meet the engine. A model's state is
# an environment: weights (double), handles, history. Handles belong to an R
# session; `session` below is a new environment in every session, so a state
# that was read from a file is not identical to it and is rebuilt when used.

engine_session <- new.env(parent = emptyenv())

#' The families that the engine knows
#' @return A data frame-like list of lists: name, parameters, links, support.
#' @noRd
engine_families <- function() {
  from_json(java_call("families"))
}

from_json <- function(text) {
  jsonlite::fromJSON(text, simplifyVector = FALSE)
}

to_json <- function(x) {
  if (length(x) == 0) {
    return("{}")
  }
  as.character(jsonlite::toJSON(x, auto_unbox = TRUE, digits = NA))
}

new_state <- function(weights = NULL) {
  list2env(
    list(
      weights = weights, session = NULL, model = NULL, table = NULL,
      history = NULL, epochs = 0, status = "not trained", seed = NULL
    ),
    parent = emptyenv()
  )
}

#' The engine's handle of a model, rebuilt after readRDS()
#' @noRd
engine_model <- function(object) {
  state <- object$state
  if (!identical(state$session, engine_session)) {
    state$model <- new_engine_model(seeded_json(object), object$spec$payload)
    state$table <- NULL
    state$session <- engine_session
    # A model that was not trained draws the same weights again; given weights
    # it would not choose its intercepts by the data when it is fitted.
    if (!is.null(state$weights) && state$status != "not trained") {
      put_weights(object)
    }
  }
  state$model
}

#' The specification with the seed of reinit_weights()
#'
#' The text is changed, not written anew, so that no number is rounded.
#' @noRd
seeded_json <- function(object) {
  if (is.null(object$state$seed)) {
    return(object$spec$json)
  }
  seed <- format(object$state$seed, scientific = FALSE)
  sub("\"seed\":\\s*[^,}]+", paste0("\"seed\":", seed), object$spec$json)
}

new_engine_model <- function(json, payload) {
  table <- java_table(list(payload = as.double(payload)))
  on.exit(java_release(table))
  java_handle(java_call("newModel", json, table))
}

#' The handle of the training columns, imported once per session
#' @noRd
training_table <- function(object) {
  engine_model(object)
  if (is.null(object$state$table)) {
    object$state$table <- rows_table(object, object$data, object$n)
  }
  object$state$table
}

#' A table of the model's columns; without any, of n rows all the same
#' @noRd
rows_table <- function(object, data, n) {
  columns <- columns_of(object$spec, data)
  java_table(if (length(columns)) columns else list("(rows)" = numeric(n)))
}

#' Read the weights that the engine holds into the model
#' @noRd
keep_weights <- function(object) {
  object$state$weights <- java_call("weights", engine_model(object))
  invisible(object)
}

#' Give the engine the weights of the model
#' @noRd
put_weights <- function(object) {
  state <- object$state
  java_call("setWeights", state$model, java_array(state$weights))
  invisible(object)
}

#' Ask the engine for numbers of every row
#'
#' @param what as docs/model-spec.md says for startPredict.
#' @param width columns of the answer.
#' @param newdata raw data, `NULL` for the training data.
#' @return A matrix (n, width). Rows of newdata with NA give NA.
#' @noRd
engine_predict <- function(object, what, width, newdata = NULL) {
  model <- engine_model(object)
  if (is.null(newdata)) {
    return(predict_table(model, training_table(object), what, width, object$n))
  }
  newdata <- as_columns(newdata)
  n <- rows_of(newdata)
  complete <- complete_in(newdata[needed_columns(object, newdata)], n)
  out <- matrix(NA_real_, n, width)
  # Also without rows: it refuses what is missing or unknown.
  table <- rows_table(object, take_rows(newdata, complete), sum(complete))
  on.exit(java_release(table))
  if (any(complete)) {
    out[complete, ] <- predict_table(model, table, what, width, sum(complete))
  }
  out
}

predict_table <- function(model, table, what, width, n) {
  result <- java_result_vector(n * width)
  job <- java_call(
    "startPredict", model, table, what, result$address, result$length
  )
  java_job(job, result)
  matrix(result$values, n, width)
}

#' The raw columns of newdata that the model uses
#' @noRd
needed_columns <- function(object, newdata) {
  intersect(names(newdata), names(object$data))
}

#' Options of a fit, as JSON; what is NULL was not given
#' @noRd
fit_json <- function(options) to_json(drop_null(options))
