# Mixtures and inflated families against the EM algorithm and optim(), written
# here.

normal_mixture <- function(y, pi, mean, sd) {
  sum(log(rowSums(vapply(seq_along(pi), function(k) {
    pi[k] * dnorm(y, mean[k], sd[k])
  }, y))))
}

# The EM algorithm for normal components.
em_normal <- function(y, mean, sd, pi, steps = 5000) {
  for (i in seq_len(steps)) {
    joint <- vapply(seq_along(pi), function(k) {
      pi[k] * dnorm(y, mean[k], sd[k])
    }, y)
    share <- joint / rowSums(joint)
    pi <- colMeans(share)
    mean <- colSums(share * y) / colSums(share)
    sd <- sqrt(colSums(share * outer(y, mean, `-`)^2) / colSums(share))
  }
  list(
    pi = pi, mean = mean, sd = sd, log_likelihood = normal_mixture(y, pi, mean, sd)
  )
}

two_normals <- function(...) {
  model <- mixdistreg(faithful$eruptions, "normal",
    nr_comps = 2, list_of_formulas = list(~1, ~1), data = faithful, ...
  )
  fit(model, verbose = FALSE)
  model
}

row_coef <- function(model, parameter) {
  unlist(lapply(coef(model, parameter), function(m) m[, 1]), use.names = FALSE)
}

# Standard errors by second differences of the log-likelihood.
numeric_se <- function(y, found) {
  at <- c(
    log(found$pi[2] / found$pi[1]), found$mean[1], log(found$sd[1]),
    found$mean[2], log(found$sd[2])
  )
  hessian <- optimHess(at, function(p) {
    -normal_mixture(y, c(plogis(-p[1]), plogis(p[1])), p[c(2, 4)],
      exp(p[c(3, 5)])
    )
  }, control = list(ndeps = rep(1e-4, 5)))
  sqrt(diag(solve(hessian)))
}

test_that("two normals are those of the EM algorithm", {
  y <- faithful$eruptions
  oracle <- em_normal(y, c(2, 4), c(0.5, 0.5), c(0.5, 0.5))
  model <- two_normals()
  expect_identical(model$family$parameters,
    c("logits_2", "loc.1", "scale.1", "loc.2", "scale.2")
  )
  expect_true(model$state$exact$converged)
  expect_equal(as.numeric(logLik(model)), oracle$log_likelihood,
    tolerance = 1e-10
  )
  expect_equal(component_stats(model)[7, ],
    c(normal.1 = oracle$mean[1], normal.2 = oracle$mean[2]),
    tolerance = 1e-6
  )
  expect_equal(unname(component_stats(model, tfd_stddev)[7, ]), oracle$sd,
    tolerance = 1e-6
  )
  prior <- get_pis(model)
  expect_equal(unname(prior[c(1, 272), ]), rbind(oracle$pi, oracle$pi),
    tolerance = 1e-6
  )
  joint <- cbind(
    oracle$pi[1] * dnorm(y, oracle$mean[1], oracle$sd[1]),
    oracle$pi[2] * dnorm(y, oracle$mean[2], oracle$sd[2])
  )
  expect_equal(unname(get_pis(model, posterior = TRUE)),
    joint / rowSums(joint),
    tolerance = 1e-5
  )
  expect_equal(fitted(model)[3], mean(y), tolerance = 1e-8)
  expect_equal(unname(sqrt(diag(vcov(model)))[["loc.1:(Intercept)"]]),
    numeric_se(y, oracle)[2],
    tolerance = 1e-4
  )
})

test_that("probabilities are of new rows too, and NA where these are", {
  model <- two_normals()
  new <- faithful[1:3, ]
  prior <- get_pis(model, new)
  expect_identical(dim(prior), c(3L, 2L))
  expect_equal(
    get_pis(model, new, posterior = TRUE, this_y = new$eruptions),
    get_pis(model, posterior = TRUE)[1:3, ],
    tolerance = 1e-12
  )
  expect_error(get_pis(model, new, posterior = TRUE), "needs `this_y`")
  odd <- get_pis(model, new, posterior = TRUE, this_y = c(2, NA, 4))
  expect_identical(unname(rowSums(is.na(odd))), c(0, 2, 0))
  expect_equal(
    get_pis(get_distribution(model, new)), prior,
    tolerance = 1e-14
  )
})

