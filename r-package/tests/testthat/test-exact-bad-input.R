# Exact fits to data that are difficult or wrong: each ends in the right fit, or
# in a condition that names the term or argument and the reason.

# Newton's method ends within 1e-7 standard errors of the optimum.
exact_tolerance <- 1e-7

bad_rows <- function(n = 120) {
  set.seed(31)
  data <- data.frame(
    x = rnorm(n), z = rnorm(n),
    g = factor(rep(c("a", "b", "c"), length.out = n))
  )
  data$y <- 1 + data$x + rnorm(n)
  data$count <- rpois(n, exp(0.5 + 0.4 * data$x))
  data
}

fitted_model <- function(y, formulas, family, data, ...) {
  model <- deepregression(y, formulas, family = family, data = data)
  fit(model, verbose = FALSE, ...)
  model
}

# The note of a fit that is expected, and what must be finite after it.
expect_note <- function(code, pattern) {
  expect_warning(model <- code, pattern, class = "deepregression4j_fit_note")
  table <- summary(model)$coefficients[[1]]
  expect_true(all(is.finite(table)))
  expect_true(all(is.finite(predict(model, se.fit = TRUE)$se.fit)))
  invisible(model)
}

test_that("separation names the term, and the fit separates", {
  data <- bad_rows()
  data$x <- round(2 * data$x) / 2
  complete <- as.numeric(data$x > 0.1)
  model <- expect_note(
    fitted_model(complete, list(~ 1 + x + z), "bernoulli", data),
    "separation: .* of 'logits: x'"
  )
  expect_lt(max(abs(fitted(model) - complete)), 1e-3)
  expect_gt(as.numeric(logLik(model)), -1e-3)
  # One of three rows at the edge is of the other class.
  quasi <- data
  quasi$x[1:3] <- 0.1
  complete <- as.numeric(quasi$x > 0.1)
  complete[1:3] <- c(0, 1, 1)
  model <- expect_note(
    fitted_model(complete, list(~ 1 + x), "bernoulli", quasi),
    "separation: .* of 'logits: x'"
  )
  expect_equal(fitted(model)[1:3, 1], rep(2 / 3, 3), tolerance = 1e-3)
  expect_equal(as.numeric(logLik(model)), log(4 / 27), tolerance = 1e-3)
})

test_that("far from the separating value errors of predictions are finite", {
  data <- bad_rows()
  model <- expect_note(
    fitted_model(as.numeric(data$x > 0.1), list(~ 1 + x), "bernoulli", data),
    "separation: .* of 'logits: x'"
  )
  expect_gt(max(abs(predict(model, type = "link"))), 300)
})

test_that("a level of one class only is named, the others are as without it", {
  data <- bad_rows()
  set.seed(32)
  hit <- rbinom(nrow(data), 1, 0.5)
  hit[data$g == "b"] <- 1
  model <- expect_note(
    fitted_model(hit, list(~ 1 + z + g), "bernoulli", data),
    "separation: .* of 'logits: g';"
  )
  others <- data$g != "b"
  oracle <- glm(hit ~ z + g, binomial, cbind(data, hit)[others, ],
    epsilon = 1e-14
  )
  expect_equal(predict(model)[others, 1], unname(fitted(oracle)),
    tolerance = 1e-5
  )
  all_apart <- as.numeric(data$g == "a")
  expect_note(fitted_model(all_apart, list(~ 1 + g), "bernoulli", data),
    "separation: .* of 'logits: g' and 'logits: \\(Intercept\\)'"
  )
})

