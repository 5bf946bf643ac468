# In-graph forms against mgcv: relative to the size of the basis functions.
tolerance <- 1e-8

new_points <- function() {
  data <- toy_data(60, seed = 2)
  data$x <- seq(-6, 6, length.out = 60) # far outside the training range
  data$z <- seq(-1, 4, length.out = 60)
  data$w <- seq(0, 250, length.out = 60)
  data
}

# Our transform of mgcv's own prediction is the oracle; `graph` says whether the
# term must have an in-graph form.
expect_graph <- function(formula, data = toy_data(), newdata = new_points(),
                         graph = TRUE, ...) {
  built <- spec_of(formula, data, ...)
  term <- built$terms$loc[[1]]
  # mgcv takes neither strings nor logicals.
  plain <- transform(newdata, ch = factor(ch), l = as.numeric(l))
  X <- do.call(cbind, lapply(term$smooths, function(s) {
    P <- mgcv::PredictMat(s$object, plain, n = nrow(plain))
    if (is.null(s$transform)) P else P %*% s$transform
  }))
  inputs <- columns_of(built, newdata)
  found <- eval_spec(built, "loc", term$name, inputs)
  expect_equal(dim(found), dim(X))
  expect_lt(max(abs(found - X)) / max(1, abs(X)), tolerance)
  expect_equal(grepl("\"external\":true", built$json, fixed = TRUE), !graph)
}

test_that("thin plate splines, any dimension and order", {
  expect_graph(~ s(x))
  expect_graph(~ s(x, bs = "ts", k = 7))
  expect_graph(~ s(x, m = 1))
  expect_graph(~ s(x, m = 3, k = 12))
  expect_graph(~ s(x, z, k = 20))
  expect_graph(~ s(x, z, m = 3, k = 20, df = 9))
  expect_graph(~ s(x, z, w, k = 20, df = 15))
  expect_graph(~ s(log(w)), newdata = transform(new_points(), w = w + 1))
})

test_that("a thin plate spline without null space", {
  expect_graph(~ s(x, m = c(2, 0)))
  expect_graph(~ s(x, z, m = c(2, 0), k = 15))
})

test_that("cubic, cyclic and P-splines, linear or periodic outside", {
  expect_graph(~ s(x, bs = "cr"))
  expect_graph(~ s(x, bs = "cs", k = 6))
  expect_graph(~ s(x, bs = "cc", k = 8))
  expect_graph(~ s(x, bs = "ps"))
  expect_graph(~ s(x, bs = "ps", k = 12, m = c(1, 1)))
  expect_graph(~ s(x, bs = "ps", k = 12, m = c(3, 2)))
  expect_graph(~ s(x, bs = "ad", k = 15)) # P-spline basis, several penalties
})

test_that("random effects", {
  expect_graph(~ s(g, bs = "re"))
  expect_graph(~ s(g, h, bs = "re"))
  expect_graph(~ s(g, x, bs = "re"))
  expect_graph(~ s(x, bs = "re"))
})

test_that("by variables", {
  expect_graph(~ s(x, by = g))
  expect_graph(~ s(x, by = z))
  expect_graph(~ s(x, by = o, bs = "cr"))
  expect_graph(~ s(x, by = k))
  expect_graph(~ s(x, by = ch))
  expect_graph(~ s(x, by = l))
  expect_graph(~ te(x, z, by = g))
})

test_that("tensor products, with constraints", {
  expect_graph(~ te(x, z))
  expect_graph(~ te(x, z, bs = c("ps", "tp")))
  expect_graph(~ te(x, z, bs = "cc"))
  expect_graph(~ te(x, z, w, k = 4))
  expect_graph(~ te(x, z, w, d = c(2, 1), bs = c("tp", "cr"), k = c(12, 4)))
  expect_graph(~ te(x, g, bs = c("cr", "re")))
  expect_graph(~ ti(x, z))
  expect_graph(~ ti(x, z, bs = c("tp", "ps")))
  expect_graph(~ ti(x, z, mc = c(1, 0)))
  expect_graph(~ te(x, z, zerocons = TRUE))
  expect_graph(~ te(x, z), absorb_cons = TRUE)
  expect_graph(~ s(x), absorb_cons = TRUE)
  expect_graph(~ s(x), no_linear_trend_for_smooths = TRUE)
})

