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
#' @param apply_fun instead of `type`: a function of the distributions of the
#'   rows, such as [tfd_mean()], [tfd_stddev()], or
#'   `function(d) tfd_quantile(d, 0.9)`; `NULL` for the distributions
#'   themselves, as [get_distribution()].
#' @param convert_fun applied to the result of `apply_fun`.
#' @param batch_size accepted as in deepregression, without effect: the engine
#'   goes through the rows in blocks.
#' @param probs levels strictly between 0 and 1.
#' @param ... not used.
#' @return A matrix with n rows: one column per column of the response for
#'   mean and standard deviation (one for the share of successes of a
#'   two-column binomial response), one per parameter (named) for
#'   `"parameters"` and `"link"`, one per term (named) for `"terms"`; with
#'   `_1`, `_2`, ... where a predictor has several columns. Rows of `newdata` with
#'   NA give NA. With `se.fit = TRUE` a list of two such matrices, `fit` and
#'   `se.fit`. `quant()` gives (n, k*m), as [tfd_quantile()].
#' @section Errors: a missing variable, a factor level that training never saw;
#'   `apply_fun` together with `type` or `se.fit`.
#' @examples
#' \donttest{
#' data(mcycle, package = "MASS")
#' model <- deepregression(mcycle$accel, list(~ 1 + times, ~ 1), data = mcycle)
#' predict(model, data.frame(times = c(10, 20)), type = "parameters")
#' head(fitted(model))
#' predict(model, data.frame(times = 10), apply_fun = tfd_variance)
#' quant(model, data.frame(times = c(10, 20)), c(0.1, 0.5, 0.9))
#' }
#' @importFrom stats predict fitted residuals coef
#' @importFrom graphics plot
#' @export
predict.deepregression <- function(object, newdata = NULL,
                                   type = c(
                                     "response", "mean", "stddev",
                                     "parameters", "link", "terms"
                                   ), which_param = 1, se.fit = FALSE,
                                   apply_fun = tfd_mean,
                                   convert_fun = as.matrix, batch_size = NULL,
                                   ...) {
  check_no_dots(list(...), "predict")
  check_whole(batch_size, "batch_size")
  se <- isTRUE(check_switch(se.fit, "se.fit"))
  if (!missing(apply_fun)) {
    if (!missing(type) || se) {
      refuse("predict(): give `apply_fun` or `type` and `se.fit`, not both")
    }
    return(predict_applied(object, newdata, apply_fun, convert_fun))
  }
  type <- match.arg(type)
  if (se) {
    return(predict_with_se(object, newdata, type, which_param))
  }
  if (type == "terms") {
    return(predict_terms(object, newdata, which_param))
  }
  predict_kind(object, newdata, type)
}

predict_kind <- function(object, newdata, type) {
  ask <- prediction_kinds[[type]]
  parameters <- unlist(object$family$parameters)
  width <- ask$columns(object) * if (ask$named) length(parameters) else 1
  out <- engine_predict(object, ask$what, width, newdata)
  if (ask$named) {
    colnames(out) <- parameter_columns(object)
  } else if (identical(object$family$support, "one_hot")) {
    colnames(out) <- object$family$classes
  }
  out
}

#' A function of the distributions; those that the engine gives without them
#' are asked of it
#' @noRd
predict_applied <- function(object, newdata, apply_fun, convert_fun) {
  if (is.null(apply_fun)) {
    return(get_distribution(object, newdata))
  }
  check_function(apply_fun, "apply_fun")
  check_function(convert_fun, "convert_fun")
  convert_fun(if (identical(apply_fun, tfd_mean)) {
    predict_kind(object, newdata, "mean")
  } else if (identical(apply_fun, tfd_stddev)) {
    predict_kind(object, newdata, "stddev")
  } else {
    apply_fun(get_distribution(object, newdata))
  })
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

#' @rdname predict.deepregression
#' @export
quant <- function(x, ...) UseMethod("quant")

#' @rdname predict.deepregression
#' @export
quant.deepregression <- function(x, data = NULL, probs, ...) {
  check_no_dots(list(...), "quant")
  distribution <- get_distribution(x, data)
  levels <- shared_levels(probs, distribution, "probs")
  distribution_answer(distribution, "quantile", levels)
}