test_that("collinear columns are named, the fit is that of lm()", {
  data <- bad_rows()
  data$twice <- 2 * data$x - 1
  for (level in levels(data$g)) data[[level]] <- as.numeric(data$g == level)
  cases <- list(
    list(~ 1 + x + twice, "'loc: x'.*'loc: twice'"),
    list(~ 1 + x + a + b + c, "'loc: a'.*'loc: b'.*'loc: c'.*'loc: \\(Interc")
  )
  new <- transform(data[5:9, ], x = x + 1, twice = 2 * x + 1)
  for (case in cases) {
    model <- expect_note(
      fitted_model(data$y, list(case[[1]], ~1), "normal", data),
      paste0("not identified: ", case[[2]])
    )
    oracle <- lm(update(case[[1]], y ~ .), data)
    expect_equal(fitted(model)[, 1], unname(fitted(oracle)),
      tolerance = exact_tolerance
    )
    found <- predict(model, new, se.fit = TRUE)
    expected <- suppressWarnings(predict(oracle, new, se.fit = TRUE))
    expect_equal(found$fit[, 1], unname(expected$fit),
      tolerance = exact_tolerance
    )
    n <- nrow(data)
    expect_equal(found$se.fit[, 1],
      unname(expected$se.fit) * sqrt(oracle$df.residual / n),
      tolerance = 1e-6
    )
    expect_equal(attr(logLik(model), "df"), oracle$rank + 1, tolerance = 1e-6)
  }
})

test_that("constant responses", {
  data <- bad_rows()
  n <- nrow(data)
  expect_error(fitted_model(rep(2, n), list(~ 1 + x, ~1), "normal", data),
    "unbounded: parameter 'scale'.*'scale: \\(Intercept\\)'; is the .*\\?$",
    class = "deepregression4j_error_unbounded"
  )
  model <- expect_note(
    fitted_model(rep(0, n), list(~ 1 + x), "poisson", data),
    "separation: .* of 'rate: \\(Intercept\\)'"
  )
  expect_lt(max(fitted(model)), 1e-5)
  model <- expect_note(
    fitted_model(rep(1, n), list(~ 1 + x), "bernoulli", data),
    "separation: .* of 'logits: \\(Intercept\\)'"
  )
  expect_gt(min(fitted(model)), 1 - 1e-5)
})

test_that("a model that was refused is as it was", {
  data <- bad_rows()
  model <- deepregression(rep(2, 120), list(~ 1 + x, ~1), data = data)
  before <- model$state$weights
  expect_error(fit(model, verbose = FALSE), "unbounded")
  expect_identical(model$state$weights, before)
  expect_identical(model$state$status, "not trained")
  # Gradient descent does not ask for an optimum.
  fit(model, epochs = 2, optimizer = optimizer_adam(), verbose = FALSE)
  expect_false(identical(model$state$weights, before))
})

test_that("rows of weight zero count for nothing", {
  data <- bad_rows()
  w <- rep(c(1, 0.5, 2, 0), 30)
  in_use <- w > 0
  count <- replace(data$count, !in_use, 1e6)
  formulas <- list(~ 1 + x + s(z, sp = 0.2))
  # The same basis of all rows, and the same penalty of the rows in use.
  model <- fitted_model(count, formulas, "poisson", data, sample_weight = w)
  oracle <- mgcv::gam(count ~ x + s(z), poisson, data, weights = w, sp = 0.4,
    control = mgcv::gam.control(epsilon = 1e-13)
  )
  expect_equal(predict(model)[, 1],
    as.vector(predict(oracle, data, type = "response")),
    tolerance = 1e-6
  )
  some <- fitted_model(count, list(~ 1 + x + g), "poisson", data,
    sample_weight = w
  )
  fewer <- fitted_model(count[in_use], list(~ 1 + x + g), "poisson",
    data[in_use, ], sample_weight = w[in_use]
  )
  expect_equal(summary(some)$coefficients, summary(fewer)$coefficients,
    tolerance = exact_tolerance
  )
  expect_equal(c(logLik(some)), c(logLik(fewer)), tolerance = 1e-10)
  expect_identical(nobs(some), nobs(fewer))
  # A level that only they have is not identified.
  without_b <- as.numeric(data$g != "b")
  expect_note(
    fitted_model(data$count, list(~ 1 + x + g), "poisson", data,
      sample_weight = without_b
    ), "not identified: 'rate: g' by itself"
  )
})

test_that("weights that are none are refused by argument and row", {
  data <- bad_rows()
  model <- deepregression(data$count, list(~ 1 + x),
    family = "poisson", data = data
  )
  refused <- function(weights, message) {
    expect_error(fit(model, sample_weight = weights, verbose = FALSE),
      paste0("sample_weight ", message)
    )
  }
  ones <- rep(1, 120)
  refused(replace(ones, 7, -1), "must be .*not negative, got -1 in row 7$")
  refused(replace(ones, 7:9, NA), "must be finite.*got NA in row 7 and 2 more")
  refused(replace(ones, 7, Inf), "must be finite.*got Inf in row 7")
  refused(1:3, "must be 120 numbers, one per row, got integer \\(3\\)")
  refused(0 * ones, "are zero in all 120 rows")
  expect_error(
    deepregression(data$count, list(~1),
      family = "poisson", data = data, weights = -ones
    ), "weights must be .*got -1 in row 1 and 119 more"
  )
})

