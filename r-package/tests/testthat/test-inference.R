# Exact fits and inference against R's own, computed here.

coef_tolerance <- 1e-8
se_tolerance <- 1e-6

inference_data <- function(n = 200) {
  set.seed(21)
  data <- data.frame(
    x = rnorm(n), u = runif(n), g = factor(sample(c("a", "b", "c"), n, TRUE))
  )
  data$y <- 1 + data$x + rnorm(n)
  data$count <- rpois(n, exp(0.5 + 0.4 * data$x))
  data$hit <- rbinom(n, 1, plogis(data$x - 0.3))
  data$positive <- rgamma(n, 3, 3 / exp(0.3 + 0.5 * data$x))
  data
}

exact_fit <- function(y, formulas, family, data, ...) {
  model <- deepregression(y, formulas, family = family, data = data, ...)
  fit(model, verbose = FALSE)
  model
}

# Estimates and standard errors of a parameter's linear terms, intercept first.
linear <- function(model, parameter) {
  table <- summary(model)$coefficients[[parameter]]
  rbind(table[nrow(table), ], table[-nrow(table), , drop = FALSE])
}


test_that("coefficients and standard errors are those of lm()", {
  data <- inference_data()
  model <- exact_fit(data$y, list(~ 1 + x + g, ~1), "normal", data)
  oracle <- lm(y ~ x + g, data)
  found <- linear(model, "loc")
  expect_equal(unname(found[, 1]), unname(coef(oracle)),
    tolerance = coef_tolerance
  )
  # The variance is that of maximum likelihood.
  n <- nrow(data)
  se <- sqrt(diag(vcov(oracle)) * oracle$df.residual / n)
  expect_equal(unname(found[, 2]), unname(se), tolerance = se_tolerance)
  scale <- linear(model, "scale")
  expect_equal(scale[[1, 1]], log(sqrt(mean(residuals(oracle)^2))),
    tolerance = coef_tolerance
  )
  expect_equal(scale[[1, 2]], sqrt(1 / (2 * n)), tolerance = se_tolerance)
  expect_equal(as.numeric(logLik(model)), as.numeric(logLik(oracle)))
  expect_equal(AIC(model), AIC(oracle))
  expect_equal(BIC(model), BIC(oracle))
  expect_equal(deviance(model), deviance(oracle))
})

test_that("coefficients and standard errors are those of glm()", {
  data <- inference_data()
  cases <- list(
    poisson = glm(count ~ x + g, poisson, data, epsilon = 1e-14),
    bernoulli = glm(hit ~ x + g, binomial, data, epsilon = 1e-14)
  )
  for (family in names(cases)) {
    oracle <- cases[[family]]
    model <- exact_fit(oracle$y, list(~ 1 + x + g), family, data)
    found <- linear(model, 1)
    table <- summary(oracle)$coefficients
    expect_equal(unname(found[, 1]), unname(table[, 1]),
      tolerance = coef_tolerance, info = family
    )
    for (column in 2:4) {
      expect_equal(unname(found[, column]), unname(table[, column]),
        tolerance = se_tolerance, info = family
      )
    }
    expect_equal(as.numeric(logLik(model)), as.numeric(logLik(oracle)))
    expect_equal(attr(logLik(model), "df"), 4)
    expect_equal(AIC(model), AIC(oracle))
    expect_equal(BIC(model), BIC(oracle))
    expect_equal(nobs(model), 200)
    for (type in c("response", "pearson", "deviance")) {
      expect_equal(residuals(model, type)[, 1],
        unname(residuals(oracle, type)), tolerance = 1e-7, info = type
      )
    }
    expect_equal(deviance(model), deviance(oracle))
  }
})

