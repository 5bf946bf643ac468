# Responses that are known only to exceed a value: two columns, (value, 1 where
# it was seen or 0), or a right-censored survival::Surv().

#' Responses censored on the right
#'
#' Of some responses only a lower bound is known, as of survival times when
#' observation ends first. Rows that were seen enter the likelihood with their
#' density, the others with P(Y > value).
#'
#' With a response `survival::Surv(time, event)` any family that can be censored
#' is: `family = "weibull"` is enough. `censored_family()` says the same for a
#' matrix of two columns: the value, and 1 where it was seen or 0 where the
#' response is larger.
#'
#' The model is one of the family without censoring: [get_distribution()],
#' predictions, quantiles and draws are those of the responses, as if all had
#' been seen. [log_score()] is the log-likelihood of what was seen;
#' [pit()] and quantile residuals of a bound are drawn uniformly above it. Limits
#' that are the same for all rows need no columns: see `"censored_normal"` in
#' [response_family()].
#'
#' @param family one of normal, log_normal, logistic, laplace, gumbel, cauchy,
#'   weibull, exponential, half_normal, pareto_ls and kumaraswamy: a name or a
#'   family.
#' @return A family, see [response_family()], with the parameters of `family`.
#' @section Errors: a family that cannot be censored, with those that can; other
#'   kinds of `Surv()` than right-censored ones.
#' @source Kalbfleisch and Prentice (2002), The Statistical Analysis of Failure
#'   Time Data. A weibull model is that of `survival::survreg()`: its scale is
#'   exp of survreg's linear predictor, its concentration 1 / survreg's scale.
#' @examples
#' \donttest{
#' lung <- survival::lung
#' model <- deepregression(
#'   survival::Surv(lung$time, lung$status == 2),
#'   list(concentration = ~ 1, scale = ~ 1 + age + sex),
#'   family = "weibull", data = lung
#' )
#' fit(model, verbose = FALSE)
#' coef(model, "scale")
#' one <- get_distribution(model, data.frame(age = 60, sex = 1:2))
#' tfd_survival_function(one, 365)
#' }
#' @export
censored_family <- function(family) {
  family <- find_family(family)
  if (identical(family$support, "censored")) {
    return(family)
  }
  check_component(family, "censoring")
  spec <- list(name = "censored", components = list(family$spec))
  new_family(spec, paste0("censored(", family$name, ")"),
    family$trafo_list, output_dim = 2L
  )
}

#' A survival response as two columns, time and event
#' @noRd
response_of_surv <- function(y) {
  type <- attr(y, "type")
  if (!identical(type, "right")) {
    refuse("the response must be censored on the right, as in Surv(time, ",
      "event), got a Surv of type '", type, "'", surv_advice[[type]]
    )
  }
  out <- matrix(as.double(y), ncol = 2)
  colnames(out) <- c("time", "event")
  out
}

#' What to do instead, per type
#' @noRd
surv_advice <- list(
  left = paste0(
    ": where the limit is the same in all rows, family \"censored_normal\" ",
    "with `low` has it"
  ),
  interval = ": intervals have no likelihood here",
  counting = ": late entry (start, stop] has no likelihood here"
)

is_censored <- function(family) identical(family$support, "censored")

#' The family of the responses themselves, of one column
#' @noRd
uncensored <- function(family) {
  if (!is_censored(family)) {
    return(family)
  }
  spec <- family$spec$components[[1]]
  if (!is.list(spec)) spec <- list(name = spec)
  spec$links <- family$spec$links %||% spec$links
  describe_family(spec, 1L)
}

#' Which rows of (value, seen) a censored family can have
#' @noRd
in_censored_support <- function(y, family) {
  in_support(y[, 1], uncensored(family)) & y[, 2] %in% 0:1
}

#' P(Y <= value) of what was seen, drawn from there to 1 for bounds
#' @noRd
censored_position <- function(distribution, y) {
  responses <- new_distribution(
    uncensored(distribution$family), distribution$eta
  )
  p <- distribution_answer(responses, "cdf", y[, 1, drop = FALSE])
  p + (1 - p) * ifelse(y[, 2] == 0, stats::runif(nrow(y)), 0)
}
