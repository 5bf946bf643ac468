#' Train a model
#'
#' @param object a model.
#' @param ... arguments of the method.
#' @return Methods say.
#' @export
fit <- function(object, ...) UseMethod("fit")

#' Train a model
#'
#' Structured terms are solved exactly, networks are trained: [fitting] says
#' when which of the two happens. Changes the model in place. An option that is
#' not given is left to the engine, which holds the defaults (in brackets).
#'
#' Interrupting a fit leaves the model usable, with the weights that it had
#' then; the message says in which epoch and after which batch. A loss that is
#' not a number stops the fit with a warning of class
#' `deepregression4j_not_finite`, which names the parameter that broke; the
#' model has the weights from before that epoch. Where structured terms have no
#' exact solution the warning's class is `deepregression4j_not_converged`. A
#' likelihood without bound is an error, which leaves the model as it was.
#'
#' @param object a [deepregression()] model.
#' @param batch_size rows per step (32).
#' @param epochs passes over the data (10).
#' @param early_stopping `TRUE` stops when the metric no longer improves, and
#'   restores the best weights (`FALSE`).
#' @param early_stopping_metric `"val_loss"` or `"loss"` (`"val_loss"`).
#' @param verbose `TRUE` shows the progress.
#' @param view_metrics accepted for compatibility; plot the history instead.
#' @param patience epochs without improvement before the stop (20).
#' @param save_weights `TRUE` keeps the weights of every epoch.
#' @param validation_data `list(newdata, y)`: rows that are not trained on.
#' @param validation_split share of the rows, the last ones, that are held out
#'   (0.1; 0 with `validation_data`); `NULL` is 0.
#' @param callbacks must be empty.
#' @param na_handler accepted for compatibility: rows with NA were dropped when
#'   the model was made.
#' @param ... `sample_weight` (weights of the n rows), `shuffle`, `seed` (of
#'   the order of the rows and of dropout; that of the model), `optimizer` (see
#'   [optimizer_adam()]), `warm_start` (see [fitting]),
#'   `memory_budget_mb`, `device`.
#' @return The history, invisibly: class `deepregression_history`, with
#'   `metrics$loss` and `metrics$val_loss` per epoch; `stop`, why it ended
#'   (`"finished"`, `"early"`, `"cancelled"`, `"not_finite"`,
#'   `"not_converged"`), and `message`, which says more; `exact`, of the exact
#'   solution: `converged`, `iterations`, `gradient` (largest slope),
#'   `condition`, `notes`, each of which is also a warning of class
#'   `deepregression4j_fit_note` that names the terms; with `save_weights` also
#'   `weighthistory`, one column per epoch.
#' @examples
#' \donttest{
#' data(mcycle, package = "MASS")
#' model <- deepregression(mcycle$accel, list(~ 1 + times, ~ 1), data = mcycle)
#' history <- fit(model, epochs = 5, verbose = FALSE)
#' plot(history)
#' }
#' @export
fit.deepregression <- function(object, batch_size = NULL, epochs = NULL,
                               early_stopping = NULL,
                               early_stopping_metric = NULL, verbose = TRUE,
                               view_metrics = FALSE, patience = NULL,
                               save_weights = NULL, validation_data = NULL,
                               validation_split = NULL, callbacks = list(),
                               na_handler = NULL, ...) {
  if (length(callbacks) > 0) {
    refuse("callbacks are not supported yet: use early_stopping, patience and ",
      "save_weights"
    )
  }
  split <- check_number(validation_split, "validation_split", 0, 1)
  if (is.null(split) && !missing(validation_split)) split <- 0
  extra <- fit_extras(list(...), object)
  options <- c(list(
    epochs = check_whole(epochs, "epochs", 0),
    batch_size = check_whole(batch_size, "batch_size"),
    validation_split = if (is.null(validation_data)) split else 0,
    early_stopping = check_switch(early_stopping, "early_stopping"),
    early_stopping_metric = early_stopping_metric,
    patience = check_whole(patience, "patience", 0),
    save_weights = check_switch(save_weights, "save_weights"),
    select = select_of(object)
  ), extra$options)
  check_support(object)
  tables <- fit_tables(object, validation_data, extra$weights)
  on.exit(lapply(drop_null(tables), java_release))
  run_fit(object, tables, options, isTRUE(as.logical(verbose)), extra$weights)
}

#' How the exact solver chooses smoothing parameters; NULL keeps those of df
#' @noRd
select_of <- function(object) {
  select <- object$penalty_options$select
  if (!identical(select, "df")) select
}

