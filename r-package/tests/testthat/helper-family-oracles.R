# Every response distribution of the engine beside functions that know nothing
# of it: a row per family of family_oracles(). Numbers are compared in
# test-family-contract.R.
#
# theta  settings of the parameters by name and in order, a data frame, or a
#        list of lists where a parameter has several columns
# d      log density of (y, parameters by position): R's own function where
#        there is one; y is a vector of responses or, for vectors, one of them
# p, q   distribution function and quantile, likewise
# mean, sd   of (parameters); NULL: by quadrature over d
# y      responses besides quantiles by q
# range  ends of the support, or a function of the parameters
# points values that have probability beside a density
# nodes  for vectors: a function of the parameters that gives `y`, one response
#        per row, and weights `w`, which integrate over the support
# lacks  what the contract asks and the family has not, and why
# rough  an R function that is worse than d, and `rough_by`, its error

oracle <- function(theta, d, p = NULL, q = NULL, mean = NULL, sd = NULL,
                   y = NULL, range = c(-Inf, Inf), points = NULL,
                   discrete = FALSE, criterion = FALSE, nodes = NULL,
                   spec = NULL, columns = 1L, centre = NULL, spread = NULL,
                   lacks = character(), rough = NULL, rough_by = NULL) {
  row <- as.list(environment())
  if (is.data.frame(theta)) {
    row$theta <- lapply(seq_len(nrow(theta)), function(i) as.list(theta[i, ,
      drop = FALSE
    ]))
  }
  row
}

# f(y, theta) with the parameters by position.
at_theta <- function(f, y, theta) do.call(f, c(list(y), unname(theta)))

of_theta <- function(f, theta) {
  if (is.function(f)) do.call(f, unname(theta)) else f
}

at <- function(...) data.frame(...)
logged <- function(f) function(...) f(..., log = TRUE)
# VGAM warns where a quantile is asked for that no starting value brackets.
quiet <- function(f) function(...) suppressWarnings(f(...))
undefined <- function(...) NaN
first <- function(...) ..1
second <- function(...) ..2

positive <- c(0, Inf)
unit <- c(0, 1)
counted <- function(...) oracle(..., discrete = TRUE)


# ---- the table ---------------------------------------------------------------

family_oracles <- function() {
  c(
    oracles_real(), oracles_positive(), oracles_unit(), oracles_count(),
    oracles_limited(), oracles_class(), oracles_vector(), oracles_mixed(),
    oracles_criterion()
  )
}

