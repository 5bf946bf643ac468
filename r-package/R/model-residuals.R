#' Residuals and simulated responses
#'
#' Quantile residuals are normal quantiles of the distribution function at the
#' response: standard normal if the model holds, for any family. For discrete
#' responses, and for single values that have a probability, the distribution
#' function is drawn uniformly over its jump (Dunn and Smyth 1996), by `seed`:
#' they are the normal quantiles of [pit()].
#'
#' @param object a fitted [deepregression()] model.
#' @param type `"response"` (y - mean), `"pearson"` (divided by the standard
#'   deviation), `"quantile"`, or `"deviance"`: the signed root of a row's part
#'   in the deviance as [stats::glm()] has it, for normal, gamma, exponential,
#'   bernoulli and Poisson responses.
#' @param seed of the draws; `NULL` continues R's own random numbers.
#' @param nsim number of simulated responses.
#' @param newdata rows to simulate; `NULL` for the training data.
#' @param ... not used.
#' @return `residuals()`: matrix (n, output_dim), rows with NA in the data left
#'   out. `simulate()`: data frame (n, nsim), or with several response columns
#'   a list of nsim matrices (n, output_dim).
#' @section Errors: a family without a distribution function, without samples or
#'   without a deviance, naming what there is.
#' @source Dunn and Smyth (1996), Randomized quantile residuals.
#' @examples
#' \donttest{
#' data(mcycle, package = "MASS")
#' model <- deepregression(mcycle$accel, list(~ 1 + times, ~ 1), data = mcycle)
#' fit(model, verbose = FALSE)
#' qqnorm(residuals(model, "quantile"))
#' head(simulate(model, 2, seed = 1))
#' }
#' @export
residuals.deepregression <- function(object,
                                     type = c(
                                       "response", "pearson", "quantile",
                                       "deviance"
                                     ), seed = NULL, ...) {
  type <- match.arg(type)
  check_no_dots(list(...), "residuals")
  y <- as.matrix(object$y)
  if (type != "quantile") check_mean_columns(object, type)
  switch(type,
    response = y - fitted.deepregression(object),
    pearson = (y - fitted.deepregression(object)) /
      stddev.deepregression(object),
    quantile = with_seed(seed, quantile_residuals(object, y)),
    deviance = deviance_residuals(object, y)
  )
}

#' A response of two columns (successes, failures) has a mean of one, the share
#' @noRd
check_mean_columns <- function(object, type) {
  if (mean_columns(object) != NCOL(object$y)) {
    refuse("residuals of type \"", type, "\" are not defined for family '",
      object$family$name, "': the response has ", NCOL(object$y),
      " columns, its mean ", mean_columns(object)
    )
  }
}

quantile_residuals <- function(object, y) {
  check_likelihood(object, "a quantile residual")
  stats::qnorm(distribution_position(observed_distribution(object), unname(y)))
}

#' Families whose deviance is that of a stats::family at the mean
#' @noRd
deviance_families <- list(
  normal = stats::gaussian(), gamma = stats::Gamma(), gammar = stats::Gamma(),
  exponential = stats::Gamma(), bernoulli = stats::binomial(),
  bernoulli_prob = stats::binomial(), poisson = stats::poisson(),
  poisson_lograte = stats::poisson()
)

deviance_residuals <- function(object, y) {
  name <- object$family$name
  unit <- deviance_families[[name]]
  if (is.null(unit)) {
    refuse("a deviance is not defined for family '", name, "', only for ",
      quote_names(names(deviance_families))
    )
  }
  weights <- object$state$row_weights %||% rep(1, object$n)
  mean <- fitted.deepregression(object)
  d <- unit$dev.resids(as.vector(y), as.vector(mean), rep(weights, ncol(y)))
  matrix(sign(y - mean) * sqrt(pmax(d, 0)), nrow(y))
}

#' @rdname inference
#' @export
deviance.deepregression <- function(object, ...) {
  sum(residuals.deepregression(object, "deviance")^2)
}

#' @rdname residuals.deepregression
#' @export
simulate.deepregression <- function(object, nsim = 1, seed = NULL,
                                    newdata = NULL, ...) {
  check_no_dots(list(...), "simulate")
  nsim <- check_whole(nsim, "nsim")
  check_likelihood(object, "simulate()")
  distribution <- get_distribution(object, newdata)
  draws <- with_seed(seed, tfd_sample(distribution, nsim))
  m <- ncol(draws) / nsim
  names <- paste0("sim_", seq_len(nsim))
  if (m == 1) {
    return(stats::setNames(as.data.frame(draws), names))
  }
  draws <- lapply(seq_len(nsim), function(i) {
    draws[, (i - 1) * m + seq_len(m), drop = FALSE]
  })
  stats::setNames(draws, names)
}

#' Evaluates code under a seed and leaves R's random numbers as they were
#' @noRd
with_seed <- function(seed, code) {
  if (is.null(seed)) {
    return(code)
  }
  before <- get0(".Random.seed", globalenv(), inherits = FALSE)
  on.exit(if (is.null(before)) {
    rm(".Random.seed", envir = globalenv())
  } else {
    assign(".Random.seed", before, envir = globalenv())
  })
  set.seed(seed)
  code
}
