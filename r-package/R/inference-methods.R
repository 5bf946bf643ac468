#' Inference for a fitted model
#'
#' At the optimum of the penalised likelihood, with H the negative second
#' derivatives of the log-likelihood and S those of the penalty, the Bayesian
#' covariance of the coefficients is V = (H + S)^-1 and the frequentist one
#' V H V, as `Vp` and `Ve` of [mgcv::gam()]. The degrees of freedom of the
#' model are the trace of V H. Smoothing parameters count as known.
#'
#' A log-density with kinks, as that of `"laplace"`, has no second derivatives
#' at its optimum; H is then the sum of the outer products of the rows' slopes.
#' Of the criteria `"quantile"`, `"expectile"` and `"mvr"`, which are no
#' likelihoods, the covariances are robust ones ("sandwiches").
#'
#' It is computed when first needed and kept until the weights change. For
#' models with networks the networks count as known: intervals are conditional
#' on the deep part after orthogonalisation. A model that was trained by
#' gradient descent may be away from the optimum; [summary()] says by how much.
#'
#' @param object a fitted [deepregression()] model.
#' @param freq `TRUE` for the frequentist covariance.
#' @param parm names or numbers of coefficients; all when missing.
#' @param level coverage of the intervals, between 0 and 1.
#' @param ... for `anova()` further models, otherwise not used.
#' @return
#' - `vcov()`: matrix (k, k) over the coefficients of all parameters that were
#'   estimated, named `"loc:x"`.
#' - `confint()`: matrix (k, 2), estimate plus and minus normal quantiles of
#'   standard errors.
#' - `logLik()`: sum of weight times log-density of the rows that were trained
#'   on, with attributes `df` (effective degrees of freedom) and `nobs`, so
#'   that [AIC()] and [BIC()] work.
#' - `nobs()`: the number of rows of positive weight.
#' - `deviance()`: sum of squared deviance residuals, see
#'   [residuals()][residuals.deepregression].
#' - `anova()`: table of likelihood-ratio tests, the models ordered by their
#'   degrees of freedom. With penalised terms p-values are approximate.
#' @section Errors: a model that is not fitted; a model with
#'   `loss = "mse"`, or a family that is a criterion, has no likelihood; models
#'   of other data in `anova()`.
#' @source Wood (2017), Generalized Additive Models, section 6.10. Sandwiches:
#'   Huber (1967); of quantiles, with kinks rounded off over n^(-1/3) of the mean
#'   residual, Powell (1991), as `quantreg::summary.rq(se = "ker")` but for the
#'   bandwidth. Outer products: Berndt, Hall, Hall and Hausman (1974).
#' @examples
#' \donttest{
#' data(mcycle, package = "MASS")
#' model <- deepregression(mcycle$accel, list(~ 1 + times, ~ 1), data = mcycle)
#' fit(model, verbose = FALSE)
#' vcov(model)
#' confint(model, "loc:times")
#' AIC(model)
#' smaller <- deepregression(mcycle$accel, list(~ 1, ~ 1), data = mcycle)
#' fit(smaller, verbose = FALSE)
#' anova(smaller, model)
#' }
#' @name inference
#' @importFrom stats vcov confint logLik nobs deviance anova simulate
NULL

#' @rdname inference
#' @export
vcov.deepregression <- function(object, freq = FALSE, ...) {
  check_no_dots(list(...), "vcov")
  found <- inference(object)
  out <- if (isTRUE(freq)) found$vcov_frequentist else found$vcov
  dimnames(out) <- list(found$labels, found$labels)
  out
}

#' @rdname inference
#' @export
confint.deepregression <- function(object, parm, level = 0.95, ...) {
  check_no_dots(list(...), "confint")
  level <- check_level(level)
  found <- inference(object)
  tails <- c(1 - level, 1 + level) / 2
  out <- found$coefficients + outer(standard_errors(found), stats::qnorm(tails))
  dimnames(out) <- list(
    found$labels, paste(format(100 * tails, trim = TRUE, digits = 3), "%")
  )
  if (missing(parm)) out else out[choose_coefficients(parm, found), ,
    drop = FALSE
  ]
}

check_level <- function(level) {
  is_number <- is.numeric(level) && length(level) == 1
  if (!is_number || !isTRUE(level > 0 && level < 1)) {
    refuse("level must be a number between 0 and 1, got ",
      describe_value(level)
    )
  }
  level
}

choose_coefficients <- function(parm, found) {
  labels <- found$labels
  index <- if (is.character(parm)) match(parm, labels) else parm
  if (!all(index %in% seq_along(labels))) {
    refuse("parm: expected numbers from 1 to ", length(labels), " or ",
      quote_names(labels), ", got ", describe_value(parm)
    )
  }
  index
}

standard_errors <- function(found) sqrt(pmax(0, diag(found$vcov)))

#' @rdname inference
#' @export
logLik.deepregression <- function(object, ...) {
  check_no_dots(list(...), "logLik")
  require_likelihood(object, "logLik()")
  found <- inference(object)
  structure(found$log_likelihood,
    df = sum(found$edf), nobs = found$rows, class = "logLik"
  )
}

require_likelihood <- function(object, what) {
  if (identical(object$loss, "mse")) {
    refuse(what, " needs a likelihood; the model has loss = \"mse\"")
  }
  if (!has_likelihood(object)) {
    refuse(what, " needs a likelihood; family '", object$family$name,
      "' is a criterion"
    )
  }
}

#' False for criteria, which do not integrate to one
#' @noRd
has_likelihood <- function(object) {
  is.null(object$loss) && !isTRUE(object$family$is_pseudo)
}

#' @rdname inference
#' @export
nobs.deepregression <- function(object, ...) inference(object)$rows

#' @rdname inference
#' @export
anova.deepregression <- function(object, ...) {
  models <- c(list(object), list(...))
  check_comparable(models)
  likelihoods <- lapply(models, logLik.deepregression)
  df <- vapply(likelihoods, attr, 0, which = "df")
  place <- order(df)
  df <- df[place]
  value <- vapply(likelihoods, as.numeric, 0)[place]
  statistic <- c(NA, 2 * diff(value))
  gained <- c(NA, diff(df))
  p <- stats::pchisq(statistic, gained, lower.tail = FALSE)
  out <- data.frame(df, value, gained, statistic, p)
  names(out) <- c("Df", "logLik", "Df diff.", "Chisq", "Pr(>Chisq)")
  texts <- vapply(models[place], formulas_text, "")
  structure(out,
    heading = c(
      "Likelihood-ratio tests\n",
      paste0("Model ", seq_along(texts), ": ", texts, collapse = "\n")
    ),
    class = c("anova", "data.frame")
  )
}

check_comparable <- function(models) {
  is_model <- vapply(models, inherits, NA, what = "deepregression")
  if (length(models) < 2 || !all(is_model)) {
    refuse("anova() compares two or more deepregression models")
  }
  first <- models[[1]]
  same <- vapply(models, function(m) {
    identical(m$y, first$y) && identical(m$family$name, first$family$name)
  }, NA)
  if (!all(same)) {
    refuse("anova(): model ", which(!same)[1], " has another response or ",
      "family than the first"
    )
  }
}

formulas_text <- function(object) {
  texts <- vapply(object$formulas, text_of, "")
  out <- paste(unlist(object$family$parameters), texts, collapse = ", ")
  if (nchar(out) > 66) paste0(substr(out, 1, 66), " ...") else out
}