# Functions of R base unless their package is said.
oracles_real <- function() {
  wide <- at(loc = c(0.3, -5, 1000), scale = c(2, 1e-3, 50))
  list(
    normal = oracle(wide, logged(dnorm), pnorm, qnorm),
    cauchy = oracle(wide, logged(dcauchy), pcauchy, qcauchy,
      mean = undefined, sd = undefined
    ),
    horseshoe = oracle(at(scale = c(0.4, 3, 0.01)),
      function(y, s) log(over_angles(dnorm)(y, s) / s),
      y = c(-7.3, -0.8, 0.31, 2.6, 14), mean = undefined, sd = undefined,
      centre = 0, spread = first,
      lacks = c(cdf = "no closed form", quantile = "no cdf",
        mode = "infinite at zero")
    ),
    gumbel = oracle(wide, logged(evd::dgumbel), evd::pgumbel, evd::qgumbel),
    laplace = oracle(wide, logged(extraDistr::dlaplace), extraDistr::plaplace,
      extraDistr::qlaplace
    ),
    logistic = oracle(wide, logged(dlogis), plogis, qlogis),
    skew_normal = oracle(
      at(loc = c(0.3, -5, 10, 1), scale = c(2, 0.01, 50, 1),
        skewness = c(3, 0, -8, 30)),
      function(y, a, b, c) {
        z <- (y - a) / b
        log(2) + dnorm(z, log = TRUE) + pnorm(c * z, log.p = TRUE) - log(b)
      },
      sn::psn, inverse(sn::psn, function(a, b, c) a + c(-40, 40) * b),
      mean = function(...) sn::dp2cp(c(...), "SN")[[1]],
      sd = function(...) sn::dp2cp(c(...), "SN")[[2]], centre = first,
      rough = logged(sn::dsn), rough_by = 1e-10
    ),
    uniform = oracle(at(low = c(-2, 1e6, 0), high = c(3, 1e6 + 1, 1e-5)),
      logged(dunif), punif, qunif, range = c, y = c(-2.5, 3.5),
      mean = function(a, b) (a + b) / 2, sd = function(a, b) (b - a) / sqrt(12)
    ),
    mse = oracle(at(mean = c(-3, 0.2, 1e4)), function(y, m) dnorm(y, m, 1, TRUE),
      function(y, m) pnorm(y, m), function(p, m) qnorm(p, m)
    ),
    student_t = oracle(at(df = c(7, 0.4, 2.5, 1e6, exp(30), exp(60))), logged(dt), pt, qt,
      mean = function(v) if (v > 1) 0 else NaN,
      sd = function(v) if (v > 2) sqrt(v / (v - 2)) else Inf
    ),
    student_t_ls = oracle(
      at(df = c(6, 0.7, 1.5, 1e4, exp(60)), loc = c(2, -3, 10, 0, 1),
        scale = c(3, 0.1, 5, 1, 2)),
      logged(extraDistr::dlst), extraDistr::plst, extraDistr::qlst,
      mean = function(v, m, s) if (v > 1) m else NaN,
      sd = function(v, m, s) if (v > 2) s * sqrt(v / (v - 2)) else Inf
    ),
    gev = oracle(
      at(loc = c(1, -3, 0, 2, 0.5), scale = c(2, 0.1, 5, 1, 1),
        shape = c(0.1, 0, -0.4, 1e-9, 1.2)),
      gev, function(y, a, b, x) exp(-exp(-gev_depth((y - a) / b, x))),
      function(p, a, b, x) a + b * gev_rise(-log(-log(p)), x),
      range = function(a, b, x) {
        c(if (x > 1e-6) a - b / x else -Inf, if (x < 0) a - b / x else Inf)
      },
      mean = gev_mean, sd = gev_sd, rough = logged(evd::dgev), rough_by = 1e-6
    ),
    gpd = oracle(
      at(scale = c(2, 0.1, 5, 1, 1), shape = c(0.1, 0, -0.4, 1e-9, 1.2)),
      function(y, b, x) -(1 + x) * gev_depth(y / b, x) - log(b),
      function(y, b, x) -expm1(-gev_depth(y / b, x)),
      function(p, b, x) b * gev_rise(-log1p(-p), x),
      range = function(b, x) c(0, if (x < 0) -b / x else Inf),
      mean = function(b, x) if (x < 1) b / (1 - x) else Inf,
      sd = function(b, x) if (x < 0.5) b / (1 - x) / sqrt(1 - 2 * x) else Inf,
      rough = function(y, ...) evd::dgpd(y, 0, ..., log = TRUE), rough_by = 1e-6
    ),
    sinh_arcsinh = oracle(
      at(loc = c(0.3, -5), scale = c(2, 0.01), skewness = c(0.4, -0.7),
        tailweight = c(0.8, 1.3)),
      sinh_arcsinh, function(...) pnorm(sinh(sinh_z(...))), sinh_quantile
    ),
    von_mises = oracle(
      at(loc = c(0.4, -2), concentration = c(3, 0.02)), von_mises,
      von_mises_cdf, y = c(-3, -0.4, 1, 3.1), range = function(m, k) m + c(-pi, pi),
      centre = first, mean = first, sd = function(m, k) {
        sqrt(-2 * log(besselI(k, 1, TRUE) / besselI(k, 0, TRUE)))
      },
      rough = circular_density, rough_by = 1e-10
    )
  )
}