test_that("a Gamma model is that of glm(), with observed information", {
  data <- inference_data()
  oracle <- glm(positive ~ x + g, Gamma("log"), data, epsilon = 1e-14)
  model <- exact_fit(data$positive, list(~ 1 + x + g, ~1), "gammar", data)
  found <- linear(model, "mu")
  expect_equal(unname(found[, 1]), unname(coef(oracle)),
    tolerance = coef_tolerance
  )
  # glm() has the expected information; the second derivatives of the
  # log-likelihood by hand, for concentration 1 / sigma^2.
  X <- model.matrix(oracle)
  shape <- exp(-2 * coef(model, "sigma")[[1]][1])
  information <- shape * crossprod(X, X * data$positive / fitted(oracle))
  expect_equal(unname(found[, 2]), unname(sqrt(diag(solve(information)))),
    tolerance = se_tolerance
  )
  expect_equal(deviance(model), deviance(oracle))
})

test_that("deviances are those of glm(), at their means", {
  data <- inference_data()
  n <- nrow(data)
  tries <- rep(c(3, 8), length.out = n)
  hits <- withr::with_seed(3, rbinom(n, tries, plogis(data$x)))
  eight <- withr::with_seed(4, rbinom(n, 8, plogis(data$x)))
  counts <- withr::with_seed(5, MASS::rnegbin(n, exp(1 + 0.4 * data$x), 2))
  check <- function(model, oracle) {
    expect_equal(fitted(model)[, 1], unname(fitted(oracle)), tolerance = 1e-6)
    for (type in c("response", "pearson", "deviance")) {
      expect_equal(residuals(model, type)[, 1], unname(residuals(oracle, type)),
        tolerance = 1e-6, info = type
      )
    }
    expect_equal(deviance(model), deviance(oracle), tolerance = 1e-7)
  }
  two <- exact_fit(cbind(hits, tries - hits), list(~ 1 + x), "binomial", data)
  oracle <- glm(cbind(hits, tries - hits) ~ x, binomial, data, epsilon = 1e-14)
  check(two, oracle)
  empty <- exact_fit(
    rbind(cbind(hits, tries - hits), c(0, 0)), list(~ 1 + x), "binomial",
    rbind(data, data[1, ])
  )
  expect_equal(deviance(empty), deviance(oracle), tolerance = 1e-7)
  expect_equal(residuals(empty, "deviance")[n + 1, 1], 0)

  known <- response_family("binomial", trials = 8)
  one <- exact_fit(eight, list(~ 1 + x), known, data)
  oracle <- glm(cbind(eight, 8 - eight) ~ x, binomial, data, epsilon = 1e-14)
  expect_equal(deviance(one), deviance(oracle))
  expect_equal(residuals(one, "deviance")[, 1], unname(residuals(oracle)))

  nb <- exact_fit(counts, list(~ 1 + x, ~1), "negbinom_ls", data)
  oracle <- MASS::glm.nb(counts ~ x, data,
    control = glm.control(epsilon = 1e-14, maxit = 100)
  )
  check(nb, oracle)

  ig <- exact_fit(data$positive, list(~ 1 + x, ~1), "inverse_gaussian", data)
  oracle <- glm(positive ~ x, inverse.gaussian("log"), data, epsilon = 1e-14)
  expect_equal(deviance(ig), deviance(oracle), tolerance = 1e-7)
  expect_equal(residuals(ig, "deviance")[, 1], unname(residuals(oracle)),
    tolerance = 1e-6
  )
})

test_that("residuals need a response that looks like its mean", {
  data <- inference_data()
  times <- survival::Surv(data$positive, data$hit)
  model <- exact_fit(times, list(~ 1 + x, ~1), "weibull", data)
  expect_error(residuals(model), "response has 2 columns, its mean 1")
  expect_error(deviance(exact_fit(data$y, list(~1, ~1), "laplace", data)),
    "not defined for family 'laplace', only for 'normal'"
  )
})

test_that("a Tweedie deviance is that of mgcv's family", {
  data <- inference_data()
  y <- withr::with_seed(6, mgcv::rTweedie(exp(data$x), p = 1.4, phi = 1))
  family <- response_family("tweedie", power = 1.4)
  model <- exact_fit(y, list(~ 1 + x, ~1), family, data)
  ones <- rep(1, length(y))
  want <- mgcv::Tweedie(1.4)$dev.resids(y, fitted(model)[, 1], ones)
  expect_equal(residuals(model, "deviance")[, 1]^2, want)
})

