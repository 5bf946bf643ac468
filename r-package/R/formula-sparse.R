#' Terms with shrunken coefficients
#'
#' Specials of formulas: `lasso(x, la = 0.1)`, `grlasso(x, la = 0.1)` and
#' `ridge(x, la = 0.1)`. `x` is a variable (numeric, factor or matrix), an
#' expression, or a sum of several, such as `lasso(a + b)`.
#'
#' With n rows, what is minimised, the mean negative log-likelihood, gains
#' - `lasso`: `2 * (la / n) * sum(abs(b))`; with several response columns each
#'   coefficient is grouped over them: `sqrt(sum(b^2))` instead of `abs(b)`,
#' - `grlasso`: `2 * (la / n) * sqrt(sum(b^2))`, the whole term one group, so
#'   that a factor stays or goes with all its levels,
#' - `ridge`: `(la / n) * sum(b^2)`.
#'
#' 1/n is `penalty_control(sp_scale)`. Columns are not standardised. Factors are
#' coded by contrasts, for `ridge` by their integer codes. `la` is never changed
#' by `penalty_control(select = )`.
#'
#' The exact solver ends with coefficients that are exactly zero. Their variance
#' is zero; standard errors of the others take the choice as given. Gradient
#' descent comes near zero, but does not end there: it rounds the norm off as
#' `sqrt(sum(b^2) + 1e-12)`. A `kernel_regularizer` with `l1` on a term, see
#' [weight_control()], is a lasso too.
#'
#' @section In terms of glmnet:
#' `la = n * lambda / 2` gives the coefficients of `glmnet(lambda = lambda,
#' standardize = FALSE)`, for families without a scale; with `loss = "mse"` it
#' is `la = n * lambda`. For `ridge`, `la = n * lambda / 2` with `alpha = 0`.
#' @source Tibshirani (1996), *Regression shrinkage and selection via the
#'   lasso*; Yuan and Lin (2006), *Model selection and estimation in regression
#'   with grouped variables*; Lee, Sun and Saunders (2014), *Proximal
#'   Newton-type methods for minimizing composite functions*.
#' @examples
#' \donttest{
#' data(house, package = "spData")
#' rooms <- data.frame(house)[1:500, c("price", "rooms", "beds", "baths")]
#' model <- deepregression(
#'   rooms$price / 1e5, list(~ 1 + lasso(rooms + beds + baths, la = 40), ~1),
#'   data = rooms
#' )
#' fit(model, verbose = FALSE)
#' coef(model)
#' }
#' @name lasso
#' @aliases grlasso ridge
NULL

# The penalties' factors: 1 / n is context$sp_scale.
lasso_term <- function(parsed, context) {
  sparse_term(parsed, context, function(p) seq_len(p) - 1L)
}

grlasso_term <- function(parsed, context) {
  sparse_term(parsed, context, function(p) integer(p))
}

sparse_term <- function(parsed, context, groups) {
  args <- shrinkage_arguments(parsed, context)
  term <- joint_term(parsed, args$x, context)
  term$spec$sparsity <- list(
    groups = as.list(groups(term$ncol)), lambda = exact_number(2 * args$la),
    scale = exact_number(context$sp_scale)
  )
  term
}

# Factors enter as their integer codes, so each variable has one coefficient;
# term_weights() adds `ridge` to the term's regularizer.
ridge_term <- function(parsed, context) {
  args <- shrinkage_arguments(parsed, context)
  term <- joint_term(parsed, args$x, context, code_component)
  term$ridge <- args$la * context$sp_scale
  term
}

# `x`, a variable or the sum of several, and the number `la`.
shrinkage_arguments <- function(parsed, context) {
  call <- tryCatch(
    match.call(function(x, la = 0.1) NULL, parsed$call),
    error = function(e) {
      abort_spec("term_error", "term '", parsed$name, "': expected ",
                 parsed$head, "(x, la = 0.1), with x a variable or a sum of ",
                 "variables such as a + b")
    }
  )
  if (is.null(call$x) || is.numeric(call$x)) {
    abort_spec("term_error", "term '", parsed$name, "' names no variable")
  }
  la <- if (is.null(call$la)) 0.1 else eval(call$la, context$env)
  if (!is.numeric(la) || length(la) != 1L || !isTRUE(la >= 0 && la < Inf)) {
    abort_spec("term_error", "term '", parsed$name, "': expected `la` to be ",
               "one number >= 0, got ", text_of(la))
  }
  list(x = call$x, la = la)
}

# A factor as its codes 1, 2, ...; anything else as in linear terms.
code_component <- function(expr, coding, context, term) {
  component <- build_component(expr, coding, context, term)
  if (is.null(component$levels)) return(component)
  codes <- column(seq_along(component$levels))
  component$spec$contrasts <- codes
  component$contrasts <- codes
  component$labels <- text_of(expr)
  component
}
