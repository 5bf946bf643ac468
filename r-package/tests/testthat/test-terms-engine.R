# Every kind of term from R's seat: fitted by the engine, its effects add up to
# the linear predictor, new rows are predicted, and it is exported.

term_data <- function(n = 150) {
  set.seed(4)
  data <- data.frame(
    x = runif(n), z = runif(n), t = runif(n, 1, 3),
    g = factor(sample(letters[1:4], n, TRUE)),
    o = factor(sample(1:3, n, TRUE), ordered = TRUE),
    l = sample(c(TRUE, FALSE), n, TRUE), i = sample(6L, n, TRUE)
  )
  data$y <- sin(6 * data$x) + data$z + as.numeric(data$g) / 4 + rnorm(n) / 5
  data
}

every_term <- list(
  ~ 0 + x, ~ -1 + g, ~ 1 + x * z + x:g, ~ 1 + o + l + i, ~ 1 + I(z^2) + log(t),
  ~ 1 + poly(x, 3), ~ 1 + factor(i), ~ 1 + lin(x, z), ~ int(1),
  ~ 1 + offset(log(t)), ~ 1 + s(x, by = g, k = 5), ~ 1 + s(x, by = z, k = 5),
  ~ 1 + s(g, bs = "re"), ~ 1 + s(x, g, bs = "re"), ~ 1 + s(x, bs = "gp", k = 6),
  ~ 1 + s(x, bs = "ps", k = 6) + s(z, bs = "cr", k = 6),
  ~ 1 + s(i, bs = "cc", k = 5), ~ 1 + s(x, bs = "ts") + s(z, bs = "cs"),
  ~ 1 + te(x, z, k = 4), ~ 1 + ti(x, z, k = 4), ~ 1 + t2(x, z, k = 4),
  ~ 1 + s(x, z, k = 12), ~ 1 + s(x, g, bs = "fs", k = 4)
)

test_that("every term fits, predicts and is exported", {
  data <- term_data()
  file <- withr::local_tempfile(fileext = ".onnx")
  for (formula in every_term) {
    label <- text_of(formula)
    model <- deepregression(data$y, list(formula, ~1), data = data)
    suppressWarnings(fit(model, verbose = FALSE))
    new <- data[c(3, 1, 8), ]
    eta <- predict(model, new, type = "link")
    expect_equal(rowSums(predict(model, new, type = "terms")), eta[, "loc"],
      tolerance = 1e-10, info = label
    )
    expect_equal(eta, predict(model, type = "link")[c(3, 1, 8), ],
      tolerance = 1e-12, info = label
    )
    suppressMessages(export_onnx(model, file))
    expect_gt(file.size(file), 100)
  }
})

test_that("models of unpenalised terms are those of lm()", {
  data <- term_data()
  same <- list(
    ~ 0 + x, ~ 1 + x * z + x:g, ~ 1 + o + l + i, ~ 1 + poly(x, 3),
    ~ 1 + factor(i), ~ 1 + offset(log(t)) + x
  )
  for (formula in same) {
    model <- deepregression(data$y, list(formula, ~1), data = data)
    fit(model, verbose = FALSE)
    oracle <- lm(update(formula, y ~ .), data)
    expect_equal(fitted(model)[, 1], unname(fitted(oracle)),
      tolerance = 1e-6, info = text_of(formula)
    )
  }
})

test_that("a model of intercepts alone needs no columns", {
  data <- term_data()
  model <- deepregression(data$y, list(~1, ~1), data = data)
  fit(model, verbose = FALSE)
  expect_equal(coef(model)[[1]][1], mean(data$y), tolerance = 1e-7)
  sd <- sqrt(mean((data$y - mean(data$y))^2))
  expect_equal(predict(model, data[1:3, ], type = "stddev"), matrix(sd, 3, 1),
    tolerance = 1e-7
  )
  expect_equal(
    log_score(model, data[1:3, ], data$y[1:3])[, 1],
    dnorm(data$y[1:3], mean(data$y), sd, log = TRUE),
    tolerance = 1e-6
  )
  fit(model, epochs = 2, verbose = FALSE, optimizer = optimizer_adam())
  file <- withr::local_tempfile(fileext = ".onnx")
  expect_silent(export_onnx(model, file))
})

test_that("matrices in a list of data are terms and inputs of networks", {
  data <- term_data()
  list <- list(x = data$x, M = cbind(data$z, data$x^2))
  model <- deepregression(data$y, list(~ 1 + x + M, ~1), data = list)
  fit(model, verbose = FALSE)
  oracle <- lm(data$y ~ list$x + list$M)
  expect_equal(fitted(model)[, 1], unname(fitted(oracle)), tolerance = 1e-6)
  new <- list(x = c(0.2, 0.3), M = matrix(1:4, 2))
  expect_equal(predict(model, new)[, 1], drop(cbind(1, new$x, new$M) %*%
    coef(oracle)), tolerance = 1e-5, ignore_attr = TRUE)
  deep <- deepregression(data$y, list(~ d(M), ~1), function(x) {
    layer_dense(x, 1)
  }, data = list)
  expect_identical(dim(predict(deep, new)), c(2L, 1L))
  wide <- list(x = 1, M = matrix(1, 1, 3))
  expect_error(predict(model, wide), "'M'.*2 columns")
})