test_that("row weights count as glm() counts them", {
  data <- inference_data()
  w <- rep(1:4, 50)
  oracle <- glm(count ~ x, poisson, data, weights = w, epsilon = 1e-14)
  model <- deepregression(data$count, list(~ 1 + x),
    family = "poisson", data = data
  )
  fit(model, sample_weight = w, verbose = FALSE)
  expect_equal(
    unname(linear(model, 1)[, 1:2]),
    unname(summary(oracle)$coefficients[, 1:2]),
    tolerance = se_tolerance
  )
  expect_equal(deviance(model), deviance(oracle))
})

test_that("intervals, tests of nested fits and names are R's", {
  data <- inference_data()
  model <- exact_fit(data$count, list(~ 1 + x + g), "poisson", data)
  smaller <- exact_fit(data$count, list(~ 1 + x), "poisson", data)
  oracle <- glm(count ~ x + g, poisson, data, epsilon = 1e-14)
  expect_identical(colnames(vcov(model)),
    c("rate:x", "rate:gb", "rate:gc", "rate:(Intercept)")
  )
  expect_equal(unname(vcov(model)[1:3, 1:3]), unname(vcov(oracle)[-1, -1]),
    tolerance = se_tolerance
  )
  expect_equal(vcov(model, freq = TRUE), vcov(model), tolerance = 1e-10)
  expect_equal(unname(confint(model, "rate:x", level = 0.9)),
    unname(confint.default(oracle, "x", level = 0.9)), tolerance = se_tolerance
  )
  expect_error(confint(model, "x"), "rate:x")
  test <- anova(model, smaller)
  expected <- anova(update(oracle, . ~ x), oracle, test = "Chisq")
  expect_equal(test[["Chisq"]][2], expected[["Deviance"]][2], tolerance = 1e-8)
  expect_equal(test[["Pr(>Chisq)"]][2], expected[["Pr(>Chi)"]][2],
    tolerance = 1e-8
  )
  expect_output(print(test), "Likelihood-ratio.*x \\+ g")
  expect_error(anova(model), "two or more")
  other <- exact_fit(data$y, list(~1, ~1), "normal", data)
  expect_error(anova(model, other), "model 2 has another response")
})

test_that("standard errors of predictions are those of glm()", {
  data <- inference_data()
  model <- exact_fit(data$hit, list(~ 1 + x + g), "bernoulli", data)
  oracle <- glm(hit ~ x + g, binomial, data, epsilon = 1e-14)
  new <- data.frame(x = c(-1, 0, 2), g = c("a", "b", "c"))
  for (type in c("link", "response")) {
    found <- predict(model, new, type = type, se.fit = TRUE)
    expected <- predict(oracle, new, type = type, se.fit = TRUE)
    expect_equal(found$fit[, 1], unname(expected$fit), tolerance = 1e-7)
    expect_equal(found$se.fit[, 1], unname(expected$se.fit), tolerance = 1e-6)
  }
  new$x[2] <- NA
  expect_identical(
    is.na(predict(model, new, se.fit = TRUE)$se.fit[, 1]), c(FALSE, TRUE, FALSE)
  )
  expect_error(predict(model, type = "stddev", se.fit = TRUE), "'response'")
})

test_that("the delta method has the variance of a mean of two predictors", {
  data <- inference_data()
  model <- exact_fit(exp(data$y), list(~ 1 + x, ~ 1 + x), "log_normal", data)
  new <- data.frame(x = c(-1, 0.5))
  found <- predict(model, new, se.fit = TRUE)
  V <- vcov(model)
  eta <- predict(model, new, type = "link")
  X <- cbind(new$x, 1)
  # d exp(loc + exp(2 t) / 2) by loc and t.
  mean <- exp(eta[, "loc"] + exp(2 * eta[, "scale"]) / 2)
  G <- cbind(mean * X, mean * exp(2 * eta[, "scale"]) * X)
  expect_equal(found$se.fit[, 1], sqrt(diag(G %*% V %*% t(G))),
    tolerance = 1e-8
  )
  parameters <- predict(model, new, type = "parameters", se.fit = TRUE)
  link <- predict(model, new, type = "link", se.fit = TRUE)
  expect_equal(parameters$se.fit,
    link$se.fit * cbind(loc = 1, scale = exp(eta[, "scale"])), tolerance = 1e-8
  )
})

