# The engine agrees with R's distribution functions to about 1e-12.
agreement <- 1e-10

column <- function(x) matrix(x, ncol = 1)

test_that("verbs agree with R's functions, a row each", {
  levels <- c(0.03, 0.5, 0.9)
  cases <- distribution_cases()
  for (name in names(cases)) {
    case <- cases[[name]]
    d <- case$distribution
    same <- function(got, expected) {
      expect_equal(got, expected, tolerance = agreement, info = name)
    }
    same(tfd_mean(d), column(case$mean))
    same(tfd_stddev(d), column(case$sd))
    same(tfd_variance(d), column(case$sd^2))
    same(tfd_prob(d, case$y), column(case$d(case$y)))
    same(tfd_log_prob(d, case$y), column(log(case$d(case$y))))
    same(tfd_cdf(d, case$y), column(case$p(case$y)))
    same(
      tfd_survival_function(d, case$y),
      column(case$p(case$y, lower.tail = FALSE))
    )
    same(tfd_quantile(d, levels), sapply(levels, case$q))
  }
})

test_that("mode and entropy are those of closed forms, or said to lack", {
  d <- tfd_normal(c(1, 2), c(0.5, 3))
  expect_equal(tfd_mode(d), column(c(1, 2)))
  expect_equal(
    tfd_entropy(d), column(0.5 + 0.5 * log(2 * pi) + log(c(0.5, 3)))
  )
  expect_equal(tfd_mode(tfd_gamma(3, 2)), column(1))
  expect_error(
    tfd_mode(tfd_mixture(1:2, list(d, d))), "no mode, only .*'mean'.*'cdf'"
  )
  expect_error(tfd_quantile(tfd_dirichlet(c(1, 2)), 0.5), "no quantile")
})

test_that("values are a number, one per row, or a matrix", {
  d <- tfd_normal(c(0, 1, 5), c(1, 2, 3))
  p <- function(y) pnorm(y, c(0, 1, 5), c(1, 2, 3))
  expect_equal(tfd_cdf(d, 2), column(p(2)))
  expect_equal(tfd_cdf(d, c(1, 2, 3)), column(p(1:3)))
  expect_equal(tfd_cdf(d, 1:3), column(p(1:3)))
  expect_equal(tfd_cdf(d, matrix(1:6, 3)), cbind(p(1:3), p(4:6)))
  expect_equal(tfd_cdf(d, matrix(1:2, 1)), cbind(p(1), p(2)))
  expect_equal(tfd_cdf(d, data.frame(a = 1:3)), column(p(1:3)))
  expect_equal(tfd_cdf(d[2], 1:4), matrix(pnorm(1:4, 1, 2), 1))
  expect_equal(
    tfd_quantile(d, matrix(c(0.1, 0.2, 0.3), 3)),
    column(qnorm(c(0.1, 0.2, 0.3), c(0, 1, 5), c(1, 2, 3)))
  )
  expect_error(tfd_cdf(d, 1:2), "a number, one for each of 3 rows.*got 2 num")
  expect_error(tfd_cdf(d, matrix(1:4, 2)), "3 rows \\(or one\\).*got 2 x 2")
  expect_error(tfd_cdf(d, "a"), "expected numbers, got \"a\"")
  expect_error(tfd_cdf(d, numeric()), "got 0 numbers")
  for (level in list(0, 1, 1.2, -0.1, c(0.5, 2))) {
    expect_error(tfd_quantile(d, level), "strictly between 0 and 1, got")
  }
  expect_error(tfd_quantile(d, numeric()), "expected a vector of levels")
})

test_that("NA in values or parameters gives NA there alone", {
  d <- tfd_gamma(c(1, NA, 3), 2)
  expect_equal(tfd_mean(d), column(c(0.5, NA, 1.5)))
  expect_equal(
    tfd_cdf(d, c(NA, 1, 1)), column(c(NA, NA, pgamma(1, 3, 2)))
  )
  expect_equal(
    tfd_quantile(d, c(0.5, NA)),
    cbind(c(qgamma(0.5, 1, 2), NA, qgamma(0.5, 3, 2)), NA)
  )
  expect_identical(is.na(tfd_sample(d, 2)), cbind(c(F, T, F), c(F, T, F)))
  vectors <- tfd_dirichlet(rbind(1:3, 2:4))
  y <- rbind(c(0.2, NA, 0.5), c(0.2, 0.3, 0.5))
  expect_identical(is.na(tfd_log_prob(vectors, y)), column(c(TRUE, FALSE)))
})

