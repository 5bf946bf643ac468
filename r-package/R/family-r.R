# Distribution functions in R, for residuals and simulation: a row per family.
#   p(y, theta)  P(Y <= y)
#   r(n, theta)  n draws
#   deviance     a stats::family whose deviance residuals apply to the mean
#   discrete     TRUE where P(Y < y) differs from P(Y <= y)
# theta is the list of parameters, each a vector as long as y.

family_row <- function(p, r, deviance = NULL, discrete = FALSE) {
  list(p = p, r = r, deviance = deviance, discrete = discrete)
}

# Draws by the inverse of the distribution function.
by_quantile <- function(q) function(n, t) q(stats::runif(n), t)

# Location-scale families from their standard form.
located <- function(p, q) {
  family_row(
    function(y, t) p((y - t$loc) / t$scale),
    by_quantile(function(u, t) t$loc + t$scale * q(u))
  )
}

beta_shapes <- function(t) {
  total <- (1 - t$sigma^2) / t$sigma^2
  list(t$mu * total, (1 - t$mu) * total)
}

# `prob` is the weight of the count beside extra zeros.
with_zeros <- function(p, r) {
  family_row(
    function(y, t) ifelse(y < 0, 0, 1 - t$prob + t$prob * p(y, t)),
    function(n, t) ifelse(stats::runif(n) < t$prob, r(n, t), 0),
    discrete = TRUE
  )
}

count_row <- function(p, r, deviance = NULL) {
  family_row(p, r, deviance, discrete = TRUE)
}

bernoulli_row <- function(probability) {
  count_row(
    function(y, t) stats::pbinom(y, 1, probability(t)),
    function(n, t) stats::rbinom(n, 1, probability(t)), stats::binomial()
  )
}

real_families <- list(
  normal = family_row(
    function(y, t) stats::pnorm(y, t$loc, t$scale),
    function(n, t) stats::rnorm(n, t$loc, t$scale), stats::gaussian()
  ),
  cauchy = located(stats::pcauchy, stats::qcauchy),
  logistic = located(stats::plogis, stats::qlogis),
  gumbel = located(
    function(z) exp(-exp(-z)), function(u) -log(-log(u))
  ),
  laplace = located(
    function(z) ifelse(z < 0, exp(pmin(z, 0)) / 2, 1 - exp(-pmax(z, 0)) / 2),
    function(u) -sign(u - 0.5) * log1p(-2 * abs(u - 0.5))
  ),
  uniform = family_row(
    function(y, t) stats::punif(y, t$low, t$high),
    function(n, t) stats::runif(n, t$low, t$high)
  ),
  student_t = family_row(
    function(y, t) stats::pt(y, t$df), function(n, t) stats::rt(n, t$df)
  ),
  student_t_ls = family_row(
    function(y, t) stats::pt((y - t$loc) / t$scale, t$df),
    function(n, t) t$loc + t$scale * stats::rt(n, t$df)
  )
)

positive_families <- list(
  log_normal = family_row(
    function(y, t) stats::plnorm(y, t$loc, t$scale),
    function(n, t) stats::rlnorm(n, t$loc, t$scale)
  ),
  gamma = family_row(
    function(y, t) stats::pgamma(y, t$concentration, t$rate),
    function(n, t) stats::rgamma(n, t$concentration, t$rate), stats::Gamma()
  ),
  gammar = family_row(
    function(y, t) stats::pgamma(y, 1 / t$sigma^2, 1 / (t$mu * t$sigma^2)),
    function(n, t) stats::rgamma(n, 1 / t$sigma^2, 1 / (t$mu * t$sigma^2)),
    stats::Gamma()
  ),
  exponential = family_row(
    function(y, t) stats::pexp(y, t$rate),
    function(n, t) stats::rexp(n, t$rate), stats::Gamma()
  ),
  weibull = family_row(
    function(y, t) stats::pweibull(y, t$concentration, t$scale),
    function(n, t) stats::rweibull(n, t$concentration, t$scale)
  ),
  chi2 = family_row(
    function(y, t) stats::pchisq(y, t$df), function(n, t) stats::rchisq(n, t$df)
  ),
  chi = family_row(
    function(y, t) stats::pchisq(y^2, t$df),
    function(n, t) sqrt(stats::rchisq(n, t$df))
  ),
  half_normal = family_row(
    function(y, t) 2 * stats::pnorm(pmax(y, 0) / t$scale) - 1,
    function(n, t) abs(stats::rnorm(n, 0, t$scale))
  ),
  inverse_gamma = family_row(
    function(y, t) {
      stats::pgamma(1 / y, t$concentration, t$scale, lower.tail = FALSE)
    },
    function(n, t) 1 / stats::rgamma(n, t$concentration, t$scale)
  ),
  beta = family_row(
    function(y, t) stats::pbeta(y, t$concentration1, t$concentration0),
    function(n, t) stats::rbeta(n, t$concentration1, t$concentration0)
  ),
  betar = family_row(
    function(y, t) do.call(stats::pbeta, c(list(y), beta_shapes(t))),
    function(n, t) do.call(stats::rbeta, c(list(n), beta_shapes(t)))
  )
)

count_families <- list(
  bernoulli = bernoulli_row(function(t) stats::plogis(t$logits)),
  bernoulli_prob = bernoulli_row(function(t) t$probs),
  poisson = count_row(
    function(y, t) stats::ppois(y, t$rate),
    function(n, t) stats::rpois(n, t$rate), stats::poisson()
  ),
  poisson_lograte = count_row(
    function(y, t) stats::ppois(y, exp(t$log_rate)),
    function(n, t) stats::rpois(n, exp(t$log_rate)), stats::poisson()
  ),
  geometric = count_row(
    function(y, t) stats::pgeom(y, t$probs),
    function(n, t) stats::rgeom(n, t$probs)
  ),
  negbinom = count_row(
    function(y, t) stats::pnbinom(y, t$total_count, 1 - t$probs),
    function(n, t) stats::rnbinom(n, t$total_count, 1 - t$probs)
  ),
  negbinom_ls = count_row(
    function(y, t) stats::pnbinom(y, t$r, mu = t$mu),
    function(n, t) stats::rnbinom(n, t$r, mu = t$mu)
  ),
  zip = with_zeros(
    function(y, t) stats::ppois(y, t$lambda),
    function(n, t) stats::rpois(n, t$lambda)
  ),
  zinb = with_zeros(
    function(y, t) stats::pnbinom(y, t$r, mu = t$mu),
    function(n, t) stats::rnbinom(n, t$r, mu = t$mu)
  )
)

#' The row of a family, or an error that lists those there are
#' @noRd
family_in_r <- function(object, what) {
  if (identical(object$loss, "mse")) {
    refuse(what, " needs a distribution; the model has loss = \"mse\"")
  }
  rows <- c(real_families, positive_families, count_families)
  name <- object$family$name
  if (!name %in% names(rows)) {
    refuse(what, " is not available for family '", name, "', only for ",
      quote_names(names(rows), 40L)
    )
  }
  rows[[name]]
}

#' The parameters of every row as vectors by name, columns below each
#' other
#' @noRd
parameter_vectors <- function(object, newdata = NULL) {
  values <- predict.deepregression(object, newdata, type = "parameters")
  parameters <- unlist(object$family$parameters)
  r <- predictor_columns(object)
  out <- lapply(seq_along(parameters), function(j) {
    as.vector(values[, (j - 1) * r + seq_len(r)])
  })
  stats::setNames(out, parameters)
}