test_that("other bases enter as a named matrix", {
  expect_graph(~ s(x, bs = "gp"), graph = FALSE)
  expect_graph(~ s(x, z, bs = "ds", k = 20), graph = FALSE)
  expect_graph(~ s(x, g, bs = "fs", k = 5), graph = FALSE)
  expect_graph(~ te(x, z, bs = c("gp", "cr")), graph = FALSE)
  expect_graph(~ s(x, bs = "gp", by = g), graph = FALSE)
  expect_graph(~ t2(x, z), graph = FALSE)
})

test_that("factors of smooths are brought to the training levels", {
  term <- term_of(~ s(g, bs = "re"), toy_data())
  expect_equal(unname(term_design(term, list(g = "b"))), rbind(c(0, 1, 0)))
  expect_error(term_design(term, list(g = "d")), "'g'.*'d'",
               class = "deepregression4j_unseen_level")
  term <- term_of(~ s(x, by = ch), toy_data())
  X <- term_design(term, list(x = 0.5, ch = "yes"))
  expect_equal(as.vector(X == 0), rep(c(TRUE, FALSE), each = 10))
  expect_error(term_of(~ s(g), toy_data()), "'g' is a factor",
               class = "deepregression4j_term_error")
})

test_that("matrix arguments are summed over, as in mgcv", {
  data <- as.list(toy_data())
  data$L <- matrix(rep(data$x, 4) + rep(1:4, each = 120), 120)
  data$W <- matrix(1 / 4, 120, 4)
  built <- spec_of(~ s(L, by = W, k = 6), data)
  object <- mgcv::smoothCon(mgcv::s(L, by = W, k = 6), data, n = 120)[[1]]
  X <- columns_of(built, data)[[1]]
  expect_equal(qr(cbind(object$X, X))$rank, qr(object$X)$rank)
  expect_match(built$json, "external")
})

test_that("the zero constraint centres the smooth, and can be switched off", {
  data <- toy_data()
  centre <- function(formula, ...) {
    max(abs(colMeans(term_design(term_of(formula, data, ...), data))))
  }
  expect_lt(centre(~ s(x)), 1e-12)
  expect_lt(centre(~ te(x, z, zerocons = TRUE)), 1e-12)
  expect_gt(centre(~ s(x, zerocons = FALSE)), 1e-3)
  expect_gt(centre(~ s(x), zero_constraint_for_smooths = FALSE), 1e-3)
  expect_gt(centre(~ s(g, bs = "re")), 1e-3)
  expect_equal(term_of(~ s(g, bs = "re"), data)$ncol, 3L)
})

test_that("no_linear_trend removes the trend, centred or not", {
  data <- toy_data()
  term <- term_of(~ s(x), data, no_linear_trend_for_smooths = TRUE)
  X <- term_design(term, data)
  expect_lt(max(abs(crossprod(X, cbind(1, data$x)))), 1e-8)
  term <- term_of(~ s(x, zerocons = FALSE), data,
                  no_linear_trend_for_smooths = TRUE)
  expect_equal(term$ncol, 9L)
  expect_lt(max(abs(crossprod(term_design(term, data), data$x))), 1e-8)
  expect_equal(dim(term$penalty$matrices[[1]]), c(9L, 9L))
})

test_that("a smooth does not drag the environment of its formula along", {
  make <- function(size) {
    big <- numeric(size)
    length(serialize(spec_of(~ s(x) + s(g, bs = "re") + log(z), toy_data()),
                     NULL))
  }
  formula_free <- make(1)
  expect_lt(abs(make(1e6) - formula_free), 1e4)
})