oracles_positive <- function() {
  list(
    log_normal = oracle(at(loc = c(0.3, -2, 4), scale = c(0.7, 0.01, 1.5)),
      logged(dlnorm), plnorm, qlnorm, range = positive
    ),
    gamma = oracle(at(concentration = c(2, 0.3, 500), rate = c(3, 0.01, 40)),
      logged(dgamma), pgamma, qgamma, range = positive
    ),
    gammar = oracle(at(mu = c(2, 0.3, 500), sigma = c(0.7, 1.8, 0.02)),
      gamma_by_mean(logged(dgamma)), gamma_by_mean(pgamma),
      gamma_by_mean(qgamma), range = positive, mean = first,
      sd = function(m, s) m * s
    ),
    exponential = oracle(at(rate = c(2, 1e-3, 50)), logged(dexp), pexp, qexp,
      range = positive
    ),
    weibull = oracle(at(concentration = c(1.5, 0.4, 20), scale = c(2, 0.1, 300)),
      finite_far_out(logged(dweibull)), pweibull, qweibull, range = positive,
      mean = function(k, s) s * gamma(1 + 1 / k), sd = function(k, s) {
        s * sqrt(gamma(1 + 2 / k) - gamma(1 + 1 / k)^2)
      }
    ),
    chi2 = oracle(at(df = c(3, 0.6, 200)), logged(dchisq), pchisq, qchisq,
      range = positive
    ),
    chi = oracle(at(df = c(3, 0.6, 200)),
      function(y, v) dchisq(y^2, v, log = TRUE) + log(2 * y),
      function(y, v) pchisq(y^2, v), function(p, v) sqrt(qchisq(p, v)),
      range = positive,
      mean = function(v) sqrt(2) * exp(lgamma((v + 1) / 2) - lgamma(v / 2)),
      sd = function(v) {
        sqrt(v - 2 * exp(2 * (lgamma((v + 1) / 2) - lgamma(v / 2))))
      }
    ),
    half_normal = oracle(at(scale = c(2, 1e-3, 500)),
      logged(extraDistr::dhnorm), extraDistr::phnorm, extraDistr::qhnorm,
      range = positive
    ),
    half_cauchy = oracle(at(loc = c(0.3, -5), scale = c(2, 0.01)),
      function(y, a, b) extraDistr::dhcauchy(y - a, b, TRUE),
      function(y, a, b) extraDistr::phcauchy(y - a, b),
      function(p, a, b) a + extraDistr::qhcauchy(p, b),
      y = -6, range = function(a, b) c(a, Inf), mean = Inf, sd = Inf
    ),
    inverse_gamma = oracle(at(concentration = c(5, 0.4, 1.5), scale = c(3, 0.1, 50)),
      logged(extraDistr::dinvgamma), extraDistr::pinvgamma,
      extraDistr::qinvgamma, range = positive,
      mean = function(a, b) if (a > 1) b / (a - 1) else Inf,
      sd = function(a, b) if (a > 2) b / (a - 1) / sqrt(a - 2) else Inf
    ),
    inverse_gamma_ls = oracle(at(mode = c(3, 0.1), concentration = c(6, 0.8)),
      inverse_gamma_by_mode(logged(extraDistr::dinvgamma)),
      inverse_gamma_by_mode(extraDistr::pinvgamma),
      inverse_gamma_by_mode(extraDistr::qinvgamma), range = positive,
      mean = function(m, a) if (a > 1) m * (a + 1) / (a - 1) else Inf,
      sd = function(m, a) {
        if (a > 2) m * (a + 1) / (a - 1) / sqrt(a - 2) else Inf
      }
    ),
    gamma_gamma = oracle(
      at(concentration = c(2, 0.5, 40), mixing_concentration = c(6, 0.7, 9),
        mixing_rate = c(3, 0.1, 500)),
      logged(extraDistr::dbetapr), extraDistr::pbetapr, extraDistr::qbetapr,
      range = positive,
      mean = function(c, a, b) if (a > 1) c * b / (a - 1) else Inf,
      sd = function(c, a, b) {
        if (a > 2) b / (a - 1) * sqrt(c * (c + a - 1) / (a - 2)) else Inf
      }
    ),
    inverse_gaussian = oracle(at(loc = c(2, 0.1, 40), concentration = c(3, 5, 0.5)),
      logged(statmod::dinvgauss), statmod::pinvgauss,
      # statmod::qinvgauss() fails for levels below 1e-8.
      inverse(statmod::pinvgauss, function(m, l) c(1e-9, 1e4) * m),
      range = positive, mean = first, sd = function(m, l) m * sqrt(m / l)
    ),
    pareto = oracle(at(concentration = c(6, 0.5, 1.5), scale = c(2, 0.1, 50)),
      logged(extraDistr::dpareto), extraDistr::ppareto, extraDistr::qpareto,
      y = 0.05, range = function(a, b) c(b, Inf),
      mean = function(a, b) if (a > 1) a * b / (a - 1) else Inf,
      sd = function(a, b) {
        if (a > 2) b / (a - 1) * sqrt(a / (a - 2)) else Inf
      }
    ),
    pareto_ls = oracle(at(scale = c(2, 0.1, 50), concentration = c(6, 0.5, 1.5)),
      function(y, b, a) extraDistr::dlomax(y, 1 / b, a, TRUE),
      function(y, b, a) extraDistr::plomax(y, 1 / b, a),
      function(p, b, a) extraDistr::qlomax(p, 1 / b, a), range = positive,
      mean = function(b, a) if (a > 1) b / (a - 1) else Inf,
      sd = function(b, a) {
        if (a > 2) b / (a - 1) * sqrt(a / (a - 2)) else Inf
      }
    ),
    tweedie = oracle(at(mu = c(2, 0.3, 20), dispersion = c(1, 3, 0.5)),
      tweedie(1.5), tweedie_cdf(1.5), y = c(0, 0.02, 0.7, 4, 30), range = positive, points = 0,
      centre = first, spread = first
    ),
    "tweedie, power 1.2" = oracle(at(mu = c(2, 0.3), dispersion = c(1, 3)),
      tweedie(1.2), tweedie_cdf(1.2), y = c(0, 0.02, 0.7, 4, 11), range = positive, points = 0,
      centre = first, spread = first,
      spec = list(name = "tweedie", power = 1.2)
    )
  )
}