test_that("a smooth with fixed lambda has mgcv's errors, df and test", {
  data <- inference_data()
  sp <- 0.3
  model <- exact_fit(data$count, list(~ 1 + x + s(u, sp = 0.3)), "poisson",
    data
  )
  oracle <- mgcv::gam(count ~ x + s(u), poisson, data,
    sp = 2 * sp, control = mgcv::gam.control(epsilon = 1e-13)
  )
  new <- data.frame(x = c(-1, 1), u = c(0.2, 0.8))
  for (type in c("link", "response")) {
    expected <- predict(oracle, new, type = type, se.fit = TRUE)
    found <- predict(model, new, type = type, se.fit = TRUE)
    expect_equal(found$fit[, 1], as.vector(expected$fit), tolerance = 1e-6)
    expect_equal(found$se.fit[, 1], as.vector(expected$se.fit),
      tolerance = 1e-6
    )
  }
  expected <- summary(oracle)$s.table[1, ]
  found <- unlist(summary(model)$smooths$rate[1, -1])
  expect_equal(unname(found), unname(expected), tolerance = 1e-4)
  expect_equal(attr(logLik(model), "df"), sum(oracle$edf), tolerance = 1e-6)
  expect_equal(unname(linear(model, 1)[, 2]),
    unname(summary(oracle)$p.table[, 2]), tolerance = 1e-6
  )
})

# Standard errors of both predictors of mgcv's gaulss fit, from the observed
# second derivatives of its penalised likelihood, written out.
observed_errors <- function(oracle, y, sp) {
  X <- predict(oracle, type = "lpmatrix")
  place <- attr(X, "lpi")
  part <- lapply(place, function(i) X[, i])
  eta <- Map(function(x, i) drop(x %*% coef(oracle)[i]), part, place)
  r <- (y - eta[[1]]) / exp(eta[[2]])
  H <- matrix(0, ncol(X), ncol(X))
  H[place[[1]], place[[1]]] <- crossprod(part[[1]] / exp(eta[[2]]))
  H[place[[1]], place[[2]]] <- 2 * crossprod(
    part[[1]] * r / exp(eta[[2]]), part[[2]]
  )
  H[place[[2]], place[[1]]] <- t(H[place[[1]], place[[2]]])
  H[place[[2]], place[[2]]] <- 2 * crossprod(part[[2]] * r)
  for (k in seq_along(sp)) {
    smooth <- oracle$smooth[[k]]
    i <- smooth$first.para:smooth$last.para
    H[i, i] <- H[i, i] + sp[k] * smooth$S[[1]]
  }
  V <- chol2inv(chol(H))
  mapply(function(x, i) sqrt(rowSums((x %*% V[i, i]) * x)), part, place)
}

test_that("location and scale with fixed lambda are those of gaulss", {
  data(mcycle, package = "MASS", envir = environment())
  model <- exact_fit(mcycle$accel,
    list(~ 1 + s(times, sp = 0.01), ~ 1 + s(times, sp = 0.2)), "normal", mcycle
  )
  oracle <- mgcv::gam(list(accel ~ s(times), ~ s(times)),
    family = mgcv::gaulss(b = 0), data = mcycle, sp = c(0.02, 0.4),
    control = mgcv::gam.control(epsilon = 1e-12)
  )
  expected <- predict(oracle, se.fit = TRUE)
  found <- predict(model, type = "link", se.fit = TRUE)
  expect_equal(unname(found$fit), unname(expected$fit),
    tolerance = 1e-6, ignore_attr = TRUE
  )
  observed <- observed_errors(oracle, mcycle$accel, c(0.02, 0.4))
  expect_equal(unname(found$se.fit), unname(observed),
    tolerance = 1e-6, ignore_attr = TRUE
  )
  # gam() itself is 1.2e-3 from these here, and 1e-9 on smoother data.
  expect_equal(unname(found$se.fit), unname(expected$se.fit),
    tolerance = 2e-3, ignore_attr = TRUE
  )
})

