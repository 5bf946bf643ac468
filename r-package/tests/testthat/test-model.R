line_data <- function() {
  set.seed(7)
  data <- data.frame(x = runif(40), z = runif(40))
  data$y <- 1 + 2 * data$x - data$z + rnorm(40, sd = 0.1)
  data
}

line_model <- function(data = line_data(), ...) {
  deepregression(data$y, list(loc = ~ 1 + x + z, scale = ~1), data = data, ...)
}

test_that("a fit changes the model in place and coef() gives its weights", {
  local_engine()
  data <- line_data()
  model <- line_model(data)
  history <- fit(model, epochs = 3, verbose = FALSE)
  oracle <- coef(lm(y ~ x + z, data))
  found <- coef(model)
  expect_identical(names(found), c("x", "z", "(Intercept)"))
  expect_equal(unlist(found, use.names = FALSE), unname(oracle[c(2, 3, 1)]))
  expect_identical(dim(found$x), c(1L, 1L))
  expect_identical(names(coef(model, which_param = "scale")), "(Intercept)")
  expect_length(coef(model, type = "smooth"), 0)
  expect_identical(history$metrics$loss, c(3, 2, 1))
  expect_identical(model$state$history, history)
})

test_that("predictions are matrices of the right numbers", {
  local_engine()
  data <- line_data()
  model <- line_model(data)
  model %>% fit(verbose = FALSE)
  oracle <- lm(y ~ x + z, data)
  expect_equal(fitted(model), matrix(fitted(oracle)))
  expect_equal(mean(model), fitted(model))
  new <- data.frame(x = c(0, NA, 1), z = c(1, 1, 0))
  expect_equal(
    predict(model, new), matrix(predict(oracle, new)),
    ignore_attr = TRUE
  )
  both <- predict(model, new, type = "parameters")
  expect_identical(colnames(both), c("loc", "scale"))
  expect_equal(both[, "loc"], unname(predict(oracle, new)))
  terms <- predict(model, new[-2, ], type = "terms")
  expect_equal(rowSums(terms), unname(predict(oracle, new[-2, ])))
  expect_identical(dim(predict(model, new[0, ])), c(0L, 1L))
  sigma <- sqrt(mean(residuals(oracle)^2))
  expect_equal(stddev(model)[1], sigma)
  expect_equal(residuals(model, "pearson"), matrix(residuals(oracle) / sigma))
  expect_equal(
    log_score(model, data, data$y),
    matrix(dnorm(data$y, fitted(oracle), sigma, log = TRUE))
  )
  expect_error(predict(model, new, newdata2 = 1), "newdata2")
  expect_error(log_score(model, data), "this_y")
})

test_that("partial effects and design matrices belong to one term", {
  local_engine()
  model <- line_model()
  fit(model, verbose = FALSE)
  new <- data.frame(x = c(1, 2))
  expect_equal(
    get_partial_effect(model, "x", newdata = new),
    matrix(c(1, 2) * coef(model)$x[1])
  )
  expect_equal(
    get_partial_effect(model, "x", TRUE, newdata = new), matrix(c(1, 2)),
    ignore_attr = TRUE
  )
  expect_error(get_partial_effect(model, "w"), "no term 'w'.*'x', 'z'")
  expect_identical(plot(model), "No smooth effects. Nothing to plot.")
})

test_that("a saved model predicts the same in another session", {
  local_engine()
  model <- line_model()
  fit(model, verbose = FALSE)
  before <- predict(model, type = "parameters")
  file <- withr::local_tempfile(fileext = ".rds")
  saveRDS(model, file)
  again <- readRDS(file)
  # A new engine knows none of the handles that the file mentions.
  local_engine()
  expect_identical(predict(again, type = "parameters"), before)
  expect_identical(coef(again), coef(model))
  fit(again, verbose = FALSE)
  expect_equal(predict(again, type = "parameters"), before)
})

test_that("the engine holds no table longer than needed", {
  engine <- local_engine()
  model <- line_model()
  fit(model, verbose = FALSE)
  kept <- length(ls(engine$things))
  predict(model, line_data())
  log_score(model, line_data(), line_data()$y)
  expect_length(ls(engine$things), kept)
})

