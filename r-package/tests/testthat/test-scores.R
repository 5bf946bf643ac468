column <- function(x) matrix(x, ncol = 1)

score_model <- function() {
  data <- withr::with_seed(3, data.frame(x = rnorm(80)))
  y <- data$x + withr::with_seed(4, rnorm(80))
  model <- deepregression(y, list(~ 1 + x, ~1), data = data)
  fit(model, verbose = FALSE)
  list(model = model, data = data, y = y)
}

# The definition: the integral of (F(t) - 1{y <= t})^2 over t.
crps_by_integral <- function(p, y, from, to) {
  square <- function(t) (p(t) - (y <= t))^2
  inner <- function(a, b) {
    integrate(square, a, b, rel.tol = 1e-10, subdivisions = 2000)$value
  }
  inner(from, y) + inner(y, to)
}

test_that("log scores are log-densities of rows", {
  m <- score_model()
  theta <- predict(m$model, type = "parameters")
  expected <- column(dnorm(m$y, theta[, 1], theta[, 2], log = TRUE))
  expect_equal(log_score(m$model), expected, tolerance = 1e-10)
  expect_equal(
    log_score(m$model, m$data[1:9, , drop = FALSE], m$y[1:9]),
    expected[1:9, , drop = FALSE]
  )
  expect_equal(log_score(m$model, summary_fun = mean), mean(expected))
  expect_equal(
    log_score(m$model, convert_fun = as.vector), as.vector(expected)
  )
  d <- get_distribution(m$model)
  expect_equal(log_score(d, this_y = m$y), expected)
  new <- data.frame(x = c(0, NA, 1))
  expect_identical(
    is.na(log_score(m$model, new, c(1, 2, NA))), column(c(FALSE, TRUE, TRUE))
  )
  expect_identical(
    log_score(tfd_gamma(1, 1), this_y = -1), column(-Inf)
  )
})

test_that("what is scored must fit", {
  m <- score_model()
  expect_error(log_score(m$model, m$data), "log_score\\(\\) needs `this_y`")
  expect_error(crps(tfd_normal(0, 1)), "crps\\(\\) needs `this_y`")
  expect_error(crps(m$model, m$data, 1:3), "3 rows, the data have 80")
  expect_error(
    crps(tfd_normal(0, 1), m$data, 1), "of a distribution takes no `data`"
  )
  expect_error(pit(tfd_normal(0, 1), this_y = matrix(1:2, 1)), "2 columns")
  expect_error(log_score(m$model, ind_fun = 1), "ind_fun.*function")
  expect_error(crps(m$model, summary_fun = "mean"), "summary_fun.*function")
  expect_error(crps(3), "needs a deepregression model, got 3")
  expect_error(quantile_score(m$model, c(0.5, 1)), "probs: levels.*got 1")
  expect_error(pit(tfd_dirichlet(c(1, 2)), this_y = matrix(c(0.2, 0.8), 1)),
    "'dirichlet' has no cdf, only"
  )
  squares <- deepregression(m$y, list(~ 1 + x, ~1), data = m$data, loss = "mse")
  for (f in list(crps, pit, simulate)) {
    expect_error(f(squares), "needs a distribution; the model has loss")
  }
})

test_that("the density of several columns is one, or one each by ind_fun", {
  loc <- matrix(c(0, 1, 2, 3), 2)
  d <- tfd_normal(loc, 1)
  y <- loc + 0.3
  each <- matrix(dnorm(0.3, log = TRUE), 2, 2)
  expect_equal(log_score(d, this_y = y), column(rowSums(each)))
  expect_equal(log_score(d, this_y = y, ind_fun = identity), each)
})

