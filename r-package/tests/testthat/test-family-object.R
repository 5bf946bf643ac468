# Families by name and by object: options, links, and what names_families()
# says, against the table of the reference and closed forms.

# Parameters of the families that users of deepregression know, in order, and
# how linear predictors become them.
known_parameters <- list(
  normal = c(loc = "identity", scale = "exp"),
  bernoulli = c(logits = "identity"),
  bernoulli_prob = c(probs = "sigmoid"),
  beta = c(concentration1 = "exp", concentration0 = "exp"),
  betar = c(mu = "sigmoid", sigma = "sigmoid"),
  cauchy = c(loc = "identity", scale = "exp"),
  chi2 = c(df = "exp"),
  chi = c(df = "exp"),
  deterministic = c(loc = "identity"),
  exponential = c(rate = "exp"),
  gamma = c(concentration = "exp", rate = "exp"),
  gammar = c(mu = "exp", sigma = "exp"),
  gumbel = c(loc = "identity", scale = "exp"),
  laplace = c(loc = "identity", scale = "exp"),
  logistic = c(loc = "identity", scale = "exp"),
  log_normal = c(loc = "identity", scale = "exp"),
  half_cauchy = c(loc = "identity", scale = "exp"),
  half_normal = c(scale = "exp"),
  horseshoe = c(scale = "exp"),
  inverse_gamma = c(concentration = "exp", scale = "exp"),
  inverse_gamma_ls = c(mode = "exp", concentration = "exp_neg"),
  inverse_gaussian = c(loc = "exp", concentration = "exp"),
  multinomial = c(probs = "softmax"),
  multinoulli = c(logits = "identity"),
  mvr = c(loc = "identity", scale = "exp"),
  mse = c(mean = "identity"),
  negbinom = c(total_count = "exp", probs = "sigmoid"),
  negbinom_ls = c(mu = "exp", r = "exp"),
  pareto = c(concentration = "exp", scale = "exp_neg"),
  pareto_ls = c(scale = "exp", concentration = "exp_neg"),
  poisson = c(rate = "exp"),
  poisson_lograte = c(log_rate = "identity"),
  student_t = c(df = "exp"),
  student_t_ls = c(df = "exp", loc = "identity", scale = "exp"),
  uniform = c(low = "identity", high = "identity"),
  zinb = c(mu = "exp", r = "exp", prob = "sigmoid"),
  zip = c(lambda = "exp", prob = "sigmoid")
)

mcycle_accel <- function() MASS::mcycle$accel

test_that("names_families() has the families users know, and their links", {
  table <- names_families()
  expect_identical(anyDuplicated(table$family), 0L)
  for (name in names(known_parameters)) {
    row <- table[table$family == name, ]
    expect_identical(row$parameters,
      paste(names(known_parameters[[name]]), collapse = ", "),
      info = name
    )
    expect_identical(row$links,
      paste(known_parameters[[name]], collapse = ", "),
      info = name
    )
    expect_identical(names_families(name), names(known_parameters[[name]]))
  }
  expect_identical(table$options[table$family == "quantile"], "level")
  expect_identical(table$options[table$family == "binomial"], "[trials]")
  expect_identical(table$support[table$family == "dirichlet"], "simplex")
  expect_identical(names_families("ordered_logit"),
    c("loc", "cutpoint_1", "step_2")
  )
})

test_that("an unknown family is refused with the nearest name and all others", {
  expect_error(response_family("norml"),
    "\"norml\", did you mean 'normal'\\?.*cauchy.*tweedie",
    class = "deepregression4j_unknown_family"
  )
  expect_error(response_family(3), "unknown family 3")
  expect_error(deepregression(1:3, list(~1), family = NULL, data = mtcars),
    "unknown family NULL"
  )
  expect_error(deepregression(1:3, list(~1), family = dnorm, data = mtcars),
    "create_family\\(\\)"
  )
})

test_that("options are checked by name and value", {
  expect_error(response_family("quantile", 0.3), "no option ''.*'level'")
  expect_error(response_family("quantile", tau = 0.3), "no option 'tau'.*'level'")
  expect_error(response_family("gamma", trials = 3), "no option 'trials'.*none")
  expect_error(response_family("quantile", level = 2),
    "level strictly between 0 and 1, got 2"
  )
  expect_error(response_family("quantile", level = 0), "strictly between")
  expect_error(response_family("binomial", trials = 1:2), "'trials' must be one")
  expect_error(response_family("truncated_normal", low = -Inf),
    "'low'.*finite.*leave it out"
  )
  data <- data.frame(x = 1:4)
  expect_error(deepregression(1:4, list(~1), family = "quantile", data = data),
    "'quantile' needs level = .*response_family\\(\"quantile\", level"
  )
  expect_error(
    deepregression(1:4, list(~1, ~1), family = "beta_binomial", data = data),
    "'beta_binomial' needs trials.*or a response of two columns.*got 1 column"
  )
})

test_that("numbers of a specification keep all their digits", {
  family <- response_family("quantile", level = 1 / 3)
  said <- jsonlite::fromJSON(family_json(family$spec))
  expect_identical(said$level, 1 / 3)
})