oracles_unit <- function() {
  shapes <- at(concentration1 = c(2, 0.5, 30), concentration0 = c(3, 0.7, 400))
  list(
    beta = oracle(shapes, logged(dbeta), pbeta, qbeta, range = unit),
    betar = oracle(at(mu = c(0.3, 0.7, 0.5), sigma = c(0.4, 0.5, 0.01)),
      beta_by_mean(logged(dbeta)), beta_by_mean(pbeta), beta_by_mean(qbeta),
      range = unit, mean = first, sd = function(m, s) s * sqrt(m * (1 - m))
    ),
    kumaraswamy = oracle(shapes, function(y, a, b) {
      log(a * b) + (a - 1) * log(y) + (b - 1) * log(-expm1(a * log(y)))
    }, extraDistr::pkumar, extraDistr::qkumar, range = unit,
      rough = logged(extraDistr::dkumar), rough_by = 1e-7
    )
  )
}

oracles_count <- function() {
  logits <- c(-0.7, 2, -30, 30)
  whole <- c(0, Inf)
  list(
    bernoulli = counted(at(logits = logits),
      function(y, l) plogis((2 * y - 1) * l, log.p = TRUE),
      function(y, l) ifelse(y < 1, plogis(-l), 1),
      function(p, l) as.numeric(p > plogis(-l)), y = 0:1, range = unit
    ),
    bernoulli_prob = counted(at(probs = c(0.3, 0.99, 0.001)),
      function(y, p) dbinom(y, 1, p, TRUE), function(y, p) pbinom(y, 1, p),
      function(u, p) qbinom(u, 1, p), y = 0:1, range = unit
    ),
    poisson = counted(at(rate = c(7, 0.2, 1e4)), logged(dpois), ppois, qpois,
      y = 0:2, range = whole
    ),
    poisson_lograte = counted(at(log_rate = c(1, -3, 9)),
      function(y, l) dpois(y, exp(l), TRUE), function(y, l) ppois(y, exp(l)),
      function(p, l) qpois(p, exp(l)), y = 0:2, range = whole
    ),
    geometric = counted(at(probs = c(0.4, 0.02, 0.97)), logged(dgeom), pgeom,
      qgeom, y = 0:2, range = whole
    ),
    negbinom = counted(at(total_count = c(8, 0.3, 200), probs = c(0.2, 0.9, 0.5)),
      function(y, r, p) dnbinom(y, r, 1 - p, log = TRUE),
      function(y, r, p) pnbinom(y, r, 1 - p),
      function(u, r, p) qnbinom(u, r, 1 - p), y = 0:2, range = whole
    ),
    negbinom_ls = counted(at(mu = c(3, 0.1, 50, 20), r = c(2, 0.4, 1e8, 1e20)),
      negbinom_by_mean,
      function(y, m, r) pnbinom(y, r, mu = m),
      function(p, m, r) qnbinom(p, r, mu = m), y = 0:2, range = whole,
      rough = function(y, m, r) dnbinom(y, r, mu = m, log = TRUE), rough_by = 1e-8
    ),
    zip = counted(at(lambda = c(3, 0.1, 50), prob = c(0.6, 0.05, 0.999)),
      function(y, l, p) extraDistr::dzip(y, l, 1 - p, TRUE),
      function(y, l, p) extraDistr::pzip(y, l, 1 - p),
      function(u, l, p) extraDistr::qzip(u, l, 1 - p), y = 0:2, range = whole
    ),
    zinb = counted(
      at(mu = c(3, 0.1, 50), r = c(2, 0.4, 20), prob = c(0.6, 0.05, 0.999)),
      function(y, m, r, p) {
        VGAM::dzinegbin(y, r, munb = m, pstr0 = 1 - p, log = TRUE)
      },
      function(y, m, r, p) VGAM::pzinegbin(y, r, munb = m, pstr0 = 1 - p),
      function(u, m, r, p) VGAM::qzinegbin(u, r, munb = m, pstr0 = 1 - p),
      y = 0:2, range = whole
    ),
    generalized_poisson = counted(at(rate = c(2, 0.1, 30), dispersion = c(0.3, 0.7, 0.01)),
      logged(VGAM::dgenpois0), quiet(VGAM::pgenpois0), quiet(VGAM::qgenpois0),
      y = 0:2, range = whole, mean = function(t, l) t / (1 - l),
      sd = function(t, l) sqrt(t / (1 - l)^3)
    ),
    zipf = counted(at(power_above_one = c(4, 1.5, 0.6)),
      logged(VGAM::dzeta), quiet(VGAM::pzeta), quiet(VGAM::qzeta),
      y = c(1, 2, 5, 40, 5.9e9),
      range = c(1, 5000), mean = function(e) {
        if (e > 1) VGAM::zeta(e) / VGAM::zeta(e + 1) else Inf
      }, sd = function(e) {
        z <- VGAM::zeta(e + 1)
        if (e > 2) sqrt(VGAM::zeta(e - 1) / z - (VGAM::zeta(e) / z)^2) else Inf
      }
    ),
    binomial = counted(at(logits = logits),
      function(y, l) {
        lchoose(10, y) + y * plogis(l, log.p = TRUE) +
          (10 - y) * plogis(-l, log.p = TRUE)
      },
      function(y, l) pbinom(y, 10, plogis(l)), function(p, l) qbinom(p, 10, plogis(l)),
      y = 0:10, range = c(0, 10), spec = list(name = "binomial", trials = 10)
    ),
    "binomial of two columns" = oracle(at(logits = c(-0.7, 2)),
      function(y, l) dbinom(y[1], sum(y), plogis(l), TRUE), columns = 2,
      y = list(c(0, 5), c(3, 2), c(5, 0), c(40, 60)), mean = plogis,
      sd = function(l) sqrt(dlogis(l)), spec = list(name = "binomial"),
      nodes = function(...) list(y = cbind(0:9, 9:0), w = rep(1, 10)),
      lacks = c(cdf = "two columns", quantile = "two columns")
    ),
    "beta_binomial of two columns" = oracle(
      at(concentration1 = c(2, 0.3, 500), concentration0 = c(3, 0.1, 20)),
      function(y, a, b) extraDistr::dbbinom(y[1], sum(y), a, b, TRUE),
      columns = 2, y = list(c(0, 5), c(3, 2), c(5, 0), c(40, 60)),
      mean = function(a, b) a / (a + b),
      sd = function(a, b) sqrt(a * b) / (a + b),
      spec = list(name = "beta_binomial"),
      nodes = function(...) list(y = cbind(0:9, 9:0), w = rep(1, 10)),
      lacks = c(cdf = "two columns", quantile = "two columns")
    ),
    beta_binomial = counted(
      at(concentration1 = c(2, 0.3, 500), concentration0 = c(3, 0.1, 20)),
      function(y, a, b) extraDistr::dbbinom(y, 10, a, b, TRUE),
      function(y, a, b) extraDistr::pbbinom(y, 10, a, b),
      y = 0:10, range = c(0, 10), spec = list(name = "beta_binomial", trials = 10)
    )
  )
}

