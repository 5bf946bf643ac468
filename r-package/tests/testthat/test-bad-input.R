# What users do wrongly is refused by name, and model and data stay as they
# were. With the engine behind it.

bad_data <- function(n = 60) {
  set.seed(5)
  data <- data.frame(
    x = runif(n), z = rnorm(n), one = 1,
    g = factor(rep(c("a", "b", "c"), length.out = n))
  )
  data$y <- data$x + rnorm(n)
  data
}

build <- function(loc, data = bad_data(), y = data$y, ...) {
  deepregression(y, list(loc, ~1), data = data, ...)
}

test_that("variables, specials, families and networks that are not there", {
  expect_error(build(~ 1 + q), "'q'.*'~1 \\+ q'.*'x', 'z', 'one', 'g', 'y'",
    class = "deepregression4j_unknown_variable"
  )
  expect_error(build(~ s(q)), "'q' of term 's\\(q\\)'")
  expect_error(build(~ 1 + spline(x) + sp(x)), "'sp'.*specials: 's'",
    class = "deepregression4j_unknown_special"
  )
  expect_error(build(~ deep(x)), "'deep'.*Networks: \\(none\\)")
  expect_error(build(~1, family = "norml"), "\"norml\".*normal",
    class = "deepregression4j_unknown_family"
  )
  data <- bad_data()
  expect_error(deepregression(data$y, list(~1), data = data),
    "2 parameters \\('loc', 'scale'\\), got 1 formula"
  )
  expect_warning(
    model <- deepregression(data$y, list(~1, ~1, ~x), data = data),
    "got 3 formulas.*not used"
  )
  expect_identical(length(model$spec$terms), 2L)
  expect_error(
    build(~ d(x), list_of_deep_models = function(x) layer_dense(x, 3)),
    "'d' must return 1 column, got 3"
  )
})

test_that("responses and rows that do not fit", {
  data <- bad_data()
  expect_error(build(~x, y = 1:5), "expected 60 rows as in the data, got 5")
  expect_error(build(~x, data[0, ], numeric()), "no rows")
  expect_error(build(~1, data[0, ], numeric()), "no rows")
  expect_error(build(~x, y = cbind(data$y, 1)), "2 columns, but output_dim")
  expect_error(build(~x, y = replace(data$y, 7, Inf)), "'y'.*row 7")
  data$x[4] <- -Inf
  expect_error(build(~x, data), "'x' has 1 infinite value.*row 4")
  # A column that the formulas do not use may hold what it likes.
  expect_silent(build(~z, data))
})

test_that("missing values are dropped with a message, never kept", {
  data <- bad_data()
  oracle <- coef(lm(y ~ x, data[-c(2, 9), ]))
  data$y[2] <- NA
  data$x[9] <- NaN
  expect_message(model <- build(~x, data), "2 of 60 rows.*'x', 'y'")
  fit(model, verbose = FALSE)
  expect_equal(unlist(coef(model), use.names = FALSE), unname(oracle[2:1]),
    tolerance = 1e-7
  )
  expect_identical(dim(fitted(model)), c(58L, 1L))
})

test_that("terms that are not finite are refused, also where data are", {
  data <- bad_data()
  data$x[3] <- 0
  expect_error(build(~ 1 + log(x), data), "'log\\(x\\)' has 1.*-Inf, in row 3",
    class = "deepregression4j_not_finite"
  )
  expect_error(suppressWarnings(build(~ sqrt(z), data)), "'sqrt\\(z\\)'.*NaN")
})

test_that("constant columns are named", {
  expect_warning(model <- build(~ 1 + one), "'one' is constant")
  expect_warning(fit(model, verbose = FALSE), "not identified: 'loc: one'")
  data <- bad_data()
  expect_equal(unique(fitted(model)[, 1]), mean(data$y), tolerance = 1e-7)
  expect_error(build(~ s(one)), "term 's\\(one\\)'")
  data$g <- factor("a")
  expect_error(build(~g, data), "'g'.*fewer than 2 levels")
})

test_that("newdata that does not fit is named; the model stays as it was", {
  data <- bad_data()
  model <- build(~ 1 + x + g, data)
  fit(model, verbose = FALSE)
  before <- list(model$state$weights, model$data, data)
  refused <- function(newdata, what) expect_error(predict(model, newdata), what)
  refused(data.frame(x = 1, g = "d"), "'g': level 'd'.*'a', 'b', 'c'")
  refused(data.frame(x = 1), "no column 'g'; they have 'x'")
  refused(data.frame(x = "a", g = "a"), "'x': expected double")
  refused(list(x = 1:3, g = "a"), "every column, got")
  refused(as.matrix(data[c("x", "z")]), "got matrix \\(60 x 2\\)")
  expect_error(predict(model, data, apply_fun = "mean"), "apply_fun")
  expect_error(coef(model, 3), "1 to 2 or 'loc', 'scale', got 3")
  expect_error(coef(model, type = "all"), "type must be.*\"all\"")
  few <- list(data[1:3, ], 1:2)
  expect_error(fit(model, validation_data = few), "2 rows.*3")
  expect_error(fit(model, validation_split = 2), "validation_split")
  expect_error(
    fit(model, early_stopping = TRUE, early_stopping_metric = "acc"),
    "early_stopping_metric"
  )
  expect_error(export_onnx(model, tempdir()), "is a folder")
  expect_identical(list(model$state$weights, model$data, data), before)
})

test_that("rows of newdata: one, none, incomplete, a list", {
  data <- bad_data()
  model <- build(~ 1 + x + g, data)
  fit(model, verbose = FALSE)
  oracle <- lm(y ~ x + g, data)
  same <- function(newdata) {
    expect_equal(predict(model, newdata)[, 1],
      unname(predict(oracle, as.data.frame(newdata))),
      tolerance = 1e-6
    )
  }
  same(data[7, ])
  same(list(x = c(0.1, 0.2, 0.3), g = c("c", "a", "b")))
  same(data.frame(x = c(NA, 0.5), g = "b"))
  expect_identical(dim(predict(model, data[0, ])), c(0L, 1L))
})

test_that("a response outside the support is fitted with a warning", {
  data <- bad_data()
  count <- exp(data$y) # positive, not whole: the Poisson likelihood allows it
  model <- deepregression(count, list(~ 1 + x), family = "poisson", data = data)
  expect_warning(fit(model, verbose = FALSE),
    "whole number 0, 1, 2, ...; 60 of 60 rows .*row 1 .*used as they are",
    class = "deepregression4j_outside_support"
  )
  oracle <- suppressWarnings(glm(count ~ x, poisson, data))
  expect_equal(unlist(coef(model), use.names = FALSE),
    unname(coef(oracle)[2:1]),
    tolerance = 1e-6
  )
})

test_that("weight options for terms that are not there are refused", {
  options <- function(...) {
    build(~ 1 + x + g, weight_options = weight_control(...))
  }
  expect_error(options(warmstart_weights = list(list(q = 1), NULL)),
    "warmstart_weights: there is no term 'q' in the formula of 'loc'"
  )
  expect_error(options(shared_layers = list(list(c("x", "z")), NULL)), "'z'")
  expect_error(options(specific_weight_options = list(NULL, list(x = list()))),
    "'x' in the formula of 'scale'"
  )
  expect_error(options(warmstart_weights = list(list(g = 1), NULL)),
    "'g' has 2 coefficients, got 1"
  )
  expect_error(
    options(general_weight_options = list(activation = "relu")), "'activation'"
  )
  expect_error(options(shared_layers = list(list(c("x", "g")), NULL)),
    "'x' and 'g' cannot share"
  )
})
