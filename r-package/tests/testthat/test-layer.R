ids <- function(network) vapply(network$layers, function(l) l$id, "")
types <- function(network) vapply(network$layers, function(l) l$type, "")
weights_of <- function(network) {
  unlist(lapply(network$layers, function(l) l$weights))
}

test_that("a pipe of layers becomes a list in the order of application", {
  network <- build_network(function(x) {
    x %>%
      layer_dense(8, activation = "relu") %>%
      layer_dropout(0.25) %>%
      layer_dense(1, use_bias = FALSE)
  }, "deep", "input_1", 3, 1)
  expect_identical(network, list(
    name = "deep", inputs = list("input_1"), output = "dense_2",
    layers = list(
      list(
        id = "dense_1", type = "dense", inputs = list("input_1"),
        weights = "dense_1", units = 8, activation = "relu"
      ),
      list(
        id = "dropout_1", type = "dropout", inputs = list("dense_1"),
        rate = 0.25
      ),
      list(
        id = "dense_2", type = "dense", inputs = list("dropout_1"),
        weights = "dense_2", units = 1, use_bias = FALSE
      )
    )
  ))
})

test_that("every way of composing gives the same network", {
  expected <- build_network(function(x) {
    x %>% layer_dense(8) %>% layer_dense(1)
  }, "d")
  hidden <- function() layer_dense(units = 8)
  ways <- list(
    nested = function(x) layer_dense(layer_dense(x, 8), 1),
    objects = function(x) layer_dense(units = 1)(hidden()(x)),
    piped_objects = function(x) {
      first <- hidden()
      last <- layer_dense(units = 1)
      x %>% first() %>% last
    },
    sequential = keras_model_sequential() %>% layer_dense(8) %>%
      layer_dense(1),
    listed = keras_model_sequential(list(hidden(), layer_dense(units = 1)))
  )
  for (way in names(ways)) {
    expect_identical(build_network(ways[[way]], "d"), expected, info = way)
  }
})

test_that("the native pipe composes as well", {
  skip_if(getRversion() < "4.1", "the native pipe needs R 4.1")
  # Parsed here because the package's own grammar is that of R 3.5.
  net <- eval(parse(text = paste(
    "function(x) x |> layer_dense(8) |> layer_activation_relu() |>",
    "layer_dense(1)"
  )))
  expect_identical(
    types(build_network(net, "d")), c("dense", "activation", "dense")
  )
})

test_that("a sequential model grows in place, as in Keras", {
  model <- keras_model_sequential()
  model %>% layer_dense(4)
  model %>% layer_dense(1)
  expect_length(build_network(model, "d")$layers, 2)
})

test_that("one layer object applied twice shares weights, two objects do not", {
  network <- build_network(function(x) {
    shared <- layer_dense(units = 4)
    layer_concatenate(list(shared(x), shared(x))) %>% layer_dense(1)
  }, "d", widths = 4)
  expect_identical(weights_of(network), c("dense_1", "dense_1", "dense_2"))
  expect_identical(anyDuplicated(ids(network)), 0L)

  two <- build_network(function(x) {
    layer_add(list(layer_dense(x, 4), layer_dense(x, 4))) %>% layer_dense(1)
  }, "d")
  expect_identical(weights_of(two), c("dense_1", "dense_2", "dense_3"))
})

test_that("one scope keeps layers of a model apart and shares closed-over ones", {
  outer <- layer_dense(units = 4, name = "shared")
  net <- function(x) x %>% outer() %>% layer_dense(1)
  scope <- layer_scope()
  first <- build_network(net, "loc", scope = scope)
  second <- build_network(net, "scale", scope = scope)
  expect_identical(weights_of(first), c("shared", "dense_1"))
  expect_identical(weights_of(second), c("shared", "dense_2"))
  expect_length(intersect(ids(first), ids(second)), 0)
  # A later model starts anew: names do not depend on what was built before.
  expect_identical(build_network(net, "loc"), first)
})

test_that("the name of a layer made in a function called twice is numbered", {
  net <- function(x) layer_dense(x, 1, name = "last")
  scope <- layer_scope()
  build_network(net, "a", scope = scope)
  expect_identical(weights_of(build_network(net, "b", scope = scope)), "last_2")
})

test_that("branches keep topological order and widths add up", {
  tensor <- NULL
  network <- build_network(function(x) {
    left <- layer_dense(x, 3)
    right <- x %>% layer_dense(5) %>% layer_activation("tanh")
    joined <- layer_concatenate(left, right)
    tensor <<- joined
    layer_dense(joined, 1)
  }, "d")
  expect_equal(tensor_width(tensor), 8)
  seen <- unlist(network$inputs)
  for (layer in network$layers) {
    expect_true(all(unlist(layer$inputs) %in% seen), info = layer$id)
    seen <- c(seen, layer$id)
  }
})

