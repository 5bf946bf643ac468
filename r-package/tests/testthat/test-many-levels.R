# A factor of more levels than a table of contrasts is made for.

many_levels <- function(levels = 1100) {
  set.seed(51)
  g <- factor(c(seq_len(levels), sample(levels, 2 * levels, TRUE)))
  data <- data.frame(g = g, x = runif(length(g)))
  data$y <- 2 * data$x + rnorm(levels)[g] + rnorm(length(g))
  data
}

test_that("as a fixed effect it is that of lm(), in R and in the file", {
  data <- many_levels()
  model <- deepregression(data$y, list(~ 1 + x + g, ~1), data = data)
  fit(model, verbose = FALSE)
  # (X'X) of an intercept per level, without lm()'s decomposition of it all.
  centred <- function(v) v - ave(v, data$g)
  slope <- sum(centred(data$x) * centred(data$y)) / sum(centred(data$x)^2)
  fitted_values <- ave(data$y - slope * data$x, data$g) + slope * data$x
  expect_equal(fitted(model)[, 1], fitted_values, tolerance = 1e-7)
  new <- data.frame(x = 0.5, g = c("1", "17", "1100"))
  means <- tapply(data$y - slope * data$x, data$g, mean)
  expect_equal(predict(model, new)[, 1],
    as.vector(means[new$g]) + slope * 0.5, tolerance = 1e-7
  )
  path <- withr::local_tempfile(fileext = ".onnx")
  export_onnx(model, path)
  # A table of contrasts would have 1100^2 doubles, 10 MB.
  expect_lt(file.size(path), 2e5)
})

test_that("as a random effect it is the shrunken mean", {
  data <- many_levels()
  model <- deepregression(data$y, list(~ 1 + s(g, bs = "re", sp = 1.5), ~1),
    data = data
  )
  fit(model, verbose = FALSE)
  variance <- exp(2 * coef(model, "scale")[[1]][1])
  size <- tabulate(data$g)
  constant <- coef(model)[["(Intercept)"]][1]
  shrunk <- size * (c(tapply(data$y, data$g, mean)) - constant) /
    (size + 2 * 1.5 * variance)
  expect_equal(c(coef(model)[[1]]), unname(shrunk), tolerance = 1e-6)
})
