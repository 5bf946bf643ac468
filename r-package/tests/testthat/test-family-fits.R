# Whole fits of families against R's own fits of the same models: coefficients,
# and the log-likelihood at the optimum.

# Ours converge to 1e-8 and better; R's own stop earlier.
coefficient_tolerance <- 1e-4
likelihood_tolerance <- 1e-6

fitted_model <- function(y, formulas, family, data, ...) {
  model <- deepregression(y, formulas, family = family, data = data, ...)
  fit(model, validation_split = NULL, verbose = FALSE)
  model
}

# Coefficients of a parameter in R's order, the intercept first.
own_coef <- function(model, parameter) {
  parts <- coef(model, parameter)
  out <- unlist(lapply(parts, function(m) m[, 1]))
  names(out) <- unlist(lapply(parts, rownames))
  out[order(names(out) != "(Intercept)")]
}

expect_coef <- function(model, parameter, expected, tolerance = coefficient_tolerance) {
  expect_equal(own_coef(model, parameter), expected,
    tolerance = tolerance, ignore_attr = TRUE, label = parameter
  )
}

expect_likelihood <- function(model, expected) {
  expect_equal(sum(log_score(model)), as.numeric(expected),
    tolerance = likelihood_tolerance
  )
}

# ---- stats, MASS -------------------------------------------------------------

test_that("binomial, poisson and gamma are glm()", {
  binomial <- response_family("binomial")
  y <- with(MASS::menarche, cbind(Menarche, Total - Menarche))
  ours <- fitted_model(y, list(~ 1 + Age), binomial, MASS::menarche)
  theirs <- glm(y ~ Age, stats::binomial(), MASS::menarche)
  expect_coef(ours, "logits", coef(theirs), 1e-7)
  expect_likelihood(ours, logLik(theirs))

  ours <- fitted_model(
    InsectSprays$count, list(~ 1 + spray), "poisson", InsectSprays
  )
  theirs <- glm(count ~ spray, poisson(), InsectSprays, epsilon = 1e-12)
  expect_coef(ours, "rate", coef(theirs), 1e-7)
  expect_likelihood(ours, logLik(theirs))

  formula <- ~ 1 + log(Girth) + log(Height)
  ours <- fitted_model(trees$Volume, list(formula, ~1), "gammar", trees)
  theirs <- glm(Volume ~ log(Girth) + log(Height), Gamma("log"), trees,
    epsilon = 1e-12
  )
  shape <- MASS::gamma.shape(theirs, it.lim = 100, eps.max = 1e-9)$alpha
  expect_coef(ours, "mu", coef(theirs), 1e-7)
  expect_coef(ours, "sigma", -log(shape) / 2, 1e-7)
  expect_likelihood(ours, sum(
    dgamma(trees$Volume, shape, shape / fitted(theirs), log = TRUE)
  ))
})

test_that("negbinom_ls is MASS::glm.nb()", {
  data <- MASS::quine
  ours <- fitted_model(
    data$Days, list(~ 1 + Eth + Sex + Age + Lrn, ~1), "negbinom_ls", data
  )
  theirs <- MASS::glm.nb(Days ~ Eth + Sex + Age + Lrn, data,
    control = glm.control(epsilon = 1e-12, maxit = 100)
  )
  expect_coef(ours, "mu", coef(theirs), 1e-6)
  expect_coef(ours, "r", log(theirs$theta), 1e-6)
  expect_likelihood(ours, logLik(theirs))
})

test_that("ordered_logit and ordered_probit are MASS::polr() and ordinal::clm()", {
  data <- MASS::housing
  ours <- fitted_model(
    data$Sat, list(~ 0 + Infl + Type + Cont, ~1, ~1), "ordered_logit", data,
    weights = data$Freq
  )
  theirs <- MASS::polr(Sat ~ Infl + Type + Cont, data, weights = Freq,
    control = list(reltol = 1e-14)
  )
  expect_coef(ours, "loc", coef(theirs))
  expect_coef(ours, "cutpoint_1", theirs$zeta[1])
  expect_coef(ours, "step_2", log(diff(theirs$zeta)))
  expect_equal(
    sum(data$Freq * log_score(ours)), as.numeric(logLik(theirs)),
    tolerance = likelihood_tolerance
  )
  for (link in c("logit", "probit")) {
    data <- ordinal::wine
    ours <- fitted_model(
      data$rating, c(list(~ 0 + temp + contact), rep(list(~1), 4)),
      paste0("ordered_", link), data
    )
    theirs <- ordinal::clm(rating ~ temp + contact, data = data, link = link)
    expect_coef(ours, "loc", theirs$beta, 1e-6)
    expect_coef(ours, "cutpoint_1", theirs$alpha[1], 1e-6)
    expect_coef(ours, "step_4", log(diff(theirs$alpha)[3]), 1e-6)
    expect_likelihood(ours, logLik(theirs))
  }
})