test_that("no rows, one row, many rows", {
  none <- tfd_normal(numeric(), 1)
  expect_identical(dim(tfd_mean(none)), c(0L, 1L))
  expect_identical(dim(tfd_quantile(none, c(0.1, 0.9))), c(0L, 2L))
  expect_identical(dim(tfd_sample(none, 3)), c(0L, 3L))
  expect_output(print(none), "normal, 0 rows")
  expect_identical(dim(tfd_log_prob(tfd_normal(0, 1), 2)), c(1L, 1L))
  # Over the borders of the engine's blocks of rows.
  loc <- seq(-3, 3, length.out = 150001)
  d <- tfd_normal(loc, 2)
  expect_equal(tfd_mean(d), column(loc))
  expect_equal(
    tfd_quantile(d, c(0.2, 0.7)), cbind(qnorm(0.2, loc, 2), qnorm(0.7, loc, 2)),
    tolerance = agreement
  )
})

test_that("several response columns: margins, or together", {
  loc <- matrix(c(0, 1, 2, 3, 4, 5), 3)
  d <- tfd_normal(loc, c(1, 2, 3))
  scale <- cbind(1:3, 1:3)
  expect_equal(d$output_dim, 2)
  expect_equal(tfd_mean(d), loc)
  y <- loc + 0.5
  expect_equal(
    tfd_log_prob(d, y), matrix(dnorm(y, loc, scale, log = TRUE), 3)
  )
  expect_equal(tfd_cdf(d, c(0, 1)), cbind(
    pnorm(0, loc[, 1], 1:3), pnorm(1, loc[, 2], 1:3)
  ))
  expect_equal(tfd_cdf(d, cbind(y, y - 1)), cbind(
    tfd_cdf(d, y), tfd_cdf(d, y - 1)
  ))
  q <- tfd_quantile(d, c(0.1, 0.9))
  expect_equal(q[, 1:2], matrix(qnorm(0.1, loc, scale), 3))
  expect_equal(q[, 3:4], matrix(qnorm(0.9, loc, scale), 3))
  together <- tfd_independent(d)
  expect_equal(
    tfd_log_prob(together, y), column(rowSums(tfd_log_prob(d, y)))
  )
  expect_equal(
    tfd_prob(together, cbind(y, y)),
    exp(rowSums(tfd_log_prob(d, y))) %o% c(1, 1)
  )
  expect_equal(tfd_entropy(together), column(rowSums(tfd_entropy(d))))
  expect_equal(tfd_mean(together), loc)
  expect_error(tfd_independent(d, 2), "must be 1, got 2")
  expect_error(tfd_cdf(d, 1:3), "one response of 2 numbers.*got 3")
})

test_that("columns that belong together have one density", {
  a <- c(1.5, 2, 3)
  y <- c(0.2, 0.3, 0.5)
  expected <- lgamma(sum(a)) - sum(lgamma(a)) + sum((a - 1) * log(y))
  expect_equal(tfd_log_prob(tfd_dirichlet(a), y), column(expected))
  expect_equal(tfd_mean(tfd_dirichlet(rbind(a, 2 * a))),
    rbind(a, a, deparse.level = 0) / sum(a)
  )
  sigma <- diag(c(1, 4)) + 0.5 * (1 - diag(2))
  lower <- t(chol(sigma))
  normal <- tfd_distribution("multivariate_normal",
    dimension = 2, loc_1 = c(0, 1), loc_2 = 2, scale_1 = lower[1, 1],
    scale_2 = lower[2, 2], lower_2_1 = lower[2, 1]
  )
  z <- c(0.4, 1) - c(0, 2)
  expected <- -log(2 * pi) - log(det(sigma)) / 2 - sum(z * solve(sigma, z)) / 2
  expect_equal(tfd_log_prob(normal, c(0.4, 1))[1], expected)
  pairs <- tfd_distribution("binomial", logits = 0.3, output_dim = 2)
  expect_equal(tfd_mean(pairs), column(plogis(0.3)))
  expect_equal(
    tfd_prob(pairs, c(3, 4)), column(dbinom(3, 7, plogis(0.3)))
  )
  expect_error(
    tfd_distribution("binomial", logits = 0.3), "needs output_dim"
  )
})

