# lasso(), grlasso() and ridge() against glmnet and against the conditions of an
# optimum. With f the mean negative log-likelihood, the objective is
#   f + 2 (la / n) ||b||_1,  f + 2 (la / n) ||b||_2,  f + (la / n) ||b||^2.

# What glmnet leaves at thresh = 1e-14 (of the least squares, slopes of 1e-7),
# and our own slopes at an optimum.
glmnet_tolerance <- 1e-6
least_squares_tolerance <- 1e-5
slope_tolerance <- 1e-9

sparse_data <- function(n = 200, p = 8) {
  withr::with_seed(21, {
    x <- matrix(rnorm(n * p), n) + 0.5 * rnorm(n)
    colnames(x) <- paste0("v", seq_len(p))
    eta <- 0.3 + drop(x[, 1:3] %*% c(0.6, -0.4, 0.2))
    g <- factor(sample(letters[1:4], n, TRUE))
    list(
      x = x, g = g, h = factor(sample(c("u", "v", "w"), n, TRUE)),
      hit = rbinom(n, 1, plogis(eta)), count = rpois(n, exp(eta)),
      y = eta + c(0, 0.5, -0.5, 1)[g] + 0.5 * rnorm(n)
    )
  })
}

sparse_model <- function(y, formulas, data, family, ..., fit_options = list()) {
  model <- deepregression(y, formulas, data = data, family = family, ...)
  history <- do.call(fit, c(list(model, verbose = FALSE), fit_options))
  expect_identical(history$stop, "finished")
  model
}

# glmnet's coefficients in our order: the intercept last.
glmnet_coef <- function(x, y, family, lambda, alpha = 1) {
  # A path that ends at lambda, as glmnet recommends.
  path <- lambda * 2^(6:0)
  found <- glmnet::glmnet(x, y, family, lambda = path, alpha = alpha,
                          standardize = FALSE, thresh = 1e-14, maxit = 1e7)
  as.numeric(stats::coef(found)[, length(path)])[c(seq_len(ncol(x)) + 1, 1)]
}

flat_coef <- function(model) unlist(coef(model), use.names = FALSE)

test_that("the lasso is glmnet's, zeros included", {
  data <- sparse_data()
  n <- nrow(data$x)
  cases <- list(
    list(family = "bernoulli", glmnet = "binomial", y = data$hit, la = 6),
    list(family = "poisson", glmnet = "poisson", y = data$count, la = 12)
  )
  for (case in cases) {
    la <- case$la
    model <- sparse_model(
      case$y, list(~ 1 + lasso(x, la = la)), data[c("x", "g")], case$family
    )
    expected <- glmnet_coef(data$x, case$y, case$glmnet, 2 * la / n)
    found <- flat_coef(model)
    expect_equal(found, expected, tolerance = glmnet_tolerance)
    expect_identical(found == 0, expected == 0)
    expect_true(sum(found == 0) >= 2 && sum(found != 0) >= 3)
  }
})

test_that("with the mean squared error and more columns than rows too", {
  data <- sparse_data(n = 40, p = 80)
  model <- sparse_model(
    data$y, list(~ 1 + lasso(x, la = 4), ~1), data["x"], "normal", loss = "mse"
  )
  # glmnet halves the mean squared error.
  expected <- glmnet_coef(data$x, data$y, "gaussian", 4 / 40)
  found <- flat_coef(model)
  expect_equal(found, expected, tolerance = least_squares_tolerance)
  expect_identical(found == 0, expected == 0)
  expect_true(sum(found == 0) > 40)
  b <- found[1:80]
  slope <- -crossprod(data$x, data$y - fitted(model)[, 1])[, 1] / 40
  expect_equal(
    unname(slope[b != 0]), -4 / 40 * sign(b[b != 0]),
    tolerance = slope_tolerance
  )
  expect_true(all(abs(slope[b == 0]) < 4 / 40))
})

test_that("la = 0 is no penalty, and names are those of a linear term", {
  data <- as.data.frame(sparse_data())
  model <- sparse_model(
    data$count, list(~ 1 + lasso(g, la = 0) + lasso(x.v1 + log(abs(x.v2)))),
    data, "poisson"
  )
  expect_identical(
    lapply(coef(model), rownames)[1:2],
    list(
      "lasso(g, la = 0)" = c("gb", "gc", "gd"),
      "lasso(x.v1 + log(abs(x.v2)))" = c("x.v1", "log(abs(x.v2))")
    )
  )
  expect_identical(names(coef(model, type = "linear")), names(coef(model)))
  plain <- sparse_model(
    data$count, list(~ 1 + lasso(g, la = 0)), data, "poisson"
  )
  expected <- glm(count ~ g, poisson, data, control = list(epsilon = 1e-14))
  expect_equal(
    flat_coef(plain), unname(coef(expected))[c(2:4, 1)], tolerance = 1e-8
  )
})

