# Families of one's own: every function of the graph against R's own numbers,
# fits against glm(), optim() and the engine's families, and errors.

data_frame_of <- function(y) data.frame(i = seq_along(y))

# Values of a function of one or two numbers, as the engine computes them: the
# "log-density" of a response 0 is the function of the parameters.
engine_values <- function(f, ...) {
  arguments <- list(...)
  density <- if (length(arguments) == 1) {
    function(y, a) f(a) + y
  } else {
    function(y, a, b) f(a, b) + y
  }
  family <- create_family(
    log_density = density, trafo_list = rep("identity", length(arguments))
  )
  eta <- do.call(cbind, arguments)
  tfd_log_prob(make_tfd_dist(family)(eta), 0)[, 1]
}

on_line <- seq(-6, 6, by = 0.37)
positive <- exp(seq(-6, 6, by = 0.41))
inside <- seq(-0.98, 0.98, by = 0.07)
left <- rep(c(-3.3, -1, 0, 0.4, 2), each = 5)
right <- rep(c(-3.3, -1, 0, 0.4, 2), 5)

# Functions of one number: where they are tried.
unary <- list(
  exp = on_line, log = positive, log1p = positive, expm1 = on_line,
  sqrt = positive, abs = on_line, sin = on_line, cos = on_line,
  tanh = on_line, lgamma = positive, digamma = positive, log2 = positive,
  log10 = positive, sign = on_line, tan = inside, sinpi = inside,
  cospi = inside, sinh = on_line, cosh = on_line, atanh = inside,
  lfactorial = positive, factorial = on_line[on_line > 0], plogis = on_line,
  qlogis = (inside + 1) / 2, pnorm = on_line, dnorm = on_line, "!" = right,
  "-" = on_line, gamma = positive[positive < 20]
)

binary <- list(
  "+" = list(left, right), "-" = list(left, right), "*" = list(left, right),
  "/" = list(left, right[right != 0][rep(1:20, length.out = 25)]),
  "^" = list(abs(left) + 0.1, right),
  "<" = list(left, right), "<=" = list(left, right), ">" = list(left, right),
  ">=" = list(left, right), "==" = list(left, right),
  "!=" = list(left, right), "&" = list(left, right), "|" = list(left, right),
  log = list(abs(left) + 0.1, abs(right) + 1.5),
  pmin = list(left, right), pmax = list(left, right),
  lbeta = list(abs(left) + 0.1, abs(right) + 0.1),
  beta = list(abs(left) + 0.1, abs(right) + 0.1),
  lchoose = list(rep(c(4, 5.5, 9, 12, 20), each = 5), rep(0:4, 5)),
  choose = list(rep(c(4, 5, 9, 12, 20), each = 5), rep(0:4, 5))
)

# Digits that the graph's float64 functions keep, R's own differ by.
graph_tolerance <- 1e-11

test_that("functions of one number have R's values", {
  for (name in names(unary)) {
    f <- get(name, mode = "function")
    own <- as.function(c(alist(a = ), call(name, quote(a))), globalenv())
    x <- unary[[name]]
    expect_equal(engine_values(own, x), as.numeric(f(x)),
      tolerance = graph_tolerance, info = name
    )
  }
})

test_that("functions of two numbers have R's values", {
  for (name in names(binary)) {
    f <- get(name, mode = "function")
    own <- as.function(
      c(alist(a = , b = ), call(name, quote(a), quote(b))), globalenv()
    )
    x <- binary[[name]]
    expect_equal(engine_values(own, x[[1]], x[[2]]),
      as.numeric(f(x[[1]], x[[2]])),
      tolerance = graph_tolerance, info = name
    )
  }
})

