# The model functions with the engine behind them, against R's own fits. Full
# batches and enough steps bring Adam to the optimum.

# What Adam leaves after the steps below, as a share of the coefficient.
adam_tolerance <- 1e-3

fit_fully <- function(model, epochs = 4000, lr = 0.01, ...) {
  fit(model,
    epochs = epochs, batch_size = model$n, validation_split = NULL,
    verbose = FALSE, optimizer = optimizer_adam(learning_rate = lr), ...
  )
}

flat <- function(coefs) {
  unlist(lapply(coefs, function(m) stats::setNames(m[, 1], rownames(m))))
}

glm_data <- function() {
  set.seed(11)
  data <- data.frame(
    x = rnorm(200), g = factor(sample(c("a", "b", "c"), 200, TRUE))
  )
  data$count <- rpois(200, exp(0.5 + 0.4 * data$x))
  data$hit <- rbinom(200, 1, plogis(data$x - 0.3))
  data$y <- 1 + data$x + rnorm(200)
  data
}

test_that("coefficients are those of lm() and glm()", {
  data <- glm_data()
  cases <- list(
    normal = list(data$y, list(~ 1 + x + g, ~1), lm(y ~ x + g, data)),
    poisson = list(
      data$count, list(~ 1 + x + g), glm(count ~ x + g, poisson, data)
    ),
    bernoulli = list(
      data$hit, list(~ 1 + x + g), glm(hit ~ x + g, binomial, data)
    )
  )
  for (family in names(cases)) {
    case <- cases[[family]]
    model <- deepregression(case[[1]], case[[2]], family = family, data = data)
    fit_fully(model)
    expect_equal(
      unname(flat(coef(model))), unname(coef(case[[3]])[c(2:4, 1)]),
      tolerance = adam_tolerance, info = family
    )
    expect_equal(
      fitted(model)[, 1], unname(fitted(case[[3]])),
      tolerance = adam_tolerance, info = family
    )
  }
})

test_that("log scores are those of R's densities", {
  data <- glm_data()
  model <- deepregression(
    data$count, list(~ 1 + x), family = "poisson", data = data
  )
  rate <- predict(model, type = "parameters")[, 1]
  expect_equal(
    log_score(model)[, 1], dpois(data$count, rate, log = TRUE),
    tolerance = 1e-10
  )
})

test_that("a smooth in the graph has the numbers of PredictMat", {
  data(mcycle, package = "MASS", envir = environment())
  model <- deepregression(
    mcycle$accel, list(~ 1 + s(times, df = 6), ~1), data = mcycle
  )
  new <- data.frame(times = seq(0, 65, length.out = 50))
  design <- get_partial_effect(model, "s(times)", TRUE, newdata = new)
  in_graph <- engine_predict(
    model, term_query("design", "loc", "s(times, df = 6)"), ncol(design), new
  )
  expect_equal(in_graph, design, tolerance = 1e-8, ignore_attr = TRUE)
  expect_equal(
    get_partial_effect(model, "s(times)", newdata = new),
    design %*% coef(model, type = "smooth")[[1]],
    tolerance = 1e-8, ignore_attr = TRUE
  )
})

test_that("the same seed gives the same model, before and after training", {
  data <- glm_data()
  make <- function() {
    model <- deepregression(data$y, list(~ 1 + d(x), ~1), function(x) {
      x %>% layer_dense(4, "relu") %>% layer_dropout(0.2) %>% layer_dense(1)
    }, data = data)
    fit(model, epochs = 2, verbose = FALSE)
    model$state$weights
  }
  expect_identical(make(), make())
})

test_that("a model that was saved and read predicts and trains on", {
  data <- glm_data()
  model <- deepregression(data$y, list(~ 1 + x + g, ~1), data = data)
  fit(model, epochs = 3, verbose = FALSE)
  file <- withr::local_tempfile(fileext = ".rds")
  saveRDS(model, file)
  again <- readRDS(file)
  expect_identical(
    predict(again, type = "parameters"), predict(model, type = "parameters")
  )
  before <- again$state$weights
  fit(again, epochs = 1, optimizer = optimizer_adam(), verbose = FALSE)
  expect_false(identical(again$state$weights, before))
})

test_that("a response outside the support warns, as does nothing else", {
  data <- glm_data()
  model <- deepregression(
    abs(data$y), list(~ 1 + x), family = "poisson", data = data
  )
  expect_warning(fit(model, epochs = 1, verbose = FALSE), "a whole number")
})

test_that("a factor level that training never saw is refused by name", {
  data <- glm_data()
  model <- deepregression(data$y, list(~ 1 + g, ~1), data = data)
  expect_error(predict(model, data.frame(g = "d")), "'g'|\"g\"")
})