test_that("the CRPS is that of closed forms", {
  y <- c(-1, 0.4, 3)
  loc <- c(0, 1, 1)
  scale <- c(1, 0.5, 2)
  z <- (y - loc) / scale
  normal <- scale * (z * (2 * pnorm(z) - 1) + 2 * dnorm(z) - 1 / sqrt(pi))
  expect_equal(crps(tfd_normal(loc, scale), this_y = y), column(normal))
  y <- c(0.1, 1, 4)
  rate <- c(0.5, 1, 2)
  exponential <- y - 2 * pexp(y, rate) / rate + 1 / (2 * rate)
  expect_equal(crps(tfd_exponential(rate), this_y = y), column(exponential))
  y <- c(0, 2, 9)
  bessel <- besselI(2 * rate, 0, TRUE) + besselI(2 * rate, 1, TRUE)
  poisson <- (y - rate) * (2 * ppois(y, rate) - 1) +
    2 * rate * dpois(y, rate) - rate * bessel
  expect_equal(crps(tfd_poisson(rate), this_y = y), column(poisson))
  m <- score_model()
  theta <- predict(m$model, type = "parameters")
  z <- (m$y - theta[, 1]) / theta[, 2]
  expected <- theta[, 2] *
    (z * (2 * pnorm(z) - 1) + 2 * dnorm(z) - 1 / sqrt(pi))
  expect_equal(crps(m$model, summary_fun = mean), mean(expected))
})

test_that("the CRPS is its integral, with point masses too", {
  p_gamma <- function(t) pgamma(t, 2, 3)
  expect_equal(crps(tfd_gamma(2, 3), this_y = 0.8)[1],
    crps_by_integral(p_gamma, 0.8, 0, 20),
    tolerance = 1e-7
  )
  mixed <- function(t) 0.3 * pnorm(t) + 0.7 * pnorm(t, 4, 0.5)
  d <- tfd_mixture(c(0.3, 0.7), list(tfd_normal(0, 1), tfd_normal(4, 0.5)))
  expect_equal(crps(d, this_y = 1)[1],
    crps_by_integral(mixed, 1, -12, 12), tolerance = 1e-7
  )
  zeros <- function(t) {
    ifelse(t < 0, 0, plogis(0.4) + plogis(-0.4) * pgamma(t, 4, 2))
  }
  d <- tfd_zero_adjusted_gamma(logit_at_0 = 0.4, mu = 2, sigma = 0.5)
  for (y in c(0, 1.5)) {
    expected <- if (y > 0) crps_by_integral(zeros, y, 0, 40) else
      integrate(function(t) (1 - zeros(t))^2, 0, 40, rel.tol = 1e-10)$value
    expect_equal(crps(d, this_y = y)[1], expected, tolerance = 1e-7)
  }
  y <- 3
  grid <- 0:200
  zip <- 0.3 + 0.7 * ppois(grid, 2)
  expect_equal(crps(tfd_zip(2, 0.7), this_y = y)[1],
    sum((zip - (y <= grid))^2), tolerance = 1e-10
  )
})

test_that("quantile scores are twice the check loss; their integral the CRPS", {
  d <- tfd_normal(c(0, 2), c(1, 3))
  y <- c(1, -4)
  p <- c(0.1, 0.6)
  q <- cbind(qnorm(0.1, c(0, 2), c(1, 3)), qnorm(0.6, c(0, 2), c(1, 3)))
  check <- function(u, p) u * (p - (u < 0))
  expected <- 2 * cbind(check(y - q[, 1], 0.1), check(y - q[, 2], 0.6))
  expect_equal(quantile_score(d, p, this_y = y), expected)
  expect_equal(
    quantile_score(d, p, this_y = y, summary_fun = colMeans), colMeans(expected)
  )
  gamma <- tfd_gamma(2, 1)
  whole <- integrate(function(p) {
    quantile_score(gamma, p, this_y = 1.2)[1, ]
  }, 0, 1, rel.tol = 1e-8)
  expect_equal(whole$value, crps(gamma, this_y = 1.2)[1], tolerance = 1e-6)
  wide <- tfd_normal(matrix(0:3, 2), 1)
  scores <- quantile_score(wide, c(0.2, 0.7), this_y = matrix(1:4, 2))
  expect_equal(scores[, 4],
    2 * check(3:4 - qnorm(0.7, 2:3), 0.7)
  )
})

# ---- PIT --------------------------------------------------------------------

test_that("PIT values are P(Y <= y), drawn over jumps", {
  expect_equal(pit(tfd_normal(0, 2), this_y = 1), column(pnorm(1, 0, 2)))
  n <- 2000
  rate <- seq(0.5, 6, length.out = n)
  y <- withr::with_seed(1, rpois(n, rate))
  u <- pit(tfd_poisson(rate), this_y = y, seed = 2)
  expect_true(all(u >= ppois(y - 1, rate) & u <= ppois(y, rate)))
  expect_gt(ks.test(u, "punif")$p.value, 1e-4)
  expect_identical(pit(tfd_poisson(rate), this_y = y, seed = 2), u)
  expect_false(identical(pit(tfd_poisson(rate), this_y = y, seed = 3), u))
  expect_identical(is.na(pit(tfd_normal(0:1, 1), this_y = c(NA, 1))),
    column(c(TRUE, FALSE))
  )
})