test_that("functions with choices, and those that R has not", {
  others <- list(
    ifelse = list(
      function(a, b) ifelse(a > b, a - b, b^2),
      ifelse(left > right, left - right, right^2)
    ),
    sum = list(function(a, b) sum(a, b, 1), left + right + 1),
    prod = list(function(a, b) prod(2, a, b), 2 * left * right),
    min = list(function(a, b) min(0, a, b), pmin(0, left, right)),
    max = list(function(a, b) max(a, 1, b), pmax(left, 1, right)),
    softplus = list(
      function(a, b) softplus(a) + b, log(1 + exp(left)) + right
    ),
    log_pnorm = list(
      function(a, b) log_pnorm(10 * a) + b,
      pnorm(10 * left, log.p = TRUE) + right
    ),
    log_add_exp = list(
      function(a, b) log_add_exp(a, b), log(exp(left) + exp(right))
    ),
    pnorm = list(
      function(a, b) pnorm(a, b, 2, lower.tail = FALSE),
      pnorm(left, right, 2, lower.tail = FALSE)
    ),
    pnorm = list(
      function(a, b) pnorm(a, b, log.p = TRUE), pnorm(left, right, log.p = TRUE)
    ),
    dnorm = list(
      function(a, b) dnorm(a, b, 3, log = TRUE), dnorm(left, right, 3, TRUE)
    ),
    plogis = list(
      function(a, b) plogis(a, b, 2, lower.tail = FALSE, log.p = TRUE),
      plogis(left, right, 2, lower.tail = FALSE, log.p = TRUE)
    )
  )
  for (i in seq_along(others)) {
    expect_equal(engine_values(others[[i]][[1]], left, right), others[[i]][[2]],
      tolerance = graph_tolerance, info = names(others)[i]
    )
  }
  tried <- unique(c(names(unary), names(binary), names(others)))
  expect_setequal(tried, known_functions())
})

test_that("infinite constants are kept", {
  expect_identical(engine_values(function(a) ifelse(a > 0, a, -Inf), c(-1, 2)),
    c(-Inf, 2)
  )
})

test_that("loops, local variables, closures and own functions are traced", {
  constant <- 2.5
  helper <- eval(quote(function(z) pnorm(z, log.p = TRUE)), globalenv())
  f <- function(a) {
    total <- 0
    for (k in 1:4) total <- total + k * a^k / constant
    parts <- sapply(1:3, function(k) sin(k * a))
    inner <- function(z) if (constant > 1) helper(z) else z
    total + Reduce(`+`, parts) + inner(a) + do.call(sum, lapply(1:2, `*`, a))
  }
  expected <- function(a) {
    colSums(outer(1:4, a, function(k, a) k * a^k)) / 2.5 +
      sin(a) + sin(2 * a) + sin(3 * a) + pnorm(a, log.p = TRUE) + 3 * a
  }
  expect_equal(engine_values(f, on_line), expected(on_line),
    tolerance = graph_tolerance
  )
})

test_that("what is used again and again is written once", {
  # Written out, the twentieth step would have a million terms.
  f <- function(a) {
    for (i in 1:20) a <- a * a - a + 0.3
    a
  }
  expect_equal(engine_values(f, inside), f(inside), tolerance = 1e-9)
  # Deeper than JSON may be nested.
  g <- function(a) {
    for (i in 1:1500) a <- a + 1 / 1024
    a
  }
  expect_equal(engine_values(g, inside), inside + 1500 / 1024,
    tolerance = graph_tolerance
  )
})

# ---- fits -----------------------------------------------------------------

poisson_by_hand <- function() {
  create_family(
    log_density = function(y, rate) y * log(rate) - rate - lfactorial(y),
    trafo_list = list(function(eta) exp(eta)), support = "count",
    mean = function(rate) rate, stddev = function(rate) sqrt(rate),
    name = "by_hand"
  )
}

