# Deviances: twice the log-likelihood that a response's own mean would have
# more. A row per family: unit(y, mean, of), where of(name) is a parameter, an
# option of the family, or what observed_response() knows.

glm_deviance <- function(family) {
  function(y, mean, of) family$dev.resids(y, mean, rep(1, length(y)))
}

#' Of a negative binomial of known size; geometric counts have size one
#' @noRd
negbinom_deviance <- function(size) {
  function(y, mean, of) {
    r <- size(of)
    2 * (y * log(pmax(y, 1) / mean) - (y + r) * log((y + r) / (mean + r)))
  }
}

#' Source: Dunn and Smyth (2005), equation 5
#' @noRd
tweedie_deviance <- function(y, mean, of) {
  p <- of("power")
  saturated <- y^(2 - p) / ((1 - p) * (2 - p))
  2 * (saturated - y * mean^(1 - p) / (1 - p) + mean^(2 - p) / (2 - p))
}

deviance_table <- list(
  normal = glm_deviance(stats::gaussian()),
  gamma = glm_deviance(stats::Gamma()),
  gammar = glm_deviance(stats::Gamma()),
  exponential = glm_deviance(stats::Gamma()),
  inverse_gaussian = glm_deviance(stats::inverse.gaussian()),
  tweedie = tweedie_deviance,
  bernoulli = glm_deviance(stats::binomial()),
  bernoulli_prob = glm_deviance(stats::binomial()),
  binomial = function(y, mean, of) {
    whole <- of("whole")
    trials <- rep_len(of("trials"), length(y))
    stats::binomial()$dev.resids(y / whole, mean / whole, trials)
  },
  poisson = glm_deviance(stats::poisson()),
  poisson_lograte = glm_deviance(stats::poisson()),
  geometric = negbinom_deviance(function(of) 1),
  negbinom = negbinom_deviance(function(of) of("total_count")),
  negbinom_ls = negbinom_deviance(function(of) of("r"))
)

deviance_residuals <- function(object, observed) {
  name <- object$family$name
  unit <- deviance_table[[name]]
  if (is.null(unit)) {
    refuse("a deviance is not defined for family '", name, "', only for ",
      quote_names(names(deviance_table))
    )
  }
  of <- function(parameter) {
    known <- observed[[parameter]] %||% family_option(object$family, parameter)
    if (!is.null(known)) {
      return(known)
    }
    values <- predict_kind(object, NULL, "parameters")
    at <- rep(unlist(object$family$parameters), each = predictor_columns(object))
    as.vector(values[, at == parameter])
  }
  y <- observed$y
  weights <- object$state$row_weights %||% rep(1, object$n)
  d <- unit(as.vector(y), as.vector(observed$mean), of)
  matrix(sign(y - observed$mean) * sqrt(pmax(weights * d, 0)), nrow(y))
}

#' @rdname inference
#' @export
deviance.deepregression <- function(object, ...) {
  sum(residuals.deepregression(object, "deviance")^2)
}