# P(Y <= y) and P(Y < y) in R for families with point masses, given parameters.
tweedie_cdf <- function(y, mu, phi, power = 1.5) {
  rate <- mu^(2 - power) / (phi * (2 - power))
  scale <- phi * (power - 1) * mu^(power - 1)
  shape <- (2 - power) / (power - 1)
  j <- 1:200
  exp(-rate) + vapply(y, function(t) {
    sum(dpois(j, rate) * pgamma(t, j * shape, scale = scale))
  }, 0)
}

mass_cases <- function() {
  a <- function(mu, sigma) mu * (1 - sigma^2) / sigma^2
  odds <- exp(c(0.4, -0.3))
  weights <- c(1, odds) / (1 + sum(odds))
  inside <- function(y) {
    pbeta(y, a(0.3, 0.4), a(0.7, 0.4))
  }
  list(
    zero_adjusted_gamma = list(
      d = tfd_zero_adjusted_gamma(0.4, 2, 0.5), masses = 0,
      y = c(0, 0.5, 3),
      p = function(y) plogis(0.4) + plogis(-0.4) * pgamma(y, 4, 2),
      mass = plogis(0.4)
    ),
    zero_one_inflated_beta = list(
      d = tfd_zero_one_inflated_beta(0.4, -0.3, 0.3, 0.4), masses = c(0, 1),
      y = c(0, 0.2, 1),
      p = function(y) {
        weights[2] + weights[1] * inside(y) + weights[3] * (y == 1)
      },
      mass = weights[2:3]
    ),
    censored_normal = list(
      d = tfd_censored_normal(0.5, 2, low = 0, high = 3), masses = c(0, 3),
      y = c(0, 1, 3),
      p = function(y) ifelse(y == 3, 1, pnorm(y, 0.5, 2)),
      mass = c(pnorm(0, 0.5, 2), pnorm(3, 0.5, 2, lower.tail = FALSE))
    ),
    tweedie = list(
      d = tfd_tweedie(2, 1.3), masses = 0, y = c(0, 0.5, 3),
      p = function(y) tweedie_cdf(y, 2, 1.3), mass = tweedie_cdf(0, 2, 1.3)
    ),
    inflated = list(
      d = tfd_distribution(inflated_family("normal", 1),
        logit_at_1 = 0.4, loc = 0, scale = 2
      ), masses = 1, y = c(-1, 1, 2),
      p = function(y) plogis(-0.4) * pnorm(y, 0, 2) + plogis(0.4) * (y >= 1),
      mass = plogis(0.4)
    )
  )
}

test_that("point masses are drawn over, densities are not", {
  cases <- mass_cases()
  for (name in names(cases)) {
    case <- cases[[name]]
    upper <- case$p(case$y)
    jump <- rep(0, length(case$y))
    jump[match(case$masses, case$y)] <- case$mass
    y <- rep(case$y, each = 200)
    draws <- pit(case$d[rep(1, length(y))], this_y = y, seed = 1)
    draws <- matrix(draws, ncol = 200, byrow = TRUE)
    for (i in seq_along(case$y)) {
      if (jump[i] == 0) {
        expect_equal(draws[i, ], rep(upper[i], 200), info = name)
      } else {
        u <- (draws[i, ] - (upper[i] - jump[i])) / jump[i]
        expect_true(all(u > 0 & u < 1), info = name)
        expect_gt(ks.test(u, "punif")$p.value, 1e-4)
      }
    }
  }
})

# ---- residuals and simulations ----------------------------------------------

