# summary() against mgcv::summary.gam() of models with the same smoothing
# parameters, fitted here. Here the log-likelihood is penalised by sp * b'Sb,
# there by half of it over the dispersion: sp of mgcv is so much larger.

# Both fits stop at about 1e-8 of a standard error.
same_fit <- 1e-5

summary_data <- function(n = 400) {
  set.seed(17)
  data <- data.frame(
    x = runif(n), z = runif(n), v = rnorm(n),
    f = factor(sample(c("a", "b"), n, TRUE)),
    g = factor(sample(letters[1:8], n, TRUE)),
    h = factor(sample(LETTERS[1:12], n, TRUE))
  )
  effects <- list(g = rnorm(8, 0, 0.25), h = rnorm(12, 0, 0.15))
  eta <- sin(5 * data$x) + 0.3 * data$v + effects$g[data$g] + effects$h[data$h]
  data$y <- eta + rnorm(n, 0, 0.6)
  data$count <- rpois(n, exp(eta))
  data$positive <- rgamma(n, 4, 4 / exp(eta))
  data
}

# Formulas with the smoothing parameters of ours.
summary_cases <- list(
  ~ v + f + s(x, sp = 0.3),
  ~ v + s(x, bs = "cr", k = 8, sp = 0.1),
  ~ s(x, bs = "ps", k = 9, sp = 2),
  ~ s(z, sp = 1e4),
  ~ s(z, sp = 0.1) + s(v, by = f, sp = 1),
  ~ v + te(x, z, k = 4, sp = c(0.2, 1)),
  ~ f + s(x, by = f, k = 7, sp = 0.5),
  ~ s(x, by = v, k = 6, sp = 0.4),
  ~ v + s(x, sp = 0.3) + s(g, bs = "re", sp = 2) + s(h, bs = "re", sp = 4),
  ~ s(g, v, bs = "re", sp = 3),
  ~ s(z, bs = "ts", sp = 0.01)
)

# A formula with smoothing parameters so many times as large.
times_sp <- function(formula, times) {
  if (!is.call(formula)) {
    return(formula)
  }
  formula[-1] <- lapply(formula[-1], times_sp, times)
  if (!is.null(formula$sp)) formula$sp <- times * eval(formula$sp)
  formula
}

# mgcv absorbs its constraints, so that the coefficients are the same.
summary_fit <- function(y, formulas, family, data, ...) {
  model <- deepregression(y, formulas, family = family, data = data,
    penalty_options = penalty_control(absorb_cons = TRUE, ...)
  )
  fit(model, verbose = FALSE)
  model
}

summary_oracle <- function(formula, response, family, data, ...) {
  formula <- stats::update(formula, stats::reformulate(".", response))
  if (inherits(family, "general.family")) formula <- list(formula, ~1)
  mgcv::gam(formula, family, data,
    control = mgcv::gam.control(epsilon = 1e-13), ...
  )
}

smooth_numbers <- function(model) {
  unname(as.matrix(summary(model)$smooths[[1]][, -1]))
}

# Intercept first, as mgcv has it.
linear_numbers <- function(model) {
  table <- summary(model)$coefficients[[1]]
  unname(rbind(table[nrow(table), ], table[-nrow(table), , drop = FALSE]))
}

# Both tables of both; theirs without the row of the constant scale.
expect_same_summary <- function(model, oracle, tolerance, info) {
  theirs <- summary(oracle)
  ours <- linear_numbers(model)
  rows <- seq_len(nrow(ours))
  expect_equal(ours, unname(theirs$p.table)[rows, , drop = FALSE],
    tolerance = tolerance, info = info
  )
  expect_equal(smooth_numbers(model), unname(theirs$s.table),
    tolerance = tolerance, info = info
  )
}

# Families of mgcv whose scale has a predictor, too: z and chi-square tests.
summary_families <- list(
  poisson = list(response = "count", oracle = poisson(), scale = NULL),
  normal = list(response = "y", oracle = mgcv::gaulss(b = 0), scale = ~1),
  gammar = list(response = "positive", oracle = mgcv::gammals(), scale = ~1)
)

