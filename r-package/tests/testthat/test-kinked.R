# Log-densities with kinks have their optimum on a kink: quantile regression is
# a linear program, whose solution quantreg::rq() has.

kinked_data <- function(n = 400) {
  withr::with_seed(11, {
    x <- runif(n, -1, 1)
    z <- rnorm(n)
    y <- 1 + 2 * x + (1 + 0.5 * x) * (rnorm(n) + rexp(n))
    data.frame(x, z, y)
  })
}

fitted_model <- function(...) {
  model <- deepregression(...)
  fit(model, verbose = FALSE)
  model
}

location <- function(model) {
  unlist(coef(model, which_param = 1))[c("(Intercept)", "x", "z")]
}

test_that("quantiles are those of quantreg", {
  skip_if_not_installed("quantreg")
  data <- kinked_data()
  for (level in c(0.1, 0.5, 0.9)) {
    family <- response_family("quantile", level = level)
    model <- fitted_model(data$y, list(~ 1 + x + z),
      family = family, data = data
    )
    want <- quantreg::rq(y ~ x + z, tau = level, data = data)
    expect_equal(location(model), coef(want), tolerance = 1e-6)
    # Bandwidths differ: the same standard errors, but for the noise of a
    # density that is estimated at one point.
    se <- summary(want, se = "ker")$coefficients[, 2]
    expect_error(AIC(model), "needs a likelihood; family 'quantile' is a crit")
    expect_false(any(grepl("likelihood", capture.output(summary(model)))))
    expect_equal(
      unname(sqrt(diag(vcov(model)))[c("loc:(Intercept)", "loc:x", "loc:z")]),
      unname(se),
      tolerance = 0.35
    )
  }
})

test_that("quantiles of counts with ties lose no more than quantreg's", {
  skip_if_not_installed("quantreg")
  data <- MASS::quine
  check <- function(u) sum(u * (0.75 - (u < 0)))
  family <- response_family("quantile", level = 0.75)
  model <- fitted_model(data$Days, list(~ 1 + Age + Sex + Lrn),
    family = family, data = data
  )
  # Of several solutions it warns.
  want <- suppressWarnings(
    quantreg::rq(Days ~ Age + Sex + Lrn, tau = 0.75, data = data)
  )
  expect_equal(check(data$Days - fitted(model)[, 1]), check(resid(want)),
    tolerance = 1e-7
  )
})

test_that("Laplace's location is the median, as that of a log-density of one's own", {
  skip_if_not_installed("quantreg")
  data <- kinked_data()
  want <- coef(quantreg::rq(y ~ x + z, data = data))
  own <- create_family(
    log_density = function(y, loc, scale) {
      -log(2 * scale) - abs(y - loc) / scale
    },
    trafo_list = list(loc = "identity", scale = "exp")
  )
  larger <- create_family(
    log_density = function(y, loc, scale) {
      -log(2 * scale) - pmax(y - loc, loc - y) / pmax(scale, 1e-10)
    },
    trafo_list = list(loc = "identity", scale = "exp")
  )
  for (family in list("laplace", own, larger)) {
    model <- fitted_model(data$y, list(~ 1 + x + z, ~1),
      family = family, data = data
    )
    expect_equal(location(model), want, tolerance = 1e-6)
    distance <- mean(abs(data$y - cbind(1, data$x, data$z) %*% want))
    scale <- exp(unname(unlist(coef(model, which_param = 2))))
    expect_equal(scale, distance, tolerance = 1e-6)
    expect_equal(
      as.numeric(logLik(model)), -nrow(data) * (log(2 * distance) + 1), tolerance = 1e-7
    )
  }
})

test_that("a smooth of Laplace's location is chosen by REML", {
  data <- MASS::mcycle
  model <- deepregression(
    data$accel, list(~ 1 + s(times), ~ 1 + s(times)),
    family = "laplace", data = data,
    penalty_options = penalty_control(select = "REML")
  )
  expect_no_warning(fit(model, verbose = FALSE))
  normal <- deepregression(
    data$accel, list(~ 1 + s(times), ~ 1 + s(times)),
    data = data, penalty_options = penalty_control(select = "REML")
  )
  fit(normal, verbose = FALSE)
  # The same curve by two losses.
  gap <- fitted(model)[, 1] - fitted(normal)[, 1]
  expect_lt(sqrt(mean(gap^2)), 0.15 * sd(data$accel))
})

test_that("random effects of a Laplace model are identified by their penalty", {
  data <- kinked_data()
  data$g <- factor(rep(letters[1:8], length.out = nrow(data)))
  data$y <- data$y + as.integer(data$g) / 2
  model <- deepregression(
    data$y, list(~ 1 + x + s(g, bs = "re"), ~1),
    family = "laplace", data = data,
    penalty_options = penalty_control(select = "REML")
  )
  expect_no_warning(fit(model, verbose = FALSE))
  table <- summary(model)$smooths$loc
  expect_gt(table$edf, 5)
  expect_lt(table$edf, 7)
})

test_that("how far a trained model is from its optimum is in standard errors", {
  data <- kinked_data()
  model <- deepregression(data$y, list(~ 1 + x + z, ~1),
    family = "laplace", data = data
  )
  fit(model, verbose = FALSE)
  best <- as.numeric(logLik(model))
  expect_lt(inference(model)$distance, 1e-3)
  # A third of a standard error in one coefficient.
  error <- sqrt(vcov(model)["loc:x", "loc:x"])
  moved <- deepregression(data$y, list(~ 1 + x + z, ~1),
    family = "laplace", data = data,
    weight_options = weight_control(warmstart_weights = list(
      list(
        x = coef(model)$x[1] + error / 3, z = coef(model)$z[1],
        "(Intercept)" = coef(model)[["(Intercept)"]][1]
      ),
      list("(Intercept)" = coef(model, 2)[["(Intercept)"]][1])
    ))
  )
  fit(moved,
    epochs = 1, batch_size = nrow(data), validation_split = 0,
    optimizer = optimizer_adam(learning_rate = 1e-9), verbose = FALSE
  )
  expect_gt(as.numeric(logLik(moved)), best - 1)
  expect_gt(inference(moved)$distance, 0.1)
  expect_lt(inference(moved)$distance, 1)
})
