# Responses that are no plain numbers, against glm(), polr(), multinom() and
# tables, and what is said of responses outside the support.

flat_coef <- function(model, parameter = 1) {
  unlist(lapply(coef(model, parameter), function(m) m[, 1]), use.names = FALSE)
}

fitted_model <- function(...) {
  model <- deepregression(...)
  fit(model, verbose = FALSE)
  model
}

test_that("two levels are 0 and 1 as in glm(), logicals too", {
  data <- MASS::birthwt
  data$low <- factor(data$low, labels = c("normal", "low"))
  oracle <- glm(low ~ age + lwt, binomial, data)
  for (y in list(data$low, data$low == "low", as.character(data$low))) {
    # Characters are sorted: "low" comes before "normal".
    turn <- if (is.character(y)) -1 else 1
    model <- fitted_model(y, list(~ 1 + age + lwt),
      family = "bernoulli", data = data
    )
    expect_equal(flat_coef(model), turn * unname(coef(oracle)[c(2, 3, 1)]),
      tolerance = 1e-8
    )
  }
  expect_identical(model$family$classes, c("low", "normal"))
  expect_error(
    deepregression(data$age > 0, list(~1), family = "bernoulli", data = data),
    NA
  )
  expect_error(
    deepregression(iris$Species, list(~1), family = "bernoulli", data = iris),
    "two levels, got 3: 'setosa', 'versicolor', 'virginica'"
  )
})

test_that("a class of new rows is found by its name, whatever its code", {
  data <- MASS::birthwt
  y <- factor(data$low, labels = c("normal", "low"))
  model <- fitted_model(y, list(~ 1 + age), family = "bernoulli", data = data)
  other <- factor(as.character(y), levels = c("low", "normal"))
  expect_identical(
    log_score(model, data, other), log_score(model, data, y)
  )
  expect_equal(
    log_score(model, data[1:3, ], data$low[1:3]),
    log_score(model)[1:3, , drop = FALSE],
    tolerance = 1e-14
  )
  expect_error(log_score(model, data[1, ], factor("heavy")),
    "'heavy'; the classes of the model are 'normal', 'low'"
  )
})

test_that("multinoulli takes factors, and its fit is that of nnet::multinom()", {
  # As many ones as twos in a row are no row of one class.
  data <- MASS::birthwt
  data$race <- factor(data$race, labels = c("white", "black", "other"))
  oracle <- nnet::multinom(race ~ lwt, data, trace = FALSE, reltol = 1e-14)
  model <- suppressWarnings(fitted_model(
    data$race, list(~ 1 + I(lwt / 100)), family = "multinoulli", data = data
  ))
  probability <- predict(model)
  expect_equal(unname(probability), unname(fitted(oracle)), tolerance = 1e-4)
  expect_identical(colnames(probability), levels(data$race))
  expect_identical(model$output_dim, 3L)
  one_hot <- diag(3)[data$race, ]
  again <- suppressWarnings(fitted_model(
    one_hot, list(~ 1 + I(lwt / 100)), family = "multinoulli", data = data
  ))
  expect_equal(unname(predict(again)), unname(probability), tolerance = 1e-8)
  categorical <- fitted_model(data$race, rep(list(~ 1 + lwt), 2),
    family = "categorical", data = data
  )
  expect_identical(categorical$family$parameters, c("logits_2", "logits_3"))
  expect_equal(
    rbind(flat_coef(categorical, 1), flat_coef(categorical, 2))[, 2:1],
    unname(coef(oracle)),
    tolerance = 1e-4
  )
  expect_error(
    deepregression(data$lwt, list(~1), family = "multinoulli", data = data),
    "a factor, or a matrix with one column per class"
  )
})

test_that("ordered classes agree with MASS::polr()", {
  data <- MASS::housing
  formulas <- list(~ 0 + Infl + Type + Cont, ~1, ~1)
  for (method in c("logistic", "probit")) {
    oracle <- MASS::polr(Sat ~ Infl + Type + Cont, data,
      weights = Freq, method = method,
      control = list(reltol = 1e-14)
    )
    model <- fitted_model(data$Sat, formulas,
      family = paste0("ordered_", if (method == "probit") "probit" else "logit"),
      data = data, weights = data$Freq
    )
    expect_equal(as.numeric(logLik(model)), as.numeric(logLik(oracle)),
      tolerance = 1e-8
    )
    cuts <- c(flat_coef(model, 2), exp(flat_coef(model, 3)))
    expect_equal(cumsum(cuts), unname(oracle$zeta), tolerance = 1e-4)
    chances <- tfd_prob(get_distribution(model), matrix(1:3, 1))
    expect_equal(chances, unname(predict(oracle, type = "probs")),
      tolerance = 1e-4
    )
  }
  expect_identical(model$family$classes, c("Low", "Medium", "High"))
  codes <- fitted_model(as.integer(data$Sat), formulas,
    family = "ordered_probit", data = data, weights = data$Freq
  )
  expect_equal(flat_coef(codes), flat_coef(model), tolerance = 1e-8)
})

