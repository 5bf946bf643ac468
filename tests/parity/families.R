# Reference log-densities of the families, by R's own d* functions.
#
# Usage: Rscript tests/parity/families.R
# Writes java-engine/src/test/resources/families.csv: family, y, linear
# predictors, log-density. The links are those of the table of families.

sigmoid <- plogis
e <- exp

# One row per family: linear predictors (a list, crossed), responses, and
# log p(y | eta).
wide <- c(-2.5, -0.4, 0.9, 3)
narrow <- c(-1.5, 0.2, 1.3)
reals <- c(-7.3, -0.8, 0, 0.31, 2.6, 14)
positives <- c(0.003, 0.2, 1, 1.7, 9.4)
units <- c(0.004, 0.21, 0.5, 0.83, 0.997)
counts <- c(0, 1, 2, 7, 31)

families <- list(
  normal = list(list(wide, narrow), reals, function(y, a, b)
    dnorm(y, a, e(b), log = TRUE)),
  log_normal = list(list(wide, narrow), positives, function(y, a, b)
    dlnorm(y, a, e(b), log = TRUE)),
  gamma = list(list(wide, narrow), positives, function(y, a, b)
    dgamma(y, shape = e(a), rate = e(b), log = TRUE)),
  bernoulli = list(list(c(-30, wide, 30)), 0:1, function(y, a)
    plogis((2 * y - 1) * a, log.p = TRUE)),
  poisson = list(list(wide), counts, function(y, a)
    dpois(y, e(a), log = TRUE))
)

rows_of <- function(name) {
  row <- families[[name]]
  grid <- expand.grid(c(list(y = row[[2]]), row[[1]]))
  eta <- unname(as.list(grid[-1]))
  value <- do.call(row[[3]], c(list(grid$y), eta))
  stopifnot(!is.nan(value))
  digits <- function(x) sprintf("%.17g", x)
  blank <- rep("", nrow(grid))
  columns <- c(lapply(eta, digits), rep(list(blank), 3 - length(eta)))
  keep <- is.finite(value)
  do.call(paste, c(list(name, digits(grid$y)), columns,
                   list(digits(value)), sep = ","))[keep]
}

header <- c(
  "# Script: tests/parity/families.R",
  paste("#", R.version.string),
  paste("# Date:", Sys.Date()),
  "family,y,eta1,eta2,eta3,log_density"
)
target <- "java-engine/src/test/resources/families.csv"
dir.create(dirname(target), recursive = TRUE, showWarnings = FALSE)
writeLines(c(header, unlist(lapply(names(families), rows_of))), target)