test_that("options of fit that are not given are not passed", {
  engine <- local_engine()
  model <- line_model(optimizer = optimizer_adam(lr = 0.1))
  options <- function(...) {
    fit(model, verbose = FALSE, ...)
    engine$options()
  }
  expect_identical(
    options(),
    list(optimizer = list(type = "adam", learning_rate = 0.1), seed = 1982L)
  )
  expect_identical(options(validation_split = NULL)$validation_split, 0L)
  given <- options(
    epochs = 7, batch_size = 10, patience = 3, shuffle = FALSE,
    optimizer = optimizer_sgd(0.5)
  )
  expect_equal(given, list(
    epochs = 7, batch_size = 10, patience = 3, shuffle = FALSE,
    optimizer = list(type = "sgd", learning_rate = 0.5), seed = 1982
  ))
  expect_error(fit(model, epocs = 5), "no argument .epocs.")
  expect_error(fit(model, epochs = -1), "epochs.*at least 0, got -1")
  expect_error(fit(model, callbacks = list(1)), "callbacks")
})

test_that("weights of rows reach the fit", {
  local_engine()
  data <- line_data()
  w <- seq_len(40)
  oracle <- coef(lm(y ~ x + z, data, weights = w))
  by_fit <- line_model(data)
  fit(by_fit, sample_weight = w, verbose = FALSE)
  expect_equal(coef(by_fit)$x[1], oracle[["x"]])
  by_model <- line_model(data, weights = w)
  fit(by_model, verbose = FALSE)
  expect_equal(coef(by_model), coef(by_fit))
  expect_error(fit(by_fit, sample_weight = 1:3), "40 numbers, one per row")
  expect_error(line_model(data, weight = w), "'weight'")
})

test_that("an interrupted fit leaves the model usable and says how far it came", {
  engine <- fake_engine()
  engine$bindings$java_job <- function(job, result = NULL, progress = FALSE,
                                       numbers = character(),
                                       on_interrupt = NULL) {
    on_interrupt(list(
      epoch = 3, epochs = 10, batch = 4, batches = 9,
      numbers = list(loss = c(3, 2))
    ))
    signalCondition(structure(
      class = c("interrupt", "condition"), list(message = "", call = NULL)
    ))
    stop("not reached: the caller unwinds")
  }
  good <- local_engine()
  model <- line_model()
  job <- engine$bindings$java_job
  local_engine(list(bindings = list(java_job = job)))
  expect_message(
    tryCatch(fit(model, verbose = FALSE), interrupt = function(i) NULL),
    "epoch 3 of 10 after 4 of 9 batches"
  )
  expect_equal(model$state$epochs, 2)
  expect_output(print(model), "interrupted, 2 epochs, loss 2")
  local_engine(list(bindings = good$bindings["java_job"]))
  expect_true(all(is.finite(predict(model))))
})

test_that("what users write wrongly is named", {
  local_engine()
  data <- line_data()
  one <- list(~ 1 + x, ~1)
  expect_error(
    deepregression(data$y, one, family = "normalish", data = data),
    "\"normalish\".*normal, poisson"
  )
  expect_error(deepregression(data$y[-1], one, data = data), "40.*39|39.*40")
  expect_error(deepregression(data$y, one[1], data = data), "2 parameters")
  expect_warning(
    deepregression(data$y, c(one, ~z), data = data), "not used"
  )
  expect_error(
    deepregression(data$y, list(~ 1 + w, ~1), data = data), "'w'"
  )
  expect_error(
    deepregression(data$y, list(~ 1 + deep(x), ~1), data = data), "'deep'"
  )
  expect_error(
    deepregression(data$y, list(~ d(x), ~1),
      function(x) layer_dense(x, 2), data = data
    ),
    "'d' must return 1 column, got 2"
  )
  expect_error(deepregression(data$y, one, "net", data = data), "'d'.*function")
  expect_error(deepregression(factor(data$y), one, data = data), "factor")
  expect_error(deepregression(data$y, one), "`data` is missing")
  data$y[3] <- Inf
  expect_error(deepregression(data$y, one, data = data), "infinite.*row 3")
})

test_that("rows with missing values are dropped with a message", {
  local_engine()
  data <- line_data()
  data$x[2] <- NA
  data$y[5] <- NA
  data$unused <- NA
  expect_message(model <- line_model(data), "2 of 40.*'x'")
  expect_identical(model$n, 38L)
  fit(model, verbose = FALSE)
  expect_equal(
    coef(model)$x[1], coef(lm(y ~ x + z, data))[["x"]]
  )
})

test_that("a response outside the support is a warning of the fit", {
  local_engine()
  data <- line_data()
  model <- deepregression(data$y, list(~ 1 + x), family = "poisson", data = data)
  expect_warning(
    try(fit(model, verbose = FALSE), silent = TRUE), "is count; 40 of 40 rows"
  )
})

