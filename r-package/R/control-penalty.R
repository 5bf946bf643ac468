#' How smooth terms are penalised
#'
#' The penalty of a smooth is `sp_scale(y) * lambda * w'Sw`, without a factor
#' of one half, so `lambda` corresponds to half of mgcv's for a Poisson model
#' and to mgcv's divided by twice the variance for a Gaussian one.
#'
#' @param defaultSmoothing `NULL`: lambda from `df`. Otherwise a function of
#'   (smooth, df), an mgcv smooth object and the degrees of freedom, that
#'   returns one lambda per penalty matrix of the smooth.
#' @param df Degrees of freedom of every smooth that has no `df` or `sp`
#'   argument of its own, `df > 0`. A value at or above the rank of the basis
#'   leaves the smooth unpenalised (lambda 0).
#' @param null_space_penalty Also penalise the null space of the penalty (for a
#'   cubic spline: the straight line), with lambda 1.
#' @param absorb_cons Let mgcv absorb its identifiability constraints.
#' @param anisotropic One lambda per margin of `te` and `ti`; `FALSE`: one for
#'   all.
#' @param zero_constraint_for_smooths Centre every smooth of one variable over
#'   the training data, except where mgcv itself would not (random effects,
#'   `by` variables). The argument `zerocons` of a term overrides this, and
#'   `zerocons = TRUE` also centres tensor products.
#' @param no_linear_trend_for_smooths Remove the linear trend from smooths of
#'   one numeric variable.
#' @param hat1 Define degrees of freedom by the trace of the hat matrix H
#'   instead of tr(2H - HH).
#' @param sp_scale Function of the response that scales every penalty.
#' @return A list of class `penalty_control`.
#' @seealso [mgcv::smoothCon()]; the degrees of freedom follow the
#'   Demmler-Reinsch orthogonalisation as in Hofner et al. (2011), *A framework
#'   for unbiased model selection based on boosting*.
#' @param select How [fit()][fit.deepregression] chooses smoothing parameters:
#'   `"df"` takes them from `df`, `"REML"` maximises the restricted likelihood
#'   (Laplace approximation) by Fellner-Schall updates (Wood and Fasiolo 2017,
#'   as `mgcv::gam(method = "REML")`), `"GCV"` minimises the prediction error as
#'   `mgcv::gam(method = "GCV.Cp")`: generalised cross-validation
#'   n RSS / (n - edf)^2 for `"normal"` with a constant scale, and for all other
#'   models -2 log-likelihood + 2 edf (UBRE or AIC, Wood, Pya and Saefken 2016).
#'   Of a parameter with several columns all have the same, as by `id` in mgcv.
#' @examples
#' penalty_control(df = 6)
#' @export
penalty_control <- function(defaultSmoothing = NULL, df = 10,
                            null_space_penalty = FALSE, absorb_cons = FALSE,
                            anisotropic = TRUE,
                            zero_constraint_for_smooths = TRUE,
                            no_linear_trend_for_smooths = FALSE,
                            hat1 = FALSE,
                            sp_scale = function(x) 1 / NROW(x),
                            select = "df") {
  control <- list(
    defaultSmoothing = check_function(defaultSmoothing, "defaultSmoothing",
                                      optional = TRUE),
    df = check_positive(df, "df"),
    null_space_penalty = check_flag(null_space_penalty, "null_space_penalty"),
    absorb_cons = check_flag(absorb_cons, "absorb_cons"),
    anisotropic = check_flag(anisotropic, "anisotropic"),
    zero_constraint_for_smooths = check_flag(
      zero_constraint_for_smooths, "zero_constraint_for_smooths"),
    no_linear_trend_for_smooths = check_flag(
      no_linear_trend_for_smooths, "no_linear_trend_for_smooths"),
    hat1 = check_flag(hat1, "hat1"),
    sp_scale = check_function(sp_scale, "sp_scale"),
    select = match.arg(select, c("df", "REML", "GCV")),
    df_given = !missing(df)
  )
  structure(control, class = c("penalty_control", "list"))
}

# Arguments of controls -------------------------------------------------------

check_flag <- function(x, name) {
  if (!isTRUE(x) && !identical(x, FALSE)) {
    abort_argument(x, name, "TRUE or FALSE")
  }
  x
}

check_positive <- function(x, name) {
  if (!is.numeric(x) || length(x) != 1L || !isTRUE(x > 0)) {
    abort_argument(x, name, "one number > 0")
  }
  x
}

check_function <- function(x, name, optional = FALSE) {
  if (!is.function(x) && !(optional && is.null(x))) {
    abort_argument(x, name, paste0("a function", if (optional) " or NULL"))
  }
  x
}

check_list <- function(x, name) {
  if (!is.null(x) && !is.list(x)) abort_argument(x, name, "a list or NULL")
  x
}

abort_argument <- function(x, name, expected) {
  abort_spec("argument_error", "argument `", name, "`: expected ", expected,
             ", got ", utils::head(text_of(x), 1L),
             fields = list(argument = name))
}
