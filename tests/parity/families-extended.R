# Reference log-densities of families with options, of vectors and of mixtures.
#
# Usage: Rscript tests/parity/families-extended.R
# Writes java-engine/src/test/resources/families-extended.csv: key, responses
# (one per column), linear predictors (predictor by predictor, column by
# column) and log-density; vectors are separated by spaces. And
# family-extended-distributions.csv: key, kind (cdf), response, linear
# predictors and value.

e <- exp
p <- plogis
digits <- function(x) sub("Inf", "Infinity", sprintf("%.17g", x))
text <- function(x) paste(digits(x), collapse = " ")

# f(y, eta) at every combination of the responses and predictors.
rows <- function(key, ys, etas, f) {
  unlist(lapply(ys, function(y) lapply(etas, function(eta) {
    value <- f(y, eta)
    stopifnot(length(value) == 1, !is.nan(value))
    paste(key, text(y), text(eta), digits(value), sep = ",")
  })))
}

# The same of distribution functions, with f(y, eta) vectorised in y.
cdfs <- function(key, ys, etas, f) {
  unlist(lapply(etas, function(eta)
    paste(key, "cdf", digits(ys), text(eta), digits(f(ys, eta)), sep = ",")))
}

grid <- function(...) {
  g <- expand.grid(...)
  lapply(seq_len(nrow(g)), function(i) unname(unlist(g[i, ])))
}
reals <- c(-7.3, -0.8, 0.31, 2.6)
classes <- list(c(0.3, -1, 2), c(-30, 30, 0), c(0, 0, 0))
two <- grid(c(-1.5, 0.4, 3), c(-0.7, 0.9))

softmax <- function(x) exp(x) / sum(exp(x))
ordered <- function(cdf) function(y, eta) {
  cut <- c(-Inf, cumsum(c(eta[2], e(eta[-(1:2)]))), Inf) - eta[1]
  log(cdf(cut[y + 1]) - cdf(cut[y]))
}
truncated <- function(y, eta, low, high) {
  mass <- pnorm(high, eta[1], e(eta[2])) - pnorm(low, eta[1], e(eta[2]))
  if (y < low || y > high) -Inf else
    dnorm(y, eta[1], e(eta[2]), log = TRUE) - log(mass)
}
censored <- function(y, eta, low, high) {
  s <- e(eta[2])
  if (y <= low) pnorm(low, eta[1], s, log.p = TRUE) else
    if (y >= high) pnorm(high, eta[1], s, lower.tail = FALSE, log.p = TRUE) else
      dnorm(y, eta[1], s, log = TRUE)
}
# A Poisson number of gammas.
tweedie <- function(y, eta, power) {
  mu <- e(eta[1])
  phi <- e(eta[2])
  rate <- mu^(2 - power) / (phi * (2 - power))
  shape <- (2 - power) / (power - 1)
  scale <- phi * (power - 1) * mu^(power - 1)
  n <- 1:2000
  if (y == 0) -rate else
    log(sum(dpois(n, rate) * dgamma(y, n * shape, scale = scale)))
}
# By the normal quantile of the distribution function.
sinh_arcsinh <- function(y, eta) {
  tail <- e(eta[4])
  factor <- 2 / sinh(asinh(2) * tail)
  w <- (y - eta[1]) / e(eta[2]) / factor
  z <- sinh(asinh(w) / tail - eta[3])
  slope <- cosh(asinh(w) / tail - eta[3]) / tail / sqrt(1 + w^2)
  dnorm(z, log = TRUE) + log(slope) - eta[2] - log(factor)
}
gamma_by_mean <- function(y, mu, sigma)
  dgamma(y, e(-2 * sigma), scale = e(mu + 2 * sigma))
