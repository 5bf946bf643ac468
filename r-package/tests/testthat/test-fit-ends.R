# How a fit can end other than by its last epoch.

end_data <- function(n = 200) {
  set.seed(8)
  data <- data.frame(x = runif(n))
  data$y <- 3 * data$x + rnorm(n)
  data
}

test_that("a loss that is not a number warns and restores the model", {
  data <- end_data()
  model <- deepregression(data$y, list(~ 1 + x, ~1), data = data)
  fit(model, epochs = 1, verbose = FALSE, optimizer = optimizer_adam())
  before <- model$state$weights
  expect_warning(
    history <- fit(model,
      epochs = 50, verbose = FALSE, optimizer = optimizer_sgd(1e6)
    ),
    "no longer a number in epoch .*parameter '(loc|scale)'",
    class = "deepregression4j_not_finite"
  )
  expect_identical(history$stop, "not_finite")
  expect_true(all(is.finite(model$state$weights)))
  if (length(history$metrics$loss) == 0) {
    expect_identical(model$state$weights, before)
  }
  expect_output(print(model), "loss not a number")
  expect_output(print(history), "no longer a number")
  expect_true(all(is.finite(predict(model))))
})

test_that("early stopping says so and keeps the best weights", {
  data <- end_data()
  model <- deepregression(data$y, list(~ 1 + d(x), ~1), function(x) {
    x %>% layer_dense(32, "relu") %>% layer_dense(1)
  }, data = data)
  held_out <- 181:200
  expect_message(
    history <- fit(model,
      epochs = 500, early_stopping = TRUE, patience = 4,
      optimizer = optimizer_adam(0.1)
    ),
    "val_loss has not improved since epoch"
  )
  expect_identical(history$stop, "early")
  expect_match(history$message, "with the weights of epoch")
  best <- which.min(history$metrics$val_loss)
  expect_identical(history$best_epoch, best)
  expect_identical(length(history$metrics$loss), best + 4L)
  score <- log_score(model, data[held_out, , drop = FALSE], data$y[held_out])
  expect_equal(-mean(score), min(history$metrics$val_loss), tolerance = 1e-8)
  expect_output(print(model), "stopped early")
})

test_that("an interrupt in the middle of an epoch leaves a usable model", {
  skip_on_os("windows")
  out <- tempfile()
  code <- c(
    paste0(".libPaths(", paste(deparse(.libPaths()), collapse = ""), ")"),
    "library(deepregression4j)", "set.seed(1)", "n <- 100000",
    "d <- data.frame(x = runif(n))", "d$y <- d$x + rnorm(n)",
    "net <- function(x) x %>% layer_dense(256, 'relu') %>%",
    "  layer_dense(256, 'relu') %>% layer_dense(1)",
    "m <- deepregression(d$y, list(~ d(x), ~1), net, data = d)",
    "before <- m$state$weights", "cat('pid', Sys.getpid(), '\\n')",
    "r <- tryCatch(fit(m, epochs = 1000, verbose = FALSE,",
    "  optimizer = optimizer_adam()), interrupt = function(i) 'interrupted')",
    "cat('result', r, '\\n')",
    "cat('moved', !identical(m$state$weights, before), '\\n')",
    "cat('finite', all(is.finite(predict(m, d[1:9, , drop = FALSE]))), '\\n')",
    "fit(m, epochs = 1, batch_size = n, verbose = FALSE,",
    "  optimizer = optimizer_adam())", "print(m)"
  )
  script <- withr::local_tempfile(lines = code, fileext = ".R")
  system2(file.path(R.home("bin"), "Rscript"), c("--vanilla", script),
    stdout = out, stderr = out, wait = FALSE
  )
  said <- function(what, seconds) {
    for (i in seq_len(seconds * 5)) {
      lines <- if (file.exists(out)) readLines(out, warn = FALSE)
      if (any(grepl(what, lines))) return(lines)
      Sys.sleep(0.2)
    }
    fail(paste(c(what, lines), collapse = "\n"))
  }
  ready <- grep("^pid", said("^pid", 60), value = TRUE)
  pid <- as.integer(sub("pid ", "", ready))
  Sys.sleep(3)
  tools::pskill(pid, tools::SIGINT)
  lines <- said("^State", 60)
  expect_true(any(grepl(
    "epoch [0-9]+ of 1000 after [0-9]+ of 2813 batches", lines
  )), info = paste(lines, collapse = "\n"))
  expect_true("result interrupted " %in% lines)
  expect_true("moved TRUE " %in% lines)
  expect_true("finite TRUE " %in% lines)
})

test_that("saved weights are those of each epoch", {
  data <- end_data()
  model <- deepregression(data$y, list(~ 1 + x, ~1), data = data)
  history <- fit(model,
    epochs = 3, save_weights = TRUE, verbose = FALSE,
    optimizer = optimizer_adam()
  )
  expect_identical(dim(history$weighthistory), c(3L, 3L))
  expect_identical(history$weighthistory[, 3], model$state$weights)
})
