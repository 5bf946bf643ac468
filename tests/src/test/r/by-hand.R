# A predictor (n, columns of the response) computed by R alone: designs of mgcv and model.matrix, networks by
# R's own arithmetic. Only the weights are the engine's.

by_hand <- function(model, parameter, newdata) {
  terms <- model$spec$terms[[parameter]]
  parts <- lapply(terms, function(term) {
    design <- package$term_design(term, newdata)
    switch(term$type,
      offset = design,
      deep = network_by_hand(model, term$spec$network, design) -
        moved_by_hand(model, parameter, term$name, newdata),
      design %*% package$term_coefficients(model, parameter, term$name)
    )
  })
  Reduce(`+`, parts)
}

network_by_hand <- function(model, name, inputs) {
  networks <- package$from_json(model$spec$json)$networks
  network <- Filter(function(network) network$name == name, networks)[[1]]
  values <- stats::setNames(inputs, unlist(network$inputs))
  for (layer in network$layers) {
    from <- values[unlist(layer$inputs)]
    values[[layer$id]] <- layers[[layer$type]](from, layer, function(weight) {
      weight_by_hand(model, paste0(layer$weights, "/", weight))
    })
  }
  values[[network$output]]
}

# What orthogonalisation took from a network and gave to structured terms.
moved_by_hand <- function(model, parameter, deep, newdata) {
  start <- paste0("moved/", parameter, "/", deep, "/")
  entries <- Filter(
    function(entry) startsWith(entry$term, start), model$layout$parameters
  )
  parts <- lapply(entries, function(entry) {
    term <- model$spec$terms[[parameter]][[substring(
      entry$term, nchar(start) + 1
    )]]
    package$term_design(term, newdata) %*% package$entry_weights(model, entry)
  })
  Reduce(`+`, parts, 0)
}

weight_by_hand <- function(model, key) {
  for (entry in model$layout$parameters) {
    if (entry$term == key) return(package$entry_weights(model, entry))
  }
  stop("no weight ", key)
}

along_rows <- function(x, row) matrix(drop(row), nrow(x), ncol(x), byrow = TRUE)

# As Keras defines them, at prediction.
layers <- list(
  dense = function(from, layer, weight) {
    x <- from[[1]] %*% weight("kernel")
    if (!isFALSE(layer$use_bias)) x <- x + along_rows(x, weight("bias"))
    activate(x, layer$activation)
  },
  activation = function(from, layer, weight) {
    activate(from[[1]], layer$activation)
  },
  dropout = function(from, layer, weight) from[[1]],
  batch_normalization = function(from, layer, weight) {
    x <- from[[1]]
    spread <- sqrt(weight("moving_variance") + 0.001)
    along_rows(x, weight("beta")) + along_rows(x, weight("gamma")) *
      (x - along_rows(x, weight("moving_mean"))) / along_rows(x, spread)
  },
  concatenate = function(from, layer, weight) do.call(cbind, unname(from)),
  add = function(from, layer, weight) Reduce(`+`, from)
)

activate <- function(x, name) {
  if (is.null(name)) x else activations[[name]](x)
}

activations <- list(
  linear = identity,
  relu = function(x) pmax(x, 0),
  tanh = tanh,
  sigmoid = stats::plogis,
  softplus = function(x) log1p(exp(x)),
  elu = function(x) ifelse(x > 0, x, expm1(x)),
  selu = function(x) {
    1.0507009873554805 * ifelse(x > 0, x, 1.6732632423543772 * expm1(x))
  },
  leaky_relu = function(x) ifelse(x > 0, x, 0.2 * x),
  swish = function(x) x * stats::plogis(x),
  # The engine's is the tanh form; Keras has it as approximate = TRUE.
  gelu = function(x) x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))),
  softmax = function(x) exp(x) / rowSums(exp(x)),
  exponential = exp
)