test_that("probabilities and components may depend on covariates", {
  set.seed(1)
  n <- 400
  data <- data.frame(x = runif(n, -2, 2))
  first <- rbinom(n, 1, plogis(1 + data$x))
  y <- ifelse(first == 1, 1 + 2 * data$x + rnorm(n, sd = 0.5),
    -1 - data$x + rnorm(n, sd = 0.3)
  )
  model <- mixdistreg(y, "normal",
    nr_comps = 2, formula_mixture = ~ 1 + x,
    list_of_formulas = list(~ 1 + x, ~1), data = data
  )
  fit(model, verbose = FALSE)
  minus_log_likelihood <- function(p) {
    pi <- plogis(p[1] + p[2] * data$x)
    -sum(log((1 - pi) * dnorm(y, p[3] + p[4] * data$x, exp(p[5])) +
      pi * dnorm(y, p[6] + p[7] * data$x, exp(p[8]))))
  }
  oracle <- optim(c(1, 1, -1, -1, -1, 1, 2, -1), minus_log_likelihood,
    method = "BFGS", control = list(reltol = 1e-15, maxit = 2000)
  )
  expect_equal(as.numeric(logLik(model)), -oracle$value, tolerance = 1e-9)
  expect_equal(row_coef(model, "logits_2")[2:1], oracle$par[1:2],
    tolerance = 1e-4
  )
  expect_equal(row_coef(model, "loc.2")[2:1], oracle$par[6:7], tolerance = 1e-4)
  expect_equal(get_pis(model)[, 2],
    plogis(oracle$par[1] + oracle$par[2] * data$x),
    tolerance = 1e-4
  )
})

test_that("families of different kinds mix, with options and links", {
  y <- faithful$waiting
  model <- mixdistreg(y,
    list("gammar", response_family("normal",
      trafo_list = list(scale = "softplus")
    )),
    list_of_formulas = list(list(~1, ~1), list(~1, ~1)), data = faithful
  )
  expect_identical(model$family$parameters,
    c("logits_2", "mu.1", "sigma.1", "loc.2", "scale.2")
  )
  expect_identical(model$family$links,
    c("identity", "exp", "exp", "identity", "softplus")
  )
  fit(model, verbose = FALSE)
  oracle <- optim(c(0.5, log(55), log(0.1), 80, 2), function(p) {
    shape <- exp(-2 * p[3])
    -sum(log(plogis(-p[1]) * dgamma(y, shape, shape / exp(p[2])) +
      plogis(p[1]) * dnorm(y, p[4], log1p(exp(p[5])))))
  }, method = "BFGS", control = list(reltol = 1e-15, maxit = 2000))
  expect_equal(as.numeric(logLik(model)), -oracle$value, tolerance = 1e-9)
  expect_identical(colnames(get_pis(model)), c("gammar.1", "normal.2"))
})

test_that("components of one's own start apart and find the optimum", {
  own <- create_family(
    log_density = function(y, loc, scale) dnorm(y, loc, scale, log = TRUE),
    trafo_list = list("identity", "exp"), mean = function(loc) loc,
    name = "own"
  )
  model <- mixdistreg(faithful$eruptions, own,
    nr_comps = 2, list_of_formulas = list(~1, ~1), data = faithful
  )
  fit(model, verbose = FALSE)
  expect_equal(as.numeric(logLik(model)), as.numeric(logLik(two_normals())),
    tolerance = 1e-10
  )
  expect_equal(component_stats(model)[1, ], c(own.1 = 2.0186, own.2 = 4.2733),
    tolerance = 1e-4
  )
})

test_that("several beginnings find what one does not", {
  y <- MASS::galaxies / 1000
  data <- data.frame(i = seq_along(y))
  model <- mixdistreg(y, "normal",
    nr_comps = 3, list_of_formulas = list(~1, ~1), data = data
  )
  fit(model, verbose = FALSE)
  oracle <- em_normal(y, c(10, 21, 33), c(1, 2, 1), c(0.1, 0.8, 0.1))
  expect_lt(as.numeric(logLik(model)), oracle$log_likelihood - 1)
  before <- .Random.seed
  found <- fit_starts(model, nr_starts = 4, seed = 1)
  expect_identical(.Random.seed, before)
  expect_identical(dim(found), c(5L, 3L))
  expect_equal(as.numeric(logLik(model)), oracle$log_likelihood,
    tolerance = 1e-8
  )
  expect_equal(min(found$loss), -oracle$log_likelihood / length(y),
    tolerance = 1e-8
  )
  expect_identical(which(found$best), which.min(found$loss))
  expect_equal(sort(component_stats(model)[1, ], decreasing = FALSE),
    sort(oracle$mean),
    tolerance = 1e-5, ignore_attr = TRUE
  )
  normal <- deepregression(y, list(~1, ~1), data = data)
  expect_error(fit_starts(normal), "no mixture")
})