test_that("a response of two columns has two columns of coefficients", {
  data <- term_data()
  Y <- cbind(data$y, data$z - data$x + rnorm(150))
  model <- deepregression(Y, list(~ 1 + x + g, ~1), data = data, output_dim = 2)
  fit(model, verbose = FALSE)
  oracle <- lm(Y ~ x + g, data)
  expect_equal(do.call(rbind, coef(model)), coef(oracle)[c(2:5, 1), ],
    tolerance = 1e-6, ignore_attr = TRUE
  )
  expect_equal(fitted(model), fitted(oracle), tolerance = 1e-6,
    ignore_attr = TRUE
  )
  start <- weight_control(warmstart_weights = list(list(x = c(2, 5)), NULL))
  model <- deepregression(Y, list(~ 1 + x, ~1), data = data, output_dim = 2,
    weight_options = start
  )
  expect_equal(coef(model)$x[1, ], c(2, 5))
})

test_that("weights of terms are frozen, started and shared as asked", {
  data <- term_data()
  build <- function(...) {
    model <- deepregression(data$y, list(~ 1 + x + z, ~1), data = data,
      weight_options = weight_control(...)
    )
    fit(model, verbose = FALSE)
    unlist(coef(model))
  }
  frozen <- build(
    specific_weight_options = list(list(x = list(trainable = FALSE)), NULL),
    warmstart_weights = list(list(x = 0.5), NULL)
  )
  oracle <- coef(lm(y ~ z + offset(0.5 * x), data))
  expect_equal(unname(frozen), unname(c(0.5, oracle[2:1])), tolerance = 1e-6)
  shared <- build(shared_layers = list(list(c("x", "z")), NULL))
  oracle <- coef(lm(y ~ I(x + z), data))
  expect_equal(unname(shared), unname(oracle[c(2, 2, 1)]), tolerance = 1e-6)
})

test_that("float32 is close to float64, and not the same", {
  data <- term_data()
  fitted_in <- function(precision) {
    model <- deepregression(data$y, list(~ 1 + s(x) + g, ~1),
      data = data, precision = precision
    )
    fit(model, epochs = 5, verbose = FALSE, optimizer = optimizer_adam())
    fitted(model)
  }
  expect_equal(fitted_in("float32"), fitted_in("float64"), tolerance = 1e-4)
  expect_false(identical(fitted_in("float32"), fitted_in("float64")))
})

test_that("a small memory budget gives the same fit", {
  set.seed(2)
  n <- 20000
  data <- data.frame(x = runif(n), z = runif(n))
  data$y <- sin(6 * data$x) + rnorm(n)
  weights <- function(budget) {
    model <- deepregression(data$y, list(~ 1 + s(x) + te(x, z, k = 4), ~1),
      data = data
    )
    fit(model, epochs = 1, batch_size = 500, memory_budget_mb = budget,
      verbose = FALSE, optimizer = optimizer_adam()
    )
    model$state$weights
  }
  expect_identical(weights(1), weights(4000))
})

test_that("drawing weights anew is as good as a new model", {
  data <- term_data()
  net <- function(x) {
    x %>% layer_dense(4, "tanh") %>% layer_dropout(0.1) %>% layer_dense(1)
  }
  train <- function(model) {
    fit(model, epochs = 2, verbose = FALSE, optimizer = optimizer_adam())
    model$state$weights
  }
  model <- deepregression(data$y, list(~ x + d(z), ~1), net, data = data,
    seed = 1L
  )
  first <- train(model)
  expect_false(identical(train(reinit_weights(model, 2L)), first))
  expect_identical(train(reinit_weights(model, 1L)), first)
  # An untrained model that was saved draws and trains the same.
  file <- withr::local_tempfile(fileext = ".rds")
  saveRDS(reinit_weights(model, 1L), file)
  expect_identical(train(readRDS(file)), first)
})

test_that("a saved model predicts the same in a new R session", {
  data <- term_data()
  model <- deepregression(
    data$y, list(~ 1 + s(x) + poly(z, 2) + g + d(x, z), ~1),
    function(x) {
      x %>% layer_dense(4, "tanh") %>% layer_batch_normalization() %>%
        layer_dense(1)
    },
    data = data
  )
  fit(model, epochs = 2, verbose = FALSE)
  file <- withr::local_tempfile(fileext = ".rds")
  told <- list(
    model = model, new = data[1:20, ],
    answer = predict(model, data[1:20, ], type = "parameters"),
    effect = get_partial_effect(model, "s(x)")
  )
  saveRDS(told, file)
  got <- in_new_r(c(
    "library(deepregression4j)", paste0("t <- readRDS('", file, "')"),
    "p <- predict(t$model, t$new, type = 'parameters')",
    "cat('same', identical(p, t$answer), '\\n')",
    "e <- get_partial_effect(t$model, 's(x)')",
    "cat('same effect', identical(e, t$effect), '\\n')"
  ))
  expect_output_line(got, "same TRUE ")
  expect_output_line(got, "same effect TRUE ")
})
