# Responses whose columns share predictors of one column: widths differ between
# response, predictors and mean.

joint_data <- function(n = 150) {
  set.seed(8)
  data <- data.frame(x = rnorm(n), g = factor(sample(letters[1:3], n, TRUE)))
  trials <- sample(1:9, n, TRUE)
  data$s <- rbinom(n, trials, stats::plogis(0.3 + 0.7 * data$x))
  data$f <- trials - data$s
  data
}

tight <- stats::glm.control(epsilon = 1e-14)

test_that("binomial counts of two columns are those of glm()", {
  data <- joint_data()
  model <- deepregression(cbind(data$s, data$f), list(~ x + g),
    family = "binomial", data = data, output_dim = 2
  )
  fit(model, verbose = FALSE)
  oracle <- glm(cbind(s, f) ~ x + g, binomial, data, control = tight)
  beta <- do.call(rbind, coef(model))
  expect_identical(dim(beta), c(4L, 1L))
  expect_equal(beta[, 1], coef(oracle)[c(2:4, 1)],
    tolerance = 1e-8, ignore_attr = TRUE
  )
  expect_equal(as.numeric(logLik(model)), as.numeric(logLik(oracle)),
    tolerance = 1e-10
  )
  expect_equal(vcov(model), vcov(oracle)[c(2:4, 1), c(2:4, 1)],
    tolerance = 1e-8, ignore_attr = TRUE
  )
  new <- data[1:7, ]
  got <- predict(model, new, se.fit = TRUE)
  want <- predict(oracle, new, type = "response", se.fit = TRUE)
  expect_identical(dim(got$fit), c(7L, 1L))
  expect_equal(got$fit[, 1], want$fit, tolerance = 1e-10, ignore_attr = TRUE)
  expect_equal(got$se.fit[, 1], want$se.fit,
    tolerance = 1e-8, ignore_attr = TRUE
  )
  expect_identical(colnames(predict(model, type = "parameters")), "logits")
  expect_identical(colnames(predict(model, type = "terms")),
    c("x", "g", "(Intercept)")
  )
  expect_equal(residuals(model)[, 1], residuals(oracle, "response"),
    tolerance = 1e-8, ignore_attr = TRUE
  )
})

test_that("warm starts and networks have one column per predictor", {
  data <- joint_data()
  build <- function(units = 1, start = 2) {
    deepregression(cbind(data$s, data$f), list(~ 1 + x + d(x)),
      list(d = function(a) layer_dense(a, units)),
      family = "binomial", data = data, output_dim = 2,
      weight_options = weight_control(warmstart_weights = list(list(x = start)))
    )
  }
  expect_equal(unname(coef(build())$x), matrix(2))
  expect_error(build(units = 2), "must return 1 column, got 2")
  expect_error(build(start = c(1, 2)), "'x' has 1 coefficient, got 2")
  model <- build()
  fit(model, epochs = 2, verbose = FALSE)
  expect_identical(dim(fitted(model)), c(150L, 1L))
})

test_that("a multivariate normal has the closed form of least squares", {
  data <- joint_data()
  Y <- cbind(data$x + rnorm(150), 2 - data$x)
  Y[, 2] <- Y[, 2] + 0.5 * Y[, 1] + rnorm(150)
  model <- deepregression(Y, list(~x, ~x, ~1, ~1, ~1),
    family = "multivariate_normal", data = data, output_dim = 2
  )
  fit(model, verbose = FALSE)
  oracle <- lm(Y ~ x, data)
  root <- t(chol(crossprod(residuals(oracle)) / 150))
  for (column in 1:2) {
    expect_equal(unlist(coef(model, column)), coef(oracle)[2:1, column],
      tolerance = 1e-8, ignore_attr = TRUE
    )
    expect_equal(exp(coef(model, 2 + column)[[1]][1]), root[column, column],
      tolerance = 1e-8
    )
  }
  expect_equal(coef(model, "lower_2_1")[[1]][1], root[2, 1], tolerance = 1e-8)
  expect_equal(fitted(model), fitted(oracle),
    tolerance = 1e-8, ignore_attr = TRUE
  )
  expect_equal(residuals(model), residuals(oracle),
    tolerance = 1e-7, ignore_attr = TRUE
  )
  expect_equal(stddev(model)[1, ], sqrt(rowSums(root^2)), tolerance = 1e-8)
  value <- -150 * (log(2 * pi) + sum(log(diag(root))) + 1)
  expect_equal(as.numeric(logLik(model)), value, tolerance = 1e-10)
  expect_equal(sum(log_score(model)), value, tolerance = 1e-10)
  new <- data[1:5, ]
  got <- predict(model, new, se.fit = TRUE)
  want <- vapply(1:2, function(k) {
    predict(lm(Y[, k] ~ x, data), new, se.fit = TRUE)$se.fit * sqrt(148 / 150)
  }, numeric(5))
  expect_equal(got$se.fit, want, tolerance = 1e-8, ignore_attr = TRUE)
  expect_identical(rownames(vcov(model))[c(1, 7)],
    c("loc_1:x", "lower_2_1:(Intercept)")
  )
})