beta_by_mean <- function(y, mu, sigma) {
  total <- (1 - p(sigma)^2) / p(sigma)^2
  dbeta(y, p(mu) * total, (1 - p(mu)) * total)
}
multivariate_normal <- function(y, eta) {
  d <- length(y)
  l <- diag(e(eta[d + 1:d]))
  l[upper.tri(l)] <- 0
  k <- 2 * d
  for (i in seq_len(d)[-1]) for (j in seq_len(i - 1)) {
    k <- k + 1
    l[i, j] <- eta[k]
  }
  v <- l %*% t(l)
  r <- y - eta[1:d]
  drop(-0.5 * (r %*% solve(v, r)) - 0.5 * log(det(2 * pi * v)))
}
one_hot <- function(k) as.numeric(seq_len(3) == k)
dirichlet_multinomial <- function(y, eta) {
  a <- e(eta)
  lgamma(sum(a)) - lgamma(sum(a + y)) + sum(lgamma(a + y) - lgamma(a)) +
    lfactorial(sum(y)) - sum(lfactorial(y))
}
# Fourier series of the distribution function.
von_mises <- function(y, eta) {
  k <- e(eta[2])
  t <- (y - eta[1] + pi) %% (2 * pi) - pi
  j <- seq_len(ceiling(20 + 9 * sqrt(k)))
  ratio <- vapply(j, function(j) besselI(k, j, TRUE) / besselI(k, 0, TRUE), 0)
  vapply(t, function(t)
    0.5 + t / (2 * pi) + sum(ratio * sin(j * t) / j) / pi, 0)
}
# Log survival functions; log densities are those of families.R.
survival <- list(
  normal = function(y, a, b) pnorm(y, a, e(b), FALSE, TRUE),
  logistic = function(y, a, b) plogis(y, a, e(b), FALSE, TRUE),
  laplace = function(y, a, b) {
    z <- (y - a) / e(b)
    if (z > 0) log(0.5) - z else log1p(-0.5 * e(z))
  },
  gumbel = function(y, a, b) pexp(e((a - y) / e(b)), log.p = TRUE),
  cauchy = function(y, a, b) pcauchy(y, a, e(b), FALSE, TRUE),
  log_normal = function(y, a, b) plnorm(y, a, e(b), FALSE, TRUE),
  weibull = function(y, a, b) pweibull(y, e(a), e(b), FALSE, TRUE),
  exponential = function(y, a) pexp(y, e(a), FALSE, TRUE),
  half_normal = function(y, a) log(2) + pnorm(y, 0, e(a), FALSE, TRUE),
  pareto_ls = function(y, a, b) pexp(log1p(y / e(a)), e(-b), FALSE, TRUE),
  kumaraswamy = function(y, a, b)
    pbeta(y^e(a), 1, e(b), lower.tail = FALSE, log.p = TRUE)
)
densities <- list(
  normal = function(y, a, b) dnorm(y, a, e(b), TRUE),
  logistic = function(y, a, b) dlogis(y, a, e(b), TRUE),
  laplace = function(y, a, b) dexp(abs(y - a), e(-b), TRUE) - log(2),
  gumbel = function(y, a, b)
    dexp(e((a - y) / e(b)), log = TRUE) + (a - y) / e(b) - b,
  cauchy = function(y, a, b) dcauchy(y, a, e(b), TRUE),
  log_normal = function(y, a, b) dlnorm(y, a, e(b), TRUE),
  weibull = function(y, a, b) dweibull(y, e(a), e(b), TRUE),
  exponential = function(y, a) dexp(y, e(a), TRUE),
  half_normal = function(y, a) log(2) + dnorm(y, 0, e(a), TRUE),
  pareto_ls = function(y, a, b)
    dexp(log1p(y / e(a)), e(-b), TRUE) - log(y + e(a)),
  kumaraswamy = function(y, a, b)
    dbeta(y^e(a), 1, e(b), log = TRUE) + a + (e(a) - 1) * log(y)
)
censored_rows <- function(family) {
  ys <- if (family == "kumaraswamy") c(0.004, 0.6, 0.99) else c(0.02, 0.9, 40)
  etas <- if (length(formals(survival[[family]])) == 2) c(-1.5, 0.9) else
    grid(c(-1.5, 0.4, 1.2), c(-0.7, 0.9))
  f <- function(y, eta) {
    do.call((if (y[2] == 1) densities else survival)[[family]],
            as.list(c(y[1], eta)))
  }
  rows(paste0("censored(", family, ")"), c(lapply(ys, c, 0), list(c(ys[2], 1))),
       etas, f)
}
direction <- function(angle) c(cos(angle), sin(angle))
sphere <- function(a, b) c(cos(a) * cos(b), sin(a) * cos(b), sin(b))

