# Ctrl-C in the middle of an exact fit, in an R session of its own.

interrupted_fit <- c(
  "library(deepregression4j)", "set.seed(1)", "n <- 1e6",
  "d <- data.frame(x = runif(n), z = runif(n))",
  "d$y <- sin(5 * d$x) + d$z + exp(d$z - 1) * rnorm(n)",
  "both <- ~ 1 + s(x, k = 20) + s(z, k = 20)",
  "new_model <- function() deepregression(d$y, list(both, both), data = d)",
  "loss <- function() -mean(log_score(m))",
  "interrupt_after <- function(seconds) {",
  "  kill <- sprintf('sleep %g; kill -INT %d', seconds, Sys.getpid())",
  "  system2('sh', c('-c', shQuote(kill)), wait = FALSE)",
  "  began <- proc.time()[['elapsed']]",
  "  got <- tryCatch({ fit(m, verbose = FALSE); 'too late' },",
  "    interrupt = function(e) 'prompt')",
  "  late <- proc.time()[['elapsed']] - began - seconds",
  "  cat('interrupt:', got, late < 3, m$state$status, '\\n')",
  "}",
  "m <- new_model()",
  "before <- list(m$state$weights, loss())",
  "interrupt_after(0.4)",
  # A step was made, which is better, or none.
  "cat('usable:', identical(m$state$weights, before[[1]]) ||",
  "  loss() < before[[2]], all(is.finite(unlist(coef(m)))), '\\n')",
  "h <- fit(m, verbose = FALSE)",
  "cat('again:', h$exact$converged, m$state$status, '\\n')",
  "other <- new_model()", "fit(other, verbose = FALSE)",
  "away <- max(abs(confint(m)[, 1] - confint(other)[, 1]) /",
  "  sqrt(diag(vcov(other))))",
  "cat('same:', away < 1e-5, '\\n')"
)

test_that("Ctrl-C ends an exact fit soon, and the next one is as any other", {
  skip_on_os("windows")
  said <- in_new_r(interrupted_fit, seconds = 120)
  expect_output_line(said, "interrupt: prompt TRUE interrupted ")
  expect_output_line(said, "usable: TRUE TRUE ")
  expect_output_line(said, "again: TRUE trained ")
  expect_output_line(said, "same: TRUE ")
  expect_match(said, "fit\\(\\): stopped after iteration [0-9]+", all = FALSE)
})
