#' Predictions
#'
#' @param object,x a [deepregression()] model.
#' @param newdata,data data frame or named list of raw columns; `NULL` for the
#'   training data.
#' @param type what to predict: `"response"` or `"mean"` (the mean of the
#'   distribution), `"stddev"`, `"parameters"` (of the distribution), `"link"`
#'   (the linear predictors), `"terms"` (the terms of one predictor).
#' @param which_param for `"terms"`: number or name of the parameter.
#' @param se.fit `TRUE` gives standard errors too, for the types `"response"`,
#'   `"mean"`, `"parameters"`, `"link"` and `"terms"`; see [inference] for what
#'   they count as known. On the response scale they are those of the delta
#'   method. A network has standard error 0.
#' @param ... not used.
#' @return A matrix with n rows: one column per column of the response for
#'   mean and standard deviation (one for the share of successes of a
#'   two-column binomial response), one per parameter (named) for
#'   `"parameters"` and `"link"`, one per term (named) for `"terms"`; with
#'   `_1`, `_2`, ... where a predictor has several columns. Rows of `newdata` with
#'   NA give NA. With `se.fit = TRUE` a list of two such matrices, `fit` and
#'   `se.fit`.
#' @section Errors: a missing variable, a factor level that training never saw.
#' @examples
#' \donttest{
#' data(mcycle, package = "MASS")
#' model <- deepregression(mcycle$accel, list(~ 1 + times, ~ 1), data = mcycle)
#' predict(model, data.frame(times = c(10, 20)), type = "parameters")
#' head(fitted(model))
#' }
#' @importFrom stats predict fitted residuals coef
#' @importFrom graphics plot
#' @export
predict.deepregression <- function(object, newdata = NULL,
                                   type = c(
                                     "response", "mean", "stddev",
                                     "parameters", "link", "terms"
                                   ), which_param = 1, se.fit = FALSE, ...) {
  type <- match.arg(type)
  dots <- list(...)
  refuse_apply_fun(dots)
  check_no_dots(dots, "predict")
  if (isTRUE(check_switch(se.fit, "se.fit"))) {
    return(predict_with_se(object, newdata, type, which_param))
  }
  if (type == "terms") {
    return(predict_terms(object, newdata, which_param))
  }
  ask <- prediction_kinds[[type]]
  parameters <- unlist(object$family$parameters)
  width <- ask$columns(object) * if (ask$named) length(parameters) else 1
  out <- engine_predict(object, ask$what, width, newdata)
  if (ask$named) colnames(out) <- parameter_columns(object)
  out
}

#' Distribution objects are not offered: say what to write instead
#' @noRd
refuse_apply_fun <- function(dots) {
  if ("apply_fun" %in% names(dots)) {
    refuse("predict() has no argument 'apply_fun': write type = \"mean\" for ",
      "tfd_mean, type = \"stddev\" for tfd_stddev, type = \"parameters\" for ",
      "the parameters of the distribution"
    )
  }
}

#' Columns of every predictor: those of the response, or one for all of them
#' @noRd
predictor_columns <- function(object) object$layout$predictor_columns

#' Columns of mean and standard deviation
#' @noRd
mean_columns <- function(object) object$layout$mean_columns

#' A row per type of prediction: the engine's word, its columns, and whether
#' there are as many for each parameter, with its name
#' @noRd
prediction_kinds <- list(
  response = list(what = "mean", columns = mean_columns, named = FALSE),
  mean = list(what = "mean", columns = mean_columns, named = FALSE),
  stddev = list(what = "stddev", columns = mean_columns, named = FALSE),
  parameters = list(
    what = "parameters", columns = predictor_columns, named = TRUE
  ),
  link = list(
    what = "linear_predictors", columns = predictor_columns, named = TRUE
  )
)

parameter_columns <- function(object) {
  with_columns(unlist(object$family$parameters), predictor_columns(object))
}