lines <- c(
  rows("quantile", reals, c(-0.7, 1), function(y, eta)
    -(y - eta) * (0.9 - (y < eta))),
  rows("expectile", reals, c(-0.7, 1), function(y, eta)
    -(y - eta)^2 * abs(0.9 - (y < eta))),
  rows("deterministic", 2, 2, function(y, eta) 0),
  rows("binomial", c(0, 3, 10), c(-30, -2, 0.3, 30), function(y, eta)
    lchoose(10, y) +
      y * plogis(eta, log.p = TRUE) + (10 - y) * plogis(-eta, log.p = TRUE)),
  rows("binomial_columns", list(c(0, 4), c(3, 2), c(7, 0)), c(-2, 0.3),
    function(y, eta) dbinom(y[1], sum(y), p(eta), log = TRUE)),
  rows("beta_binomial", c(0, 3, 10), two, function(y, eta)
    lchoose(10, y) + lbeta(y + e(eta[1]), 10 - y + e(eta[2])) -
      lbeta(e(eta[1]), e(eta[2]))),
  rows("categorical", 1:3, two, function(y, eta)
    log(softmax(c(0, eta))[y])),
  rows("ordered_logit", 1:4, grid(c(-1.5, 0.4), c(-2, 0.2), -0.5, 0.4),
    ordered(plogis)),
  rows("ordered_probit", 1:4, grid(c(-1.5, 0.4), c(-2, 0.2), -0.5, 0.4),
    ordered(pnorm)),
  rows("truncated_normal", c(-0.8, 0.31, 2.6), two, function(y, eta)
    truncated(y, eta, -1, 4)),
  rows("truncated_below", c(0.31, 2.6), two, function(y, eta)
    truncated(y, eta, 0, Inf)),
  rows("censored_normal", c(-1, -0.8, 0.31, 2.6, 4), two, function(y, eta)
    censored(y, eta, -1, 4)),
  rows("tobit", c(0, 0.31, 2.6), two, function(y, eta)
    censored(y, eta, 0, Inf)),
  rows("tweedie", c(0, 0.02, 0.7, 4, 11), two, function(y, eta)
    tweedie(y, eta, 1.5)),
  rows("tweedie_low", c(0, 0.02, 0.7, 4), two, function(y, eta)
    tweedie(y, eta, 1.2)),
  rows("von_mises", c(-3, -0.4, 1, 3.1), grid(c(-0.5, 1), c(-9, -1, 0.8, 3, 7)),
    function(y, eta) {
      k <- e(eta[2])
      k * (cos(y - eta[1]) - 1) -
        log(2 * pi * besselI(k, 0, expon.scaled = TRUE))
    }),
  rows("sinh_arcsinh", reals, grid(c(-1, 0.5), 0.3, c(-0.4, 0, 0.6),
                                   c(-0.3, 0, 0.4)), sinh_arcsinh),
  rows("zero_adjusted_gamma", c(0, 0.3, 2),
       grid(c(-1, 0.5), c(-0.3, 1), c(-0.6, 0.2)), function(y, eta)
    if (y == 0) log(p(eta[1])) else
      log(p(-eta[1]) * gamma_by_mean(y, eta[2], eta[3]))),
  rows("zero_one_inflated_beta", c(0, 0.3, 0.8, 1),
       grid(c(-1, 0.5), -0.7, c(-0.3, 1), -0.6), function(y, eta) {
    w <- softmax(c(0, eta[1:2]))
    if (y == 0) log(w[2]) else if (y == 1) log(w[3]) else
      log(w[1] * beta_by_mean(y, eta[3], eta[4]))
  }),
  rows("inflated_poisson", c(0, 2, 3, 5), grid(c(-1, 0.5), -0.7, c(-0.3, 1)),
    function(y, eta) {
      w <- softmax(c(0, eta[1:2]))
      log(w[1] * dpois(y, e(eta[3])) + w[2] * (y == 0) + w[3] * (y == 3))
    }),
  rows("mixture", reals, grid(c(-1, 0.5), 0.4, c(-1, 1), 0.2, 0.3, 0.5, 1, -0.4),
    function(y, eta) {
      w <- softmax(c(0, eta[1:2]))
      log(w[1] * dnorm(y, eta[3], e(eta[4])) + w[2] * dlogis(y, eta[5], e(eta[6])) +
            w[3] * dnorm(y, eta[7], e(eta[8])))
    }),
  rows("mixture_supports", c(-1, 0.7, 3), grid(c(-1, 0.5), 0.4, -0.3, 0.5, 0.1),
    function(y, eta) {
      w <- softmax(c(0, eta[1]))
      log(w[1] * dnorm(y, eta[2], e(eta[3])) +
            w[2] * dgamma(y, e(eta[4]), e(eta[5])))
    }),
  rows("multivariate_normal", list(c(0.2, -1), c(3, 2)),
       grid(c(-1, 0.5), 0.4, -0.3, 0.5, c(-0.8, 1.1)), multivariate_normal),
  rows("multivariate_normal_3", list(c(0.2, -1, 2), c(3, 2, 0)),
       grid(c(-1, 0.5), 0.4, 0.1, -0.3, 0.5, 0.2, c(-0.8, 1.1), 0.6, -0.4),
       multivariate_normal),
  rows("dirichlet", list(c(0.2, 0.5, 0.3), c(0.01, 0.09, 0.9)),
       grid(c(-1, 2), 0.5, c(0, 3)), function(y, eta)
    sum((e(eta) - 1) * log(y)) + lgamma(sum(e(eta))) - sum(lgamma(e(eta)))),
  rows("dirichlet_multinomial", list(c(0, 3, 2), c(7, 1, 0)),
       grid(c(-1, 2), 0.5, c(0, 3)), dirichlet_multinomial),
  rows("dirichlet_multinomial_5", list(c(0, 3, 2), c(4, 1, 0)),
       grid(c(-1, 2), 0.5, c(0, 3)), dirichlet_multinomial),
  rows("multinomial", lapply(1:3, one_hot), classes, function(y, eta)
    sum(y * (eta - max(eta) - log(sum(e(eta - max(eta))))))),
  rows("multinoulli", lapply(1:3, one_hot), classes, function(y, eta)
    sum(y * (eta - max(eta) - log(sum(e(eta - max(eta))))))),
  rows("inflated_normal", c(-0.8, 0, 1.5, 2.6), grid(c(-1, 0.5), -0.7, 0.3, -0.2),
       function(y, eta) {
    w <- softmax(c(0, eta[1:2]))
    if (y == 0) log(w[2]) else if (y == 1.5) log(w[3]) else
      log(w[1]) + dnorm(y, eta[3], e(eta[4]), log = TRUE)
  }),
  rows("von_mises_fisher", lapply(c(-2, 0.3, 1), direction),
       grid(c(-1, 0.01, 6), c(0.4, 12)), function(y, eta) {
    k <- sqrt(sum(eta^2))
    sum(y * eta) - k - log(2 * pi * besselI(k, 0, expon.scaled = TRUE))
  }),
  rows("von_mises_fisher_3", list(sphere(0.3, 1), sphere(2, -0.4)),
       grid(c(-1, 0.01, 6), c(0.02, 12), 0.03), function(y, eta) {
    k <- sqrt(sum(eta^2))
    sum(y * eta) + log(k / (4 * pi * sinh(k)))
  }),
  rows("custom", reals, two, function(y, eta)
    dlogis(y, eta[1], e(eta[2]), log = TRUE)),
  rows("composed", reals, two, function(y, eta)
    dt((y - eta[1]) / e(eta[2]), 4, log = TRUE) - eta[2]),
  unlist(lapply(names(survival), censored_rows))
)