test_that("a Poisson density written by hand has the fit of glm()", {
  data <- MASS::quine
  oracle <- glm(Days ~ Eth + Age, poisson, data)
  model <- deepregression(data$Days, list(~ 1 + Eth + Age),
    family = poisson_by_hand(), data = data
  )
  history <- fit(model, verbose = FALSE)
  expect_true(history$exact$converged)
  estimate <- unlist(lapply(coef(model), function(m) m[, 1]))
  order <- c(2:5, 1)
  expect_equal(unname(estimate), unname(coef(oracle)[order]), tolerance = 1e-8)
  expect_equal(unname(sqrt(diag(vcov(model)))),
    unname(sqrt(diag(vcov(oracle)))[order]),
    tolerance = 1e-5
  )
  expect_equal(as.numeric(logLik(model)), as.numeric(logLik(oracle)),
    tolerance = 1e-12
  )
  expect_equal(fitted(model)[, 1], unname(fitted(oracle)), tolerance = 1e-8)
  expect_equal(predict(model, type = "stddev")[, 1],
    sqrt(unname(fitted(oracle))),
    tolerance = 1e-8
  )
  expect_output(print(model), "family 'by_hand'")
})

test_that("a custom family starts where the response is", {
  normal <- create_family(
    log_density = function(y, loc, scale) dnorm(y, loc, scale, log = TRUE),
    trafo_list = list(loc = "identity", scale = "exp")
  )
  y <- 1e6 + 300 * MASS::mcycle$accel
  model <- deepregression(y, list(~ 1 + times, ~1),
    family = normal, data = MASS::mcycle
  )
  fit(model, verbose = FALSE)
  oracle <- lm(y ~ times, MASS::mcycle)
  expect_equal(unlist(coef(model), use.names = FALSE),
    unname(coef(oracle)[2:1]),
    tolerance = 1e-8
  )
  expect_equal(exp(coef(model, 2)[[1]][1]), sqrt(mean(resid(oracle)^2)),
    tolerance = 1e-8
  )
})

test_that("custom families are trained, saved and read", {
  data <- MASS::quine
  model <- deepregression(data$Days, list(~ 1 + Eth),
    family = poisson_by_hand(), data = data
  )
  fit(model,
    epochs = 3000, batch_size = nrow(data), validation_split = NULL,
    verbose = FALSE, optimizer = optimizer_adam(0.02), warm_start = FALSE
  )
  rates <- tapply(data$Days, data$Eth, mean)
  expect_equal(fitted(model)[, 1], as.numeric(rates[data$Eth]),
    tolerance = 1e-4
  )
  file <- tempfile(fileext = ".rds")
  saveRDS(model, file)
  again <- readRDS(file)
  expect_identical(predict(again), predict(model))
  expect_identical(log_score(again), log_score(model))
})

test_that("networks learn under a custom family too", {
  set.seed(8)
  data <- data.frame(x = runif(300, -2, 2))
  data$y <- rpois(300, exp(sin(2 * data$x)))
  model <- deepregression(data$y, list(~ 1 + d(x)),
    function(x) x %>% layer_dense(16, "tanh") %>% layer_dense(1),
    family = poisson_by_hand(), data = data
  )
  before <- log_score(model, summary_fun = mean)
  fit(model,
    epochs = 300, batch_size = 50, validation_split = NULL, verbose = FALSE,
    optimizer = optimizer_adam(0.01)
  )
  after <- log_score(model, summary_fun = mean)
  flat <- mean(dpois(data$y, mean(data$y), log = TRUE))
  expect_gt(after, flat + 0.1)
  expect_gt(after, before)
})

test_that("cdf, quantiles and samples come from the cdf by hand", {
  gumbel <- create_family(
    log_density = function(y, loc, scale) {
      z <- (y - loc) / scale
      -z - exp(-z) - log(scale)
    },
    cdf = function(y, loc, scale) exp(-exp(-(y - loc) / scale)),
    mean = function(loc, scale) loc + 0.57721566490153286 * scale,
    stddev = function(scale) pi / sqrt(6) * scale,
    trafo_list = list("identity", "exp")
  )
  d <- make_tfd_dist(gumbel)(cbind(c(-1, 2), log(c(0.5, 3))))
  own <- make_tfd_dist("gumbel")(cbind(c(-1, 2), log(c(0.5, 3))))
  y <- c(-0.4, 5)
  expect_equal(tfd_log_prob(d, y), tfd_log_prob(own, y), tolerance = 1e-12)
  expect_equal(tfd_cdf(d, y), tfd_cdf(own, y), tolerance = 1e-12)
  levels <- c(0.01, 0.5, 0.99)
  expect_equal(tfd_quantile(d, levels), tfd_quantile(own, levels),
    tolerance = 1e-8
  )
  expect_equal(tfd_mean(d), tfd_mean(own), tolerance = 1e-12)
  expect_equal(tfd_stddev(d), tfd_stddev(own), tolerance = 1e-12)
  set.seed(1)
  draws <- tfd_sample(d, 4000)
  expect_equal(rowMeans(draws), tfd_mean(d)[, 1], tolerance = 0.1)
})