# ---- survival ----------------------------------------------------------------

lung_data <- function() {
  data <- survival::lung[c("time", "status", "age", "sex")]
  data$event <- data$status == 2
  data
}

# survreg's distribution, our family, its parameters (location, spread), and how
# survreg's scale becomes the linear predictor of the spread.
survival_families <- list(
  weibull = list("weibull", c("scale", "concentration"), function(s) -log(s)),
  lognormal = list("log_normal", c("loc", "scale"), log),
  gaussian = list("normal", c("loc", "scale"), log),
  logistic = list("logistic", c("loc", "scale"), log),
  exponential = list("exponential", "rate", NULL)
)

expect_survreg <- function(y, data, dist, case) {
  location <- ~ 1 + age + sex
  parameters <- names_families(case[[1]])
  formulas <- lapply(parameters, function(p) {
    if (p == case[[2]][1]) location else ~1
  })
  ours <- fitted_model(y, formulas, case[[1]], data)
  theirs <- survival::survreg(y ~ age + sex, data, dist = dist,
    control = survival::survreg.control(rel.tolerance = 1e-12, maxiter = 100)
  )
  sign <- if (dist == "exponential") -1 else 1
  expect_coef(ours, case[[2]][1], sign * coef(theirs), 1e-6)
  if (!is.null(case[[3]])) {
    expect_coef(ours, case[[2]][2], case[[3]](theirs$scale), 1e-6)
  }
  expect_likelihood(ours, theirs$loglik[2])
  list(ours = ours, theirs = theirs)
}

test_that("families censored on the right are survival::survreg()", {
  data <- lung_data()
  y <- survival::Surv(data$time, data$event)
  for (dist in names(survival_families)) {
    expect_survreg(y, data, dist, survival_families[[dist]])
  }
})

test_that("without censoring weibull is survival::survreg()", {
  data <- lung_data()
  data <- data[data$event, ]
  ours <- fitted_model(
    data$time, list(~1, ~ 1 + age + sex), "weibull", data
  )
  theirs <- survival::survreg(survival::Surv(time) ~ age + sex, data,
    control = survival::survreg.control(rel.tolerance = 1e-12)
  )
  expect_coef(ours, "scale", coef(theirs), 1e-6)
  expect_coef(ours, "concentration", -log(theirs$scale), 1e-6)
  expect_likelihood(ours, theirs$loglik[2])
})

test_that("censored_normal is a tobit model of survival::survreg()", {
  data <- survival::tobin
  family <- response_family("censored_normal", low = 0)
  ours <- fitted_model(
    data$durable, list(~ 1 + age + quant, ~1), family, data
  )
  theirs <- survival::survreg(
    survival::Surv(durable, durable > 0, type = "left") ~ age + quant, data,
    dist = "gaussian",
    control = survival::survreg.control(rel.tolerance = 1e-13, maxiter = 100)
  )
  expect_coef(ours, "loc", coef(theirs))
  expect_coef(ours, "scale", log(theirs$scale))
  expect_likelihood(ours, theirs$loglik[2])
})

