# Time and memory of exact fits as n grows, from R.
#
# Rscript tests/benchmarks/large.R [sizes = 1e5,1e6,1e7] [poisson,normal]
#
# Three smooths per parameter. Every size runs in a session of its own (Linux:
# peaks are those of /proc), after a small fit that loads R's and Java's code.
# Prints elapsed and CPU seconds of deepregression(), fit() and vcov(), CPU time
# against linear growth, and the peak of memory, without what the session had
# before it made the data, as a multiple of the data (y, x, z, w).

memory <- function(field) {
  line <- grep(paste0("^", field, ":"), readLines("/proc/self/status"),
    value = TRUE
  )
  as.numeric(gsub("[^0-9]", "", line)) / 1024
}

# Made in parts: nothing as large as the data remains beside them.
simulate_rows <- function(n, family, part = 1e5) {
  set.seed(1)
  data <- list(x = runif(n), z = runif(n), w = runif(n))
  y <- numeric(n)
  for (from in seq(1, n, part)) {
    at <- from:min(n, from + part - 1)
    eta <- sin(2 * pi * data$x[at]) + exp(data$z[at]) - 1 +
      2 * (data$w[at] - 0.5)^2
    y[at] <- if (family == "poisson") rpois(length(at), exp(eta / 2)) else
      rnorm(length(at), eta, exp(-0.5 + 0.3 * data$x[at]))
  }
  list(y = y, data = data)
}

make_model <- function(rows, family) {
  terms <- ~ 1 + s(x) + s(z) + s(w)
  deepregression(rows$y, if (family == "poisson") list(terms) else
    list(terms, terms),
    family = family, data = rows$data,
    penalty_options = penalty_control(df = 6)
  )
}

# Elapsed and CPU seconds.
seconds <- function(code) {
  taken <- system.time(code)
  c(taken[["elapsed"]], sum(taken[c("user.self", "sys.self")]))
}

measure <- function(n, family) {
  suppressMessages(library(deepregression4j))
  small <- make_model(simulate_rows(2000, family), family)
  suppressWarnings(fit(small, verbose = FALSE))
  invisible(gc())
  before <- memory("VmRSS")
  rows <- simulate_rows(n, family)
  invisible(gc())
  writeLines("5", "/proc/self/clear_refs") # the peak counts from here
  times <- c(
    model = seconds(model <- make_model(rows, family)),
    fit = seconds(history <- fit(model, verbose = FALSE)),
    vcov = seconds(vcov(model))
  )
  peak <- memory("VmHWM") - before
  cat(n, history$exact$iterations, times, peak, 32 * n / 2^20)
}

run_alone <- function(n, family) {
  script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  out <- system2(file.path(R.home("bin"), "Rscript"),
    c(script, "measure", format(n, scientific = FALSE), family),
    stdout = TRUE
  )
  as.numeric(strsplit(utils::tail(out, 1), " ")[[1]])
}

report <- function(sizes, family) {
  rows <- t(vapply(sizes, run_alone, numeric(10), family = family))
  total <- rows[, 4] + rows[, 6] + rows[, 8]
  linear <- total / rows[, 1] * rows[1, 1] / total[1]
  cat(family, "\n")
  cat("       n iterations  model s (cpu)    fit s (cpu)   vcov s (cpu)",
    " cpu / linear  peak MB  peak / data\n"
  )
  cat(sprintf(paste0(
    "%8.0f %10.0f %7.2f (%5.2f) %7.2f (%5.2f) %7.2f (%5.2f) %13.2f %8.0f ",
    "%12.2f\n"
  ), rows[, 1], rows[, 2], rows[, 3], rows[, 4], rows[, 5], rows[, 6],
  rows[, 7], rows[, 8], linear, rows[, 9], rows[, 9] / rows[, 10]), sep = "")
}

arguments <- commandArgs(TRUE)
if (identical(arguments[1], "measure")) {
  measure(as.numeric(arguments[2]), arguments[3])
} else {
  sizes <- if (length(arguments) > 0) arguments[1] else "1e5,1e6,1e7"
  families <- if (length(arguments) > 1) arguments[2] else "poisson,normal"
  for (family in strsplit(families, ",")[[1]]) {
    report(as.numeric(strsplit(sizes, ",")[[1]]), family)
  }
}
