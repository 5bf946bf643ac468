# Smooths that are constructed from some of the rows, form_control(basis_rows).

many_rows <- function(n = 40000) {
  set.seed(41)
  data <- data.frame(
    x = rexp(n), z = runif(n),
    g = factor(rep(c("common", "rare"), c(n - 2, 2)))
  )
  data$count <- rpois(n, exp(sin(3 * data$z) + 0.2 * sqrt(data$x)))
  data
}

rows_model <- function(formula, data, rows, ...) {
  deepregression(data$count, list(formula),
    family = "poisson", data = data,
    formula_options = form_control(basis_rows = rows), ...
  )
}

rows_fit <- function(...) {
  model <- rows_model(...)
  fit(model, verbose = FALSE)
  model
}

specification <- function(model) model$spec[c("json", "payload")]

test_that("data of no more rows are used as they are", {
  data <- many_rows(500)
  formula <- ~ 1 + s(x) + s(z, bs = "cr", df = 4) + te(x, z, k = 4)
  all_rows <- specification(rows_model(formula, data, Inf))
  expect_identical(specification(rows_model(formula, data, 500)), all_rows)
  expect_identical(specification(rows_model(formula, data, 20000)), all_rows)
  fewer <- specification(rows_model(formula, data, 499))
  expect_false(identical(fewer$payload, all_rows$payload))
})

test_that("the rows are always the same, and R's random numbers go on", {
  data <- many_rows(3000)
  set.seed(7)
  first <- specification(rows_model(~ 1 + s(x), data, 1000))
  drawn <- runif(1)
  set.seed(7)
  expect_identical(runif(1), drawn)
  set.seed(8)
  expect_identical(specification(rows_model(~ 1 + s(x), data, 1000)), first)
  rm(".Random.seed", envir = globalenv())
  rows_model(~ 1 + s(x), data, 1000)
  expect_false(exists(".Random.seed", globalenv(), inherits = FALSE))
})

test_that("the range is kept, so P-splines span the same functions", {
  data <- many_rows()
  # Without a penalty the fit depends on what the basis spans alone.
  formula <- ~ 1 + s(x, bs = "ps", k = 8, sp = 0) +
    s(z, bs = "ps", k = 8, sp = 0)
  some <- predict(rows_fit(formula, data, 500), type = "link", se.fit = TRUE)
  whole <- predict(rows_fit(formula, data, Inf), type = "link", se.fit = TRUE)
  expect_equal(some$fit, whole$fit, tolerance = 1e-6)
  expect_equal(some$se.fit, whole$se.fit, tolerance = 1e-6)
})

test_that("a level of two rows in forty thousand is in the basis", {
  data <- many_rows()
  model <- rows_fit(~ 1 + s(g, bs = "re", sp = 1), data, 100)
  oracle <- rows_fit(~ 1 + s(g, bs = "re", sp = 1), data, Inf)
  expect_equal(coef(model), coef(oracle), tolerance = 1e-9)
})

# The sample's quantiles and cross products miss those of all rows by a part of
# 1/sqrt(rows): for 10,000 rows a fraction of the standard errors of the fit.
share_of_error <- 0.25

test_that("other bases are close to those of all rows, and closer with more", {
  data <- many_rows()
  formula <- ~ 1 + s(x, df = 4) + s(z, bs = "cr", df = 5)
  whole <- rows_fit(formula, data, Inf)
  expected <- predict(whole, type = "link", se.fit = TRUE)
  away <- vapply(c(400, 10000), function(rows) {
    model <- rows_fit(formula, data, rows)
    found <- predict(model, type = "link")
    sqrt(mean(((found - expected$fit) / expected$se.fit)^2))
  }, 0)
  expect_lt(away[2], share_of_error)
  expect_lt(away[2], away[1])
})

test_that("numbers of rows that are none are refused", {
  for (bad in list(0, -5, NA, NaN, "many", c(100, 200), NULL)) {
    expect_error(form_control(basis_rows = bad), "basis_rows.*number > 0",
      class = "deepregression4j_error"
    )
  }
  # Fewer rows than the basis has functions are mgcv's to refuse, by term.
  data <- many_rows(500)
  expect_error(rows_model(~ 1 + s(x, k = 12), data, 3),
    "term 's\\(x, k = 12\\)'"
  )
})