oracles_limited <- function() {
  theta <- at(loc = c(0.5, -3, 6), scale = c(2, 1, 0.8))
  list(
    truncated_normal = oracle(theta,
      function(y, a, b) log(truncnorm::dtruncnorm(y, -1, 4, a, b)),
      function(y, a, b) truncnorm::ptruncnorm(y, -1, 4, a, b),
      function(p, a, b) truncnorm::qtruncnorm(p, -1, 4, a, b), y = c(-2, 5),
      range = c(-1, 4), spec = list(name = "truncated_normal", low = -1, high = 4)
    ),
    "truncated_normal below" = oracle(theta,
      function(y, a, b) {
        dnorm(y, a, b, TRUE) - pnorm(0, a, b, FALSE, TRUE)
      },
      function(y, a, b) truncnorm::ptruncnorm(y, 0, Inf, a, b),
      function(p, a, b) {
        qnorm(log1p(-p) + pnorm(0, a, b, FALSE, TRUE), a, b, FALSE, TRUE)
      },
      range = positive, spec = list(name = "truncated_normal", low = 0)
    ),
    censored_normal = oracle(theta,
      function(y, a, b) piled(y, a, b, -1, 4),
      function(y, a, b) ifelse(y >= 4, 1, pnorm(y, a, b)),
      function(p, a, b) pmin(pmax(qnorm(p, a, b), -1), 4), y = c(-1, 0.3, 4),
      range = c(-1, 4), points = c(-1, 4), centre = 1,
      spec = list(name = "censored_normal", low = -1, high = 4)
    ),
    "censored_normal below" = oracle(theta,
      function(y, a, b) piled(y, a, b, 0, Inf), pnorm,
      function(p, a, b) pmax(qnorm(p, a, b), 0), y = c(0, 0.3, 4),
      range = positive, points = 0, centre = function(a, b) max(a, 1),
      spread = second, spec = list(name = "censored_normal", low = 0)
    ),
    zero_adjusted_gamma = oracle(
      at(logit_at_0 = c(-1, 2), mu = c(2, 30), sigma = c(0.7, 1.4)),
      function(y, l, m, s) {
        ifelse(y == 0, plogis(l, log.p = TRUE), plogis(-l, log.p = TRUE) +
          gamma_by_mean(logged(dgamma))(pmax(y, 1e-300), m, s))
      },
      function(y, l, m, s) plogis(l) + plogis(-l) * gamma_by_mean(pgamma)(y, m, s),
      function(p, l, m, s) {
        gamma_by_mean(qgamma)(pmax(p - plogis(l), 0) / plogis(-l), m, s)
      },
      y = 0, range = positive, points = 0,
      centre = second, spread = second
    ),
    zero_one_inflated_beta = oracle(
      at(logit_at_0 = c(-1, 0.5), logit_at_1 = c(0.2, -2), mu = c(0.4, 0.8),
        sigma = c(0.3, 0.45)),
      function(y, l0, l1, m, s) {
        w <- log(softmax(0, l0, l1))
        inside <- y > 0 & y < 1
        ifelse(y == 0, w[2], ifelse(y == 1, w[3], w[1] +
          beta_by_mean(logged(dbeta))(ifelse(inside, y, 0.5), m, s)))
      },
      function(y, l0, l1, m, s) {
        w <- softmax(0, l0, l1)
        w[1] * beta_by_mean(pbeta)(y, m, s) + w[2] + (y >= 1) * w[3]
      },
      y = c(0, 0.3, 0.8, 1), range = unit, points = unit, centre = 0.5
    )
  )
}

