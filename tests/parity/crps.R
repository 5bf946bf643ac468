# Continuous ranked probability scores by integrating R's own distribution
# functions, and by sums for counts.
#
# Usage: Rscript tests/parity/crps.R
# Writes java-engine/src/test/resources/family-crps.csv: key, response, linear
# predictors (separated by spaces) and score.

e <- exp
p <- plogis
digits <- function(x) sub("Inf", "Infinity", sprintf("%.17g", x))
text <- function(x) paste(digits(x), collapse = " ")

piece <- function(f, from, to) {
  if (from >= to) return(0)
  integrate(f, from, to, rel.tol = 1e-11, abs.tol = 0, subdivisions = 5000L,
            stop.on.error = FALSE)$value
}

# Integral of F^2 below y and of S^2 above it, cut at points where they bend.
continuous <- function(cdf, survival, y, low, high, cuts) {
  at <- sort(unique(c(low, cuts[cuts > low & cuts < high], high)))
  sum(vapply(seq_along(at)[-1], function(i) {
    from <- at[i - 1]
    to <- at[i]
    piece(function(x) cdf(x)^2, from, min(to, max(y, from))) +
      piece(function(x) survival(x)^2, max(from, min(y, to)), to)
  }, 0)) + max(0, y - high) + max(0, low - y)
}

quantiles <- function(cdf, low, high) {
  root <- function(u) {
    a <- if (is.finite(low)) low else -1
    b <- if (is.finite(high)) high else 1
    while (is.infinite(low) && cdf(a) > u) a <- 2 * a
    while (is.infinite(high) && cdf(b) < u) b <- 2 * b
    if (cdf(a) >= u) a else uniroot(function(x) cdf(x) - u, c(a, b))$root
  }
  unique(vapply(c(1e-9, 1e-4, 0.02, 0.2, 0.5, 0.8, 0.98, 1 - 1e-4, 1 - 1e-9),
                root, 0))
}

rows <- function(key, ys, etas, cdf, survival = NULL, low = -Inf, high = Inf,
                 cuts = numeric()) {
  unlist(lapply(etas, function(eta) {
    lower <- function(x) cdf(x, eta)
    upper <- if (is.null(survival)) function(x) 1 - cdf(x, eta) else
      function(x) survival(x, eta)
    l <- if (is.function(low)) low(eta) else low
    h <- if (is.function(high)) high(eta) else high
    bends <- c(quantiles(lower, l, h), cuts)
    lapply(ys, function(y) {
      value <- continuous(lower, upper, y, l, h, c(bends, y))
      paste(key, digits(y), text(eta), digits(value), sep = ",")
    })
  }))
}

# Sum of (F(k) - 1{k >= y})^2 from `first` on.
counts <- function(key, ys, etas, log_p, first = 0, last = 20000) {
  k <- first:last
  unlist(lapply(etas, function(eta) {
    cdf <- cumsum(exp(log_p(k, eta)))
    lapply(ys, function(y) paste(key, digits(y), text(eta),
      digits(sum((cdf - (k >= y))^2) + max(0, y - last) + max(0, first - y)),
      sep = ","))
  }))
}

reals <- c(-7.3, 0.31, 2.6, 40)
positives <- c(0.003, 0.7, 9.4, 300)
units <- c(0.004, 0.5, 0.97)
numbers <- c(0, 2, 31)
pairs <- list(c(-0.4, 0.2), c(0.9, -1.5))

loc_scale <- function(key, cdf, survival, ys = reals, ...)
  rows(key, ys, pairs, function(x, eta) cdf((x - eta[1]) / e(eta[2])),
       function(x, eta) survival((x - eta[1]) / e(eta[2])), ...)
upper <- function(f) function(...) f(..., lower.tail = FALSE)
gamma_pair <- function(shape, scale) list(
  function(x, eta) pgamma(x, shape(eta), scale = scale(eta)),
  function(x, eta) pgamma(x, shape(eta), scale = scale(eta), lower.tail = FALSE))
