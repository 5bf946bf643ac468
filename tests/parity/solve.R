# Reference fits for the exact solver: lm, glm and mgcv::gam with fixed smoothing
# parameters or REML, and the numbers of the original package for mcycle.
# Run from the repository's root: Rscript tests/parity/solve.R
# Writes one file per case; a file holds '@text key value' and '@matrix key rows
# columns' entries, the latter followed by their rows. Design matrices and
# penalties travel as numbers, so the engine solves R's own problem.
suppressMessages({
  library(mgcv)
  library(MASS)
})

seed <- 20240311L
target <- file.path("java-engine", "src", "test", "resources", "org",
                    "deepregression4j", "engine", "solve", "fits")
dir.create(target, recursive = TRUE, showWarnings = FALSE)

# ---- writing ---------------------------------------------------------------

entry_matrix <- function(key, value) {
  value <- as.matrix(value)
  rows <- apply(value, 1L, function(row) {
    paste(sprintf("%.17g", row), collapse = ",")
  })
  c(paste("@matrix", key, nrow(value), ncol(value)), rows)
}

header <- c("# Script: tests/parity/solve.R", paste("#", R.version.string),
            paste("# mgcv", packageVersion("mgcv")),
            paste("# Seed:", seed), paste("# Date:", Sys.Date()))

# terms: list per predictor of list(name, X, S, lambda); expected: named list
write_case <- function(name, family, y, predictors, expected,
                       weights = rep(1, NROW(y)), offsets = list()) {
  lines <- c(header, paste("@text family", family), entry_matrix("y", y),
             entry_matrix("weights", weights))
  for (j in seq_along(predictors)) {
    lines <- c(lines, paste("@text", paste0("terms.", j),
                            length(predictors[[j]])))
    for (t in seq_along(predictors[[j]])) {
      term <- predictors[[j]][[t]]
      key <- paste("term", j, t, "", sep = ".")
      lines <- c(lines, paste0("@text ", key, "name ", term$name),
                 entry_matrix(paste0(key, "X"), term$X),
                 paste0("@text ", key, "penalties ", length(term$S)))
      for (i in seq_along(term$S)) {
        lines <- c(lines, entry_matrix(paste0(key, "S.", i), term$S[[i]]),
                   entry_matrix(paste0(key, "lambda.", i), term$lambda[i]))
      }
    }
    if (!is.null(offsets[j][[1L]])) {
      lines <- c(lines, entry_matrix(paste0("offset.", j), offsets[[j]]))
    }
  }
  for (key in names(expected)) {
    lines <- c(lines, entry_matrix(key, expected[[key]]))
  }
  writeLines(lines, file.path(target, paste0(name, ".txt")))
}

plain <- function(name, X) list(name = name, X = X, S = list())
one <- function(n) plain("(Intercept)", matrix(1, n, 1L))

# The terms of one predictor of a gam; lambda of the engine is half of mgcv's.
gam_terms <- function(fit, X, smooths, columns, sp) {
  first <- min(vapply(smooths, function(s) s$first.para, 1))
  parametric <- setdiff(columns, unlist(lapply(smooths, function(s) {
    s$first.para:s$last.para
  })))
  out <- list(plain("parametric", X[, parametric, drop = FALSE]))
  at <- 0L
  for (s in smooths) {
    k <- length(s$S)
    out[[length(out) + 1L]] <- list(
      name = s$label, X = X[, s$first.para:s$last.para, drop = FALSE], S = s$S,
      lambda = sp[at + seq_len(k)] / 2
    )
    at <- at + k
  }
  out
}

gam_expected <- function(fit) {
  list(beta = coef(fit), se = sqrt(diag(vcov(fit))),
       edf = sum(fit$edf), term_edf = summary(fit)$edf)
}

# ---- data ------------------------------------------------------------------

set.seed(seed)
n <- 300L
d <- data.frame(x = runif(n), z = runif(n), f = gl(3L, 100L), t = runif(n, 1, 5))
d$mu <- with(d, 1 + 2 * x - z + as.integer(f) / 3)
d$normal <- with(d, rnorm(n, mu, exp(-0.5 + x)))
d$count <- with(d, rpois(n, t * exp(0.4 * mu - 1)))
d$yes <- with(d, rbinom(n, 1L, plogis(mu - 2)))
d$positive <- with(d, rgamma(n, 2.5, rate = 2.5 / exp(0.3 * mu)))
d$curved <- with(d, rnorm(n, sin(6 * x) + z, exp(-1 + sin(4 * x))))
d$w <- sample(c(0, 1, 2, 0.5), n, TRUE)
X <- model.matrix(~ x * z + f, d)
control <- glm.control(epsilon = 1e-15, maxit = 100L)