oracles_class <- function() {
  four <- function(name) list(name = name, categories = 4)
  theta <- at(loc = c(0.4, -9), cutpoint_1 = c(-2, 0.2), step_2 = c(0.6, 1e-3),
    step_3 = c(1.5, 4))
  classes <- function(weights, theta, spec) {
    counted(theta, by_class(class_density, weights), by_class(class_cdf, weights),
      function(p, ...) findInterval(p, cumsum(weights(...)), left.open = TRUE) + 1,
      y = 1:4, range = c(1, 4), spec = spec
    )
  }
  list(
    categorical = classes(function(...) softmax(0, ...),
      at(logits_2 = c(0.4, -20), logits_3 = c(1, 3), logits_4 = c(-2, 3)),
      four("categorical")
    ),
    ordered_logit = classes(ordered_weights(plogis), theta, four("ordered_logit")),
    ordered_probit = classes(ordered_weights(pnorm), theta, four("ordered_probit"))
  )
}

oracles_vector <- function() {
  vectors <- c(cdf = "of vectors", quantile = "of vectors")
  three <- list(c(1, 0, 0), c(0, 1, 0), c(0, 0, 1))
  list(
    dirichlet = oracle(
      list(list(concentration = c(2, 3, 1.5)), list(concentration = c(40, 1.1, 7))),
      dirichlet, y = list(c(0.2, 0.5, 0.3), c(0.01, 0.09, 0.9)), columns = 3,
      nodes = simplex, mean = function(a) a / sum(a), sd = dirichlet_sd,
      lacks = vectors
    ),
    dirichlet_multinomial = oracle(
      list(list(concentration = c(2, 3, 1.5)), list(concentration = c(1e4, 0.8, 7))),
      dirichlet_multinomial, y = list(c(0, 3, 2), c(7, 1, 0), c(30, 2, 80)),
      columns = 3, nodes = compositions(6), mean = function(a) a / sum(a),
      sd = dirichlet_sd, lacks = c(vectors, sample = "needs the number of trials")
    ),
    "dirichlet_multinomial of six" = oracle(
      list(list(concentration = c(2, 3, 1.5)), list(concentration = c(40, 0.8, 7))),
      dirichlet_multinomial, y = list(c(0, 4, 2), c(5, 1, 0), c(1, 2, 3)),
      columns = 3, nodes = compositions(6), mean = function(a) 6 * a / sum(a),
      sd = function(a) {
        m <- a / sum(a)
        sqrt(6 * m * (1 - m) * (6 + sum(a)) / (1 + sum(a)))
      },
      lacks = vectors, spec = list(name = "dirichlet_multinomial", trials = 6)
    ),
    multinomial = oracle(list(list(probs = c(0.2, 0.7, 0.1))),
      function(y, p) dmultinom(y, prob = p, log = TRUE), y = three, columns = 3,
      nodes = one_hot, mean = identity, sd = function(p) sqrt(p * (1 - p)),
      lacks = vectors
    ),
    multinoulli = oracle(
      list(list(logits = c(0.2, -1, 3)), list(logits = c(-30, 0, 1))),
      function(y, l) sum(y * (l - log_sum(t(l)))), y = three, columns = 3,
      nodes = one_hot, lacks = vectors
    ),
    "von_mises_fisher in the plane" = oracle(
      list(list(direction = c(1, -2)), list(direction = c(0.01, 0.02)),
        list(direction = c(8, 3))),
      von_mises_fisher, y = list(c(0.6, 0.8), c(-1, 0)), columns = 2,
      nodes = circle, sd = function(a) NaN * a, spec = list(name = "von_mises_fisher"),
      lacks = vectors
    ),
    "von_mises_fisher in space" = oracle(
      list(list(direction = c(1, -2, 0.5)), list(direction = c(0.01, 0.02, 0)),
        list(direction = c(8, 3, 5))),
      von_mises_fisher, y = list(c(0.6, 0.8, 0), c(0, 0, -1)), columns = 3,
      nodes = sphere, sd = function(a) NaN * a, spec = list(name = "von_mises_fisher"),
      lacks = vectors
    ),
    multivariate_normal = oracle(
      at(loc_1 = c(1, -3), loc_2 = c(0.2, 40), scale_1 = c(2, 0.01),
        scale_2 = c(0.3, 5), lower_2_1 = c(-0.8, 0)),
      multivariate_normal, y = list(c(0.2, -1), c(-3, 42)), columns = 2,
      nodes = plane, spec = list(name = "multivariate_normal", dimension = 2),
      mean = function(a, b, ...) c(a, b),
      sd = function(a, b, s, t, l) c(s, sqrt(t^2 + l^2)), lacks = vectors
    )
  )
}

