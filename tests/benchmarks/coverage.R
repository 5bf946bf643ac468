# Do 95 percent bands cover the truth 95 percent of the time, on average over
# the function? A Gaussian model with a spline in location and one in log scale,
# smoothing parameters by REML. Prints coverage per parameter, ours and that of
# mgcv's gaulss on the same data, and stops outside 92 to 98 percent.
#   Rscript tests/benchmarks/coverage.R [replicates = 200] [n = 500] [library]

arguments <- commandArgs(TRUE)
replicates <- if (length(arguments) > 0) as.integer(arguments[1]) else 200L
n <- if (length(arguments) > 1) as.integer(arguments[2]) else 500L
if (length(arguments) > 2) .libPaths(c(arguments[3], .libPaths()))
suppressPackageStartupMessages(library(deepregression4j))

truth <- function(x) {
  cbind(
    loc = sin(2 * pi * x) + 0.5 * cos(7 * x),
    scale = -1 + 0.6 * cos(2 * pi * x)
  )
}

covered <- function(fit, se, eta) abs(fit - eta) <= qnorm(0.975) * se

# Share of rows covered, per parameter.
ours <- function(data, eta) {
  model <- deepregression(data$y, list(~ 1 + s(x), ~ 1 + s(x)),
    data = data, penalty_options = penalty_control(select = "REML")
  )
  history <- fit(model, verbose = FALSE)
  found <- predict(model, type = "link", se.fit = TRUE)
  c(
    colMeans(covered(found$fit, found$se.fit, eta)),
    converged = history$exact$converged
  )
}

# With b = 0 the second predictor of gaulss is the log of the standard deviation.
reference <- function(data, eta) {
  fit <- mgcv::gam(list(y ~ s(x), ~ s(x)),
    family = mgcv::gaulss(b = 0), data = data, method = "REML"
  )
  found <- predict(fit, se.fit = TRUE)
  colMeans(covered(found$fit, found$se.fit, eta))
}

set.seed(20)
results <- t(vapply(seq_len(replicates), function(i) {
  data <- data.frame(x = runif(n))
  eta <- truth(data$x)
  data$y <- eta[, "loc"] + exp(eta[, "scale"]) * rnorm(n)
  c(ours(data, eta), reference(data, eta))
}, numeric(5)))
colnames(results) <- c("loc", "scale", "converged", "mgcv loc", "mgcv scale")

cat("Coverage of 95 percent bands,", replicates, "replicates, n =", n, "\n")
print(round(100 * rbind(
  mean = colMeans(results),
  "std. error" = apply(results, 2, sd) / sqrt(replicates)
), 2))
shares <- colMeans(results)[c("loc", "scale")]
if (!all(shares >= 0.92 & shares <= 0.98)) {
  stop("the coverage is outside 92 to 98 percent")
}
