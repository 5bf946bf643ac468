# Every layer, activation, initializer and regularizer of the keras verbs goes
# through the engine: it trains, predicts and is exported.

layer_data <- function() {
  set.seed(6)
  data <- data.frame(x = runif(80), z = rnorm(80))
  data$y <- data$x^2 + rnorm(80) / 5
  data
}

train_net <- function(net, formula = ~ 1 + d(x, z), data = layer_data()) {
  model <- deepregression(data$y, list(formula, ~1), net, data = data)
  fit(model, epochs = 2, verbose = FALSE, optimizer = optimizer_adam())
  model
}

expect_trains <- function(net, info, ...) {
  model <- train_net(net, ...)
  expect_true(all(is.finite(model$state$weights)), info = info)
  expect_true(all(diff(range(predict(model))) > 0), info = info)
  file <- withr::local_tempfile(fileext = ".onnx")
  export_onnx(model, file)
  expect_gt(file.size(file), 100)
}

# The activations as base R has them (Keras 2).
activation_oracles <- list(
  linear = function(x) x, relu = function(x) pmax(x, 0), tanh = tanh,
  sigmoid = stats::plogis, softplus = function(x) log1p(exp(x)),
  elu = function(x) ifelse(x > 0, x, expm1(x)),
  selu = function(x) {
    1.0507009873554805 * ifelse(x > 0, x, 1.6732632423543772 * expm1(x))
  },
  leaky_relu = function(x) ifelse(x > 0, x, 0.2 * x),
  swish = function(x) x * stats::plogis(x),
  gelu = function(x) {
    x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3)))
  },
  softmax = function(x) exp(x) / rowSums(exp(x)), exponential = exp
)

test_that("a dense layer with each activation is what base R computes", {
  expect_setequal(names(activation_oracles), activation_names)
  data <- layer_data()
  for (name in activation_names) {
    model <- train_net(function(x) {
      x %>% layer_dense(3, name, name = "hidden") %>%
        layer_dense(1, name = "out")
    })
    hidden <- get_weight_by_name(model, "hidden")
    out <- get_weight_by_name(model, "out")
    x <- cbind(data$x, data$z) %*% hidden[["hidden/kernel"]]
    x <- sweep(x, 2, hidden[["hidden/bias"]], "+")
    x <- activation_oracles[[name]](x) %*% out[["out/kernel"]]
    effect <- x + out[["out/bias"]][1]
    expect_equal(predict(model, type = "terms")[, "d(x, z)"], drop(effect),
      tolerance = 1e-10, info = name
    )
    verb <- get(paste0("layer_activation_", name))
    expect_trains(function(x) {
      verb(layer_dense(x, 3)) %>% layer_dense(1)
    }, name)
  }
})

test_that("every initializer and regularizer trains", {
  for (type in initializer_types) {
    expect_trains(function(x) {
      x %>% layer_dense(3, "tanh", kernel_initializer = type,
        bias_initializer = get(paste0("initializer_", type))()
      ) %>% layer_dense(1)
    }, type)
  }
  for (penalty in list(
    regularizer_l1(0.1), regularizer_l2(0.1), regularizer_l1_l2(0.1, 0.2)
  )) {
    expect_trains(function(x) {
      x %>% layer_dense(3, "tanh", kernel_regularizer = penalty,
        bias_regularizer = penalty
      ) %>% layer_dense(1)
    }, "regularizer")
  }
})

test_that("every way to compose a network trains", {
  ways <- list(
    layers = function(x) {
      x %>% layer_dense(4, "relu") %>% layer_batch_normalization() %>%
        layer_dropout(0.3) %>% layer_dense(1)
    },
    objects = function(x) layer_dense(units = 1)(layer_dense(units = 3)(x)),
    branches = function(x) {
      h <- layer_dense(x, 4, "tanh")
      layer_concatenate(
        list(layer_dense(h, 2), layer_add(h, layer_dense(x, 4)))
      ) %>% layer_dense(1)
    },
    sequential = keras_model_sequential() %>% layer_dense(3, "relu") %>%
      layer_dense(1),
    inputs = function(a, b) {
      layer_concatenate(layer_dense(a, 3), layer_dense(b, 2)) %>%
        layer_dense(1)
    }
  )
  if (getRversion() >= "4.1") {
    ways$native <- eval(parse(
      text = "function(x) x |> layer_dense(4, \"tanh\") |> layer_dense(1)"
    ))
  }
  for (name in names(ways)) expect_trains(ways[[name]], name)
  expect_trains(ways$inputs, "cbind", ~ 1 + d(cbind(x, z), x))
})

test_that("layer objects in two formulas share their weights", {
  data <- layer_data()
  hidden <- layer_dense(units = 5, activation = "relu")
  out <- layer_dense(units = 1)
  both <- list(~ 1 + d(x), ~ 1 + d(x))
  shared <- deepregression(
    data$y, both, function(x) x %>% hidden %>% out, data = data
  )
  apart <- deepregression(data$y, both, function(x) {
    x %>% layer_dense(5, "relu") %>% layer_dense(1)
  }, data = data)
  expect_identical(length(shared$state$weights), 2L + 16L)
  expect_identical(length(apart$state$weights), 2L + 32L)
  fit(shared, epochs = 2, verbose = FALSE, optimizer = optimizer_adam())
  effect <- function(model, which) {
    predict(model, type = "terms", which_param = which)[, "d(x)"]
  }
  expect_equal(effect(shared, 1), effect(shared, 2), tolerance = 1e-12)
  expect_false(isTRUE(all.equal(effect(apart, 1), effect(apart, 2))))
})
