# What every distribution of the engine promises, against the functions of
# helper-family-oracles.R, through the verbs that users call.

# Log densities, relative and absolute below one. R's own are good to 1e-13.
density_tolerance <- 1e-10
# Probabilities, absolute; quantiles, relative to the larger of their size and
# the spread of the distribution.
cdf_tolerance <- 1e-9
# Integrals and moments by quadrature.
integral_tolerance <- 1e-8
levels_asked <- c(1e-6, 0.03, 0.31, 0.5, 0.77, 0.999)
# The engine's own tests draw 1e5 of each; here they go through the verbs.
draws <- 2e4
# Standard errors that a sample's mean and standard deviation may be off.
errors_allowed <- 5

relative <- function(got, want, unit = 1) {
  out <- abs(got - want) / pmax(unit, abs(want))
  both <- (is.nan(got) & is.nan(want)) | got == want
  out[both] <- 0
  ifelse(is.na(out), Inf, out)
}

# Says the setting and the response of what is off most.
expect_near <- function(got, want, tolerance, what, where, unit = 1) {
  off <- relative(got, want, unit)
  worst <- which.max(off)
  expect_true(length(off) > 0 && off[worst] <= tolerance, info = sprintf(
    "%s: got %.17g, expected %.17g, off by %.2g, at %s", what, got[worst],
    want[worst], off[worst], where(worst)
  ))
}

setting_text <- function(theta) {
  paste(names(theta), "=", vapply(theta, function(x) {
    paste(format(x, digits = 8), collapse = " ")
  }, ""), collapse = ", ")
}

# A distribution `d` with a row for each setting and value, the values `y` (n, m)
# and the setting that each belongs to.
spread_out <- function(row, values) {
  each <- vapply(values, NROW, 1L)
  setting <- rep(seq_along(values), each)
  y <- do.call(rbind, values)
  list(
    d = oracle_distribution(row, row$theta)[setting], setting = setting, y = y,
    at = function(i) {
      y <- y[i, ]
      paste0(setting_text(row$theta[[setting[i]]]), ", y = ",
        paste(format(y, digits = 17), collapse = " ")
      )
    }
  )
}

responses <- function(row) {
  spread_out(row, lapply(row$theta, function(theta) {
    if (row$columns > 1) return(do.call(rbind, row$y))
    y <- row$y
    if (!is.null(row$q)) {
      p <- c(if (row$discrete) 0.01 else c(1e-8, 0.001, 0.1), 0.5, 0.9, 0.999)
      y <- c(y, signif(at_theta(row$q, p, theta), 10))
    }
    matrix(y)
  }))
}

check_density <- function(row) {
  at <- responses(row)
  want <- by_setting(row$d, row, at)
  got <- tfd_log_prob(at$d, at$y)
  expect_near(got[, 1], want, density_tolerance, "log density", at$at)
  if (row$has("prob")) {
    got <- tfd_prob(at$d, at$y)
    expect_near(got[, 1], exp(want), density_tolerance, "density", at$at)
  }
  if (!is.null(row$rough)) {
    off <- relative(by_setting(row$rough, row, at), want)
    expect_lt(max(off), row$rough_by)
  }
}

# f at all responses, each with its setting.
by_setting <- function(f, row, at) {
  unlist(lapply(unique(at$setting), function(k) {
    y <- at$y[at$setting == k, , drop = FALSE]
    if (row$columns == 1) return(at_theta(f, y[, 1], row$theta[[k]]))
    apply(y, 1, function(y) at_theta(f, y, row$theta[[k]]))
  }))
}

check_cdf <- function(row) {
  at <- responses(row)
  want <- by_setting(row$p, row, at)
  got <- tfd_cdf(at$d, at$y)[, 1]
  expect_near(got, want, cdf_tolerance, "cdf", at$at)
  upper <- tfd_survival_function(at$d, at$y)[, 1]
  expect_near(upper, 1 - want, cdf_tolerance, "survival", at$at)
}

check_quantile <- function(row) {
  at <- spread_out(row, lapply(row$theta, function(theta) matrix(levels_asked)))
  got <- tfd_quantile(at$d, at$y)
  if (!is.null(row$q)) {
    want <- by_setting(row$q, row, at)
    unit <- vapply(row$theta, function(theta) {
      diff(at_theta(row$q, c(0.2, 0.8), theta))
    }, 0)[at$setting]
    expect_near(got[, 1], want, cdf_tolerance, "quantile", at$at, unit)
  }
  back <- tfd_cdf(at$d, got)[, 1]
  jumps <- row$discrete | got[, 1] %in% row$points
  smooth <- which(!jumps)
  if (length(smooth) > 0) {
    expect_near(back[smooth], at$y[smooth, 1], cdf_tolerance, "cdf of quantile",
      function(i) at$at(smooth[i])
    )
  }
  if (any(jumps)) check_jumps(row, at, got, back, jumps)
}

# At a jump the level lies between the probabilities below and up to it.
check_jumps <- function(row, at, got, back, jumps) {
  before <- tfd_cdf(at$d, got - if (row$discrete) 1 else 1e-9)
  level <- at$y[, 1]
  good <- back >= level - 1e-12 & before[, 1] <= level + 1e-12
  expect_true(all(good[jumps]), info = paste(
    "quantile at a jump", at$at(which(jumps & !good)[1])
  ))
}