test_that("binomial takes trials or two columns, as glm()", {
  set.seed(3)
  data <- data.frame(x = rnorm(40))
  hits <- rbinom(40, 7, plogis(0.3 + data$x))
  oracle <- glm(cbind(hits, 7 - hits) ~ x, binomial, data)
  two <- fitted_model(cbind(hits, 7 - hits), list(~ 1 + x),
    family = "binomial", data = data
  )
  known <- fitted_model(hits, list(~ 1 + x),
    family = response_family("binomial", trials = 7), data = data
  )
  for (model in list(two, known)) {
    expect_equal(flat_coef(model), unname(coef(oracle)[2:1]), tolerance = 1e-8)
  }
  expect_equal(as.numeric(logLik(two)), as.numeric(logLik(oracle)),
    tolerance = 1e-10
  )
  expect_error(deepregression(hits, list(~1), family = "binomial", data = data),
    "needs trials.*two columns.*got 1 column"
  )
})

test_that("families of vectors take their width from the response", {
  set.seed(4)
  shares <- matrix(rgamma(90, c(2, 3, 4)), 30, 3, byrow = TRUE)
  shares <- shares / rowSums(shares)
  data <- data.frame(i = 1:30)
  model <- deepregression(shares, list(~1), family = "dirichlet", data = data)
  expect_identical(as.integer(model$output_dim), 3L)
  y <- matrix(rnorm(60), 30)
  normal <- fitted_model(y, rep(list(~1), 5),
    family = "multivariate_normal", data = data
  )
  expect_identical(normal$family$parameters,
    c("loc_1", "loc_2", "scale_1", "scale_2", "lower_2_1")
  )
  theta <- predict(normal, type = "parameters")[1, ]
  L <- matrix(c(theta[3], theta[5], 0, theta[4]), 2)
  expect_equal(L %*% t(L), crossprod(scale(y, scale = FALSE)) / 30,
    tolerance = 1e-6
  )
  expect_error(deepregression(y, list(~1, ~1), data = data),
    "2 columns, but output_dim is 1"
  )
})

test_that("responses that are no numbers are refused where those are needed", {
  expect_error(deepregression(iris$Species, list(~1, ~1), data = iris),
    "numeric for family 'normal', got factor \\(150\\)"
  )
  expect_error(
    deepregression(list(1, 2), list(~1, ~1), data = data.frame(x = 1:2)),
    "must be numeric"
  )
})

response_family_of <- function(family) {
  if (is.character(family)) response_family(family) else family
}

# A response, the family, and what the warning says of it.
outside <- list(
  list(c(1.5, 2, 3), "poisson", "0, 1, 2, ...; 1 of 3 rows are not.*row 1 \\(1.5\\).*used as they are"),
  list(c(1, -2, 3), "gamma", "positive; 1 of 3 rows.*row 2 \\(-2\\).*not finite"),
  list(c(0.5, 1, 2), "beta", "between 0 and 1; 2 of 3 rows.*row 2"),
  list(c(0, 0.5, 1), "bernoulli", "0 or 1; 1 of 3 rows.*row 2.*used as they are"),
  list(c(3, 8, 9), response_family("binomial", trials = 7),
    "2, ..., at most 7; 2 of 3 rows.*row 2"),
  list(c(-1, 0.5, 2), response_family("truncated_normal", low = 0),
    "number, at least 0; 1 of 3.*row 1"),
  list(rbind(c(0.2, 0.8), c(0.5, 0.6), c(0.9, 0.1)), "dirichlet",
    "sum one in each row; 1 of 3 rows.*row 2 \\(0.5, 0.6\\).*used as they are"),
  list(rbind(c(3, 2), c(2, 2), c(0, 5)),
    response_family("dirichlet_multinomial", trials = 5),
    "each column, at most 5, with sum 5 in each row; 1 of 3.*row 2.*not finite"),
  list(rbind(c(1, 0), c(1, 1), c(0, 1)), "multinoulli",
    "one 1 in each row; 1 of 3 rows.*row 2 \\(1, 1\\)")
)

test_that("a response outside the support is said once, with what happens", {
  data <- data.frame(i = 1:3)
  for (case in outside) {
    formulas <- rep(list(~1), length(response_family_of(case[[2]])$parameters))
    model <- deepregression(case[[1]], formulas, family = case[[2]], data = data)
    expect_warning(check_support(model), case[[3]],
      class = "deepregression4j_outside_support"
    )
    expect_silent(check_support(model))
  }
})

test_that("what the warning says happens to the rows is true", {
  data <- data.frame(i = 1:3)
  used <- deepregression(c(0.5, 1, 2), list(~1), family = "poisson", data = data)
  suppressWarnings(fit(used, verbose = FALSE))
  expect_equal(predict(used)[1], 3.5 / 3, tolerance = 1e-8)
  broken <- deepregression(c(-1, 1, 2), list(~1, ~1),
    family = "gamma", data = data
  )
  history <- suppressWarnings(fit(broken, verbose = FALSE))
  expect_identical(history$stop, "not_finite")
})
