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
#'   inverse Gaussian, Tweedie, bernoulli, binomial and Poisson responses, and
#'   as [MASS::glm.nb()] has it for negative binomial ones, at the fitted size.
#' @param seed of the draws; `NULL` continues R's own random numbers.
#' @param nsim number of simulated responses.
#' @param newdata rows to simulate; `NULL` for the training data.
#' @param ... not used.
#' @return `residuals()`: matrix (n, output_dim), rows with NA in the data left
#'   out. A response of two columns, successes and failures, counts as the share
#'   of successes. `simulate()`: data frame (n, nsim), or with several response
#'   columns a list of nsim matrices (n, output_dim).
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
  if (type == "quantile") {
    return(with_seed(seed, quantile_residuals(object, as.matrix(object$y))))
  }
  observed <- observed_response(object, type)
  switch(type,
    response = observed$y - observed$mean,
    pearson = (observed$y - observed$mean) / observed$stddev(),
    deviance = deviance_residuals(object, observed)
  )
}

#' The response beside its mean and standard deviation. Of two columns,
#' successes and failures, it is the share of successes, as in glm().
#' @return A list: `y`, `mean`, both (n, output_dim), `stddev()`, the number of
#'   `trials`, and `whole`, the largest y of so many.
#' @noRd
observed_response <- function(object, type) {
  y <- as.matrix(object$y)
  mean <- fitted.deepregression(object)
  trials <- family_option(object$family, "trials")
  if (response_form(object$family) == "successes") {
    trials <- rowSums(y)
    # A row without trials has no weight, as in glm().
    y <- y[, 1, drop = FALSE] / pmax(trials, 1)
    return(list(
      y = y, mean = mean, trials = trials, whole = 1,
      stddev = function() {
        stddev.deepregression(object) * share_spread(object, trials)
      }
    ))
  }
  if (ncol(mean) != ncol(y)) {
    refuse("residuals of type \"", type, "\" are not defined for family '",
      object$family$name, "': the response has ", ncol(y),
      " columns, its mean ", ncol(mean)
    )
  }
  list(
    y = y, mean = mean, trials = trials, whole = trials,
    stddev = function() stddev.deepregression(object)
  )
}

#' The standard deviation of a share of successes, as a multiple of that of one
#' trial; those of a beta-binomial are correlated by 1 / (a + b + 1)
#' @noRd
share_spread <- function(object, trials) {
  if (object$family$name != "beta_binomial") {
    return(1 / sqrt(trials))
  }
  total <- rowSums(predict_kind(object, NULL, "parameters"))
  sqrt((1 + (trials - 1) / (total + 1)) / trials)
}

quantile_residuals <- function(object, y) {
  check_likelihood(object, "a quantile residual")
  stats::qnorm(distribution_position(observed_distribution(object), unname(y)))
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