gammas <- function(key, etas, shape, scale) {
  f <- gamma_pair(shape, scale)
  rows(key, positives, etas, f[[1]], f[[2]], low = 0)
}
inverse_gammas <- function(key, etas, shape, scale) rows(
  key, positives, etas,
  function(x, eta) pgamma(scale(eta) / x, shape(eta), lower.tail = FALSE),
  function(x, eta) pgamma(scale(eta) / x, shape(eta)), low = 0)
skew_normal <- function(x, eta) vapply((x - eta[1]) / e(eta[2]), function(z) {
  if (z < -40) return(0)
  f <- function(t) 2 * dnorm(t) * pnorm(eta[3] * t)
  cut <- min(max(z, -8), 8)
  integrate(f, -40, -8)$value + integrate(f, -8, cut, rel.tol = 1e-13)$value
}, 0)
mean_beta <- function(eta) {
  total <- (1 - p(eta[2])^2) / p(eta[2])^2
  c(p(eta[1]) * total, (1 - p(eta[1])) * total)
}
inverse_gaussian <- function(x, eta) {
  mu <- e(eta[1])
  r <- sqrt(e(eta[2]) / x)
  pnorm(r * (x / mu - 1)) +
    exp(2 * e(eta[2]) / mu + pnorm(-r * (x / mu + 1), log.p = TRUE))
}
truncated <- function(low, high) function(x, eta) {
  f <- function(x) pnorm(x, eta[1], e(eta[2]))
  (f(pmin(pmax(x, low), high)) - f(low)) / (f(high) - f(low))
}
censored <- function(low, high) function(x, eta)
  ifelse(x < low, 0, ifelse(x >= high, 1, pnorm(x, eta[1], e(eta[2]))))
tweedie <- function(power) function(x, eta) {
  mu <- e(eta[1])
  phi <- e(eta[2])
  rate <- mu^(2 - power) / (phi * (2 - power))
  shape <- (2 - power) / (power - 1)
  scale <- phi * (power - 1) * mu^(power - 1)
  n <- 1:400
  vapply(x, function(x) exp(-rate) +
           sum(dpois(n, rate) * pgamma(x, n * shape, scale = scale)), 0)
}
sinh_arcsinh <- function(x, eta) {
  tail <- e(eta[4])
  w <- (x - eta[1]) / e(eta[2]) * sinh(asinh(2) * tail) / 2
  pnorm(sinh(asinh(w) / tail - eta[3]))
}
softmax <- function(x) exp(x) / sum(exp(x))
inflated <- function(y, prob, count) log((y == 0) * (1 - prob) + prob * exp(count))
zeta <- function(s) {
  k <- 20000
  sum(rev(seq_len(k - 1))^-s) + k^(1 - s) / (s - 1) + k^-s / 2
}
gev_base <- function(x, eta) pmax(0, 1 + eta[3] * (x - eta[1]) / e(eta[2]))
gpd_base <- function(x, eta) pmax(0, 1 + eta[2] * x / e(eta[1]))
ordered <- function(cdf) function(k, eta) {
  cut <- c(-Inf, cumsum(c(eta[2], e(eta[-(1:2)]))), Inf) - eta[1]
  log(cdf(cut[k + 1]) - cdf(cut[k]))
}