check_moments <- function(row) {
  for (moment in Filter(row$has, c("mean", "stddev"))) {
    f <- if (moment == "mean") oracle_mean else oracle_sd
    want <- do.call(rbind, lapply(row$theta, f, row = row))
    verb <- if (moment == "mean") tfd_mean else tfd_stddev
    got <- verb(oracle_distribution(row, row$theta))
    # What is not finite is infinite or NaN, as conventions differ.
    got[!is.finite(want) & !is.finite(got)] <- want[!is.finite(want) & !is.finite(got)]
    expect_identical(dim(got), dim(want), info = moment)
    expect_near(as.vector(got), as.vector(want), integral_tolerance, moment,
      function(i) setting_text(row$theta[[(i - 1) %% nrow(want) + 1]])
    )
  }
}

# Counts that end early are held against the probability up to there.
check_total <- function(row) {
  rules <- lapply(row$theta, quadrature, row = row)
  at <- spread_out(row, lapply(rules, `[[`, "y"))
  mass <- exp(tfd_log_prob(at$d, at$y)[, 1])
  w <- unlist(lapply(rules, `[[`, "w"))
  got <- vapply(split(w * mass, at$setting), sum, 0)
  want <- vapply(seq_along(rules), function(k) {
    last <- rules[[k]]$y[nrow(rules[[k]]$y), 1]
    if (row$discrete && !is.null(row$p)) at_theta(row$p, last, row$theta[[k]]) else 1
  }, 0)
  expect_near(got, want, integral_tolerance, "total probability",
    function(i) setting_text(row$theta[[i]])
  )
}

# The first setting, of which four moments exist.
check_sample <- function(row) {
  theta <- row$theta[[1]]
  set.seed(20)
  y <- tfd_sample(oracle_distribution(row, list(theta)), draws)
  y <- matrix(y, draws, byrow = TRUE)
  mean <- oracle_mean(row, theta)
  sd <- oracle_sd(row, theta)
  if (identical(sd, 0)) return(expect_true(all(y == mean)))
  for (j in which(is.finite(mean) & is.finite(sd))) {
    off <- (base::mean(y[, j]) - mean[j]) / (sd[j] / sqrt(draws))
    expect_lt(abs(off), errors_allowed, label = paste("errors of the mean of", row$name))
    if (row$name == "von_mises") {
      # Its standard deviation is that of directions: by their mean resultant.
      cosine <- cos(y[, j] - mean[j])
      off <- (base::mean(cosine) - exp(-sd[j]^2 / 2)) /
        (stats::sd(cosine) / sqrt(draws))
      expect_lt(abs(off), errors_allowed, label = "errors of the sd of von_mises")
      next
    }
    squares <- (y[, j] - mean[j])^2
    off <- (base::mean(squares) - sd[j]^2) / (stats::sd(squares) / sqrt(draws))
    expect_lt(abs(off), errors_allowed, label = paste("errors of the sd of", row$name))
  }
  check_frequencies(row, theta, y)
}

# Also of those without moments: shares below three quantiles.
check_frequencies <- function(row, theta, y) {
  if (is.null(row$p) || is.null(row$q)) return()
  at <- at_theta(row$q, c(0.1, 0.5, 0.95), theta)
  p <- at_theta(row$p, at, theta)
  off <- (vapply(at, function(q) base::mean(y <= q), 0) - p) / sqrt(p * (1 - p) / draws)
  expect_lt(max(abs(off[p < 1])), errors_allowed)
}

check_entropy <- function(row) {
  want <- vapply(row$theta, function(theta) {
    rule <- quadrature(row, theta)
    d <- oracle_density(row, rule$y, theta)
    sum(ifelse(d == -Inf, 0, -rule$w * exp(d) * d))
  }, 0)
  got <- tfd_entropy(oracle_distribution(row, row$theta))
  expect_near(got[, 1], want, integral_tolerance, "entropy",
    function(i) setting_text(row$theta[[i]])
  )
}

# No response of a fine net has a larger density than the mode.
check_mode <- function(row) {
  got <- tfd_mode(oracle_distribution(row, row$theta))
  for (k in seq_along(row$theta)) {
    theta <- row$theta[[k]]
    rule <- quadrature(row, theta)
    best <- max(oracle_density(row, rule$y, theta))
    # On the border of the support the density may be infinite.
    at <- oracle_density(row, got[k, , drop = FALSE], theta)
    expect_true(at >= best - integral_tolerance || on_border(row, theta, got[k, ]),
      info = paste("mode", setting_text(theta), ":", got[k, 1])
    )
  }
}

on_border <- function(row, theta, y) {
  row$columns == 1 && y %in% of_theta(row$range, theta)
}

rows <- family_oracles()

for (name in names(rows)) {
  row <- oracle_row(rows, name)
  test_that(paste("density and total of", name), {
    check_density(row)
    if (!"integral" %in% names(row$lacks)) check_total(row)
  })
  test_that(paste("moments of", name), {
    check_moments(row)
    if (row$has("mode") && !"mode" %in% names(row$lacks)) check_mode(row)
    if (row$has("entropy")) check_entropy(row)
  })
  test_that(paste("distribution function, quantiles and draws of", name), {
    if (row$has("cdf")) check_cdf(row)
    if (row$has("quantile")) check_quantile(row)
    if (row$has("sample")) check_sample(row)
    expect_lacks(row)
  })
}

test_that("every family has a row and every row is of a family", {
  engine <- vapply(engine_families(), function(entry) entry$name, "")
  tested <- vapply(names(rows), function(name) {
    spec <- rows[[name]]$spec
    if (is.null(spec)) name else spec$name
  }, "")
  composed <- c("mixture", "inflated", "censored", "custom")
  expect_setequal(unique(tested), union(engine, composed))
})

test_that("settings name the parameters in the engine's order", {
  for (name in names(rows)) {
    row <- oracle_row(rows, name)
    for (theta in row$theta) {
      expect_identical(names(theta), row$family$parameters, info = name)
    }
  }
})