oracles_mixed <- function() {
  list(
    "mixture of normal and gumbel" = oracle(
      at(logits_2 = c(0.4, -3), loc.1 = c(0, 2), scale.1 = c(1, 0.5),
        loc.2 = c(4, -3), scale.2 = c(2, 0.1)),
      function(y, l, a, b, c, d) {
        log_sum(plogis(-l, log.p = TRUE) + dnorm(y, a, b, TRUE),
          plogis(l, log.p = TRUE) + evd::dgumbel(y, c, d, TRUE))
      },
      function(y, l, a, b, c, d) {
        plogis(-l) * pnorm(y, a, b) + plogis(l) * evd::pgumbel(y, c, d)
      },
      y = c(-8, -3, 0, 2, 4, 9),
      centre = function(l, a, b, c, d) c(a, c), spread = 2,
      spec = list(name = "mixture", components = list("normal", "gumbel"))
    ),
    "mixture of poisson and geometric" = counted(
      at(logits_2 = c(0.4, -3), rate.1 = c(20, 0.1), probs.2 = c(0.6, 0.1)),
      function(y, l, a, p) {
        log_sum(plogis(-l, log.p = TRUE) + dpois(y, a, TRUE),
          plogis(l, log.p = TRUE) + dgeom(y, p, TRUE))
      },
      function(y, l, a, p) plogis(-l) * ppois(y, a) + plogis(l) * pgeom(y, p),
      y = c(0, 1, 5, 20, 40), range = c(0, 400),
      spec = list(name = "mixture", components = list("poisson", "geometric"))
    ),
    "poisson inflated at 0 and 3" = counted(
      at(logit_at_0 = c(-1, 0.5), logit_at_3 = c(0.2, -4), rate = c(4, 0.3)),
      function(y, l0, l3, a) {
        w <- softmax(0, l0, l3)
        log(w[1] * dpois(y, a) + w[2] * (y == 0) + w[3] * (y == 3))
      },
      function(y, l0, l3, a) {
        w <- softmax(0, l0, l3)
        w[1] * ppois(y, a) + w[2] + w[3] * (y >= 3)
      },
      y = c(0:5, 12), range = c(0, 100),
      spec = list(name = "inflated", components = list("poisson"), values = c(0, 3))
    ),
    "weibull censored on the right" = oracle(
      at(concentration = c(1.5, 0.4), scale = c(2, 30)),
      function(y, k, s) {
        if (y[2] == 1) dweibull(y[1], k, s, TRUE) else
          pweibull(y[1], k, s, FALSE, TRUE)
      },
      y = list(c(0.3, 1), c(0.3, 0), c(7, 1), c(7, 0)), columns = 2,
      mean = function(k, s) s * gamma(1 + 1 / k),
      sd = function(k, s) s * sqrt(gamma(1 + 2 / k) - gamma(1 + 1 / k)^2),
      spec = list(name = "censored", components = list("weibull")),
      lacks = c(integral = "leaves open when observation ends",
        cdf = "of the family without censoring", quantile = "as cdf", sample = "as cdf")
    ),
    "a log-density of one's own" = oracle(at(m = c(0.3, -5), s = c(2, 0.1)),
      logged(dlogis), plogis, qlogis, mean = first,
      sd = function(m, s) s * pi / sqrt(3), spec = own_logistic()
    )
  )
}