distributions <- c(
  cdfs("von_mises", c(-3, -0.4, 1, 3.1), grid(c(-0.5, 1), c(-9, -1, 0.8, 3, 5)),
       von_mises),
  cdfs("binomial", c(0, 3, 9, 10), c(-2, 0.3), function(y, eta)
    pbinom(y, 10, p(eta))),
  cdfs("beta_binomial", c(0, 3, 9), two, function(y, eta)
    extraDistr::pbbinom(y, 10, e(eta[1]), e(eta[2]))),
  cdfs("categorical", 1:3, two, function(y, eta)
    cumsum(softmax(c(0, eta)))[y]),
  cdfs("truncated_normal", c(-0.8, 0.31, 2.6), two, function(y, eta)
    extraDistr::ptnorm(y, eta[1], e(eta[2]), -1, 4)),
  cdfs("censored_normal", c(-2, -1, 0.31, 4, 5), two, function(y, eta)
    ifelse(y < -1, 0, ifelse(y >= 4, 1, pnorm(y, eta[1], e(eta[2]))))),
  cdfs("tobit", c(-1, 0, 2.6), two, function(y, eta)
    ifelse(y < 0, 0, pnorm(y, eta[1], e(eta[2])))),
  cdfs("tweedie", c(0, 0.02, 0.7, 11), two, function(y, eta) {
    rate <- 2 * e(eta[1] / 2 - eta[2])
    scale <- e(eta[2] + eta[1] / 2) / 2
    n <- 1:400
    exp(-rate) + vapply(y, function(y) sum(dpois(n, rate) *
                                             pgamma(y, n, scale = scale)), 0)
  }),
  cdfs("zero_adjusted_gamma", c(0, 0.3, 2), grid(c(-1, 0.5), 1, 0.2),
       function(y, eta) p(eta[1]) + p(-eta[1]) *
         pgamma(y, e(-2 * eta[3]), scale = e(eta[2] + 2 * eta[3]))),
  cdfs("mixture", reals, grid(c(-1, 0.5), 0.4, -1, 0.2, 0.3, 0.5, 1, -0.4),
       function(y, eta) {
    w <- softmax(c(0, eta[1:2]))
    w[1] * pnorm(y, eta[3], e(eta[4])) + w[2] * plogis(y, eta[5], e(eta[6])) +
      w[3] * pnorm(y, eta[7], e(eta[8]))
  }),
  cdfs("custom", reals, two, function(y, eta) plogis(y, eta[1], e(eta[2]))),
  cdfs("composed", reals, two, function(y, eta) pt((y - eta[1]) / e(eta[2]), 4))
)

write_csv <- function(name, columns, lines)
  writeLines(c("# Script: tests/parity/families-extended.R",
               paste("#", R.version.string), paste("# Date:", Sys.Date()),
               columns, lines),
             file.path("java-engine/src/test/resources", name))

write_csv("families-extended.csv", "key,y,eta,log_density", lines)
write_csv("family-extended-distributions.csv", "key,kind,x,eta,value",
          distributions)