test_that("quantile residuals of every kind of response are standard normal", {
  n <- 300
  data <- withr::with_seed(5, data.frame(x = rnorm(n)))
  draw <- function(d) withr::with_seed(6, tfd_sample(d)[, 1])
  mu <- exp(0.5 + 0.4 * data$x)
  responses <- list(
    negbinom_ls = draw(tfd_negbinom_ls(mu, 2)),
    zip = draw(tfd_zip(mu, 0.6)),
    zero_adjusted_gamma = draw(tfd_zero_adjusted_gamma(-0.5, mu, 0.7)),
    inverse_gaussian = draw(tfd_inverse_gaussian(mu, 3)),
    tweedie = draw(tfd_tweedie(mu, 1.2)),
    kumaraswamy = draw(tfd_kumaraswamy(mu, 2))
  )
  for (name in names(responses)) {
    parameters <- names_families(name)
    formulas <- rep(list(~1), length(parameters))
    at <- parameters %in% c("mu", "lambda", "loc", "concentration1")
    formulas[at] <- list(~ 1 + x)
    model <- deepregression(responses[[name]], formulas,
      family = name, data = data
    )
    fit(model, verbose = FALSE)
    z <- residuals(model, "quantile", seed = 1)
    expect_identical(dim(z), c(300L, 1L))
    expect_gt(ks.test(z, "pnorm")$p.value, 1e-3)
    expect_identical(residuals(model, "quantile", seed = 1), z)
    expect_equal(pnorm(z), pit(model, seed = 1))
    draws <- simulate(model, 40, seed = 3)
    expect_identical(dim(draws), c(300L, 40L))
    # Searches end together: the last bit depends on the rows beside.
    two <- simulate(model, 2, seed = 3)
    expect_equal(two, draws[1:2], tolerance = 1e-12)
    expect_identical(simulate(model, 2, seed = 3), two)
    se <- stddev(model)[, 1] / sqrt(40)
    away <- (rowMeans(draws) - fitted(model)[, 1]) / se
    expect_lt(sqrt(mean(away^2)), 1.3)
  }
})

test_that("simulations have rows of newdata, NA where these are, any columns", {
  m <- score_model()
  draws <- simulate(m$model, 3, seed = 1, newdata = data.frame(x = c(1, NA)))
  expect_identical(names(draws), paste0("sim_", 1:3))
  expect_identical(unname(is.na(as.matrix(draws))),
    rbind(rep(FALSE, 3), rep(TRUE, 3))
  )
  y <- cbind(m$y, 1 - m$y)
  model <- deepregression(y, list(~ 1 + x, ~1), data = m$data, output_dim = 2)
  fit(model, verbose = FALSE)
  draws <- simulate(model, 40, seed = 1)
  expect_length(draws, 40)
  expect_identical(dim(draws$sim_3), c(80L, 2L))
  expect_equal(Reduce(`+`, draws) / 40, fitted(model), tolerance = 0.3)
})

# ---- plots ------------------------------------------------------------------

test_that("calibration plots return their numbers", {
  withr::local_pdf(NULL)
  n <- 400
  loc <- seq(-2, 2, length.out = n)
  y <- withr::with_seed(2, rnorm(n, loc))
  d <- tfd_normal(loc, 1)
  u <- pnorm(y, loc)
  counts <- plot_calibration(d, this_y = y, bins = 8)
  expect_equal(counts$count, as.vector(table(cut(u, seq(0, 1, 1 / 8)))))
  expect_equal(counts$lower, rep(qbinom(0.025, n, 1 / 8), 8))
  expect_equal(counts$upper, rep(qbinom(0.975, n, 1 / 8), 8))
  probs <- c(0.1, 0.5, 0.9)
  below <- plot_calibration(d, this_y = y, type = "quantile", probs = probs)
  expect_equal(
    below$observed, vapply(probs, function(p) mean(y <= qnorm(p, loc)), 0)
  )
  expect_equal(below$upper, qbinom(0.975, n, probs) / n)
  inside <- plot_calibration(d,
    this_y = y, type = "interval", probs = probs, level = 0.5
  )
  expect_equal(inside$observed, vapply(probs, function(p) {
    mean(abs(y - loc) <= qnorm((1 + p) / 2))
  }, 0))
  expect_equal(inside$lower, qbinom(0.25, n, probs) / n)
  m <- score_model()
  expect_equal(sum(plot_calibration(m$model)$count), 80)
  expect_error(plot_calibration(d, this_y = y, probs = 0), "probs: expected")
  expect_error(plot_calibration(d, this_y = rep(NA, n)), "no response to show")
  expect_error(plot_calibration(d, this_y = y, bins = 0), "bins must be")
})
