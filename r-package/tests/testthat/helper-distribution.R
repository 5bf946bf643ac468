# Distributions of three rows beside R's own functions: `d`, `p`, `q` of the
# same parameters, `mean` and `sd`, and `y`, three responses.

distribution_case <- function(distribution, name, ..., mean, sd, y) {
  arguments <- list(...)
  of <- function(prefix) {
    f <- get(paste0(prefix, name), asNamespace("stats"))
    function(x, ...) do.call(f, c(list(x), arguments, list(...)))
  }
  list(
    distribution = distribution, d = of("d"), p = of("p"), q = of("q"),
    mean = mean, sd = sd, y = y
  )
}

distribution_cases <- function() {
  a <- c(0.5, 1.3, 4)
  b <- c(2, 0.7, 1.1)
  p <- c(0.2, 0.5, 0.9)
  list(
    normal = distribution_case(tfd_normal(a, b), "norm", a, b,
      mean = a, sd = b, y = c(-1, 1, 6)
    ),
    gamma = distribution_case(tfd_gamma(a, b), "gamma", a, b,
      mean = a / b, sd = sqrt(a) / b, y = c(0.1, 1, 6)
    ),
    beta = distribution_case(tfd_beta(a, b), "beta", a, b,
      mean = a / (a + b), sd = sqrt(a * b / (a + b + 1)) / (a + b),
      y = c(0.1, 0.5, 0.9)
    ),
    exponential = distribution_case(tfd_exponential(b), "exp", b,
      mean = 1 / b, sd = 1 / b, y = c(0.1, 1, 6)
    ),
    log_normal = distribution_case(tfd_log_normal(a, b), "lnorm", a, b,
      mean = exp(a + b^2 / 2),
      sd = exp(a + b^2 / 2) * sqrt(exp(b^2) - 1), y = c(0.1, 1, 6)
    ),
    logistic = distribution_case(tfd_logistic(a, b), "logis", a, b,
      mean = a, sd = b * pi / sqrt(3), y = c(-1, 1, 6)
    ),
    weibull = distribution_case(tfd_weibull(a, b), "weibull", a, b,
      mean = b * gamma(1 + 1 / a),
      sd = b * sqrt(gamma(1 + 2 / a) - gamma(1 + 1 / a)^2), y = c(0.1, 1, 2)
    ),
    uniform = distribution_case(tfd_uniform(-a, b), "unif", -a, b,
      mean = (b - a) / 2, sd = (a + b) / sqrt(12), y = c(-0.1, 0.2, 5)
    ),
    student_t = distribution_case(tfd_student_t(3 + a), "t", 3 + a,
      mean = c(0, 0, 0), sd = sqrt((3 + a) / (1 + a)), y = c(-1, 0, 2)
    ),
    poisson = distribution_case(tfd_poisson(a), "pois", a,
      mean = a, sd = sqrt(a), y = c(0, 2, 4)
    ),
    lograte = distribution_case(tfd_poisson(log_rate = log(a)), "pois", a,
      mean = a, sd = sqrt(a), y = c(0, 2, 4)
    ),
    bernoulli = distribution_case(
      tfd_bernoulli(logits = qlogis(p)), "binom", 1, p,
      mean = p, sd = sqrt(p * (1 - p)), y = c(0, 1, 1)
    ),
    probs = distribution_case(tfd_bernoulli(probs = p), "binom", 1, p,
      mean = p, sd = sqrt(p * (1 - p)), y = c(0, 1, 1)
    ),
    binomial = distribution_case(
      tfd_binomial(qlogis(p), trials = 7), "binom", 7, p,
      mean = 7 * p, sd = sqrt(7 * p * (1 - p)), y = c(0, 3, 7)
    ),
    negative_binomial = distribution_case(
      tfd_negative_binomial(a, p), "nbinom", a, 1 - p,
      mean = a * p / (1 - p), sd = sqrt(a * p) / (1 - p), y = c(0, 1, 12)
    ),
    geometric = distribution_case(tfd_geometric(p), "geom", p,
      mean = (1 - p) / p, sd = sqrt(1 - p) / p, y = c(0, 3, 1)
    )
  )
}
