# Reference numbers: deterministic, computed with mgcv 1.8-41 (R 4.2.2); six or
# more significant digits are given there.
golden <- 2e-6

mcycle_lambda <- function(call, ...) {
  formula <- stats::as.formula(paste("~", call))
  term_of(formula, MASS::mcycle, ...)$penalty$lambdas
}

test_that("lambda from df equals the reference", {
  skip_if_not_installed("MASS")
  expected <- list(
    "s(times, df = %s)" = c(.99139789, .11446734, .0083109156, 0),
    "s(times, k = 20, df = %s)" = c(1.1865714, .15102135, .021575828,
                                    .013045855),
    "s(times, bs = 'ps', k = 20, df = %s)" = c(4095.3836, 459.62289, 51.265672,
                                               28.110065),
    "s(times, bs = 'cr', df = %s)" = c(1730.8918, 183.54468, 9.5512927, 0)
  )
  for (call in names(expected)) {
    found <- vapply(c(4, 6, 9, 10), function(df) {
      mcycle_lambda(sprintf(call, df))
    }, 0)
    expect_equal(found, expected[[call]], tolerance = golden, info = call)
  }
})

test_that("lambda from df with hat1 equals the reference", {
  found <- vapply(c(4, 6, 9, 10), function(df) {
    mcycle_lambda(sprintf("s(times, df = %s)", df), hat1 = TRUE)
  }, 0)
  expect_equal(found, c(.40067923, .045288853, .0025760853, 0),
               tolerance = golden)
})

test_that("the penalty of s(times, df = 6) equals the reference", {
  check <- function(columns, trace, norm, trace_P, ...) {
    term <- term_of(~ s(times, df = 6), MASS::mcycle, ...)
    S <- term$penalty$matrices[[1]]
    P <- term$penalty$scale * term$penalty$lambdas * S
    expect_equal(term$ncol, columns)
    expect_equal(sum(diag(S)), trace, tolerance = golden)
    expect_equal(sqrt(sum(S^2)), norm, tolerance = golden)
    expect_equal(sum(diag(P)), trace_P, tolerance = golden)
  }
  check(9L, 1654.4729, 842.18295, 1.4239332)
  check(10L, 1793.1138, 902.02557, 1.5432553,
        zero_constraint_for_smooths = FALSE)
  expect_equal(term_of(~ s(times, df = 6), MASS::mcycle,
                       no_linear_trend_for_smooths = TRUE)$ncol, 8L)
})

test_that("penalised least squares on the term gives the reference fits", {
  mcycle <- MASS::mcycle
  check <- function(call, mse, trace_H = NULL) {
    term <- term_of(stats::as.formula(paste("~", call)), mcycle)
    X <- cbind(1, term_design(term, mcycle))
    p <- term$penalty
    P <- matrix(0, ncol(X), ncol(X))
    P[-1, -1] <- nrow(X) * p$scale * p$lambdas * p$matrices[[1]]
    H <- X %*% solve(crossprod(X) + P, t(X))
    residuals <- mcycle$accel - H %*% mcycle$accel
    expect_equal(mean(residuals^2), mse, tolerance = golden)
    if (!is.null(trace_H)) {
      expect_equal(sum(diag(H)), trace_H, tolerance = golden)
    }
  }
  check("s(times, df = 4)", 1547.3459, 3.3812818)
  check("s(times, df = 6)", 1020.7722, 5.0572909)
  check("s(times, df = 8)", 654.27999, 6.8466308)
  check("s(times)", 467.99317)
})

test_that("df below the null space is refused and df above the rank warns", {
  expect_error(mcycle_lambda("s(times, df = 1)"),
               "s\\(times, df = 1\\).*df = 1",
               class = "deepregression4j_term_error")
  expect_warning(lambda <- mcycle_lambda("s(times, df = 12)"),
                 class = "deepregression4j_unpenalised")
  expect_equal(lambda, 0)
  expect_silent(mcycle_lambda("s(times, k = 5)"))
})

test_that("sp overrides df, and a variable called sp does not", {
  sp <- 99
  expect_equal(mcycle_lambda("s(times, sp = 0.3, df = 4)"), 0.3)
  expect_equal(mcycle_lambda("s(times, df = 4)"), .99139789, tolerance = golden)
  withr::local_environment(list2env(list(sp = 77)))
  expect_equal(term_of(~ s(times, df = 4), MASS::mcycle)$penalty$lambdas,
               .99139789, tolerance = golden)
  expect_error(mcycle_lambda("s(times, sp = -1:2)"), "sp")
})

test_that("tensor products have one lambda per margin, each meeting its df", {
  data <- toy_data()
  term <- term_of(~ te(x, z, w, k = 4, df = 3), data)
  expect_length(term$penalty$lambdas, 3L)
  expect_true(all(term$penalty$lambdas > 0))
  object <- mgcv::smoothCon(mgcv::te(x, z, w, k = 4), data)[[1]]
  for (i in 1:3) {
    # S_i acts on its margin only: the trace of the marginal hat matrix with
    # the block of S[[i]] gives the df back.
    X <- object$margin[[i]]$X
    step <- 4^(3 - i)
    S <- object$S[[i]][1 + step * 0:3, 1 + step * 0:3]
    H <- solve(crossprod(X) + term$penalty$lambdas[i] * S, crossprod(X))
    expect_equal(sum(diag(2 * H - H %*% H)), 3, tolerance = 1e-6)
  }
  one <- term_of(~ te(x, z, df = 6), data, anisotropic = FALSE)$penalty
  expect_equal(one$lambdas[1], one$lambdas[2])
  expect_gt(one$lambdas[1], 0)
})

test_that("null_space_penalty penalises the null space with lambda 1", {
  data <- toy_data()
  for (call in c("s(x, df = 4)", "te(x, z, df = 3)")) {
    formula <- stats::as.formula(paste("~", call))
    without <- term_of(formula, data)$penalty
    with <- term_of(formula, data, null_space_penalty = TRUE)$penalty
    expect_equal(with$lambdas, c(without$lambdas, 1))
    rank <- function(p) qr(Reduce(`+`, p$matrices), tol = 1e-9)$rank
    expect_equal(rank(with), ncol(with$matrices[[1]]))
    expect_lt(rank(without), ncol(without$matrices[[1]]))
  }
})

test_that("an adaptive smooth sums its penalties under one lambda", {
  penalty <- term_of(~ s(times, bs = "ad", k = 20, df = 6),
                     MASS::mcycle)$penalty
  expect_gt(length(penalty$lambdas), 1L)
  expect_equal(length(unique(penalty$lambdas)), 1L)
  expect_gt(penalty$lambdas[1], 0)
})

test_that("by factors have a lambda per level", {
  term <- term_of(~ s(x, by = g, df = 4), toy_data())
  expect_equal(term$ncol, 30L)
  expect_length(unique(term$penalty$lambdas), 3L)
})