test_that("samples follow the distribution and R's seed", {
  cases <- distribution_cases()
  for (name in names(cases)) {
    case <- cases[[name]]
    draws <- withr::with_seed(4, tfd_sample(case$distribution, 500))
    again <- withr::with_seed(4, tfd_sample(case$distribution, 500))
    expect_identical(draws, again)
    expect_identical(dim(draws), c(3L, 500L))
    # Spread over their jumps, draws of counts are uniform too.
    p <- apply(draws, 2, case$p)
    density <- apply(draws, 2, case$d)
    below <- if (case$distribution$family$is_discrete) p - density else p
    u <- withr::with_seed(5, below + (p - below) * runif(1500))
    expect_gt(ks.test(as.vector(u), "punif")$p.value, 1e-4)
  }
  vectors <- withr::with_seed(1, tfd_sample(tfd_dirichlet(c(1, 2, 5)), 400))
  vectors <- matrix(vectors, ncol = 3, byrow = TRUE)
  expect_equal(rowSums(vectors), rep(1, 400))
  expect_equal(colMeans(vectors), c(1, 2, 5) / 8, tolerance = 0.05)
})

test_that("mixtures are weighted sums of their components", {
  parts <- list(tfd_normal(c(0, 1), 1), tfd_normal(4, c(0.5, 2)))
  weights <- rbind(c(1, 3), c(5, 5))
  d <- tfd_mixture(weights, parts)
  w <- weights / rowSums(weights)
  y <- c(0.3, 3.5)
  expect_equal(tfd_prob(d, y), column(
    w[, 1] * dnorm(y, 0:1) + w[, 2] * dnorm(y, 4, c(0.5, 2))
  ))
  expect_equal(tfd_cdf(d, y), column(
    w[, 1] * pnorm(y, 0:1) + w[, 2] * pnorm(y, 4, c(0.5, 2))
  ))
  expect_equal(tfd_mean(d), column(w[, 1] * 0:1 + w[, 2] * 4))
  expect_equal(tfd_cdf(d, tfd_quantile(d, 0.2)[, 1]), column(c(0.2, 0.2)))
  classes <- tfd_categorical(logits = log(weights))
  expect_equal(tfd_prob(tfd_mixture(classes, parts), y), tfd_prob(d, y))
  one_hot <- tfd_one_hot_categorical(probs = w)
  expect_equal(tfd_prob(tfd_mixture(one_hot, parts), y), tfd_prob(d, y))
  one_sided <- tfd_mixture(c(0, 2), parts)
  expect_equal(tfd_prob(one_sided, y), column(dnorm(y, 4, c(0.5, 2))))
  margins <- tfd_mixture(c(0.5, 0.5), list(
    tfd_normal(matrix(0:1, 1), 1), tfd_normal(matrix(2:3, 1), 1)
  ))
  expect_equal(tfd_mean(margins), matrix(1:2, 1))
  expect_error(tfd_mixture(c(1, -1), parts), "zero or positive.*got -1")
  expect_error(tfd_mixture(1:3, parts), "each of 2 components, got 3")
  expect_error(tfd_mixture(1:2, parts[1]), "two distributions or more")
  expect_error(tfd_mixture(1:2, list(parts[[1]], 3)), "distribution, got 3")
  counts <- list(parts[[1]], tfd_poisson(3))
  expect_error(tfd_mixture(1:2, counts), "all families continuous or all")
})

test_that("classes have their probabilities", {
  p <- rbind(c(0.2, 0.5, 0.3), c(0.1, 0.1, 0.8))
  d <- tfd_categorical(probs = p)
  expect_equal(tfd_prob(d, matrix(1:3, 1)), p)
  expect_equal(tfd_log_prob(d, c(2, 3)), column(log(c(0.5, 0.8))))
  expect_equal(tfd_prob(d, 4), column(c(0, 0)))
  expect_error(tfd_categorical(), "'logits' or 'probs', got neither")
  expect_error(tfd_categorical(1:2, 1:2), "got both")
  expect_error(tfd_categorical(probs = c(0.5, 0.6)), "sum one")
})