test_that("printing says parameters and links, or what the response decides", {
  expect_output(print(response_family("gamma")),
    "'gamma'.*positive\n  concentration  exp\n  rate           exp"
  )
  expect_output(print(response_family("ordered_logit")),
    "'ordered_logit', categories from the response"
  )
})

test_that("a quantile of a constant predictor is the sample quantile", {
  y <- sort(mcycle_accel())
  model <- deepregression(y, list(~1),
    family = response_family("expectile", level = 0.8),
    data = data.frame(i = seq_along(y))
  )
  fit(model, verbose = FALSE)
  e <- coef(model)[[1]][1]
  # The 0.8 expectile balances weighted distances to both sides.
  balance <- 0.8 * sum(pmax(y - e, 0)) - 0.2 * sum(pmax(e - y, 0))
  expect_lt(abs(balance) / length(y), 1e-7)
})

test_that("links change how predictors become parameters, nothing else", {
  y <- mcycle_accel()
  data <- data.frame(i = seq_along(y))
  scale <- sqrt(mean((y - mean(y))^2))
  fitted_scale <- function(...) {
    model <- deepregression(y, list(~1, ~1), data = data, ...)
    fit(model, verbose = FALSE)
    expect_equal(predict(model, type = "parameters")[1, ],
      c(loc = mean(y), scale = scale),
      tolerance = 1e-8
    )
    coef(model, "scale")[[1]][1]
  }
  expect_equal(fitted_scale(), log(scale), tolerance = 1e-8)
  expect_equal(
    fitted_scale(family = response_family("normal",
      trafo_list = list(scale = "softplus")
    )), log(expm1(scale)), tolerance = 1e-8
  )
  expect_equal(fitted_scale(trafo_list = list("identity", "exp_neg")),
    -log(scale),
    tolerance = 1e-8
  )
  expect_equal(
    fitted_scale(trafo_list = list(scale = function(x) 1e-8 + exp(x))),
    log(scale - 1e-8), tolerance = 1e-8
  )
  own <- function(x) ifelse(x > 0, 1 + x, exp(x))
  expect_equal(fitted_scale(trafo_list = list(scale = own)), scale - 1,
    tolerance = 1e-8
  )
})

test_that("functions that are a link of the engine's are recognised", {
  same <- function(f, name) expect_identical(link_of(f, "p"), name)
  same(function(x) x, "identity")
  same(exp, "exp")
  same(function(eta) exp(-eta), "exp_neg")
  same(function(x) 1 / exp(x), "exp_neg")
  same(function(x) log(1 + exp(x)), "softplus")
  same(function(x) log1p(exp(x)), "softplus")
  same(function(x) 1 / (1 + exp(-x)), "sigmoid")
  same(plogis, "sigmoid")
  same(function(x) plogis(x), "sigmoid")
  expect_type(link_of(function(x) exp(2 * x), "p"), "list")
})

test_that("links that do not fit are refused", {
  refused <- function(trafo, what) {
    expect_error(response_family("normal", trafo_list = trafo), what)
  }
  refused(list("exp"), "each of the parameters 'loc', 'scale', got 1")
  refused(list(loca = "exp"), "'loc', 'scale', got 1 \\('loca'\\)")
  refused(list(scale = "expp"), "'scale'.*'softplus'.*got \"expp\"")
  refused(list(scale = function(x) 3), "must return an expression.*got 3")
  refused(list(scale = function(x) besselI(x, 1)), "`besselI` has no form")
  refused(list(scale = function(x) x + NA), "got NA")
})

test_that("make_tfd_dist() takes predictors to distributions", {
  dist <- make_tfd_dist("normal", trafo_list = list("identity", "softplus"))
  expect_identical(attr(dist, "nrparams_dist"), 2L)
  eta <- cbind(c(0, 3), c(-1, 1))
  expect_equal(tfd_stddev(dist(eta))[, 1], log1p(exp(eta[, 2])),
    tolerance = 1e-14
  )
  expect_identical(tfd_mean(dist(list(c(0, 3), c(-1, 1)))), tfd_mean(dist(eta)))
  expect_error(dist(matrix(0, 2, 3)), "expected 2 columns for 'loc', 'scale'")
  far <- make_tfd_dist("normal", add_const = 0.5)(cbind(0, c(-40, 1)))
  expect_equal(tfd_stddev(far)[, 1], 0.5 + exp(c(-40, 1)), tolerance = 1e-14)
  many <- make_tfd_dist("dirichlet", output_dim = 3)
  expect_equal(tfd_mean(many(matrix(log(1:3), 1)))[1, ], 1:3 / 6,
    tolerance = 1e-14
  )
  y <- mcycle_accel()
  model <- deepregression(y, list(~1, ~1),
    family = dist, data = data.frame(i = seq_along(y))
  )
  fit(model, verbose = FALSE)
  expect_equal(coef(model, 2)[[1]][1], log(expm1(sqrt(mean((y - mean(y))^2)))),
    tolerance = 1e-8
  )
})