test_that("fewer rows than coefficients, without and with a penalty", {
  set.seed(33)
  wide <- data.frame(matrix(rnorm(10 * 20), 10))
  count <- c(3, 1, 4, 1, 5, 9, 2, 6, 5, 3)
  model <- expect_note(
    fitted_model(count, list(reformulate(names(wide))), "poisson", wide),
    "not identified: 11 directions .*'rate: X1'.* and 11 more; are there more"
  )
  expect_equal(fitted(model)[, 1], count, tolerance = 1e-6)
  expect_error(
    fitted_model(count, list(reformulate(names(wide)), ~1), "normal", wide),
    "unbounded: parameter 'scale'.*as many coefficients as rows\\?$"
  )
  # Ridge regression: (X'X + 2 la I) b = X'y for a variance of one half, mse.
  terms <- paste0("ridge(", names(wide), ", 0.7)")
  ridge <- deepregression(count, list(reformulate(terms), ~1), data = wide,
    loss = "mse"
  )
  fit(ridge, verbose = FALSE)
  X <- cbind(as.matrix(wide), 1)
  penalty <- diag(c(rep(0.7, 20), 0))
  b <- solve(crossprod(X) + penalty, crossprod(X, count))
  expect_equal(unlist(coef(ridge), use.names = FALSE), c(b),
    tolerance = exact_tolerance
  )
})

# The best of several searches by optim(), which stop at rounding.
best_of <- function(starts, objective) {
  found <- lapply(starts, function(start) {
    first <- optim(start, objective, control = list(maxit = 5000))
    optim(first$par, objective, method = "BFGS",
      control = list(reltol = 1e-16, maxit = 2000)
    )
  })
  found[[which.min(vapply(found, `[[`, 0, "value"))]]$par
}

intercept <- function(value) list("(Intercept)" = value)

# Fits from the family's own start and from others, all to the same optimum.
expect_optimum <- function(y, formulas, family, data, starts, expected) {
  for (start in c(list(NULL), starts)) {
    options <- if (is.null(start)) {
      weight_control()
    } else {
      weight_control(warmstart_weights = start)
    }
    model <- deepregression(y, formulas,
      family = family, data = data, weight_options = options
    )
    fit(model, verbose = FALSE)
    found <- unlist(lapply(seq_along(formulas), coef, object = model))
    expect_equal(unname(found), unname(expected),
      tolerance = 1e-5, info = deparse(start)
    )
  }
}

heavy_tails <- function() {
  set.seed(34)
  data <- data.frame(x = rnorm(300))
  data$y <- 1 + 2 * data$x + 0.5 * rt(300, 3)
  data$y[1:6] <- c(50, -80, 200, -500, 30, 1000)
  data
}

test_that("a t distribution is found from starts far away", {
  data <- heavy_tails()
  objective <- function(p) {
    z <- (data$y - p[3] - p[2] * data$x) / exp(p[4])
    -sum(dt(z, exp(p[1]), log = TRUE) - p[4])
  }
  expect_optimum(data$y, list(~1, ~ 1 + x, ~1), "student_t_ls", data,
    list(
      list(intercept(5), c(list(x = -40), intercept(100)), intercept(-5)),
      list(intercept(-3), c(list(x = 30), intercept(-300)), intercept(6)),
      list(intercept(2), c(list(x = 49), intercept(-229)), intercept(-8)),
      list(intercept(-3), c(list(x = 43), intercept(298)), intercept(0.6))
    ), best_of(list(c(1, 2, 1, -0.5)), objective)
  )
})