# ---- linear models ---------------------------------------------------------

fit <- lm(normal ~ x * z + f, d)
rss <- sum(residuals(fit)^2)
write_case("lm", "normal", d$normal, list(
  list(plain("parametric", X)), list(one(n))
), list(
  beta = c(coef(fit), log(rss / n) / 2),
  se = c(sqrt(diag(vcov(fit)) * fit$df.residual / n), sqrt(1 / (2 * n))),
  loglik = as.numeric(logLik(fit))
))

glm_case <- function(name, family, engine, y, ...) {
  fit <- glm(y ~ X - 1, family = family, control = control, ...)
  list(beta = coef(fit), se = sqrt(diag(summary(fit, dispersion = 1)$cov.scaled)),
       fit = fit)
}

ref <- glm_case("poisson", poisson(), "poisson", d$count, offset = log(d$t))
write_case("glm-poisson", "poisson", d$count, list(list(plain("parametric", X))),
           c(ref[1:2], loglik = as.numeric(logLik(ref$fit))),
           offsets = list(log(d$t)))
ref <- glm_case("weights", poisson(), "poisson", d$count, weights = d$w)
write_case("glm-weights", "poisson", d$count, list(list(plain("parametric", X))),
           ref[1:2], weights = d$w)
ref <- glm_case("binomial", binomial(), "bernoulli", d$yes)
write_case("glm-binomial", "bernoulli", d$yes,
           list(list(plain("parametric", X))),
           c(ref[1:2], loglik = as.numeric(logLik(ref$fit))))

# Gamma with log link: log rate = log shape - eta. Its standard errors come from
# the observed information of (log shape, coefficients of log rate).
fit <- glm(positive ~ x * z + f, Gamma("log"), d, control = control)
shape <- gamma.shape(fit, it.lim = 100L, eps.max = 1e-14)$alpha
beta <- -coef(fit) + c(log(shape), rep(0, ncol(X) - 1L))
r <- as.vector(exp(X %*% beta)) * d$positive
H <- rbind(
  c(n * shape^2 * trigamma(shape) - sum(shape * (log(r) - digamma(shape))),
    -shape * colSums(X)),
  cbind(-shape * colSums(X), crossprod(X, r * X))
)
write_case("glm-gamma", "gamma", d$positive, list(
  list(one(n)), list(plain("parametric", X))
), list(beta = c(log(shape), beta), se = sqrt(diag(solve(H)))))

# ---- additive models with fixed smoothing parameters -----------------------

gam_case <- function(name, engine, formula, family, y, sp, data = d) {
  fit <- gam(formula, family, data, sp = sp, control = gam.control(
    epsilon = 1e-14, maxit = 500L))
  X <- predict(fit, type = "lpmatrix")
  write_case(name, engine, y, list(gam_terms(fit, X, fit$smooth,
                                             seq_len(ncol(X)), sp)),
             gam_expected(fit))
}
gam_case("gam-tp", "poisson", count ~ f + s(x) + s(z, k = 12), poisson(),
         d$count, c(0.7, 0.02))
gam_case("gam-cr", "bernoulli", yes ~ s(x, bs = "cr") + s(z, bs = "ps"),
         binomial(), d$yes, c(1.3, 4))
gam_case("gam-te", "poisson", count ~ te(x, z) + s(f, bs = "re"), poisson(),
         d$count, c(0.5, 12, 2))

location_scale <- function(name, formulas, y, data, sp, ...) {
  fit <- gam(formulas, gaulss(b = 0), data, sp = sp, ...)
  X <- predict(fit, type = "lpmatrix")
  cuts <- attr(X, "lpi")
  sp <- if (is.null(sp)) rep(2, length(fit$smooth)) else sp
  at <- 0L
  predictors <- lapply(cuts, function(columns) {
    own <- Filter(function(s) s$first.para %in% columns, fit$smooth)
    if (!length(own)) return(list(one(length(y))))
    at <<- at + length(own)
    gam_terms(fit, X, own, columns, sp[at - length(own) + seq_along(own)])
  })
  write_case(name, "normal", y, predictors, gam_expected(fit))
}
location_scale("gaulss", list(normal ~ s(x) + s(z), ~ s(x)), d$normal, d,
               c(0.3, 5, 2))