lines <- c(
  loc_scale("normal", pnorm, upper(pnorm)),
  loc_scale("gumbel", function(z) e(-e(-z)), function(z) -expm1(-e(-z))),
  loc_scale("laplace", function(z) ifelse(z < 0, 0.5 * e(z), 1 - 0.5 * e(-z)),
            function(z) ifelse(z < 0, 1 - 0.5 * e(z), 0.5 * e(-z))),
  loc_scale("logistic", plogis, upper(plogis)),
  loc_scale("custom", plogis, upper(plogis)),
  rows("mse", reals, -0.4, function(x, eta) pnorm(x - eta),
       function(x, eta) pnorm(eta - x)),
  rows("student_t", reals, c(0.5, 3), function(x, eta) pt(x, e(eta)),
       function(x, eta) pt(-x, e(eta))),
  rows("student_t_ls", reals, list(c(0.9, -0.4, 0.2), c(0.3, 3, 1.3)),
       function(x, eta) pt((x - eta[2]) / e(eta[3]), e(eta[1])),
       function(x, eta) pt(-(x - eta[2]) / e(eta[3]), e(eta[1]))),
  rows("skew_normal", reals[1:3], list(c(-0.4, 0.2, -4), c(0.9, -1.5, 1.5)),
       skew_normal),
  rows("uniform", reals, list(c(-2.5, 0.9), c(-0.4, 3)),
       function(x, eta) punif(x, eta[1], eta[2]),
       low = function(eta) eta[1], high = function(eta) eta[2]),
  rows("sinh_arcsinh", reals, list(c(-1, 0.3, -0.4, -0.3), c(0.5, 0.3, 0.6, 0.4)),
       sinh_arcsinh),
  rows("log_normal", positives, pairs, function(x, eta)
    plnorm(x, eta[1], e(eta[2])), function(x, eta)
    plnorm(x, eta[1], e(eta[2]), lower.tail = FALSE), low = 0),
  gammas("gamma", list(c(-2.5, 0.2), c(3, -1.5)), function(eta) e(eta[1]),
         function(eta) e(-eta[2])),
  gammas("gammar", pairs, function(eta) e(-2 * eta[2]),
         function(eta) e(eta[1] + 2 * eta[2])),
  gammas("exponential", c(-0.4, 3), function(eta) 1, function(eta) e(-eta)),
  gammas("chi2", c(-2.5, 3), function(eta) e(eta) / 2, function(eta) 2),
  rows("chi", positives, c(-0.4, 3), function(x, eta) pchisq(x^2, e(eta)),
       function(x, eta) pchisq(x^2, e(eta), lower.tail = FALSE), low = 0),
  rows("half_normal", positives, 0.9, function(x, eta) pchisq((x / e(eta))^2, 1),
       function(x, eta) pchisq((x / e(eta))^2, 1, lower.tail = FALSE), low = 0),
  rows("weibull", positives, pairs, function(x, eta)
    pweibull(x, e(eta[1]), e(eta[2])), function(x, eta)
    pweibull(x, e(eta[1]), e(eta[2]), lower.tail = FALSE), low = 0),
  inverse_gammas("inverse_gamma", list(c(0.9, -1.5), c(0.3, 0.2)),
                 function(eta) e(eta[1]), function(eta) e(eta[2])),
  inverse_gammas("inverse_gamma_ls", list(c(-0.4, -1.5), c(0.9, -0.3)),
                 function(eta) e(-eta[2]),
                 function(eta) e(eta[1]) * (1 + e(-eta[2]))),
  rows("gamma_gamma", positives, list(c(0.2, 0.9, -1.5), c(-1.5, 0.4, 0.2)),
       function(x, eta) pf(x / e(eta[3] + eta[1] - eta[2]), 2 * e(eta[1]),
                           2 * e(eta[2])),
       function(x, eta) pf(x / e(eta[3] + eta[1] - eta[2]), 2 * e(eta[1]),
                           2 * e(eta[2]), lower.tail = FALSE), low = 0),
  rows("inverse_gaussian", positives, pairs, inverse_gaussian, low = 0),
  rows("pareto", positives, list(c(0.9, 0.2), c(0.3, -1.5)),
       function(x, eta) pexp(pmax(0, log(x) + eta[2]), e(eta[1])),
       function(x, eta) e(-e(eta[1]) * pmax(0, log(x) + eta[2])),
       low = function(eta) e(-eta[2])),
  rows("pareto_ls", positives, list(c(0.2, -0.9), c(-1.5, -0.3)),
       function(x, eta) pexp(log1p(x / e(eta[1])), e(-eta[2])),
       function(x, eta) e(-e(-eta[2]) * log1p(x / e(eta[1]))), low = 0),
  rows("gev", reals, list(c(-0.4, 0.2, -0.15), c(0.9, -1.5, 0.3)),
       function(x, eta) e(-gev_base(x, eta)^(-1 / eta[3])),
       function(x, eta) -expm1(-gev_base(x, eta)^(-1 / eta[3])),
       low = function(eta)
         if (eta[3] > 0) eta[1] - e(eta[2]) / eta[3] else -Inf,
       high = function(eta)
         if (eta[3] < 0) eta[1] - e(eta[2]) / eta[3] else Inf),
  rows("gpd", positives, list(c(-0.4, -0.15), c(0.9, 0.3)),
       function(x, eta) 1 - gpd_base(x, eta)^(-1 / eta[2]),
       function(x, eta) gpd_base(x, eta)^(-1 / eta[2]), low = 0,
       high = function(eta) if (eta[2] < 0) -e(eta[1]) / eta[2] else Inf),
  rows("beta", units, list(c(0.2, 0.9), c(2, 2)), function(x, eta)
    pbeta(x, e(eta[1]), e(eta[2])), low = 0, high = 1),
  rows("betar", units, list(c(-0.4, -1.5), c(0.9, 0.2)), function(x, eta)
    pbeta(x, mean_beta(eta)[1], mean_beta(eta)[2]), low = 0, high = 1),
  rows("kumaraswamy", units, list(c(0.2, 0.9), c(2, 0.2)), function(x, eta)
    pbeta(x^e(eta[1]), 1, e(eta[2])), low = 0, high = 1),
  rows("truncated_normal", c(-0.8, 2.6), pairs, truncated(-1, 4), low = -1,
       high = 4),
  rows("truncated_below", c(0.31, 30), pairs, truncated(0, Inf), low = 0),
  rows("censored_normal", c(-1, 2.6, 4), pairs, censored(-1, 4), low = -1,
       high = 4),
  rows("tobit", c(0, 2.6), pairs, censored(0, Inf), low = 0),
  rows("tweedie", c(0, 0.7, 11), pairs, tweedie(1.5), low = 0),
  rows("tweedie_low", c(0, 0.7, 11), pairs, tweedie(1.2), low = 0),
  rows("zero_adjusted_gamma", c(0, 0.3, 20), list(c(-1, -0.3, -0.6), c(0.5, 1, 0.2)),
       function(x, eta) p(eta[1]) + p(-eta[1]) *
         pgamma(x, e(-2 * eta[3]), scale = e(eta[2] + 2 * eta[3])), low = 0),
  rows("zero_one_inflated_beta", c(0, 0.3, 1),
       list(c(-1, -0.7, -0.3, -0.6), c(0.5, -0.7, 1, -0.6)), function(x, eta) {
    w <- softmax(c(0, eta[1:2]))
    ab <- mean_beta(eta[3:4])
    w[2] + w[1] * pbeta(x, ab[1], ab[2]) + w[3] * (x >= 1)
  }, low = 0, high = 1),
  rows("inflated_normal", c(-2, 0, 1.5, 6), list(c(0.3, 0.7, -0.4, 0.2)),
       function(x, eta) {
    w <- softmax(c(0, eta[1:2]))
    w[1] * pnorm(x, eta[3], e(eta[4])) + w[2] * (x >= 0) + w[3] * (x >= 1.5)
  }, cuts = c(0, 1.5)),
  rows("mixture", reals, list(c(-1, 0.4, -1, 0.2, 0.3, 0.5, 1, -0.4),
                              c(0.5, 0.4, 9, -2, 0.3, 0.5, -30, 1.4)),
       function(x, eta) {
    w <- softmax(c(0, eta[1:2]))
    w[1] * pnorm(x, eta[3], e(eta[4])) + w[2] * plogis(x, eta[5], e(eta[6])) +
      w[3] * pnorm(x, eta[7], e(eta[8]))
  }, cuts = c(8, 9, 10, -40, -20)),
  rows("mixture_supports", reals, list(c(0.5, 0.4, -0.3, 0.5, 0.1)),
       function(x, eta) {
    w <- softmax(c(0, eta[1]))
    w[1] * pnorm(x, eta[2], e(eta[3])) + w[2] * pgamma(x, e(eta[4]), e(eta[5]))
  }, cuts = 0),
  rows("deterministic", c(-1, 2, 3.5), 2, function(x, eta) as.numeric(x >= eta),
       cuts = 2),
  counts("bernoulli", 0:1, c(-2.5, 0.9), function(k, eta)
    dbinom(k, 1, p(eta), log = TRUE), last = 1),
  counts("bernoulli_prob", 0:1, c(-2.5, 0.9), function(k, eta)
    dbinom(k, 1, p(eta), log = TRUE), last = 1),
  counts("poisson", numbers, c(-2.5, 3, 8), function(k, eta)
    dpois(k, e(eta), log = TRUE)),
  counts("poisson_lograte", numbers, 3, function(k, eta)
    dpois(k, e(eta), log = TRUE)),
  counts("geometric", numbers, c(-2.5, 0.9), function(k, eta)
    dgeom(k, p(eta), log = TRUE)),
  counts("negbinom", numbers, pairs, function(k, eta)
    dnbinom(k, size = e(eta[1]), prob = p(-eta[2]), log = TRUE)),
  counts("negbinom_ls", numbers, list(c(3, -1.5), c(-0.4, 8)), function(k, eta)
    dnbinom(k, size = e(eta[2]), mu = e(eta[1]), log = TRUE)),
  counts("zip", numbers, list(c(-0.4, 0.5), c(3, -2)), function(k, eta)
    inflated(k, p(eta[2]), dpois(k, e(eta[1]), log = TRUE))),
  counts("zinb", numbers, list(c(-0.4, 0.2, 0.5), c(3, 0.2, -2)),
         function(k, eta)
    inflated(k, p(eta[3]), dnbinom(k, size = e(eta[2]), mu = e(eta[1]),
                                   log = TRUE))),
  counts("generalized_poisson", numbers, list(c(-0.4, -2), c(2, 0.2)),
         function(k, eta) {
    rate <- e(eta[1]) + p(eta[2]) * k
    dpois(k, rate, log = TRUE) + eta[1] - log(rate)
  }),
  counts("zipf", c(1, 7), 1.7, function(k, eta)
    -(1 + e(eta)) * log(k) - log(zeta(1 + e(eta))), first = 1),
  counts("binomial", c(0, 3, 10), c(-2, 0.3), function(k, eta)
    dbinom(k, 10, p(eta), log = TRUE), last = 10),
  counts("beta_binomial", c(0, 3, 10), list(c(-1.5, -0.7), c(3, 0.9)),
         function(k, eta) lchoose(10, k) +
           lbeta(k + e(eta[1]), 10 - k + e(eta[2])) - lbeta(e(eta[1]), e(eta[2])),
         last = 10),
  counts("categorical", 1:3, list(c(-1.5, 0.9)), function(k, eta)
    log(softmax(c(0, eta))[k]), first = 1, last = 3),
  counts("ordered_logit", 1:4, list(c(0.4, -2, -0.5, 0.4)), ordered(plogis),
         first = 1, last = 4),
  counts("ordered_probit", 1:4, list(c(0.4, -2, -0.5, 0.4)), ordered(pnorm),
         first = 1, last = 4),
  counts("inflated_poisson", c(0, 3, 9), list(c(-1, -0.7, 1)), function(k, eta) {
    w <- softmax(c(0, eta[1:2]))
    log(w[1] * dpois(k, e(eta[3])) + w[2] * (k == 0) + w[3] * (k == 3))
  })
)

writeLines(c("# Script: tests/parity/crps.R",
             paste("#", R.version.string), paste("# Date:", Sys.Date()),
             "key,y,eta,score", lines),
           "java-engine/src/test/resources/family-crps.csv")