test_that("several response columns are independent margins", {
  normal <- create_family(
    log_density = function(y, loc, scale) dnorm(y, loc, scale, log = TRUE),
    trafo_list = list("identity", "exp"), output_dim = 2L,
    mean = function(loc) loc
  )
  y <- as.matrix(faithful)
  model <- deepregression(y, list(~1, ~1), family = normal, data = faithful)
  fit(model, verbose = FALSE)
  expect_equal(predict(model)[1, ], unname(colMeans(y)), tolerance = 1e-8)
  expect_equal(exp(coef(model, 2)[[1]][1, ]),
    unname(apply(y, 2, function(x) sqrt(mean((x - mean(x))^2)))),
    tolerance = 1e-8
  )
})

# ---- of distributions -----------------------------------------------------

test_that("a distribution with its own parameters is the family itself", {
  family <- create_family(tfd_normal, list("identity", "softplus"))
  expect_identical(family$parameters, c("loc", "scale"))
  expect_identical(family$links, c("identity", "softplus"))
  expect_true("quantile" %in% family$has)
})

test_that("parameters may be fixed, shared and transformed", {
  y <- MASS::mcycle$accel
  x <- MASS::mcycle$times
  t4 <- create_family(
    function(loc, scale) tfd_student_t(df = 4, loc = loc, scale = scale),
    trafo_list = list("identity", "exp"), name = "t4"
  )
  model <- deepregression(y, list(~ 1 + times, ~1),
    family = t4, data = MASS::mcycle
  )
  fit(model, verbose = FALSE)
  oracle <- optim(c(0, -25, 4), function(p) {
    -sum(dt((y - p[2] - p[1] * x) / exp(p[3]), 4, log = TRUE) - p[3])
  }, method = "BFGS", control = list(reltol = 1e-15, maxit = 1000))
  expect_equal(as.numeric(logLik(model)), -oracle$value, tolerance = 1e-10)
  ahead <- get_distribution(model, data.frame(times = 20))
  theta <- predict(model, data.frame(times = 20), type = "parameters")
  expect_equal(tfd_quantile(ahead, 0.9)[1], theta[1] + theta[2] * qt(0.9, 4),
    tolerance = 1e-8
  )
  # Mean and size of a negative binomial whose size is the square of its mean.
  squared <- create_family(
    function(mu) tfd_negbinom_ls(mu = mu, r = mu^2), list("exp")
  )
  d <- make_tfd_dist(squared)(cbind(log(c(2, 5))))
  expect_equal(tfd_prob(d, 3)[, 1], dnbinom(3, c(4, 25), mu = c(2, 5)),
    tolerance = 1e-12
  )
})

test_that("mixtures of distributions are families", {
  contaminated <- create_family(
    function(loc, scale) {
      tfd_mixture(c(0.9, 0.1), list(tfd_normal(loc, scale),
        tfd_normal(loc, 3 * scale)
      ))
    },
    trafo_list = list("identity", "exp"), name = "contaminated"
  )
  y <- MASS::mcycle$accel
  model <- deepregression(y, list(~1, ~1),
    family = contaminated, data = MASS::mcycle
  )
  fit(model, verbose = FALSE)
  oracle <- optim(c(-25, 4), function(p) {
    -sum(log(0.9 * dnorm(y, p[1], exp(p[2])) +
      0.1 * dnorm(y, p[1], 3 * exp(p[2]))
    ))
  }, method = "BFGS", control = list(reltol = 1e-15, maxit = 1000))
  expect_equal(as.numeric(logLik(model)), -oracle$value, tolerance = 1e-10)
})