test_that("a skip connection does not repeat its layer", {
  network <- build_network(function(x) {
    hidden <- layer_dense(x, 4)
    (hidden + layer_dense(hidden, 4)) %>% layer_dense(1)
  }, "d")
  expect_identical(ids(network), c("dense_1", "dense_2", "add_1", "dense_3"))
  expect_identical(network$layers[[3]]$inputs, list("dense_1", "dense_2"))
})

test_that("a function of several inputs gets a list", {
  network <- build_network(function(x) {
    layer_concatenate(list(layer_dense(x[[1]], 2), x[[2]])) %>% layer_dense(1)
  }, "two", c("image", "text"), c(3, 4), 1)
  expect_identical(network$inputs, list("image", "text"))
  expect_identical(network$layers[[2]]$inputs, list("dense_1", "text"))
})

test_that("what is not given is not passed on", {
  network <- build_network(function(x) {
    x %>% layer_batch_normalization() %>% layer_dense(1)
  }, "d")
  expect_setequal(names(network$layers[[1]]), c("id", "type", "inputs", "weights"))
  expect_identical(unclass(optimizer_adam()), list(type = "adam"))
})

test_that("options reach the layer", {
  network <- build_network(function(x) {
    layer_dense(x, 1,
      activation = activation_softplus, name = "last",
      kernel_initializer = "he_normal",
      bias_initializer = initializer_constant(0.5),
      kernel_regularizer = regularizer_l1_l2(0.1, 0.2)
    )
  }, "d")
  expect_identical(network$layers[[1]][-(1:3)], list(
    weights = "last", units = 1, activation = "softplus",
    kernel_initializer = list(type = "he_normal"),
    bias_initializer = list(type = "constant", value = 0.5),
    kernel_regularizer = list(l1 = 0.1, l2 = 0.2)
  ))
})

test_that("activations are strings or functions, from one table", {
  expect_identical(as_activation(tanh), "tanh")
  expect_identical(as_activation(exp), "exponential")
  for (name in activation_names) {
    verb <- get(paste0("layer_activation_", name))
    network <- build_network(verb(), "d")
    expect_identical(network$layers[[1]]$activation, name)
    expect_identical(as_activation(get(paste0("activation_", name))), name)
  }
  expect_error(layer_dense(units = 1, activation = "rellu"), "\"rellu\".*relu")
  expect_error(layer_dense(units = 1, activation = sin), "unknown activation")
})

test_that("the JSON of a network keeps lists as lists and numbers as numbers", {
  network <- build_network(function(x) layer_dense(x, 1), "d")
  json <- jsonlite::toJSON(network, auto_unbox = TRUE, digits = NA)
  expect_identical(as.character(json), paste0(
    "{\"name\":\"d\",\"inputs\":[\"input_1\"],\"output\":\"dense_1\",",
    "\"layers\":[{\"id\":\"dense_1\",\"type\":\"dense\",",
    "\"inputs\":[\"input_1\"],\"weights\":\"dense_1\",\"units\":1}]}"
  ))
})

test_that("a wrong network says which one and why", {
  expect_error(build_network("relu", "deep"), "'deep' must be a function")
  expect_error(build_network(function(x) 3, "deep"), "'deep'.*tensor, got 3")
  expect_error(build_network(function(x) x, "deep"), "'deep'.*no layer")
  expect_error(
    build_network(function(x) layer_dense(x, 2), "deep", output_width = 1),
    "'deep' must return 1 column, got 2"
  )
  expect_error(
    build_network(function(x) layer_dense(x, 2, input_shape = 4), "deep",
      widths = 3
    ),
    "'deep'.*input_shape says 4.*3"
  )
  expect_error(
    build_network(function(x) {
      layer_add(layer_dense(x, 2), layer_dense(x, 3))
    }, "deep"),
    "'deep'.*same width, got 2, 3"
  )
  expect_error(
    build_network(function(x) {
      layer_concatenate(
        layer_dense(x, 2, name = "a"), layer_dense(x, 2, name = "a")
      )
    }, "deep"),
    "two layers named 'a'"
  )
  stray <- new_tensor(name = "stray")
  expect_error(
    build_network(function(x) layer_dense(stray, 1), "deep"),
    "not one of its inputs"
  )
})

test_that("wrong arguments are refused where they are written", {
  expect_error(layer_dense(8), "units")
  expect_error(layer_dense(8, 2), "layer_dense\\(units = 8\\)")
  expect_error(layer_dense(units = 0), "at least 1, got 0")
  expect_error(layer_dense(units = 2.5), "whole number")
  expect_error(layer_dense(units = NaN), "got NaN")
  expect_error(layer_dropout(rate = 1.5), "0 to 1, got 1.5")
  expect_error(layer_dropout(rate = 1), "less than 1")
  expect_error(layer_dense(units = 1, kernel_initializer = "glorot"), "glorot_")
  expect_error(layer_dense(units = 1, kernel_regularizer = 0.1), "regularizer_")
  expect_error(optimizer_adam(0.1, lr = 0.1), "not both")
  expect_error(as_optimizer("adagrad"), "optimizer_adam")
  expect_identical(
    unclass(optimizer_adam(lr = 0.1)), unclass(optimizer_adam(0.1))
  )
})