test_that("a censored model is one of the responses without censoring", {
  data <- lung_data()
  y <- survival::Surv(data$time, data$event)
  both <- expect_survreg(y, data, "weibull", survival_families$weibull)
  ours <- both$ours
  theirs <- both$theirs
  new <- data.frame(age = c(50, 70), sex = 1:2)
  expect_equal(
    quant(ours, new, c(0.1, 0.9)),
    predict(theirs, new, type = "quantile", p = c(0.1, 0.9)),
    tolerance = 1e-6, ignore_attr = TRUE
  )
  at <- get_distribution(ours, new)
  scale <- predict(theirs, new, type = "response")
  expect_equal(
    tfd_survival_function(at, 300)[, 1],
    pweibull(300, 1 / theirs$scale, unname(scale), FALSE), tolerance = 1e-6
  )
  expect_equal(
    predict(ours, new)[, 1], unname(scale * gamma(1 + theirs$scale)),
    tolerance = 1e-6
  )
  columns <- cbind(data$time, data$event)
  same <- fitted_model(
    columns, list(~1, ~ 1 + age + sex), censored_family("weibull"), data
  )
  expect_equal(coef(same, "scale"), coef(ours, "scale"), tolerance = 1e-8)
  # Standard errors are those of the same likelihood.
  expect_equal(
    sqrt(diag(vcov(ours))),
    sqrt(diag(vcov(theirs)))[c("Log(scale)", "(Intercept)", "age", "sex")],
    tolerance = 1e-4, ignore_attr = TRUE
  )
})

test_that("positions of bounds are drawn above them, those of events are not", {
  data <- lung_data()
  y <- survival::Surv(data$time, data$event)
  model <- deepregression(y, list(~1, ~1), family = "weibull", data = data)
  fit(model, verbose = FALSE)
  p <- tfd_cdf(get_distribution(model), data$time)[, 1]
  drawn <- pit(model, seed = 1)[, 1]
  expect_identical(drawn[data$event], p[data$event])
  bound <- !data$event
  expect_true(all(drawn[bound] > p[bound] & drawn[bound] < 1))
  # Uniform if the model holds: both moments within 4 standard errors.
  n <- length(drawn)
  expect_lt(abs(mean(drawn) - 1 / 2) / sqrt(1 / 12 / n), 4)
})

test_that("what cannot be censored, and other kinds of censoring, are named", {
  data <- lung_data()
  y <- survival::Surv(data$time, data$event)
  expect_error(
    deepregression(y, list(~1, ~1), family = "gamma", data = data),
    "'gamma' cannot be censored; these can: .*weibull"
  )
  left <- survival::Surv(data$time, data$event, type = "left")
  expect_error(
    deepregression(left, list(~1, ~1), family = "weibull", data = data),
    "censored on the right.*type 'left': .*\"censored_normal\" with `low`"
  )
  between <- survival::Surv(data$time, data$time + 1, type = "interval2")
  expect_error(
    deepregression(between, list(~1, ~1), family = "weibull", data = data),
    "type 'interval': intervals have no likelihood here"
  )
  late <- survival::Surv(data$time - 1, data$time, data$event)
  expect_error(
    deepregression(late, list(~1, ~1), family = "weibull", data = data),
    "type 'counting': late entry"
  )
  wrong <- deepregression(cbind(data$time, data$status), list(~1, ~1),
    family = censored_family("weibull"), data = data
  )
  before <- coef(wrong, "scale")
  said <- capture_warnings(fit(wrong, verbose = FALSE))
  expect_match(said, "a lower bound and 0; 165 of 228 rows are not", all = FALSE)
  expect_match(said, "keeps the weights it started with", all = FALSE)
  expect_identical(coef(wrong, "scale"), before)
})

# ---- VGAM, nnet, statmod, sn, evd --------------------------------------------

simulated <- function(n = 400) {
  withr::with_seed(31, {
    x <- rnorm(n)
    shares <- matrix(rgamma(
      3 * n, rep(c(2, 3, 1.5), each = n) * exp(outer(x, c(0.3, -0.2, 0.1)))
    ), n)
    data.frame(
      x = x,
      zip = rbinom(n, 1, 0.7) * rpois(n, exp(0.7 + 0.4 * x)),
      zinb = rbinom(n, 1, 0.7) * rnbinom(n, mu = 2 * exp(0.7 + 0.4 * x), size = 2),
      tosses = rbinom(n, 10, rbeta(n, 2 * exp(0.3 * x), 3)),
      shares = I(shares / rowSums(shares)),
      beta = rbeta(n, 3 * plogis(0.3 + 0.5 * x), 3 * plogis(-0.3 - 0.5 * x)),
      claims = rpois(n, 1) * rgamma(n, 3, exp(-0.5 * x)),
      angle = (0.5 + 0.3 * x + rnorm(n, 0, 0.7) + pi) %% (2 * pi) - pi
    )
  })
}