#' Options in `...`, each checked
#' @noRd
fit_extras <- function(extra, object) {
  checks <- list(
    shuffle = function(x) check_switch(x, "shuffle"),
    warm_start = function(x) check_switch(x, "warm_start"),
    seed = function(x) check_whole(x, "seed", 0),
    optimizer = as_optimizer,
    memory_budget_mb = function(x) check_number(x, "memory_budget_mb", 0),
    device = identity
  )
  unknown <- setdiff(names(extra), c(names(checks), "sample_weight"))
  if (length(unknown) > 0 || (length(extra) && is.null(names(extra)))) {
    refuse("fit() has no argument ",
      paste0("'", unknown, "'", collapse = ", "), "; known in `...`: ",
      paste(c(names(checks), "sample_weight"), collapse = ", ")
    )
  }
  given <- intersect(names(checks), names(extra))
  options <- Map(function(check, x) check(x), checks[given], extra[given])
  if (is.null(options$optimizer)) options$optimizer <- object$optimizer
  if (is.null(options$seed)) options$seed <- object$seed
  list(options = options, weights = row_weights(extra$sample_weight, object))
}

#' Weights of the rows: those of the model times those of the fit
#' @noRd
row_weights <- function(sample_weight, object) {
  if (is.null(sample_weight)) {
    return(object$row_weights)
  }
  if (length(sample_weight) == object$given) {
    sample_weight <- sample_weight[object$kept]
  }
  weights <- check_row_weights(sample_weight, object$n, "sample_weight")
  if (is.null(object$row_weights)) weights else weights * object$row_weights
}

#' Handles of response, weights and validation rows; NULL where there is none
#' @noRd
fit_tables <- function(object, validation_data, weights) {
  validation <- if (!is.null(validation_data)) {
    validation_tables(object, validation_data)
  }
  list(
    response = java_table(list(y = object$y)),
    weights = if (!is.null(weights)) java_table(list(weights = weights)),
    validation = validation$table, validation_response = validation$response
  )
}

validation_tables <- function(object, validation_data) {
  if (!is.list(validation_data) || length(validation_data) != 2) {
    refuse("validation_data must be list(newdata, y), got ",
      describe_value(validation_data)
    )
  }
  newdata <- as.list(validation_data[[1]])
  y <- as_response(validation_data[[2]], rows_of(newdata), object$family)
  rows <- check_data(newdata, object$formulas, y)
  list(
    table = rows_table(object, rows$data, NROW(rows$y)),
    response = java_table(list(y = rows$y))
  )
}

run_fit <- function(object, tables, options, verbose, row_weights) {
  job <- java_call(
    "startFit", engine_model(object), training_table(object), tables$response,
    tables$weights, tables$validation, tables$validation_response,
    fit_json(options)
  )
  # Whatever ends the job, the engine's model is consistent: take its weights.
  # Given back, they are to the last digit those of a model read from a file.
  on.exit(put_weights(keep_weights(object)))
  numbers <- c("loss", "val_loss", if (isTRUE(options$save_weights)) "weights")
  record <- function(outcome, usual) {
    object$state$row_weights <- row_weights
    record_fit(object, outcome, usual)
  }
  outcome <- java_job(job,
    progress = verbose, numbers = numbers,
    on_interrupt = function(outcome) say_end(record(outcome, "cancelled"), TRUE)
  )
  history <- record(outcome, "finished")
  say_end(history, verbose)
  invisible(history)
}

#' Put what a fit did into the model's state; the history
#' @param usual why it ended, where the engine does not say.
#' @noRd
record_fit <- function(object, outcome, usual) {
  history <- new_history(outcome, usual)
  done <- length(history$metrics$loss)
  object$state$history <- history
  object$state$epochs <- object$state$epochs + done
  object$state$status <- fit_ends[[history$stop]] %||% "trained"
  object$state$exact <- history$exact
  object$state$fitted_rows <- outcome$rows
  # The row weights may differ even where the coefficients are the same.
  object$state$inference <- NULL
  history
}

#' What a model's state is called after each way a fit can end
#' @noRd
fit_ends <- list(
  finished = "trained", early = "trained (stopped early)",
  cancelled = "interrupted", not_finite = "stopped, loss not a number",
  not_converged = "not converged"
)

#' Tell the user how a fit ended, where it was not as planned
#' @noRd
say_end <- function(history, verbose) {
  notes <- unlist(history$exact$notes)
  for (note in notes) warn_spec("fit_note", "fit(): ", note)
  if (history$stop == "not_finite") {
    warn_spec("not_finite", "fit() stopped: ", history$message)
  } else if (length(notes) > 0 || !nzchar(history$message)) {
    # What there is to say, the notes said.
    return(invisible())
  } else if (history$stop == "not_converged") {
    warn_spec("not_converged", "fit(): ", history$message)
  } else if (history$stop == "cancelled" || verbose) {
    message("fit(): ", history$message)
  }
}
