test_that("an unknown variable is named with its formula and the data", {
  error <- expect_error(spec_of(~ x + missing_one, toy_data()),
                        class = "deepregression4j_unknown_variable")
  expect_match(conditionMessage(error), "missing_one.*~x \\+ missing_one")
  expect_match(conditionMessage(error), "'x', 'z', 'w'")
  expect_error(spec_of(~ s(missing_one), toy_data()), "missing_one",
               class = "deepregression4j_unknown_variable")
  expect_error(spec_of(~ s(x, by = missing_one), toy_data()), "missing_one",
               class = "deepregression4j_unknown_variable")
  outside <- rnorm(120)
  expect_error(spec_of(~ log(outside), toy_data()), "outside",
               class = "deepregression4j_unknown_variable")
})

test_that("an unknown special lists networks and specials", {
  networks <- list(deep = list(name = "deep", inputs = list("i")))
  error <- expect_error(
    spec_of(~ deeep(x), toy_data(), networks = networks),
    class = "deepregression4j_unknown_special"
  )
  expect_match(conditionMessage(error), "'deeep'.*Networks: 'deep'.*'te'")
})

test_that("what a formula cannot be is refused clearly", {
  expect_error(spec_of(y ~ x, toy_data()), "one-sided.*~x",
               class = "deepregression4j_formula_error")
  expect_error(spec_of("x", toy_data()), "expected a formula")
  expect_error(spec_of(~ ., toy_data()), "'\\.'")
  expect_error(spec_of(~ s(x):g, toy_data()), "interaction")
  expect_error(spec_of(~ log(s(x)), toy_data()), "'s' is a special")
  expect_error(spec_of(~ x, toy_data(), networks = list(s = list())),
               "name of a special")
  expect_error(spec_of(~ mean(x), toy_data()), "mean\\(x\\).*has 1")
  expect_error(spec_of(~ s(x, k = 500), toy_data()), "s\\(x, k = 500\\)",
               class = "deepregression4j_term_error")
})

test_that("formulas are matched to parameters", {
  build <- function(formulas) {
    spec_model("normal", formulas, data = toy_data(),
               parameter_names = c("loc", "scale"))
  }
  expect_error(build(list(~ x)), "'loc', 'scale'.*got 1 formula",
               class = "deepregression4j_formula_count")
  expect_warning(built <- build(list(~ x, ~ 1, ~ z)),
                 class = "deepregression4j_formula_count")
  expect_equal(names(built$terms), c("loc", "scale"))
  expect_false(grepl("\"z\"", built$json))
})

test_that("constant columns are warned about by term", {
  data <- transform(toy_data(), one = 1)
  expect_warning(spec_of(~ x + one, data), "term 'one'",
                 class = "deepregression4j_constant_column")
  data$g <- factor("only")
  expect_error(spec_of(~ g, data), "factor 'g' has fewer than 2 levels")
})

test_that("data are checked", {
  data <- toy_data()
  expect_error(spec_of(~ x, unname(as.list(data))), "named list")
  expect_error(spec_of(~ x, list(x = 1:3, z = 1:3, w = 1:4)),
               "4 in 'w'", class = "deepregression4j_data_error")
  expect_error(spec_of(~ x, data[0, ]), "no rows",
               class = "deepregression4j_data_error")
  bad <- data
  bad$z[7] <- Inf
  expect_error(check_data(bad, ~ z), "'z'.*row 7",
               class = "deepregression4j_infinite_value")
  expect_silent(check_data(bad, ~ x))
  expect_error(check_data(data, ~ x, y = 1:3), "expected 120 rows.*got 3")
  expect_error(check_data(data, ~ x, y = c(Inf, rep(1, 119))), "'y'")
})

test_that("rows with missing values are dropped with a message", {
  data <- toy_data()
  data$x[3] <- NA
  data$g[5] <- NA
  data$w[9] <- NA # not in the formula
  y <- replace(rnorm(120), 7, NA)
  expect_message(clean <- check_data(data, list(~ x, ~ g), y),
                 "Dropped 3 of 120 rows.*'x', 'g', 'y'")
  expect_equal(clean$kept, setdiff(1:120, c(3, 5, 7)))
  expect_equal(clean$y, y[clean$kept])
  expect_equal(clean$data$x, data$x[clean$kept])
  data$x <- NA_real_
  expect_error(suppressMessages(check_data(data, ~ x)), "no complete row")
})

test_that("new data are brought to the training columns", {
  data <- toy_data()
  built <- spec_of(~ x + g + ch, data)
  new <- list(ch = "yes", g = "c", x = 2L)
  columns <- columns_of(built, new)
  expect_equal(names(columns), c("x", "g", "ch"))
  expect_equal(columns$g, factor("c", levels = c("a", "b", "c")))
  expect_equal(columns$ch, factor("yes", levels = c("no", "yes")))
  expect_error(columns_of(built, list(x = 1, g = "new", ch = "yes")),
               "'g'.*'new'", class = "deepregression4j_unseen_level")
  expect_error(term_design(built$terms$loc$g, list(g = "new")),
               class = "deepregression4j_unseen_level")
  expect_error(columns_of(built, list(x = 1, g = "a")), "'ch'",
               class = "deepregression4j_missing_column")
  expect_error(columns_of(built, list(x = NA_real_, g = "a", ch = "yes")),
               "'x'", class = "deepregression4j_missing_value")
  expect_error(columns_of(built, list(x = factor("a"), g = "a", ch = "yes")),
               "'x': expected double", class = "deepregression4j_column_type")
})