vglm <- function(...) {
  suppressWarnings(VGAM::vglm(..., epsilon = 1e-12, maxit = 200))
}
vglm_coef <- function(fit, k) VGAM::coef(fit, matrix = TRUE)[, k]

test_that("zip and zinb are VGAM::vglm()", {
  data <- simulated()
  ours <- fitted_model(data$zip, list(~ 1 + x, ~ 1 + x), "zip", data)
  theirs <- vglm(zip ~ x, VGAM::zipoisson(zero = NULL), data)
  expect_coef(ours, "lambda", vglm_coef(theirs, 2))
  # VGAM's probability is that of the extra zeros.
  expect_coef(ours, "prob", -vglm_coef(theirs, 1))
  expect_likelihood(ours, VGAM::logLik(theirs))

  ours <- fitted_model(data$zinb, list(~ 1 + x, ~1, ~1), "zinb", data)
  theirs <- vglm(zinb ~ x, VGAM::zinegbinomial(zero = c("pstr0", "size")), data)
  expect_coef(ours, "mu", vglm_coef(theirs, 2))
  expect_coef(ours, "r", vglm_coef(theirs, 3)[1])
  expect_coef(ours, "prob", -vglm_coef(theirs, 1)[1])
  expect_likelihood(ours, VGAM::logLik(theirs))
})

test_that("beta_binomial, dirichlet and betar are VGAM::vglm()", {
  data <- simulated()
  ours <- fitted_model(data$tosses, list(~ 1 + x, ~ 1 + x),
    response_family("beta_binomial", trials = 10), data
  )
  theirs <- vglm(
    cbind(tosses, 10 - tosses) ~ x, VGAM::betabinomialff(zero = NULL), data
  )
  expect_coef(ours, "concentration1", vglm_coef(theirs, 1))
  expect_coef(ours, "concentration0", vglm_coef(theirs, 2))
  expect_likelihood(ours, VGAM::logLik(theirs))

  shares <- unclass(data$shares)
  ours <- fitted_model(shares, list(~ 1 + x), "dirichlet", data)
  theirs <- vglm(shares ~ x, VGAM::dirichlet, data)
  found <- do.call(rbind, coef(ours))[c("(Intercept)", "x"), ]
  expect_equal(found, VGAM::coef(theirs, matrix = TRUE),
    tolerance = coefficient_tolerance, ignore_attr = TRUE
  )
  a <- exp(cbind(1, data$x) %*% VGAM::coef(theirs, matrix = TRUE))
  expect_likelihood(ours, sum(extraDistr::ddirichlet(shares, a, log = TRUE)))

  ours <- fitted_model(data$beta, list(~ 1 + x, ~1), "betar", data)
  theirs <- vglm(beta ~ x, VGAM::betaff(zero = "phi"), data)
  expect_coef(ours, "mu", vglm_coef(theirs, 1))
  # phi = (1 - sigma^2) / sigma^2.
  sigma <- 1 / sqrt(1 + exp(vglm_coef(theirs, 2)[1]))
  expect_coef(ours, "sigma", qlogis(sigma))
  expect_likelihood(ours, VGAM::logLik(theirs))
})

test_that("beta_binomial of litters of other sizes is VGAM::vglm()", {
  # Without the group that is not overdispersed: its shapes have no optimum.
  data <- VGAM::lirat[VGAM::lirat$grp != 3, ]
  data$group <- factor(data$grp)
  litters <- cbind(data$R, data$N - data$R)
  ours <- fitted_model(litters, list(~ 1 + group, ~ 1 + group),
    "beta_binomial", data
  )
  theirs <- suppressWarnings(
    vglm(litters ~ group, VGAM::betabinomialff(zero = NULL), data)
  )
  for (j in 1:2) {
    expect_equal(
      unlist(coef(ours, which_param = j))[c(3, 1:2)], vglm_coef(theirs, j),
      tolerance = coefficient_tolerance, ignore_attr = TRUE
    )
  }
  expect_likelihood(ours, VGAM::logLik(theirs))
  # The variance of a share: m (1 - m) (1 + (n - 1) rho) / n.
  shape <- exp(predict(ours, type = "link"))
  m <- shape[, 1] / rowSums(shape)
  rho <- 1 / (1 + rowSums(shape))
  spread <- sqrt(m * (1 - m) * (1 + (data$N - 1) * rho) / data$N)
  expect_equal(residuals(ours, "pearson")[, 1], (data$R / data$N - m) / spread)
})