# ---- smoothing parameters by REML ------------------------------------------

selected_case <- function(name, engine, formula, family, y, data = d,
                          method) {
  fit <- gam(formula, family, data, method = method)
  X <- predict(fit, type = "lpmatrix")
  sp <- rep(2, length(fit$sp))
  location <- gam_terms(fit, X, fit$smooth, seq_len(ncol(X)), sp)
  predictors <- switch(engine, normal = list(location, list(one(length(y)))),
                       gamma = list(list(one(length(y))), location),
                       list(location))
  write_case(name, engine, y, predictors, list(
    edf = sum(fit$edf), term_edf = summary(fit)$edf, fitted = fitted(fit)
  ))
}
reml_case <- function(...) selected_case(..., method = "REML")
reml_case("reml-mcycle", "normal", accel ~ s(times, k = 20), gaussian(),
          mcycle$accel, mcycle)
reml_case("reml-poisson", "poisson", count ~ s(x) + s(z) + s(f, bs = "re"),
          poisson(), d$count)
reml_case("reml-gamma", "gamma", positive ~ s(x) + s(z), Gamma("log"),
          d$positive)
reml_case("reml-te", "poisson", count ~ te(x, z), poisson(), d$count)
location_scale("reml-gaulss", list(curved ~ s(x) + s(z), ~ s(x)), d$curved, d,
               NULL, method = "REML")
location_scale("reml-mcycle-gaulss", list(accel ~ s(times, k = 20), ~ 1),
               mcycle$accel, mcycle, NULL, method = "REML")

# ---- smoothing parameters by prediction error (GCV; UBRE for known scale) ----

gcv_case <- function(...) selected_case(..., method = "GCV.Cp")
gcv_case("gcv-mcycle", "normal", accel ~ s(times, k = 20), gaussian(),
         mcycle$accel, mcycle)
gcv_case("gcv-normal", "normal", curved ~ s(x) + s(z), gaussian(), d$curved)
gcv_case("gcv-poisson", "poisson", count ~ s(x) + s(z) + s(f, bs = "re"),
         poisson(), d$count)
set.seed(seed + 1L)
d$wave <- with(d, rpois(n, exp(1 + sin(6 * x) + z^2)))
gcv_case("gcv-poisson-wave", "poisson", wave ~ s(x) + s(z), poisson(), d$wave)
gcv_case("gcv-te", "poisson", wave ~ te(x, z), poisson(), d$wave)

# ---- golden numbers: mcycle ------------------------------------------------

# Demmler-Reinsch: the lambda of a df, on the basis without constraint.
lambda_of <- function(df, X, S) {
  R <- chol(crossprod(X) + 1e-9 * S)
  values <- svd(t(solve(t(R), t(solve(t(R), S)))))$d
  gap <- function(l) {
    2 * sum(1 / (1 + exp(l) * values)) - sum(1 / (1 + exp(l) * values)^2) - df
  }
  exp(uniroot(gap, c(-40, 40), tol = 1e-13)$root)
}

golden <- function(name, df, objective, log_sigma) {
  free <- smoothCon(s(times), mcycle, NULL)[[1L]]
  held <- smoothCon(s(times), mcycle, NULL, absorb.cons = TRUE)[[1L]]
  lambda <- lambda_of(df, free$X, free$S[[1L]])
  smooth <- list(name = "s(times)", X = held$X, S = held$S, lambda = lambda)
  write_case(name, "normal", mcycle$accel, list(
    list(one(133L), smooth), list(one(133L))
  ), list(objective = objective, log_sigma = log_sigma, lambda = lambda))
}
golden("golden-mcycle", 6, 5.2466555, 3.8272988)

# ---- families whose columns share a predictor ------------------------------

set.seed(seed + 2L)
trials <- sample(1:8, n, TRUE)
successes <- rbinom(n, trials, plogis(d$mu - 2))
counts <- cbind(successes, failures = trials - successes)
ref <- glm_case("counts", binomial(), "binomial", counts)
write_case("glm-counts", "binomial", counts,
           list(list(plain("parametric", X))),
           c(ref[1:2], loglik = as.numeric(logLik(ref$fit))))
ref <- glm_case("counts", binomial(), "binomial", counts, weights = d$w)
write_case("glm-counts-weights", "binomial", counts,
           list(list(plain("parametric", X))), ref[1:2], weights = d$w)