test_that("GCV has the degrees of freedom of mgcv", {
  data(mcycle, package = "MASS", envir = environment())
  model <- deepregression(mcycle$accel, list(~ 1 + s(times), ~1),
    data = mcycle, penalty_options = penalty_control(select = "GCV")
  )
  fit(model, verbose = FALSE)
  expected <- mgcv::gam(accel ~ s(times), data = mcycle, method = "GCV.Cp")
  expect_equal(summary(model)$smooths[[1]]$edf, summary(expected)$edf,
    tolerance = 1e-4
  )
  expect_error(penalty_control(select = "BIC"), "GCV")
})

# Of the search for smoothing parameters, which stops before machine precision.
reml_tolerance <- 1e-5

test_that("REML has the degrees of freedom of mgcv", {
  data <- inference_data(400)
  data$wave <- rpois(400, exp(1 + sin(6 * data$u)))
  data$gamma <- rgamma(400, 4, 4 / exp(sin(6 * data$u)))
  data(mcycle, package = "MASS", envir = environment())
  df_of <- function(y, formulas, family, data) {
    model <- exact_fit(y, formulas, family, data,
      penalty_options = penalty_control(select = "REML")
    )
    summary(model)$smooths[[1]]$edf
  }
  edf <- function(...) summary(mgcv::gam(..., method = "REML"))$edf
  normal <- df_of(mcycle$accel, list(~ 1 + s(times), ~1), "normal", mcycle)
  expect_equal(normal,
    edf(list(accel ~ s(times), ~1), mgcv::gaulss(b = 0), mcycle),
    tolerance = reml_tolerance
  )
  # The variance is that of maximum likelihood here, with n - edf there.
  expect_equal(normal, edf(accel ~ s(times), data = mcycle), tolerance = 0.005)
  expect_equal(df_of(data$wave, list(~ 1 + s(u)), "poisson", data),
    edf(wave ~ s(u), poisson, data), tolerance = reml_tolerance
  )
  expect_equal(df_of(data$gamma, list(~ 1 + s(u), ~1), "gammar", data),
    edf(list(gamma ~ s(u), ~1), mgcv::gammals(), data),
    tolerance = reml_tolerance
  )
})

test_that("the reference numbers of mcycle are reached", {
  data(mcycle, package = "MASS", envir = environment())
  cases <- list(
    list(~ 1 + s(times, df = 6), 3.8272988, 45.93828, 5.2466555),
    list(~ 1 + s(times), 3.0742269, 21.63315, 4.4931654)
  )
  for (case in cases) {
    model <- deepregression(mcycle$accel, list(case[[1]], ~1), data = mcycle)
    history <- fit(model, verbose = FALSE)
    expect_equal(coef(model, "scale")[[1]][1], case[[2]], tolerance = 1e-7)
    expect_equal(sqrt(mean(residuals(model)^2)), case[[3]], tolerance = 1e-7)
    expect_equal(min(history$metrics$loss), case[[4]], tolerance = 1e-7)
  }
})

# A fit may have several notes; one is looked at.
suppress_more <- function(code) {
  withCallingHandlers(code, deepregression4j_fit_note = function(w) {
    invokeRestart("muffleWarning")
  })
}

