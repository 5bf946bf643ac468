# Reference log-densities of the families, by R's own d* functions; where R has
# none, by a change of variables from one that it has. The links and the order
# of parameters are those of the table of families.
#
# Usage: Rscript tests/parity/families.R
# Writes java-engine/src/test/resources/families.csv (key, y, linear predictors
# separated by spaces, log-density), family-distributions.csv and
# special-functions.csv (function, x, h, value).

wide <- c(-2.5, -0.4, 0.9, 3)
narrow <- c(-1.5, 0.2, 1.3)
logits <- c(-30, wide, 30)
sizes <- c(0.2, 0.9, 2)
reals <- c(-7.3, -0.8, 0, 0.31, 2.6, 14)
positives <- c(0.003, 0.2, 1, 1.7, 9.4)
units <- c(0.004, 0.21, 0.5, 0.83, 0.997)
counts <- c(0, 1, 2, 7, 31)
e <- exp
p <- plogis

inflated <- function(y, prob, count) {
  log((y == 0) * (1 - prob) + prob * exp(count))
}

zeta <- function(s) vapply(s, function(s) {
  k <- 20000
  sum(rev(seq_len(k - 1))^-s) + k^(1 - s) / (s - 1) + k^-s / 2
}, 0)

# Normal with half-Cauchy standard deviation, integrated over its angle.
horseshoe <- function(y, scale) {
  mixed <- function(z) integrate(
    function(angle) 2 / pi * dnorm(z, 0, tan(angle)), 0, pi / 2,
    rel.tol = 1e-12, subdivisions = 2000L)$value
  log(vapply(y / scale, mixed, 0) / scale)
}