test_that("gev is VGAM::vglm() and evd::fgev()", {
  data <- VGAM::venice
  data$decade <- (data$year - 1950) / 10
  ours <- fitted_model(data$r1, list(~ 1 + decade, ~1, ~1), "gev", data)
  theirs <- vglm(r1 ~ decade,
    VGAM::gev(lshape = "identitylink", zero = c("scale", "shape")), data
  )
  expect_coef(ours, "loc", vglm_coef(theirs, 1))
  expect_coef(ours, "scale", vglm_coef(theirs, 2)[1])
  expect_coef(ours, "shape", vglm_coef(theirs, 3)[1])
  expect_likelihood(ours, VGAM::logLik(theirs))
  second <- evd::fgev(data$r1, nsloc = data.frame(decade = data$decade),
    std.err = FALSE, control = list(reltol = 1e-15)
  )
  expect_coef(ours, "loc", second$estimate[1:2])
  expect_likelihood(ours, -second$deviance / 2)
})

test_that("categorical and multinoulli are nnet::multinom()", {
  data <- MASS::birthwt
  data$class <- cut(data$bwt, c(0, 2500, 3200, 6000), c("low", "mid", "high"))
  theirs <- nnet::multinom(class ~ age + lwt, data, trace = FALSE,
    abstol = 1e-14, reltol = 1e-14, maxit = 2000
  )
  formula <- ~ 1 + age + lwt
  ours <- fitted_model(data$class, list(formula, formula), "categorical", data)
  expect_coef(ours, "logits_2", coef(theirs)["mid", ])
  expect_coef(ours, "logits_3", coef(theirs)["high", ])
  expect_likelihood(ours, logLik(theirs))

  ours <- fitted_model(data$class, list(formula), "multinoulli", data)
  found <- do.call(rbind, coef(ours))[c("(Intercept)", "age", "lwt"), ]
  expect_equal(t(found[, -1] - found[, 1]), coef(theirs),
    tolerance = coefficient_tolerance, ignore_attr = TRUE
  )
  expect_likelihood(ours, logLik(theirs))
})

test_that("tweedie has the mean of glm(statmod::tweedie())", {
  data <- simulated()
  ours <- fitted_model(data$claims, list(~ 1 + x, ~1),
    response_family("tweedie", power = 1.4), data
  )
  theirs <- glm(claims ~ x, statmod::tweedie(1.4, 0), data,
    control = glm.control(epsilon = 1e-13, maxit = 100)
  )
  expect_coef(ours, "mu", coef(theirs), 1e-6)
})

test_that("skew_normal is sn::selm()", {
  data(ais, package = "sn", envir = environment())
  ours <- fitted_model(ais$BMI, list(~ 1 + LBM, ~1, ~1), "skew_normal", ais)
  theirs <- sn::selm(BMI ~ LBM, data = ais)
  found <- sn::coef(theirs, "DP")
  expect_coef(ours, "loc", found[1:2])
  expect_coef(ours, "scale", log(found[3]))
  expect_coef(ours, "skewness", found[4])
  expect_likelihood(ours, sn::logLik(theirs))
})

test_that("von_mises is the maximum of the closed form", {
  data <- simulated()
  ours <- fitted_model(data$angle, list(~ 1 + x, ~1), "von_mises", data)
  loss <- function(b) {
    k <- exp(b[3])
    -sum(k * (cos(data$angle - b[1] - b[2] * data$x) - 1) -
      log(2 * pi * besselI(k, 0, TRUE)))
  }
  theirs <- optim(c(0.4, 0.2, 1), loss, method = "BFGS",
    control = list(reltol = 1e-15)
  )
  expect_coef(ours, "loc", theirs$par[1:2])
  expect_coef(ours, "concentration", theirs$par[3])
  expect_likelihood(ours, -theirs$value)
})
