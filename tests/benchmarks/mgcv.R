# Exact fits beside mgcv, in one run: seconds, and how many times faster.
#
# Rscript tests/benchmarks/mgcv.R [full]   with the R package installed
#
# Gaussian location-scale of three smooths (n = 1e5) against gam(gaulss) with
# smoothing parameters fixed, with REML on both sides when `full` is given, and
# Poisson of three smooths (n = 1e6) against bam(discrete = TRUE), which also
# selects its smoothing parameters. R should run on OpenBLAS.

suppressMessages({
  library(deepregression4j)
  library(mgcv)
})

full <- "full" %in% commandArgs(TRUE)

simulate_rows <- function(n) {
  set.seed(1)
  data <- data.frame(x = runif(n), z = runif(n), w = runif(n))
  data$eta <- sin(2 * pi * data$x) + exp(data$z) - 1 + 2 * (data$w - 0.5)^2
  data
}

seconds <- function(code) {
  gc()
  system.time(code)[["elapsed"]]
}

report <- function(label, ours, theirs, difference) {
  cat(sprintf("%-46s ours %7.2f s   mgcv %7.2f s   ratio %6.1f   %s\n",
    label, ours, theirs, theirs / ours, difference
  ))
}

far_apart <- function(model, fitted) {
  sprintf("largest difference of fitted values %.1e",
    max(abs(predict(model)[, 1] - fitted))
  )
}

location_scale <- function(n, select) {
  data <- simulate_rows(n)
  data$y <- rnorm(n, data$eta, exp(-0.5 + 0.3 * data$x))
  terms <- ~ 1 + s(x) + s(z) + s(w)
  model <- deepregression(data$y, list(terms, terms),
    data = data, penalty_options = penalty_control(df = 6, select = select),
    formula_options = form_control(basis_rows = Inf) # the basis of gam()
  )
  ours <- seconds(fit(model, verbose = FALSE))
  # The penalty here has no 1/2: lambda of mgcv is twice ours.
  weights <- model$layout$parameters
  lambdas <- unlist(lapply(weights, function(entry) {
    if (startsWith(entry$term, "lambda/")) {
      model$state$weights[entry$offset + seq_len(entry$rows)]
    }
  }))
  formulas <- list(y ~ s(x) + s(z) + s(w), ~ s(x) + s(z) + s(w))
  theirs <- seconds(other <- if (select == "REML") {
    gam(formulas, family = gaulss(b = 0), data = data, method = "REML")
  } else {
    gam(formulas, family = gaulss(b = 0), data = data, sp = 2 * lambdas)
  })
  report(paste0("normal, n = ", n, ", ", select), ours, theirs,
    far_apart(model, fitted(other)[, 1])
  )
}

counts <- function(n) {
  data <- simulate_rows(n)
  data$y <- rpois(n, exp(data$eta / 2))
  model <- deepregression(data$y, list(~ 1 + s(x) + s(z) + s(w)),
    family = "poisson", data = data, penalty_options = penalty_control(df = 6)
  )
  ours <- seconds(fit(model, verbose = FALSE))
  theirs <- seconds(other <- bam(y ~ s(x) + s(z) + s(w),
    family = poisson(), data = data, discrete = TRUE
  ))
  report(paste0("poisson, n = ", n, ", bam(discrete)"), ours, theirs, "")
}

growth <- function(sizes) {
  for (n in sizes) {
    data <- simulate_rows(n)
    data$y <- rpois(n, exp(data$eta / 2))
    model <- deepregression(data$y, list(~ 1 + s(x) + s(z) + s(w)),
      family = "poisson", data = data,
      penalty_options = penalty_control(df = 6)
    )
    taken <- seconds(history <- fit(model, verbose = FALSE))
    cat(sprintf("poisson, n = %8.0f: %6.2f s, %d iterations\n",
      n, taken, history$exact$iterations
    ))
  }
}

location_scale(1e5, "df")
if (full) location_scale(1e5, "REML")
counts(1e6)
growth(c(1e4, 1e5, 1e6))
