test_that("the payload holds every matrix once, column-major", {
  flat <- flatten_payload(list(a = matrix(1:6 + 0, 2), b = list(
    matrix(7, 1, 1), "text"
  )))
  expect_equal(flat$payload, as.numeric(1:7))
  expect_equal(as.numeric(flat$spec$b[[1]]$offset), 6)
  expect_equal(flat$spec$a$rows, 2L)
})

test_that("factors of many levels take as many numbers, not their square", {
  # Of the same matrices, dense: what the forms stand for.
  spread <- function(kept, columns) {
    if (is.null(kept$form)) return(matrix(kept$values, ncol = columns))
    if (kept$form == "diagonal") return(diag(kept$values))
    outer(kept$values, seq_len(columns), `==`) + 0
  }
  treatment <- stats::contr.treatment(60, base = 7)
  dimnames(treatment) <- NULL
  large <- list(
    diagonal = diag(60), diagonal = diag(seq_len(60) / 7),
    indicators = treatment, dense = stats::contr.sum(60),
    dense = stats::contr.helmert(60), dense = matrix(0, 60, 60),
    dense = 2 * treatment, dense = replace(treatment, 5, NaN),
    dense = replace(diag(60), 2, 1)
  )
  for (i in seq_along(large)) {
    kept <- compact_matrix(large[[i]])
    expect_identical(kept$form %||% "dense", names(large)[i])
    expect_identical(spread(kept, ncol(large[[i]])), unname(large[[i]]))
  }
  expect_null(compact_matrix(diag(5))$form)
  data <- data.frame(g = factor(seq_len(1000)), y = 0)
  size <- function(formula) length(spec_of(formula, data)$payload)
  expect_lt(size(~g), 2 * 1000)
  expect_lt(size(~ s(g, bs = "re", sp = 1)), 3 * 1000)
})

test_that("small numbers keep all their digits in JSON", {
  data <- toy_data()
  built <- spec_of(~ s(x, sp = 1 / 3), data)
  spec <- jsonlite::fromJSON(built$json, simplifyVector = FALSE)
  penalty <- spec$predictors[[1]]$terms[[1]]$penalty
  expect_identical(penalty$lambdas[[1]], 1 / 3)
  expect_identical(penalty$scale, 1 / 120)
})

test_that("the specification names family, columns and predictors", {
  built <- spec_model("normal", list(~ x + g, ~ 1), data = toy_data(),
                      seed = 5L, parameter_names = c("loc", "scale"))
  spec <- jsonlite::fromJSON(built$json, simplifyVector = FALSE)
  expect_equal(spec$family, "normal")
  expect_equal(spec$seed, 5L)
  expect_equal(spec$columns, list(
    list(name = "x", type = "double"),
    list(name = "g", type = "factor", levels = list("a", "b", "c"))
  ))
  expect_equal(vapply(spec$predictors, `[[`, "", "name"), c("loc", "scale"))
  expect_equal(spec$predictors[[2]]$terms,
               list(list(kind = "intercept", name = "(Intercept)")))
  expect_equal(spec$networks, list())
})

test_that("weight_control reaches the terms", {
  weight <- weight_control(
    specific_weight_options = list(list(x = list(trainable = FALSE)), NULL),
    warmstart_weights = list(list("1" = 0.5), list(g = c(1, 2))),
    shared_layers = list(list(c("x", "z")), NULL)
  )
  built <- spec_model("normal", list(~ x + z, ~ g), data = toy_data(),
                      controls = list(weight = weight),
                      parameter_names = c("loc", "scale"))
  spec <- jsonlite::fromJSON(built$json, simplifyVector = FALSE)
  loc <- spec$predictors[[1]]$terms
  expect_equal(loc[[1]]$weights$trainable, FALSE)
  expect_equal(loc[[1]]$weights$shared, loc[[2]]$weights$shared)
  expect_equal(built$payload[loc[[3]]$weights$warmstart$offset + 1], 0.5)
  scale <- spec$predictors[[2]]$terms
  start <- scale[[1]]$weights$warmstart
  expect_equal(built$payload[start$offset + 1:2], c(1, 2))
  expect_error(spec_model("n", list(~ x), data = toy_data(), controls = list(
    weight = weight_control(warmstart_weights = list(list(x = 1:2)))
  ), parameter_names = "loc"), "'x' has 1 coefficient, got 2")
})

test_that("a special can be added by a row", {
  specials <- c(term_specials(), twice = function(parsed, context) {
    lin_term(parsed, context)
  })
  built <- spec_model("n", list(~ twice(x)), data = toy_data(),
                      parameter_names = "loc", specials = specials)
  expect_equal(names(built$terms$loc), c("twice(x)", "(Intercept)"))
})

test_that("controls refuse what they cannot use", {
  expect_error(penalty_control(df = -1), "`df`",
               class = "deepregression4j_argument_error")
  expect_error(penalty_control(df = NaN), "`df`")
  expect_error(penalty_control(hat1 = NA), "`hat1`")
  expect_error(penalty_control(sp_scale = 3), "`sp_scale`")
  expect_error(orthog_control(orthog_type = "torch"))
  expect_error(form_control(check_form = "yes"), "`check_form`")
  expect_equal(penalty_control()$df, 10)
  expect_true(orthog_control()$orthogonalize)
  expect_equal(penalty_control()$sp_scale(1:4), 0.25)
})

test_that("an external column of two predictors is handed over once", {
  build <- function(...) {
    spec_model("n", list(...), data = toy_data(),
               parameter_names = c("loc", "scale"))
  }
  built <- build(~ s(x, bs = "gp") + poly(x, 2) + s(z),
                 ~ s(x, bs = "gp") + poly(x, 2):z)
  expect_equal(vapply(built$columns, `[[`, "", "name"),
               c("s(x, bs = \"gp\")", "poly(x, 2)", "z"))
  expect_equal(vapply(built$variables, `[[`, "", "name"), "x")
  first <- local({ size <- 6; ~ s(x, bs = "gp", k = size) })
  second <- local({ size <- 8; ~ s(x, bs = "gp", k = size) })
  expect_error(build(first, second), "different values in two terms")
})

test_that("sp_scale gets the response", {
  built <- spec_model("n", list(~ s(x)), data = toy_data(), y = rep(2, 120),
                      controls = list(penalty = penalty_control(
                        sp_scale = function(y) sum(y))),
                      parameter_names = "loc")
  expect_equal(built$terms$loc[[1]]$penalty$scale, 240)
})
