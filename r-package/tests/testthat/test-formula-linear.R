# lm's coding is the oracle: model.matrix of the whole formula.
expect_linear <- function(formula, data = toy_data(),
                          newdata = toy_data(40, seed = 3)) {
  built <- spec_of(formula, data)
  terms <- Filter(function(t) t$type == "linear", built$terms$loc)
  data$ch <- factor(data$ch)
  frame <- stats::model.frame(formula, data)
  levels <- stats::.getXlevels(attr(frame, "terms"), frame)
  new_frame <- stats::model.frame(attr(frame, "terms"), newdata, xlev = levels)
  X <- stats::model.matrix(attr(frame, "terms"), new_frame)
  X <- X[, colnames(X) != "(Intercept)", drop = FALSE]
  labels <- unlist(lapply(terms, `[[`, "labels"), use.names = FALSE)
  expect_equal(labels, colnames(X))
  inputs <- columns_of(built, newdata)
  found <- do.call(cbind, lapply(terms, function(t) {
    eval_spec(built, "loc", t$name, inputs)
  }))
  expect_equal(unname(found), matrix(X, nrow(X)), tolerance = 1e-12)
  own <- do.call(cbind, lapply(unname(terms), term_design, data = newdata))
  expect_equal(unname(own), matrix(X, nrow(X)), tolerance = 1e-12)
}

test_that("numbers, factors, logicals and strings code as in model.matrix", {
  expect_linear(~ x)
  expect_linear(~ x + z + g)
  expect_linear(~ o + l + ch + k)
})

test_that("interactions code as in model.matrix, marginality included", {
  expect_linear(~ x:z)
  expect_linear(~ g:h)
  expect_linear(~ g * h)
  expect_linear(~ g + g:h)
  expect_linear(~ x * g * h)
  expect_linear(~ l:x)
  expect_linear(~ l * o)
  expect_linear(~ (x + z + g)^2)
  expect_linear(~ x * g - x)
})

test_that("arithmetic codes as in model.matrix and has a graph form", {
  expect_linear(~ log(z) + I(x^2) + exp(x / 3) + sqrt(z))
  expect_linear(~ I(-x) + I(x > 0.5) + log(z, 2) + I(x * z - 1)
                + pmin(x, z, 0.3) + abs(x):g)
  expect_linear(~ z + (k != 2) + I(1 + 2 * (k != 3)))
  built <- spec_of(~ log(z, 2) + I(pmax(x, z)^2 * pi) + I(1 - (k != 3)):x,
                   toy_data())
  expect_false(grepl("external", built$json))
})

test_that("calls without a graph form are evaluated by R, predicting safely", {
  expect_linear(~ poly(x, 2))
  expect_linear(~ splines::ns(x, 3):g)
  expect_linear(~ scale(z) + round(x))
  expect_linear(~ factor(k) + factor(k):x)
  square <- function(v) v^2
  power <- 3
  expect_linear(~ square(x) + I(z^power))
  built <- spec_of(~ square(x) + I(z^power), toy_data())
  expect_equal(vapply(built$columns, `[[`, "", "name"), c("square(x)", "z"))
})

test_that("a user's own function of a known name is not taken for R's", {
  log <- function(v) v + 1
  built <- spec_of(~ log(z), toy_data())
  expect_match(built$json, "external")
  design <- term_design(built$terms$loc[[1]], list(z = c(1, 2)))
  expect_equal(as.vector(design), c(2, 3))
})

test_that("a removed intercept leaves the coding of factors alone", {
  built <- spec_of(~ 0 + g, toy_data())
  expect_equal(names(built$terms$loc), "g")
  expect_equal(built$terms$loc$g$labels, c("gb", "gc"))
  expect_equal(names(spec_of(~ -1 + x, toy_data())$terms$loc), "x")
  expect_equal(names(spec_of(~ 1, toy_data())$terms$loc), "(Intercept)")
  expect_equal(names(spec_of(~ 0 + x + int(1), toy_data())$terms$loc),
               c("x", "(Intercept)"))
})

test_that("lin() is one joint term without intercept", {
  data <- toy_data()
  for (formula in list(~ lin(x + z + g), ~ lin(x, z, g), ~ lin(1, x, z, g))) {
    built <- spec_of(formula, data)
    term <- built$terms$loc[[1]]
    X <- stats::model.matrix(~ x + z + g, data)[, -1]
    expect_equal(term$labels, colnames(X))
    found <- eval_spec(built, "loc", term$name, columns_of(built, data))
    expect_equal(found, unname(X), ignore_attr = TRUE)
  }
  expect_error(spec_of(~ lin(x:z), data), "interactions")
})

test_that("matrix columns enter with all their columns", {
  data <- as.list(toy_data())
  data$M <- matrix(seq_len(240), 120, 2)
  built <- spec_of(~ M + M:x, data)
  X <- stats::model.matrix(~ M + M:x, data)[, -1]
  found <- cbind(eval_spec(built, "loc", "M", columns_of(built, data)),
                 eval_spec(built, "loc", "M:x", columns_of(built, data)))
  expect_equal(found, unname(X), ignore_attr = TRUE)
})

test_that("offsets have no coefficient", {
  data <- toy_data()
  built <- spec_of(~ x + offset(log(z)), data)
  term <- built$terms$loc[["offset(log(z))"]]
  expect_equal(term$ncol, 0L)
  found <- eval_spec(built, "loc", "offset(log(z))", columns_of(built, data))
  expect_equal(as.vector(found), log(data$z))
  expect_equal(as.vector(term_design(term, data)), log(data$z))
})

test_that("deep terms put their inputs side by side", {
  data <- toy_data()
  network <- list(name = "net", inputs = list("i"), output = "o",
                  layers = list())
  built <- spec_of(~ net(x, g, l, log(z)), data,
                   networks = list(net = network))
  expected <- cbind(data$x, stats::model.matrix(~ 0 + g, data), data$l,
                    log(data$z))
  found <- eval_spec(built, "loc", "net(x, g, l, log(z))",
                     columns_of(built, data))
  expect_equal(found[[1]], unname(expected), ignore_attr = TRUE)
  term <- built$terms$loc[[1]]
  expect_equal(term$widths, 6L)
  expect_equal(unname(term_design(term, data)[[1]]), unname(expected),
               ignore_attr = TRUE)
})

test_that("a network with several inputs gets one argument each", {
  data <- toy_data()
  two <- list(name = "two", inputs = list("a", "b"), output = "o",
              layers = list())
  built <- spec_of(~ two(cbind(x, z), w), data, networks = list(two = two))
  expect_equal(built$terms$loc[[1]]$widths, c(2L, 1L))
  expect_error(spec_of(~ two(x), data, networks = list(two = two)),
               "2 inputs", class = "deepregression4j_term_error")
})