test_that("the entropy penalty sharpens the probabilities", {
  y <- faithful$eruptions
  xi <- 0.05
  oracle <- optim(c(0.6, 2, -1, 4, -1), function(p) {
    pi <- c(plogis(-p[1]), plogis(p[1]))
    -normal_mixture(y, pi, p[c(2, 4)], exp(p[c(3, 5)])) / length(y) -
      xi * sum(pi * log(pi))
  }, method = "BFGS", control = list(reltol = 1e-15, maxit = 2000))
  model <- two_normals(entropy_penalty = xi)
  expect_equal(tail(model$state$history$metrics$loss, 1), oracle$value,
    tolerance = 1e-9
  )
  expect_equal(row_coef(model, "logits_2"), oracle$par[1], tolerance = 1e-4)
  expect_error(two_normals(entropy_penalty = -1), "entropy_penalty")
})

# ---- inflation ------------------------------------------------------------

test_that("inflated counts are the zero-inflated family, and optim() agrees", {
  data <- MASS::quine
  y <- data$Days
  model <- zinreg(y, "poisson", list_of_formulas = list(~ 1 + Sex), data = data)
  fit(model, verbose = FALSE)
  male <- data$Sex == "M"
  oracle <- optim(c(-2, 3, 0), function(p) {
    pi <- plogis(p[1])
    rate <- exp(p[2] + p[3] * male)
    -sum(log(pi * (y == 0) + (1 - pi) * dpois(y, rate)))
  }, method = "BFGS", control = list(reltol = 1e-15, maxit = 2000))
  expect_equal(as.numeric(logLik(model)), -oracle$value, tolerance = 1e-10)
  expect_equal(row_coef(model, "logit_at_0"), oracle$par[1], tolerance = 1e-4)
  expect_equal(row_coef(model, "rate")[2:1], oracle$par[2:3], tolerance = 1e-4)
  rate <- exp(oracle$par[2] + oracle$par[3] * male)
  at_0 <- plogis(oracle$par[1])
  posterior <- get_pis(model, posterior = TRUE)
  expect_identical(colnames(posterior), c("poisson", "at_0"))
  expect_equal(posterior[, "at_0"],
    ifelse(y == 0, at_0 / (at_0 + (1 - at_0) * exp(-rate)), 0),
    tolerance = 1e-4
  )
  expect_equal(component_stats(model)[, "poisson"], rate, tolerance = 1e-4)
})

test_that("point masses beside a density are shares of the rows", {
  set.seed(6)
  inside <- rbeta(60, 2, 3)
  y <- c(rep(0, 25), rep(1, 15), inside)
  data <- data.frame(i = seq_along(y))
  model <- zoinreg(y, "betar", list_of_formulas = list(~1, ~1), data = data)
  expect_identical(model$family$parameters,
    c("logit_at_0", "logit_at_1", "mu", "sigma")
  )
  fit(model, verbose = FALSE)
  alone <- deepregression(inside, list(~1, ~1),
    family = "betar", data = data.frame(i = 1:60)
  )
  fit(alone, verbose = FALSE)
  expect_equal(unname(get_pis(model)[1, ]), c(0.6, 0.25, 0.15),
    tolerance = 1e-8
  )
  expect_equal(row_coef(model, "mu"), row_coef(alone, "mu"), tolerance = 1e-6)
  expect_identical(
    unname(get_pis(model, posterior = TRUE)[c(1, 30, 50), ]),
    diag(3)[c(2, 3, 1), ]
  )
  named <- deepregression(y, list(~1, ~1, ~1, ~1),
    family = "zero_one_inflated_beta", data = data
  )
  fit(named, verbose = FALSE)
  expect_equal(get_pis(named)[1, ], get_pis(model)[1, ], tolerance = 1e-8)
})