# ---- errors ---------------------------------------------------------------

density_error <- function(log_density, what, trafo = list("identity"), ...) {
  expect_error(create_family(
    log_density = log_density, trafo_list = trafo, ...
  ), what)
}

test_that("functions that the graph lacks are named, with those there are", {
  lacking <- list(
    besselI = function(y, a) besselI(y, a),
    trigamma = function(y, a) trigamma(a) + y,
    atan = function(y, a) atan(y) * a,
    "%%" = function(y, a) y %% a,
    pgamma = function(y, a) log(pgamma(y, a)),
    range = function(y, a) range(y, a),
    round = function(y, a) round(y) + a
  )
  for (name in names(lacking)) {
    expect_error(
      create_family(log_density = lacking[[name]], trafo_list = "identity"),
      paste0("`", name, "`.*there are .*lgamma.*ifelse.*pnorm"),
      class = "deepregression4j_unknown_function", info = name
    )
  }
})

test_that("results that are no expression of a row are refused", {
  density_error(function(y, a) NULL, "must return an expression.*got NULL")
  density_error(function(y, a) 3, "must return an expression.*got 3")
  density_error(function(y, a) c(1, 2), "got numeric \\(2\\)")
  density_error(function(y, a) c(y, a), "got list \\(2\\)")
  density_error(function(y, a) y + c(1, 2) * a, "one row.*got numeric \\(2\\)")
  density_error(function(y, a) sum(y) + a, "`sum` of one expression")
  density_error(function(y, a) mean(y) + a, "`mean` of one expression")
  density_error(function(y, a) y + NA * a, "got NA")
  density_error(function(y, a) y * 2, "does not depend on 'a'")
  density_error(function(y, a) -a^2, "does not depend on 'y'")
})

test_that("branches on expressions say what to write", {
  density_error(function(y, a) if (y > 0) a else y, "write ifelse\\(\\)")
  density_error(function(y, a) {
    while (y > 0) a <- a + 1
    a
  }, "write ifelse\\(\\)")
  density_error(function(y, a) (y > 0 && a > 0) * y, "& and \\|")
  density_error(function(y, a) stop("mine"), "create_family\\(log_density\\): mine")
  density_error(function(y, a) y + nowhere * a, "'nowhere' not found")
})

test_that("arguments of create_family() are checked", {
  ok <- function(y, a) -(y - a)^2
  expect_error(create_family(), "either `tfd_dist` or `log_density`")
  density_error(function(loc, y) y - loc, "function of y and the parameters")
  density_error(function(y) -y^2, "function of y and the parameters")
  density_error("normal", "must be a function, got \"normal\"")
  density_error(ok, "each of the parameters 'a', got 2", list("exp", "exp"))
  density_error(ok, "each of the parameters 'a', got 0", list())
  density_error(ok, "argument 'b'; there are 'a'", mean = function(b) b)
  density_error(ok, "must be a function", stddev = 3)
  density_error(ok, "unknown support 'reals'", support = "reals")
  expect_error(create_family(function(a) 3, list("exp")),
    "must return a distribution.*got 3"
  )
  expect_error(create_family(function() tfd_normal(0, 1), list()), "no argument")
  expect_error(
    create_family(function(a, b) tfd_normal(a, 1), list("exp", "exp")),
    "does not depend on 'b'"
  )
  expect_error(create_family(function(a) tfd_normal(mu = a, 1), list("exp")),
    "create_family\\(tfd_dist\\): .*"
  )
  constants <- create_family(
    log_density = function(y, a, power = 2) -abs(y - a)^power,
    trafo_list = "identity", mean = function() 0
  )
  expect_identical(constants$parameters, "a")
})