#' Labels, each for every one of several columns
#' @noRd
with_columns <- function(labels, columns) {
  if (columns == 1) {
    return(labels)
  }
  paste0(rep(labels, each = columns), "_", seq_len(columns))
}

predict_terms <- function(object, newdata, which_param) {
  predictor <- model_predictor(object, which_param)
  labels <- names(predictor$terms)
  effects <- lapply(labels, function(label) {
    engine_predict(object, term_query("term", predictor$name, label),
      predictor_columns(object), newdata
    )
  })
  n <- if (is.null(newdata)) object$n else rows_of(newdata)
  out <- do.call(cbind, c(list(matrix(0, n, 0)), effects))
  colnames(out) <- with_columns(labels, predictor_columns(object))
  out
}

predict_with_se <- function(object, newdata, type, which_param) {
  fit <- predict.deepregression(object, newdata, type, which_param)
  se <- if (type == "terms") {
    terms_se(object, newdata, which_param)
  } else {
    prediction_se(object, type, newdata)
  }
  list(fit = fit, se.fit = array(se, dim(fit), dimnames(fit)))
}

terms_se <- function(object, newdata, which_param) {
  predictor <- model_predictor(object, which_param)
  do.call(cbind, lapply(names(predictor$terms), function(term) {
    term_se(object, predictor$name, term, newdata)
  }))
}

term_query <- function(what, predictor, term) {
  paste(what, predictor, term, sep = ":")
}

check_no_dots <- function(dots, name) {
  if (length(dots) > 0) {
    given <- names(dots)
    if (is.null(given)) given <- "(unnamed)"
    refuse(name, "() has no argument ", quote_names(given))
  }
}

#' @rdname predict.deepregression
#' @export
fitted.deepregression <- function(object, ...) {
  predict.deepregression(object, type = "mean", ...)
}

#' @rdname predict.deepregression
#' @export
mean.deepregression <- function(x, data = NULL, ...) {
  predict.deepregression(x, data, type = "mean", ...)
}

#' @rdname predict.deepregression
#' @export
stddev <- function(x, ...) UseMethod("stddev")

#' @rdname predict.deepregression
#' @export
stddev.deepregression <- function(x, data = NULL, ...) {
  predict.deepregression(x, data, type = "stddev", ...)
}

#' Log densities
#'
#' @param x a [deepregression()] model.
#' @param data data frame or named list of raw columns; `NULL` for the training
#'   data.
#' @param this_y response of these rows; `NULL` for the training response.
#' @param summary_fun applied to the result, such as `mean`.
#' @param ... not used.
#' @return A matrix (n, 1): log p(y | parameters) of each row.
#' @examples
#' \donttest{
#' data(mcycle, package = "MASS")
#' model <- deepregression(mcycle$accel, list(~ 1 + times, ~ 1), data = mcycle)
#' log_score(model, summary_fun = mean)
#' }
#' @export
log_score <- function(x, data = NULL, this_y = NULL, summary_fun = identity,
                      ...) {
  check_no_dots(list(...), "log_score")
  if (!is.null(data) && is.null(this_y)) {
    refuse("log_score() needs `this_y`, the response of the rows in `data`")
  }
  n <- if (is.null(data)) x$n else rows_of(data)
  y <- as_response(if (is.null(this_y)) x$y else this_y, n)
  summary_fun(row_log_density(x, if (!is.null(data)) as.list(data), y, n))
}

#' Log densities (n, 1); NA for rows with NA
#' @noRd
row_log_density <- function(x, data, y, n) {
  used <- data[needed_columns(x, data)]
  complete <- complete_in(c(list(y), used), n)
  if (is.null(data) && !all(complete)) refuse("`this_y` has missing values")
  out <- matrix(NA_real_, n, 1)
  if (any(complete)) {
    kept <- if (!is.null(data)) take_rows(data, complete)
    out[complete, ] <- engine_log_density(
      x, kept, take_rows(list(y), complete)[[1]]
    )
  }
  out
}