# Criteria in the form of a log-density; quantile() as an asymmetric Laplace.
oracles_criterion <- function() {
  none <- c(cdf = "a criterion", quantile = "a criterion", sample =
    "a criterion", integral = "a criterion", prob = "a criterion")
  reals <- c(-7.3, -0.8, 0.31, 2.6)
  criterion <- function(...) oracle(..., y = reals, criterion = TRUE, lacks = none)
  list(
    mvr = criterion(at(loc = c(0.3, -5), scale = c(2, 0.1)),
      function(y, a, b) -b * (((y - a) / b)^2 + 1) / 2, mean = first, sd = second
    ),
    quantile = criterion(at(loc = c(-0.7, 1)), function(y, a) {
      VGAM::dalap(y, a, sqrt(2 / 0.09), tau = 0.9, log = TRUE) - log(0.09)
    }, mean = first, sd = undefined, spec = list(name = "quantile", level = 0.9)),
    expectile = criterion(at(loc = c(-0.7, 1)), function(y, a) {
      -abs(0.9 - (y < a)) * (y - a)^2
    }, mean = first, sd = undefined, spec = list(name = "expectile", level = 0.9)),
    deterministic = counted(at(loc = c(-0.8, 1)),
      function(y, a) ifelse(y == a, 0, -Inf), function(y, a) as.numeric(y >= a),
      function(p, a) rep(a, length(p)), y = reals,
      range = function(a) c(a, a), lacks = c(prob = "no density")
    )
  )
}