test_that("parameters are checked by name against their links", {
  expect_error(tfd_normal(0, c(1, -2)), "scale must be positive, got -2 in row 2")
  expect_error(tfd_normal(Inf, 1), "loc must be finite, got Inf")
  expect_error(tfd_bernoulli(probs = 1.5), "probs must be strictly between")
  expect_error(tfd_normal("a", 1), "loc: expected numbers, got \"a\"")
  expect_error(tfd_normal(1:3, 1:2), "scale has 2 rows, expected 1 or 3")
  expect_error(tfd_normal(matrix(1:6, 2), matrix(1:4, 2)), "scale has 2 columns")
  expect_error(tfd_normal(1), "\"scale\" is missing")
  expect_error(tfd_bernoulli(), "expected 'logits' or 'probs', got \\(none\\)")
  expect_error(
    tfd_poisson(1, log_rate = 2), "'rate' or 'log_rate', got 'rate', 'log_rate'"
  )
  expect_error(tfd_distribution("normal", loc = 1), "'loc', 'scale', got 'loc'")
  expect_error(
    tfd_distribution("normal", loc = 1, scale = 1, df = 2), "got .*'df'"
  )
  expect_error(tfd_distribution("normal", 1, 2), "needs its name")
  expect_error(tfd_distribution("nromal", loc = 1), "did you mean 'normal'")
  expect_error(tfd_distribution(1), "family")
  expect_error(tfd_binomial(0, trials = 0), "trials")
  expect_error(tfd_mean(1), "tfd_mean\\(\\) needs a distribution, got 1")
})

test_that("a family object is taken with its options and links", {
  cut <- tfd_truncated_normal(0, 1, low = 0)
  p <- 2 * pnorm(1) - 1
  expect_equal(tfd_cdf(cut, 1), column(p))
  expect_equal(
    tfd_cdf(tfd_distribution("truncated_normal", loc = 0, scale = 1, low = 0), 1),
    column(p)
  )
  soft <- response_family("normal", trafo_list = list("identity", "softplus"))
  expect_equal(
    tfd_prob(tfd_distribution(soft, loc = 1, scale = 2), 0),
    column(dnorm(0, 1, 2))
  )
  expect_error(tfd_distribution(soft, loc = 1, scale = 0), "must be positive")
  inflated <- tfd_distribution(inflated_family("poisson", 0),
    logit_at_0 = 0, rate = 2
  )
  expect_equal(tfd_prob(inflated, 0:1), matrix(
    0.5 * dpois(0:1, 2) + 0.5 * c(1, 0), 1
  ))
})

# What has no constructor: criteria, and families whose parameters depend on
# their options (tfd_distribution() makes them; tfd_categorical() one of them).
without_constructor <- c(
  "mse", "mvr", "quantile", "expectile", "categorical", "ordered_logit",
  "ordered_probit", "multivariate_normal"
)

test_that("the table of constructors is the engine's table of families", {
  rows <- unname(distribution_table)
  expect_setequal(
    c(unlist(lapply(rows, names)), without_constructor),
    vapply(engine_families(), function(entry) entry$name, "")
  )
  for (row in rows) for (name in names(row)) {
    entry <- family_entry(name)
    words <- row[[name]]
    options <- option_names(entry)
    optional <- setdiff(options, option_names(entry, required = TRUE))
    parameters <- entry$parameters %||% example_family(name)$parameters
    # Without trials the response has two columns, which no constructor has.
    counts <- name %in% c("binomial", "beta_binomial")
    told <- c(unlist(parameters), ifelse(
      options %in% optional & !counts, paste0(options, "?"), options
    ))
    expect_identical(words, as.character(told), info = name)
  }
})

test_that("constructors have the arguments of the table", {
  for (name in names(distribution_table)) {
    arguments <- unique(unlist(distribution_table[[name]]))
    made <- getExportedValue("deepregression4j", paste0("tfd_", name))
    expect_identical(
      names(formals(made)), sub("?", "", arguments, fixed = TRUE)
    )
  }
})

test_that("rows are taken, printed and saved", {
  d <- tfd_normal(c(0, 10, 20), c(1, 2, 3))
  expect_equal(tfd_mean(d[c(3, 1)]), column(c(20, 0)))
  expect_equal(d[c(TRUE, FALSE, TRUE)]$n, 2)
  expect_error(d[4], "numbers from 1 to 3, got 4")
  expect_output(print(d), "normal, 3 rows.*loc +0 +10 +20.*scale +1 +2 +3")
  wide <- tfd_dirichlet(matrix(1:60, 2))
  printed <- capture.output(print(wide))
  expect_lte(length(printed), 20)
  expect_match(printed, "and 18 more", all = FALSE)
})

