draw_png <- function(code) {
  file <- tempfile(fileext = ".png")
  grDevices::png(file, type = "cairo")
  value <- tryCatch(force(code), finally = grDevices::dev.off())
  list(value = value, size = file.size(file))
}

# A model of smooths whose weights are drawn, so that effects differ from 0.
smooth_model <- function(formula, data, engine) {
  model <- deepregression(data$y, list(formula, ~1), data = data)
  for (name in names(model$spec$terms$loc)) {
    local({
      term <- model$spec$terms$loc[[name]]
      engine$designs[[name]] <- function(table) term_design(term, table)
    })
  }
  model
}

plot_data <- function(n = 60) {
  set.seed(3)
  data.frame(
    x = runif(n), z = runif(n), g = factor(rep(c("a", "b", "c"), n / 3)),
    y = rnorm(n)
  )
}

test_that("a smooth of one variable is its design times its coefficients", {
  engine <- local_engine()
  data <- plot_data()
  model <- smooth_model(~ 1 + s(x, df = 4), data, engine)
  drawn <- draw_png(plot(model))
  expect_gt(drawn$size, 1000)
  effect <- drawn$value[["s(x, df = 4)"]]
  expect_identical(
    names(effect),
    c("org_feature_name", "value", "design_mat", "coef", "partial_effect")
  )
  expect_identical(effect$org_feature_name, "x")
  expect_identical(effect$value$x, data$x)
  expect_identical(effect$coef, coef(model)[[1]])
  expect_equal(
    effect$partial_effect, effect$design_mat %*% effect$coef,
    ignore_attr = TRUE
  )
  # The zero constraint is on the training data.
  expect_lt(abs(sum(effect$partial_effect)), 1e-8)
  expect_equal(
    get_partial_effect(model, "s(x)"), effect$partial_effect
  )
})

test_that("a smooth of two variables is drawn on a grid over their ranges", {
  engine <- local_engine()
  data <- plot_data()
  model <- smooth_model(~ 1 + te(x, z, k = 4), data, engine)
  drawn <- draw_png(plot(model, grid_length = 7))
  expect_gt(drawn$size, 1000)
  effect <- drawn$value[[1]]
  expect_identical(dim(effect$df), c(49L, 2L))
  expect_identical(range(effect$x), range(data$x))
  expect_identical(range(effect$y), range(data$z))
  expect_identical(dim(effect$partial_effect), c(49L, 1L))
  at <- get_partial_effect(model, names(drawn$value), newdata = effect$df[13, ])
  expect_equal(effect$partial_effect[13, , drop = FALSE], at)
})

test_that("contours are white where mgcv would leave them white", {
  set.seed(2)
  data <- data.frame(x = rnorm(50), z = runif(50)^3 * 100)
  grid <- expand.grid(
    x = seq(min(data$x), max(data$x), length.out = 30),
    z = seq(min(data$z), max(data$z), length.out = 30)
  )
  oracle <- mgcv::exclude.too.far(grid$x, grid$z, data$x, data$z, 0.1)
  # Data are rounded to a hundredth of the range: a few points at the border.
  expect_lt(mean(far_from_data(grid, data, 0.1) != oracle), 0.03)
  expect_gt(mean(oracle), 0.2)
})

test_that("by variables and random effects are drawn", {
  engine <- local_engine()
  data <- plot_data()
  model <- smooth_model(
    ~ 1 + s(x, by = g, k = 5) + s(g, bs = "re") + s(log(x), k = 5), data, engine
  )
  drawn <- draw_png(plot(model))
  expect_length(drawn$value, 3)
  expect_gt(drawn$size, 1000)
  expect_equal(drawn$value[[3]]$value[[1]], log(data$x))
  some <- plot(model, which = 2, only_data = TRUE)
  expect_length(some, 1)
  expect_identical(some[[1]], drawn$value[[2]])
  expect_error(plot(model, which = 4), "1 to 3")
})

test_that("the summary shows the degrees of freedom that were asked for", {
  local_engine()
  data <- plot_data()
  model <- deepregression(
    data$y, list(~ 1 + s(x, df = 4, zerocons = FALSE) + s(z), ~1), data = data
  )
  found <- summary(model)$smooths$loc
  expect_identical(found$columns, c(10L, 9L))
  expect_equal(found$df, c(4, 9), tolerance = 1e-5)
  expect_output(print(summary(model)), "s\\(x, df = 4")
})