# One row per family: linear predictors (crossed), responses, log p(y | eta).
families <- list(
  normal = list(list(wide, narrow), reals, function(y, a, b)
    dnorm(y, a, e(b), log = TRUE)),
  cauchy = list(list(wide, narrow), reals, function(y, a, b)
    dcauchy(y, a, e(b), log = TRUE)),
  horseshoe = list(list(wide), c(-7.3, -0.8, 0.31, 2.6, 14), function(y, a)
    horseshoe(y, e(a))),
  gumbel = list(list(wide, narrow), reals, function(y, a, b) {
    z <- (y - a) / e(b)
    dexp(e(-z), log = TRUE) - z - b
  }),
  laplace = list(list(wide, narrow), reals, function(y, a, b)
    dexp(abs(y - a), 1 / e(b), log = TRUE) - log(2)),
  logistic = list(list(wide, narrow), reals, function(y, a, b)
    dlogis(y, a, e(b), log = TRUE)),
  student_t = list(list(c(wide, 8)), reals, function(y, a)
    dt(y, e(a), log = TRUE)),
  student_t_ls = list(list(wide, wide, narrow), reals, function(y, a, b, c)
    dt((y - b) / e(c), e(a), log = TRUE) - c),
  skew_normal = list(list(wide, narrow, c(-4, 0, 1.5)), reals,
    function(y, a, b, c) {
      z <- (y - a) / e(b)
      log(2) + dnorm(z, log = TRUE) + pnorm(c * z, log.p = TRUE) - b
    }),
  uniform = list(list(c(-2.5, -0.4), c(0.9, 3)), reals, function(y, a, b)
    dunif(y, a, b, log = TRUE)),
  mse = list(list(wide), reals, function(y, a) dnorm(y, a, 1, log = TRUE)),
  mvr = list(list(wide, narrow), reals, function(y, a, b)
    -0.5 * (y - a)^2 / e(b) - 0.5 * e(b)),
  log_normal = list(list(wide, narrow), positives, function(y, a, b)
    dlnorm(y, a, e(b), log = TRUE)),
  gamma = list(list(wide, narrow), positives, function(y, a, b)
    dgamma(y, shape = e(a), rate = e(b), log = TRUE)),
  gammar = list(list(wide, narrow), positives, function(y, a, b)
    dgamma(y, shape = e(-2 * b), scale = e(a + 2 * b), log = TRUE)),
  exponential = list(list(wide), c(0, positives), function(y, a)
    dexp(y, e(a), log = TRUE)),
  weibull = list(list(narrow, wide), positives, function(y, a, b)
    dweibull(y, e(a), e(b), log = TRUE)),
  chi2 = list(list(wide), positives, function(y, a)
    dchisq(y, e(a), log = TRUE)),
  chi = list(list(wide), positives, function(y, a)
    dchisq(y^2, e(a), log = TRUE) + log(2 * y)),
  half_normal = list(list(wide), c(0, positives), function(y, a)
    dnorm(y, 0, e(a), log = TRUE) + log(2)),
  half_cauchy = list(list(c(-2.5, 0.2), narrow), reals, function(y, a, b)
    ifelse(y < a, -Inf, dcauchy(y, a, e(b), log = TRUE) + log(2))),
  inverse_gamma = list(list(wide, narrow), positives, function(y, a, b)
    dgamma(1 / y, shape = e(a), rate = e(b), log = TRUE) - 2 * log(y)),
  inverse_gamma_ls = list(list(wide, narrow), positives, function(y, a, b)
    dgamma(1 / y, shape = e(-b), rate = e(a) * (1 + e(-b)), log = TRUE) -
      2 * log(y)),
  gamma_gamma = list(list(narrow, wide, narrow), positives,
    function(y, a, b, c) {
      scale <- e(c + a - b)
      df(y / scale, 2 * e(a), 2 * e(b), log = TRUE) - log(scale)
    }),
  inverse_gaussian = list(list(narrow, wide), positives, function(y, a, b)
    0.5 * log(e(b) / (2 * pi * y^3)) -
      e(b) * (y - e(a))^2 / (2 * e(2 * a) * y)),
  pareto = list(list(wide, narrow), positives, function(y, a, b)
    dexp(log(y) + b, e(a), log = TRUE) - log(y)),
  pareto_ls = list(list(wide, narrow), c(0, positives), function(y, a, b)
    dexp(log1p(y / e(a)), e(-b), log = TRUE) - log(y + e(a))),
  beta = list(list(sizes, sizes), units, function(y, a, b)
    dbeta(y, e(a), e(b), log = TRUE)),
  betar = list(list(c(-0.4, 0.9), c(-2.5, -1.5, 0.2)), units,
    function(y, a, b) {
      total <- (1 - p(b)^2) / p(b)^2
      dbeta(y, p(a) * total, (1 - p(a)) * total, log = TRUE)
    }),
  kumaraswamy = list(list(sizes, sizes), units, function(y, a, b)
    dbeta(y^e(a), 1, e(b), log = TRUE) + a + (e(a) - 1) * log(y)),
  bernoulli = list(list(logits), 0:1, function(y, a)
    plogis((2 * y - 1) * a, log.p = TRUE)),
  bernoulli_prob = list(list(logits), 0:1, function(y, a)
    plogis((2 * y - 1) * a, log.p = TRUE)),
  poisson = list(list(wide), counts, function(y, a)
    dpois(y, e(a), log = TRUE)),
  poisson_lograte = list(list(wide), counts, function(y, a)
    dpois(y, e(a), log = TRUE)),
  geometric = list(list(wide), counts, function(y, a)
    dgeom(y, p(a), log = TRUE)),
  negbinom = list(list(narrow, wide), counts, function(y, a, b)
    dnbinom(y, size = e(a), prob = p(-b), log = TRUE)),
  negbinom_ls = list(list(wide, c(narrow, 8)), counts, function(y, a, b)
    dnbinom(y, size = e(b), mu = e(a), log = TRUE)),
  zip = list(list(wide, c(-2, 0.5, 4)), counts, function(y, a, b)
    inflated(y, p(b), dpois(y, e(a), log = TRUE))),
  zinb = list(list(wide, narrow, c(-2, 0.5, 4)), counts, function(y, a, b, c)
    inflated(y, p(c), dnbinom(y, size = e(b), mu = e(a), log = TRUE))),
  gev = list(list(wide, narrow, c(-0.15, 0.12, 0.3)), reals,
    function(y, a, b, c) {
      base <- pmax(0, 1 + c * (y - a) / e(b))
      t <- base^(-1 / c)
      ifelse(base == 0, -Inf, -t + (c + 1) * log(t) - b)
    }),
  gpd = list(list(wide, c(-0.15, 0.12, 0.3)), c(0, positives),
    function(y, a, b)
      ifelse(1 + b * y / e(a) <= 0, -Inf,
             -(1 / b + 1) * log(pmax(0, 1 + b * y / e(a))) - a)),
  generalized_poisson = list(list(c(-0.4, 0.9, 2), c(-2, 0.2)), counts,
    function(y, a, b) {
      rate <- e(a) + p(b) * y
      dpois(y, rate, log = TRUE) + a - log(rate)
    }),
  zipf = list(list(c(1.7, 2, 2.5)), c(1, 2, 7, 31), function(y, a)
    -(1 + e(a)) * log(y) - log(zeta(1 + e(a))))
)

# Distribution and quantile functions, p(y, eta...) and q(u, eta...), where R
# has them under that name or by a change of variables. The rest is held to the
# density by quadrature.
inverse_gaussian <- function(y, mu, lambda) {
  r <- sqrt(lambda / y)
  pnorm(r * (y / mu - 1)) +
    exp(2 * lambda / mu + pnorm(-r * (y / mu + 1), log.p = TRUE))
}