test_that("saveRDS keeps a distribution, for a new session too", {
  path <- withr::local_tempfile(fileext = ".rds")
  saveRDS(tfd_mixture(1:2, list(tfd_gamma(1, 2), tfd_gamma(3, 4))), path)
  got <- in_new_r(c(
    "library(deepregression4j)",
    sprintf("d <- readRDS('%s')", path),
    "cat(all.equal(tfd_cdf(d, 1)[1],",
    "  pgamma(1, 1, 2) / 3 + 2 * pgamma(1, 3, 4) / 3), '\\n')"
  ))
  expect_output_line(got, "TRUE ")
})

# ---- of models --------------------------------------------------------------

distribution_model <- function() {
  data <- withr::with_seed(8, data.frame(x = rnorm(60)))
  y <- withr::with_seed(9, rgamma(60, 2, exp(-data$x)))
  model <- deepregression(y, list(~ 1 + x, ~1), family = "gamma", data = data)
  fit(model, verbose = FALSE)
  list(model = model, data = data, y = y)
}

test_that("the distribution of a model is that of its parameters", {
  m <- distribution_model()
  d <- get_distribution(m$model)
  theta <- predict(m$model, type = "parameters")
  expect_equal(tfd_mean(d), predict(m$model), tolerance = agreement)
  expect_equal(tfd_cdf(d, m$y), column(pgamma(m$y, theta[, 1], theta[, 2])))
  new <- data.frame(x = c(0.5, NA, -1))
  ahead <- get_distribution(m$model, new)
  expect_identical(is.na(tfd_quantile(ahead, c(0.1, 0.9))), cbind(
    c(FALSE, TRUE, FALSE), c(FALSE, TRUE, FALSE)
  ))
  theta <- predict(m$model, new, type = "parameters")
  q <- cbind(qgamma(0.1, theta[, 1], theta[, 2]),
    qgamma(0.9, theta[, 1], theta[, 2])
  )
  expect_equal(quant(m$model, new, c(0.1, 0.9)), q, tolerance = agreement)
  expect_equal(quant(ahead, c(0.1, 0.9)), q, tolerance = agreement)
  expect_equal(mean(ahead), mean(m$model, new))
  expect_equal(stddev(ahead), stddev(m$model, new))
  expect_error(quant(m$model, new, 1.5), "probs: levels.*got 1.5")
  expect_error(get_distribution(1), "needs a deepregression model, got 1")
  expect_error(get_distribution(m$model, data.frame(z = 1)), "'x'")
})

test_that("predict() applies any function of the distribution", {
  m <- distribution_model()
  new <- data.frame(x = c(-1, NA, 2))
  expect_identical(
    predict(m$model, new, apply_fun = tfd_mean), predict(m$model, new)
  )
  expect_identical(
    predict(m$model, new, apply_fun = tfd_stddev),
    predict(m$model, new, type = "stddev")
  )
  d <- predict(m$model, new, apply_fun = NULL, batch_size = 20)
  expect_s3_class(d, "response_distribution")
  expect_identical(
    predict(m$model, new, apply_fun = function(d) tfd_quantile(d, 0.3)),
    tfd_quantile(d, 0.3)
  )
  both <- predict(m$model, new, apply_fun = tfd_variance,
    convert_fun = as.vector
  )
  expect_equal(both, stddev(m$model, new)[, 1]^2, tolerance = agreement)
  expect_error(predict(m$model, apply_fun = 3), "apply_fun.*function")
  expect_error(predict(m$model, batch_size = 0), "batch_size")
  expect_error(
    predict(m$model, type = "link", apply_fun = tfd_mean), "not both"
  )
})

test_that("several response columns reach the distribution of a model", {
  data <- withr::with_seed(2, data.frame(x = rnorm(40)))
  y <- cbind(data$x + 1, 2 - data$x) + withr::with_seed(3, rnorm(80) / 5)
  model <- deepregression(y, list(~ 1 + x, ~1), data = data, output_dim = 2)
  fit(model, verbose = FALSE)
  theta <- predict(model, type = "parameters")
  d <- get_distribution(model)
  expect_equal(tfd_cdf(d, y), unname(pnorm(y, theta[, 1:2], theta[, 3:4])))
  expect_identical(dim(quant(model, data[1:3, , drop = FALSE], c(0.1, 0.5))),
    c(3L, 4L)
  )
})

test_that("a uniform distribution ends above where it begins", {
  expect_equal(tfd_mean(tfd_uniform(c(1, 2), 3))[, 1], c(2, 2.5))
  expect_error(tfd_uniform(3, 1), "'uniform': low must be below high, got 3 and 1")
  expect_error(tfd_uniform(c(0, 2), 2), "low must be below high, got 2 and 2")
})