test_that("a Cauchy distribution is found from starts far away", {
  data <- heavy_tails()
  objective <- function(p) {
    -sum(dcauchy(data$y, p[2] + p[1] * data$x, exp(p[3]), log = TRUE))
  }
  expect_optimum(data$y, list(~ 1 + x, ~1), "cauchy", data,
    list(
      list(c(list(x = -40), intercept(100)), intercept(-5)),
      list(c(list(x = 30), intercept(-300)), intercept(6))
    ), best_of(list(c(2, 1, -0.5)), objective)
  )
})

test_that("locations of a million are no separation", {
  data <- heavy_tails()
  data$y <- 1e6 + 1e4 * data$y
  objective <- function(p) {
    z <- (data$y - 1e6 - 1e4 * (p[2] + p[1] * data$x)) / 1e4
    -sum(dcauchy(z, 0, exp(p[3]), log = TRUE))
  }
  found <- best_of(list(c(2, 1, -0.5)), objective)
  expect_optimum(data$y, list(~ 1 + x, ~1), "cauchy", data, list(),
    c(1e4 * found[1], 1e6 + 1e4 * found[2], log(1e4) + found[3])
  )
})

test_that("negative binomials are those of MASS, from starts far away", {
  set.seed(35)
  data <- data.frame(x = rnorm(300))
  data$count <- rnbinom(300, mu = exp(1 + 0.5 * data$x), size = 0.7)
  oracle <- MASS::glm.nb(count ~ x, data,
    control = glm.control(epsilon = 1e-14, maxit = 200)
  )
  expect_optimum(data$count, list(~ 1 + x, ~1), "negbinom_ls", data,
    list(
      list(c(list(x = -4), intercept(10)), intercept(-5)),
      list(c(list(x = 4), intercept(-10)), intercept(8))
    ), c(coef(oracle)[2:1], log(oracle$theta))
  )
  constant <- MASS::fitdistr(data$count, "negative binomial",
    control = list(reltol = 1e-16, maxit = 5000)
  )$estimate
  expect_optimum(data$count, list(~1, ~1), "negbinom", data,
    list(
      list(intercept(10), intercept(-6)), list(intercept(-6), intercept(6))
    ),
    c(log(constant[["size"]]), log(constant[["mu"]] / constant[["size"]]))
  )
})

test_that("rows with NA in a used column are left out, others stay", {
  data <- bad_rows()
  data$x[3] <- NA
  data$z[4] <- NA
  data$g[5] <- NA
  expect_message(
    model <- fitted_model(data$count, list(~ 1 + x + g), "poisson", data),
    "2 of 120 rows.*'g', 'x'|2 of 120 rows.*'x', 'g'"
  )
  oracle <- glm(count ~ x + g, poisson, data, epsilon = 1e-14)
  expect_equal(fitted(model)[, 1], unname(fitted(oracle)), tolerance = 1e-7)
  expect_identical(is.na(predict(model, data)[, 1]), seq_len(120) %in% c(3, 5))
})

test_that("an unknown level is refused at predict, whatever the term", {
  data <- bad_rows()
  new <- data.frame(x = 0, g = c("a", "d"))
  for (formula in list(~ 1 + x + g, ~ 1 + s(g, bs = "re", df = 2), ~ x:g)) {
    model <- fitted_model(data$y, list(formula, ~1), "normal", data)
    expect_error(predict(model, new), "'g'.*'d'.*'a', 'b', 'c'")
  }
})

test_that("a uniform response fits where its bounds hold it, or is refused", {
  data <- bad_rows()
  start <- function(low, high) {
    model <- deepregression(data$y, list(~1, ~1),
      family = "uniform", data = data, weight_options = weight_control(
        warmstart_weights = list(intercept(low), intercept(high))
      )
    )
    suppressWarnings(fit(model, verbose = FALSE))
  }
  history <- start(5, 1)
  expect_identical(history$stop, "not_finite")
  expect_match(history$message,
    "'uniform' is not finite .* which 'low' and 'high' bound, in that order"
  )
  model <- deepregression(data$y, list(~1, ~1), family = "uniform", data = data)
  # The largest likelihood is that of the range, a bound without a zero slope.
  expect_warning(history <- fit(model, verbose = FALSE),
    "responses bound the parameters 'low' and 'high' of family 'uniform'",
    class = "deepregression4j_fit_note"
  )
  expect_false(history$exact$converged)
  expect_equal(unname(predict(model, type = "parameters")[1, ]), range(data$y))
})