loc_scale <- function(p, q) list(
  function(y, a, b) p((y - a) / e(b)), function(u, a, b) a + e(b) * q(u))
gumbel <- loc_scale(function(z) pexp(e(-z), lower.tail = FALSE),
                    function(u) -log(qexp(u, lower.tail = FALSE)))
laplace <- loc_scale(
  function(z) ifelse(z < 0, 0.5 * e(z), 1 - 0.5 * e(-z)),
  function(u) ifelse(u < 0.5, log(2 * u), -log(2 * (1 - u))))
bernoulli <- list(function(y, a) pbinom(y, 1, p(a)),
                  function(u, a) qbinom(u, 1, p(a)))
mean_beta <- function(a, b) {
  total <- (1 - p(b)^2) / p(b)^2
  list(p(a) * total, (1 - p(a)) * total)
}

distributions <- list(
  normal = loc_scale(pnorm, qnorm),
  cauchy = loc_scale(pcauchy, qcauchy),
  gumbel = gumbel,
  laplace = laplace,
  logistic = loc_scale(plogis, qlogis),
  student_t = list(function(y, a) pt(y, e(a)), function(u, a) qt(u, e(a))),
  student_t_ls = list(
    function(y, a, b, c) pt((y - b) / e(c), e(a)),
    function(u, a, b, c) b + e(c) * qt(u, e(a))),
  uniform = list(punif, qunif),
  mse = list(function(y, a) pnorm(y, a), function(u, a) qnorm(u, a)),
  log_normal = list(function(y, a, b) plnorm(y, a, e(b)),
                    function(u, a, b) qlnorm(u, a, e(b))),
  gamma = list(function(y, a, b) pgamma(y, e(a), e(b)),
               function(u, a, b) qgamma(u, e(a), e(b))),
  gammar = list(
    function(y, a, b) pgamma(y, e(-2 * b), scale = e(a + 2 * b)),
    function(u, a, b) qgamma(u, e(-2 * b), scale = e(a + 2 * b))),
  exponential = list(function(y, a) pexp(y, e(a)),
                     function(u, a) qexp(u, e(a))),
  weibull = list(function(y, a, b) pweibull(y, e(a), e(b)),
                 function(u, a, b) qweibull(u, e(a), e(b))),
  chi2 = list(function(y, a) pchisq(y, e(a)), function(u, a) qchisq(u, e(a))),
  chi = list(function(y, a) pchisq(y^2, e(a)),
             function(u, a) sqrt(qchisq(u, e(a)))),
  half_normal = list(function(y, a) pchisq((y / e(a))^2, 1),
                     function(u, a) e(a) * sqrt(qchisq(u, 1))),
  half_cauchy = list(
    function(y, a, b) pmax(0, 2 * pcauchy(y, a, e(b)) - 1),
    function(u, a, b) qcauchy((1 + u) / 2, a, e(b))),
  inverse_gamma = list(
    function(y, a, b) pgamma(1 / y, e(a), e(b), lower.tail = FALSE),
    function(u, a, b) 1 / qgamma(u, e(a), e(b), lower.tail = FALSE)),
  inverse_gamma_ls = list(
    function(y, a, b)
      pgamma(1 / y, e(-b), e(a) * (1 + e(-b)), lower.tail = FALSE),
    function(u, a, b)
      1 / qgamma(u, e(-b), e(a) * (1 + e(-b)), lower.tail = FALSE)),
  gamma_gamma = list(
    function(y, a, b, c) pf(y / e(c + a - b), 2 * e(a), 2 * e(b)),
    function(u, a, b, c) e(c + a - b) * qf(u, 2 * e(a), 2 * e(b))),
  inverse_gaussian = list(function(y, a, b) inverse_gaussian(y, e(a), e(b))),
  pareto = list(
    function(y, a, b) pexp(pmax(0, log(y) + b), e(a)),
    function(u, a, b) e(qexp(u, e(a)) - b)),
  pareto_ls = list(
    function(y, a, b) pexp(log1p(y / e(a)), e(-b)),
    function(u, a, b) e(a) * expm1(qexp(u, e(-b)))),
  beta = list(function(y, a, b) pbeta(y, e(a), e(b)),
              function(u, a, b) qbeta(u, e(a), e(b))),
  betar = list(
    function(y, a, b) do.call(pbeta, c(list(y), mean_beta(a, b))),
    function(u, a, b) do.call(qbeta, c(list(u), mean_beta(a, b)))),
  kumaraswamy = list(
    function(y, a, b) pbeta(y^e(a), 1, e(b)),
    function(u, a, b) qbeta(u, 1, e(b))^e(-a)),
  bernoulli = bernoulli,
  bernoulli_prob = bernoulli,
  poisson = list(function(y, a) ppois(y, e(a)), function(u, a) qpois(u, e(a))),
  poisson_lograte = list(function(y, a) ppois(y, e(a)),
                         function(u, a) qpois(u, e(a))),
  geometric = list(function(y, a) pgeom(y, p(a)), function(u, a) qgeom(u, p(a))),
  negbinom = list(
    function(y, a, b) pnbinom(y, size = e(a), prob = p(-b)),
    function(u, a, b) qnbinom(u, size = e(a), prob = p(-b))),
  negbinom_ls = list(
    function(y, a, b) pnbinom(y, size = e(b), mu = e(a)),
    function(u, a, b) qnbinom(u, size = e(b), mu = e(a))),
  zip = list(function(y, a, b) p(-b) + p(b) * ppois(y, e(a))),
  gev = list(
    function(y, a, b, c) {
      base <- pmax(0, 1 + c * (y - a) / e(b))
      exp(-base^(-1 / c))
    },
    function(u, a, b, c) a + e(b) * ((-log(u))^-c - 1) / c),
  gpd = list(
    function(y, a, b) 1 - pmax(0, 1 + b * y / e(a))^(-1 / b),
    function(u, a, b) e(a) * ((1 - u)^-b - 1) / b),
  zinb = list(function(y, a, b, c)
    p(-c) + p(c) * pnbinom(y, size = e(b), mu = e(a)))
)
levels <- c(0.001, 0.05, 0.3, 0.61, 0.95, 0.9999)