test_that("bad data are named in a warning", {
  data <- inference_data()
  data$twice <- 2 * data$x
  fit_with <- function(y, formulas, family, data) {
    model <- deepregression(y, formulas, family = family, data = data)
    fit(model, verbose = FALSE)
    model
  }
  expect_warning(
    model <- fit_with(data$y, list(~ 1 + x + twice, ~1), "normal", data),
    "'loc: x'.*'loc: twice'", class = "deepregression4j_fit_note"
  )
  # The fit is that of the identified part.
  expect_equal(fitted(model)[, 1], unname(fitted(lm(y ~ x, data))),
    tolerance = 1e-7
  )
  expect_output(print(summary(model)), "not identified")
  separated <- as.numeric(data$g == "a")
  expect_warning(
    model <- fit_with(separated, list(~ 1 + g), "bernoulli", data),
    "separation.*'logits: g'", class = "deepregression4j_fit_note"
  )
  expect_true(all(is.finite(predict(model, se.fit = TRUE)$fit)))
  expect_error(
    fit_with(rep(3, 200), list(~ 1 + x, ~1), "normal", data),
    "unbounded.*'scale'", class = "deepregression4j_error_unbounded"
  )
  wide <- data.frame(matrix(rnorm(60), 5))
  wide_formula <- stats::reformulate(names(wide))
  suppress_more(expect_warning(
    fit_with(c(2, 1, 4, 0, 3), list(wide_formula), "poisson", wide),
    "not identified: .* directions of .*'rate: X1'", class = "deepregression4j_fit_note"
  ))
})

test_that("quantile residuals and simulations follow R's distributions", {
  data <- inference_data()
  model <- exact_fit(data$positive, list(~ 1 + x, ~1), "gammar", data)
  theta <- predict(model, type = "parameters")
  p <- pgamma(data$positive, 1 / theta[, 2]^2, 1 / (theta[, 1] * theta[, 2]^2))
  expect_equal(residuals(model, "quantile")[, 1], qnorm(p))
  draws <- simulate(model, 50, seed = 3)
  expect_identical(dim(draws), c(200L, 50L))
  expect_identical(simulate(model, 50, seed = 3), draws)
  expect_equal(mean(as.matrix(draws) / fitted(model)[, 1]), 1, tolerance = 0.02)
  counts <- exact_fit(data$count, list(~ 1 + x), "poisson", data)
  first <- residuals(counts, "quantile", seed = 1)
  rate <- predict(counts, type = "parameters")[, 1]
  expect_true(all(pnorm(first[, 1]) <= ppois(data$count, rate)))
  expect_true(all(pnorm(first[, 1]) >= ppois(data$count - 1, rate)))
  expect_identical(residuals(counts, "quantile", seed = 1), first)
  expect_false(identical(residuals(counts, "quantile", seed = 2), first))
})

test_that("inference belongs to the weights it was computed for", {
  data <- inference_data()
  model <- deepregression(data$y, list(~ 1 + x, ~1), data = data)
  expect_error(vcov(model), "not fitted")
  fit(model, verbose = FALSE)
  before <- vcov(model)
  cached <- model$state$inference
  vcov(model)
  expect_identical(model$state$inference, cached)
  fit(model, verbose = FALSE, sample_weight = rep(2, 200))
  expect_equal(vcov(model), before / 2, tolerance = 1e-6)
  reinit_weights(model, 3L)
  expect_error(logLik(model), "not fitted")
})

test_that("training alone is said, with the distance to the optimum", {
  data <- inference_data()
  model <- deepregression(data$y, list(~ 1 + x, ~1), data = data)
  fit(model, 200, 2, warm_start = FALSE, verbose = FALSE)
  expect_output(print(summary(model)), "gradient descent.*standard\\s+errors")
  exact <- exact_fit(data$y, list(~ 1 + x, ~1), "normal", data)
  expect_output(print(summary(exact)), "Exact solution, converged in")
})

# Covariance of the location's coefficients: the inverse of the second
# derivatives by them and by log sigma, wherever they are.
conditional_covariance <- function(X, y, coefs, sigma) {
  beta <- unlist(coefs, use.names = FALSE)
  r <- (y - drop(X %*% beta)) / sigma
  cross <- 2 * colSums(X * r) / sigma
  H <- rbind(
    cbind(crossprod(X) / sigma^2, cross), c(cross, 2 * sum(r^2))
  )
  solve(H)[1:2, 1:2]
}