test_that("a model used by two terms has two networks in the specification", {
  local_engine()
  data <- line_data()
  outer <- layer_dense(units = 3, name = "shared")
  net <- function(x) x %>% outer() %>% layer_dense(1)
  model <- deepregression(data$y, list(~ d(x), ~ 1 + d(x)), net, data = data)
  spec <- jsonlite::fromJSON(model$spec$json, simplifyVector = FALSE)
  expect_identical(
    vapply(spec$networks, function(n) n$name, ""), c("d", "d_2")
  )
  used <- unlist(lapply(spec$predictors, function(p) {
    lapply(p$terms, function(t) t$network)
  }))
  expect_identical(used, c("d", "d_2"))
  shared <- lapply(spec$networks, function(n) {
    vapply(n$layers, function(l) l$weights, "")
  })
  expect_identical(shared, list(c("shared", "dense_1"), c("shared", "dense_2")))
})

test_that("a function of two tensors gets one argument of the term each", {
  local_engine()
  data <- line_data()
  model <- deepregression(data$y, list(~ d(x, z), ~1), function(a, b) {
    layer_concatenate(layer_dense(a, 2), b) %>% layer_dense(1)
  }, data = data)
  spec <- jsonlite::fromJSON(model$spec$json, simplifyVector = FALSE)
  expect_identical(spec$networks[[1]]$inputs, list("a", "b"))
  expect_length(spec$predictors[[1]]$terms[[1]]$inputs, 2)
})

test_that("print and summary fit on a screen and show the state", {
  local_engine()
  model <- line_model()
  expect_output(print(model), "Total params: 4\nState: not trained")
  fit(model, verbose = FALSE)
  expect_output(print(model), "trained, 3 epochs, loss 1")
  table <- summary(model)
  expect_equal(
    table$coefficients$loc[, "Estimate"],
    c(x = coef(model)$x[1], z = coef(model)$z[1],
      "(Intercept)" = coef(model)[["(Intercept)"]][1])
  )
  expect_equal(unname(table$coefficients$loc[, "Std. Error"]), rep(0.1, 3))
  lines <- capture.output(print(table))
  expect_lt(length(lines), 24)
  expect_true(all(nchar(lines) <= 80))
})

test_that("the history can be printed, plotted and put in a data frame", {
  history <- structure(list(
    metrics = list(loss = c(3, 1, 2), val_loss = c(4, 3, 5)),
    params = list(epochs = 3)
  ), class = "deepregression_history")
  expect_output(print(history), "loss +last 2, best 1 in epoch 2")
  table <- as.data.frame(history)
  expect_identical(table$value, c(3, 1, 2, 4, 3, 5))
  expect_identical(unique(table$data), c("training", "validation"))
  expect_identical(unique(table$metric), "loss")
  file <- withr::local_tempfile(fileext = ".png")
  grDevices::png(file, type = "cairo")
  plot(history)
  grDevices::dev.off()
  expect_gt(file.size(file), 1000)
})

test_that("weights can be drawn anew and looked up by name", {
  local_engine()
  model <- line_model(seed = 1L)
  first <- model$state$weights
  reinit_weights(model, 2L)
  expect_false(isTRUE(all.equal(model$state$weights, first)))
  expect_identical(line_model(seed = 2L)$state$weights, model$state$weights)
  expect_identical(get_weight_by_name(model, "x"), coef(model)$x)
  expect_error(get_weight_by_name(model, "w"), "no weight.*'w'.*'x'")
})

test_that("export writes a file and refuses what is not a path", {
  local_engine()
  model <- line_model()
  file <- withr::local_tempfile(fileext = ".onnx")
  expect_identical(basename(export_onnx(model, file)), basename(file))
  expect_true(file.exists(file))
  expect_error(export_onnx(model, "/no/such/folder/m.onnx"), "does not exist")
  expect_error(export_onnx(1, file), "deepregression model")
})

test_that("degrees of freedom of a penalty are those that lambda was made for", {
  data(mcycle, package = "MASS", envir = environment())
  smooth <- mgcv::smoothCon(mgcv::s(times, k = 10), mcycle)[[1]]
  # lambda for df = 6, from the reference numbers.
  expect_equal(
    penalty_df(smooth$X, 0.11446734 * smooth$S[[1]]), 6,
    tolerance = 1e-6
  )
  expect_equal(penalty_df(smooth$X, NULL), 10)
})