test_that("a group is zero as a whole, and its conditions hold", {
  data <- sparse_data()
  n <- length(data$count)
  la <- 5
  model <- sparse_model(
    data$y, list(~ 1 + grlasso(g, la = la) + grlasso(h, la = la), ~ 1),
    data[c("g", "h")], "normal"
  )
  loc <- coef(model)
  residual <- data$y - fitted(model)[, 1]
  variance <- exp(2 * coef(model, "scale")[["(Intercept)"]][1])
  slope <- function(f) {
    -crossprod(model.matrix(~f)[, -1], residual)[, 1] / variance / n
  }
  expect_equal(sum(residual), 0, tolerance = slope_tolerance)
  expect_identical(unname(loc[[2]][, 1]), c(0, 0))
  expect_lt(sqrt(sum(slope(data$h)^2)), 2 * la / n)
  b <- loc[[1]][, 1]
  expect_true(all(b != 0))
  expect_equal(
    unname(slope(data$g) + 2 * la / n * b / sqrt(sum(b^2))), c(0, 0, 0),
    tolerance = slope_tolerance
  )
})

test_that("ridge shrinks raw columns, a factor by its codes", {
  data <- sparse_data()
  n <- nrow(data$x)
  model <- sparse_model(
    data$hit, list(~ 1 + ridge(x + g, la = 3)), data[c("x", "g")], "bernoulli"
  )
  raw <- cbind(data$x, g = as.integer(data$g))
  # glmnet's penalty is lambda / 2 ||b||^2.
  expected <- glmnet_coef(raw, data$hit, "binomial", 2 * 3 / n, alpha = 0)
  expect_equal(flat_coef(model), expected, tolerance = glmnet_tolerance)
  expect_identical(rownames(coef(model)[[1]])[9], "g")

  mse <- sparse_model(
    data$y, list(~ 1 + ridge(x, 3), ~1), data["x"], "normal", loss = "mse"
  )
  x <- cbind(data$x, 1)
  closed <- solve(crossprod(x) + diag(c(rep(3, 8), 0)), crossprod(x, data$y))
  expect_equal(flat_coef(mse), as.numeric(closed), tolerance = 1e-8)
})

test_that("sparse terms predict, and beside smooths with REML", {
  data <- as.data.frame(sparse_data())
  model <- sparse_model(
    data$count,
    list(~ 1 + s(x.v1) + lasso(x.v2 + x.v3 + x.v4 + x.v5, la = 16)), data,
    "poisson", penalty_options = penalty_control(select = "REML")
  )
  beta <- coef(model)[["lasso(x.v2 + x.v3 + x.v4 + x.v5, la = 16)"]][, 1]
  expect_true(any(beta == 0) && any(beta != 0))
  slope <- -crossprod(
    as.matrix(data[names(beta)]), data$count - fitted(model)[, 1]
  )[, 1] / nrow(data)
  at <- beta != 0
  expect_equal(
    slope[at], -32 / nrow(data) * sign(beta[at]), tolerance = 1e-6
  )
  expect_true(all(abs(slope[!at]) < 32 / nrow(data)))
  new <- data[1:7, ]
  by_hand <- get_partial_effect(model, "s(x.v1)", newdata = new)[, 1] +
    coef(model)[["(Intercept)"]][1] + as.matrix(new[names(beta)]) %*% beta
  expect_equal(
    log(predict(model, new)[, 1]), unname(by_hand[, 1]), tolerance = 1e-8
  )
})

test_that("bad arguments name the term", {
  data <- sparse_data()[c("x", "g", "count")]
  expect_fails <- function(formula, message) {
    expect_error(
      deepregression(data$count, list(formula), NULL, "poisson", data),
      message
    )
  }
  expect_fails(~ lasso(x, la = -1), "lasso\\(x, la = -1\\).*`la`.*>= 0")
  expect_fails(~ lasso(x, 1, 2), "expected lasso\\(x, la = 0.1\\)")
  expect_fails(~ grlasso(nothing), "nothing")
  expect_fails(~ ridge(x:g), "interactions are not supported inside ridge")
  expect_fails(~ ridge(), "names no variable")
})