test_that("with a network, inference is conditional on its output", {
  data <- inference_data()
  data$y <- data$y + sin(3 * data$x)
  model <- deepregression(data$y, list(~ 1 + x + d(x), ~1), function(x) {
    x %>% layer_dense(6, "tanh") %>% layer_dense(1)
  }, data = data)
  fit(model, epochs = 10, validation_split = 0, verbose = FALSE)
  expect_output(print(summary(model)), "conditional on the deep part")
  # The network's output as an offset: what lm() says of the rest.
  deep <- get_partial_effect(model, "d(x)")[, 1]
  sigma <- exp(coef(model, "scale")[[1]][1])
  X <- cbind(data$x, 1)
  expect_equal(
    unname(vcov(model)[1:2, 1:2]),
    unname(conditional_covariance(X, data$y - deep, coef(model), sigma)),
    tolerance = 1e-6
  )
  expect_equal(as.numeric(logLik(model)), sum(log_score(model)),
    tolerance = 1e-8
  )
  trained_on <- deepregression(data$y, list(~ 1 + x + d(x), ~1), function(x) {
    layer_dense(x, 1)
  }, data = data)
  fit(trained_on, epochs = 1, validation_split = 0.25, verbose = FALSE)
  expect_equal(nobs(trained_on), 150)
})

test_that("a squared error has the standard errors of lm()", {
  data <- inference_data()
  model <- deepregression(data$y, list(~ 1 + x + g, ~1),
    data = data, loss = "mse"
  )
  suppressWarnings(fit(model, verbose = FALSE))
  oracle <- lm(y ~ x + g, data)
  expect_equal(unname(linear(model, "loc")[, 2]),
    unname(sqrt(diag(vcov(oracle)))), tolerance = 1e-6
  )
  expect_error(AIC(model), "likelihood")
})

test_that("random effects and by-smooths have a row each", {
  data <- inference_data()
  data$h <- factor(rep(1:10, 20))
  model <- exact_fit(data$y,
    list(~ g + s(u, by = g, zerocons = TRUE) + s(h, bs = "re", df = 5), ~1), "normal",
    data
  )
  table <- summary(model)$smooths$loc
  expect_identical(table$term, c(
    "s(u):ga", "s(u):gb", "s(u):gc", "s(h, bs = \"re\", df = 5)"
  ))
  expect_true(all(table$edf > 0 & table$`p-value` >= 0 & table$`p-value` <= 1))
})

test_that("the band of a plot is that of the terms' standard errors", {
  data <- inference_data()
  model <- exact_fit(data$y, list(~ 1 + s(u, df = 5), ~1), "normal", data)
  effect <- plot(model, only_data = TRUE)[[1]]
  oracle <- predict(model, type = "terms", se.fit = TRUE)$se.fit[, 1]
  expect_equal(effect$band[, 1], qnorm(0.975) * oracle)
  V <- vcov(model)[1:9, 1:9]
  X <- effect$design_mat
  expect_equal(oracle, sqrt(rowSums((X %*% V) * X)),
    tolerance = 1e-7, ignore_attr = TRUE
  )
})

test_that("every basis of mgcv has mgcv's fit and errors at fixed lambda", {
  data <- inference_data()
  data$v <- data$x
  check <- function(ours, theirs, sp, family = "poisson") {
    model <- exact_fit(data$count, list(ours), family, data)
    oracle <- mgcv::gam(theirs, poisson, data,
      sp = 2 * sp, control = mgcv::gam.control(epsilon = 1e-13)
    )
    found <- predict(model, type = "link", se.fit = TRUE)
    expected <- predict(oracle, se.fit = TRUE)
    expect_equal(found$fit[, 1], as.vector(expected$fit),
      tolerance = 1e-6, info = text_of(ours)
    )
    expect_equal(found$se.fit[, 1], as.vector(expected$se.fit),
      tolerance = 1e-5, info = text_of(ours)
    )
  }
  for (bs in c("tp", "ts", "cr", "cs", "cc", "ps", "cp", "bs", "gp", "ds")) {
    theirs <- stats::as.formula(sprintf("count ~ s(u, bs = '%s')", bs))
    ours <- stats::as.formula(sprintf("~ 1 + s(u, bs = '%s', sp = 0.5)", bs))
    check(ours, theirs, 0.5)
  }
  check(~ 1 + te(u, v, k = 4, sp = c(0.5, 2), zerocons = TRUE),
    count ~ te(u, v, k = 4), c(0.5, 2)
  )
})