test_that("both tables are those of summary.gam()", {
  data <- summary_data()
  for (family in names(summary_families)) {
    case <- summary_families[[family]]
    for (formula in summary_cases) {
      model <- summary_fit(data[[case$response]],
        drop_null(list(formula, case$scale)), family, data
      )
      oracle <- summary_oracle(times_sp(formula, 2), case$response,
        case$oracle, data
      )
      expect_same_summary(model, oracle, same_fit,
        paste(family, deparse(formula)[1])
      )
    }
  }
})

test_that("both tables are those of summary.gam() after REML", {
  data <- summary_data()
  formula <- ~ v + s(x) + s(z) + s(g, bs = "re") + s(h, bs = "re")
  for (family in names(summary_families)) {
    case <- summary_families[[family]]
    model <- summary_fit(data[[case$response]],
      drop_null(list(formula, case$scale)), family, data, select = "REML"
    )
    oracle <- summary_oracle(formula, case$response, case$oracle, data,
      method = "REML"
    )
    expect_same_summary(model, oracle, 1e-3, family)
  }
})

test_that("with a constant scale F and t of gam() are Chi.sq / Ref.df and z", {
  data <- summary_data()
  formula <- ~ v + s(x, sp = 0.3) + s(g, bs = "re", sp = 4)
  model <- summary_fit(data$y, list(formula, ~1), "normal", data)
  variance <- exp(2 * coef(model, "scale")[[1]][1])
  oracle <- summary_oracle(times_sp(formula, 2 * variance), "y", gaussian(),
    data
  )
  # Of maximum likelihood here, divided by n - edf there.
  ratio <- oracle$sig2 / variance
  expect_equal(ratio, nrow(data) / (nrow(data) - sum(oracle$edf)),
    tolerance = 1e-6
  )
  theirs <- summary(oracle)
  expect_equal(linear_numbers(model)[, 3], unname(theirs$p.t * sqrt(ratio)),
    tolerance = 1e-5
  )
  ours <- smooth_numbers(model)
  # Here location and scale are not quite independent given penalties.
  expect_equal(ours[, 3],
    unname(theirs$s.table[, "F"] * theirs$s.table[, "Ref.df"] * ratio),
    tolerance = 0.01
  )
  expect_equal(ours[, 1], as.vector(theirs$edf), tolerance = 0.01)
})

test_that("constraints that mgcv absorbs leave the fit of gam()", {
  data <- summary_data()
  # t2() predicts under other constraints than it is fitted with.
  cases <- list(
    ~ t2(x, z, k = 4, sp = c(0.5, 1, 2)), ~ te(x, z, k = 4, sp = c(0.5, 1)),
    ~ s(x, sp = 0.3)
  )
  for (formula in cases) {
    oracle <- summary_oracle(times_sp(formula, 2), "count", poisson(), data)
    formula_zero <- formula
    formula_zero[[2]]$zerocons <- TRUE
    for (ours in list(formula, formula_zero)) {
      model <- summary_fit(data$count, list(ours), "poisson", data)
      expect_equal(fitted(model)[, 1], as.vector(fitted(oracle)),
        tolerance = same_fit, info = deparse(ours)
      )
      expect_equal(attr(logLik(model), "df"), sum(oracle$edf),
        tolerance = same_fit, info = deparse(ours)
      )
    }
  }
})

test_that("the test of a random effect has its size, and power", {
  set.seed(8)
  p <- replicate(100, {
    data <- data.frame(
      g = factor(sample(10, 150, TRUE)), h = factor(sample(8, 150, TRUE))
    )
    count <- rpois(150, exp(1 + rnorm(8, 0, 0.5)[data$h]))
    model <- summary_fit(count, list(~ s(g, bs = "re") + s(h, bs = "re")),
      "poisson", data, select = "REML"
    )
    summary(model)$smooths[[1]][["p-value"]]
  })
  # g has no effect: rejected by chance, here within 0.001 of a binomial tail.
  for (level in c(0.05, 0.2, 0.5)) {
    expect_gt(binom.test(sum(p[1, ] < level), 100, level)$p.value, 1e-3)
  }
  expect_gt(mean(p[2, ] < 0.05), 0.95)
})