test_that("values may be any, and their log-odds have formulas of their own", {
  y <- c(2, 2, 2, 5, 1, 3, 2, 0, 4, 2, 7, 2)
  data <- data.frame(x = seq_along(y))
  model <- inflareg(y, "poisson",
    inflation_values = c(5, 2),
    formula_inflation = list(~ 1 + x, ~1), list_of_formulas = list(~1),
    data = data
  )
  expect_identical(model$family$parameters,
    c("logit_at_2", "logit_at_5", "rate")
  )
  expect_length(model$spec$terms$logit_at_2, 2)
  expect_length(model$spec$terms$logit_at_5, 1)
  one <- oinreg(y, "poisson", list_of_formulas = list(~1), data = data)
  expect_identical(one$family$parameters, c("logit_at_1", "rate"))
})

test_that("mixtures are saved, read and exported", {
  model <- two_normals()
  file <- tempfile(fileext = ".rds")
  saveRDS(model, file)
  expect_identical(get_pis(readRDS(file), posterior = TRUE),
    get_pis(model, posterior = TRUE)
  )
  path <- tempfile(fileext = ".onnx")
  export_onnx(model, path)
  expect_gt(file.size(path), 500)
  expect_output(print(model), "mixture\\(normal, normal\\).*scale.2")
  expect_output(print(summary(model)), "Parameter 'loc.2'")
})

# ---- errors ---------------------------------------------------------------

test_that("what cannot be mixed or inflated is refused", {
  y <- faithful$eruptions
  mixed <- function(...) mixdistreg(y, ..., data = faithful)
  expect_error(mixed("normal", list_of_formulas = list(~1, ~1)),
    "two families or more, or one and nr_comps; got 1"
  )
  expect_error(
    mixed(c("normal", "gamma"), nr_comps = 3, list_of_formulas = list(~1)),
    "got 2 families and nr_comps = 3"
  )
  expect_error(mixed("normal", nr_comps = 1, list_of_formulas = list(~1)),
    "nr_comps"
  )
  expect_error(mixed("normal", nr_comps = 2, list_of_formulas = list(~1)),
    "expected 2 formulas \\(of every component\\) or 4 .*got 1"
  )
  expect_error(
    mixed(c("normal", "exponential"), list_of_formulas = list(~1, ~1)),
    "expected 3 \\(of 2 parameters of 'normal', 1 .*'exponential'\\), got 2"
  )
  expect_error(mixed("normal", nr_comps = 3, formula_mixture = list(~1),
    list_of_formulas = list(~1, ~1)
  ), "formula_mixture must be.*list of 2, got list \\(1\\)")
  expect_error(mixed(c("normal", "poisson"), list_of_formulas = list(~1)),
    "continuous or all discrete"
  )
  expect_error(mixed("dirichlet", nr_comps = 2, list_of_formulas = list(~1)),
    "univariate"
  )
  expect_error(mixed("quantile", nr_comps = 2, list_of_formulas = list(~1)),
    "'quantile' of the mixture needs 'level'"
  )
  expect_error(mixed("norml", nr_comps = 2, list_of_formulas = list(~1)),
    "did you mean 'normal'"
  )
  expect_error(inflated_family("poisson", c(1, 1)), "different finite numbers")
  expect_error(inflated_family("poisson", "a"), "different finite numbers")
  expect_error(get_pis(deepregression(y, list(~1, ~1), data = faithful)),
    "'normal' is no mixture"
  )
})

test_that("models of mixtures and of inflation are of a class of their own", {
  two <- mixdistreg(faithful$eruptions, "normal", nr_comps = 2,
    list_of_formulas = list(~1, ~1), data = faithful
  )
  expect_identical(class(two), c("mixdistreg", "deepregression"))
  expect_output(print(two), "Model: mixdistreg, family 'mixture")
  fit(two, verbose = FALSE)
  expect_output(print(summary(two)), "Model: mixdistreg, family 'mixture")
  path <- withr::local_tempfile(fileext = ".rds")
  saveRDS(two, path)
  again <- readRDS(path)
  expect_s3_class(again, "mixdistreg")
  expect_equal(predict(again), predict(two))
  # The methods are those of any model.
  plain <- deepregression(faithful$eruptions, rep(list(~1), 5),
    family = mixture_family("normal", 2), data = faithful
  )
  expect_identical(class(plain), "deepregression")
  fit(plain, verbose = FALSE)
  expect_equal(logLik(two), logLik(plain))
  zeros <- data.frame(y = c(0, 0, 0, 1, 2, 4))
  inflated <- zinreg(zeros$y, "poisson", list_of_formulas = list(~1),
    data = zeros
  )
  expect_identical(class(inflated), c("inflareg", "deepregression"))
})