test_that("a Weibull model is that of survreg()", {
  data <- inference_data()
  data$time <- rweibull(200, 1.7, exp(1 + 0.5 * data$x))
  model <- exact_fit(data$time, list(~1, ~ 1 + x), "weibull", data)
  oracle <- survival::survreg(survival::Surv(time) ~ x, data,
    control = survival::survreg.control(rel.tolerance = 1e-14, maxiter = 50)
  )
  found <- linear(model, "scale")
  expect_equal(unname(found[, 1]), unname(coef(oracle)), tolerance = 1e-7)
  expect_equal(unname(found[, 2]), unname(sqrt(diag(vcov(oracle)))[1:2]),
    tolerance = 1e-6
  )
  # survreg's scale is the inverse of the concentration.
  expect_equal(coef(model, 1)[[1]][1], -log(oracle$scale), tolerance = 1e-7)
  expect_equal(as.numeric(logLik(model)), as.numeric(logLik(oracle)))
})

test_that("a smoothing parameter of several columns is that of mgcv's id", {
  set.seed(9)
  n <- 300
  data <- data.frame(x = runif(n))
  y <- cbind(
    rpois(n, exp(1 + sin(6 * data$x))), rpois(n, exp(1.5 - cos(5 * data$x)))
  )
  model <- deepregression(y, list(~ 1 + s(x)),
    family = "poisson", data = data, output_dim = 2,
    penalty_options = penalty_control(select = "REML")
  )
  fit(model, verbose = FALSE)
  both <- data.frame(
    y = as.vector(y), x = data$x, column = factor(rep(1:2, each = n))
  )
  oracle <- mgcv::gam(y ~ column + s(x, by = column, id = 1),
    family = poisson, data = both, method = "REML"
  )
  expect_equal(as.vector(fitted(model)), unname(fitted(oracle)),
    tolerance = 1e-3
  )
  expect_equal(attr(logLik(model), "df"), sum(oracle$edf), tolerance = 1e-3)
  table <- summary(model)$smooths[[1]]
  expect_identical(table$term, c("s(x)_1", "s(x)_2"))
  expect_equal(table$edf, as.vector(summary(oracle)$edf), tolerance = 1e-2)
})

test_that("a covariance that does not fit the memory is refused in time", {
  code <- c(
    "options(java.parameters = '-Xmx200m')", "library(deepregression4j)",
    "d <- data.frame(g = factor(rep(1:1500, 4)), y = sin(1:6000))",
    "m <- deepregression(d$y, list(~ 1 + s(g, bs = 're', sp = 1), ~1),",
    "  data = d)",
    "fit(m, verbose = FALSE)",
    "e <- tryCatch(vcov(m), error = identity)",
    "cat(conditionMessage(e), '\\n')",
    # (d + S)^-1 d mean(y) of each level, with the scale that was found.
    "scale <- exp(coef(m, 'scale')[[1]][1])",
    "means <- tapply(d$y, d$g, mean) - coef(m)[['(Intercept)']][1]",
    "shrunk <- means * 4 / (4 + 2 * scale^2)",
    "cat('fit:', max(abs(c(coef(m)[[1]]) - c(shrunk))) < 1e-6, '\\n')"
  )
  said <- in_new_r(code)
  expect_match(said, paste(
    "covariance of 1502 coefficients needs about 0.3 GB of memory, Java may",
    "use 0.2 GB; give it more .*deepregression4j.heap"
  ), all = FALSE)
  expect_output_line(said, "fit: TRUE ")
})