# Linear predictors far out, for distribution functions and quantiles only.
far <- list(student_t = list(c(-4.6, -2, 13.8, 30, 46, 60)))

digits <- function(x) sub("Inf", "Infinity", sprintf("%.17g", x))

# Linear predictors of a row, separated by spaces.
joined <- function(eta) do.call(paste, lapply(eta, digits))

rows_of <- function(name) {
  row <- families[[name]]
  grid <- expand.grid(c(list(y = row[[2]]), row[[1]]))
  eta <- unname(as.list(grid[-1]))
  value <- do.call(row[[3]], c(list(grid$y), eta))
  stopifnot(!is.nan(value))
  paste(name, digits(grid$y), joined(eta), digits(value), sep = ",")
}

# Values of one function of a family at responses or levels x.
distribution_rows <- function(name, kind, x, f, eta = families[[name]][[1]]) {
  grid <- expand.grid(c(list(x = x), eta))
  eta <- unname(as.list(grid[-1]))
  value <- do.call(f, c(list(grid$x), eta))
  stopifnot(!is.nan(value))
  paste(name, kind, digits(grid$x), joined(eta), digits(value), sep = ",")
}

both_rows <- function(name) {
  f <- distributions[[name]]
  y <- families[[name]][[2]]
  c(distribution_rows(name, "cdf", y, f[[1]]),
    if (length(f) > 1) distribution_rows(name, "quantile", levels, f[[2]]))
}

far_rows <- function(name) {
  f <- distributions[[name]]
  c(distribution_rows(name, "cdf", families[[name]][[2]], f[[1]], far[[name]]),
    distribution_rows(name, "quantile", levels, f[[2]], far[[name]]))
}

special_rows <- function() {
  x <- 10^seq(-13, 10, by = 0.25)
  normal <- c(-1e6, -300, -37, seq(-9, 8, by = 0.25))
  c(paste("lgamma", digits(x), 0, digits(lgamma(x)), sep = ","),
    paste("digamma", digits(x), 0, digits(digamma(x)), sep = ","),
    paste("log1p", digits(x), 0, digits(log1p(x)), sep = ","),
    paste("expm1", digits(-x), 0, digits(expm1(-x)), sep = ","),
    paste("log_cdf", digits(normal), 0,
          digits(pnorm(normal, log.p = TRUE)), sep = ","),
    paste("difference", digits(x), 0.5, digits(log_ratio(x)), sep = ","))
}

# log(gamma(x + 1/2) / gamma(x)) by R's lbeta, which does not cancel.
log_ratio <- function(x) lgamma(0.5) - lbeta(x, 0.5)

write_csv <- function(name, columns, lines) {
  header <- c("# Script: tests/parity/families.R",
              paste("#", R.version.string), paste("# Date:", Sys.Date()))
  folder <- "java-engine/src/test/resources"
  dir.create(folder, recursive = TRUE, showWarnings = FALSE)
  writeLines(c(header, columns, lines), file.path(folder, name))
}

write_csv("families.csv", "key,y,eta,log_density",
          unlist(lapply(names(families), rows_of)))
write_csv("family-distributions.csv", "key,kind,x,eta,value",
          c(unlist(lapply(names(distributions), both_rows)),
            unlist(lapply(names(far), far_rows))))
write_csv("special-functions.csv", "function,x,h,value", special_rows())
