# Known optima of MASS::mcycle (accel on times), computed apart from this code,
# reached by Adam with full batches and by the exact solver.

# What Adam leaves after the steps below, relative.
adam_digits <- 1e-5
# The reference numbers have eight digits.
exact_digits <- 1e-7

motorcycles <- function() {
  data(mcycle, package = "MASS", envir = environment())
  mcycle
}

anneal <- function(model, rates = c(1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001)) {
  for (rate in rates) {
    fit(model,
      epochs = 2500, batch_size = model$n, validation_split = 0,
      verbose = FALSE, optimizer = optimizer_adam(learning_rate = rate)
    )
  }
  model
}

last_loss <- function(model) utils::tail(model$state$history$metrics$loss, 1)

# Objective, from the numbers: mean squared error + lambda w'Sw / n.
objective_of <- function(model) {
  term <- model$spec$terms$loc[[1]]
  w <- coef(model, type = "smooth")[[1]]
  P <- total_penalty(term)
  mean(residuals(model)^2) +
    if (is.null(P)) 0 else drop(t(w) %*% P %*% w) / model$n
}

mse_cases <- list(
  list(~ 1 + s(times, df = 4), 1547.3459),
  list(~ 1 + s(times, df = 6), 1020.7722),
  list(~ 1 + s(times, df = 8), 654.27999),
  list(~ 1 + s(times), 467.99317)
)

test_that("the mean squared error is that of penalised least squares", {
  data <- motorcycles()
  for (case in mse_cases) {
    for (how in c("adam", "exact")) {
      model <- deepregression(data$accel, list(case[[1]], ~1),
        data = data, loss = "mse"
      )
      digits <- if (how == "adam") adam_digits else exact_digits
      if (how == "adam") anneal(model) else fit(model, verbose = FALSE)
      expect_equal(mean(residuals(model)^2), case[[2]], tolerance = digits)
      expect_equal(coef(model)[["(Intercept)"]][1], -25.545865,
        tolerance = digits
      )
      expect_equal(last_loss(model), objective_of(model), tolerance = digits)
      expect_identical(coef(model, 2)[["(Intercept)"]][1], 0)
      expect_true(all(stddev(model) == 1))
    }
  }
})

test_that("the requested degrees of freedom are met by the hat matrix", {
  data <- motorcycles()
  model <- deepregression(data$accel, list(~ 1 + s(times, df = 4), ~1),
    data = data, loss = "mse"
  )
  term <- model$spec$terms$loc[[1]]
  X <- cbind(get_partial_effect(model, term$name, TRUE), 1)
  P <- matrix(0, ncol(X), ncol(X))
  P[-ncol(X), -ncol(X)] <- total_penalty(term)
  hat <- solve(crossprod(X) + P, crossprod(X))
  expect_equal(sum(diag(hat)), 3.3812818, tolerance = 1e-6)
  expect_equal(2 * sum(diag(hat)) - sum(hat * t(hat)), 4, tolerance = 1e-6)
})

test_that("normal fits reach the known optima", {
  data <- motorcycles()
  cases <- list(
    list(~ 1 + s(times, df = 6), 3.8272988, 45.93828, 5.2466555),
    list(~ 1 + s(times), 3.0742269, 21.63315, 4.4931654)
  )
  for (case in cases) {
    for (how in c("adam", "exact")) {
      model <- deepregression(data$accel, list(case[[1]], ~1), data = data)
      digits <- if (how == "adam") adam_digits else 5e-8
      if (how == "adam") {
        anneal(model, c(0.3, 0.1, 0.1, 0.1, 0.03, 0.01, 0.003, 0.001))
      } else {
        fit(model, verbose = FALSE)
      }
      expect_equal(coef(model, 2)[[1]][1], case[[2]], tolerance = digits)
      expect_equal(sqrt(mean(residuals(model)^2)), case[[3]],
        tolerance = max(digits, 1e-7)
      )
      expect_equal(last_loss(model), case[[4]], tolerance = digits)
    }
  }
})

test_that("a loss that is not there is refused", {
  data <- motorcycles()
  build <- function(...) {
    deepregression(data$accel, list(~ 1 + times, ~ 1 + times), data = data, ...)
  }
  expect_error(build(loss = "mae"), "loss must be.*mse.*got \"mae\"")
  expect_error(build(loss = "mse", family = "laplace"), "'laplace'")
  expect_message(build(loss = "mse"), "does not use the formula of the scale")
})
