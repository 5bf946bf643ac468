#' Names of the layers of one model
#'
#' Mutable, and alive only while one model's networks are built: the layers seen
#' so far with the names they were given (`dense`, `dense_1`, ... are counted
#' per model, so that a model does not depend on what was built before it).
#'
#' @noRd
layer_scope <- function() {
  list2env(list(layers = list(), names = character(), ids = character()),
    parent = emptyenv()
  )
}

#' The NETWORK entry of the specification for one deep term
#'
#' Applies the user's function to symbolic inputs and reads the layers from what
#' it returns. Call it once per deep term, with the same `scope` for all terms
#' of a model: layers made inside the function are then separate for each term,
#' layer objects made outside of it share their weights.
#'
#' @param fun a function of a tensor (of a list of tensors when there are
#'   several inputs) that returns a tensor; a sequential model is one.
#' @param name name of the network in the specification, unique in the model.
#' @param inputs names of its inputs.
#' @param widths columns of each input, `NA` where not known.
#' @param output_width columns that the result must have, `NA` for any.
#' @param scope a [layer_scope()].
#' @return A list: `name`, `inputs`, `output`, `layers`, as docs/model-spec.md
#'   says. Errors name the network.
#' @noRd
build_network <- function(fun, name, inputs = "input_1",
                          widths = rep(NA, length(inputs)), output_width = NA,
                          scope = layer_scope()) {
  if (!is.function(fun)) {
    refuse("deep model '", name, "' must be a function of a tensor, got ",
      describe_value(fun)
    )
  }
  tensors <- Map(function(input, width) {
    new_tensor(width = width, name = input)
  }, unname(inputs), widths)
  output <- run_network(fun, name, tensors)
  check_output(output, name, output_width)
  nodes <- nodes_of(output)
  check_inputs_known(nodes, tensors, name)
  ids <- node_ids(nodes, name, scope)
  is_input <- vapply(nodes, function(node) is.null(node$layer), NA)
  list(
    name = name, inputs = as.list(unname(inputs)),
    output = ids[length(ids)],
    layers = lapply(which(!is_input), function(i) {
      layer_entry(nodes[[i]], i, nodes, ids, scope)
    })
  )
}

run_network <- function(fun, name, tensors) {
  tryCatch(
    fun(if (length(tensors) == 1) tensors[[1]] else tensors),
    error = function(e) {
      refuse("deep model '", name, "': ", conditionMessage(e))
    }
  )
}

check_output <- function(output, name, output_width) {
  if (!is_tensor(output)) {
    refuse("deep model '", name, "' must return a tensor, got ",
      describe_value(output), ": does its last line return the last layer?"
    )
  }
  if (is.null(output$node$layer)) {
    refuse("deep model '", name, "' returns its input: it has no layer")
  }
  width <- tensor_width(output)
  if (!is.na(output_width) && !is.na(width) && width != output_width) {
    refuse("deep model '", name, "' must return ", output_width,
      if (output_width == 1) " column" else " columns", ", got ", width,
      ": its last layer should have units = ", output_width
    )
  }
}

#' The nodes a tensor depends on, inputs of a node before the node
#' @noRd
nodes_of <- function(output) {
  ordered <- list()
  stack <- list(output$node)
  while (length(stack) > 0) {
    node <- stack[[length(stack)]]
    children <- lapply(node$inputs, function(tensor) tensor$node)
    open <- Filter(function(child) position_of(child, ordered) == 0, children)
    if (length(open) > 0) {
      stack <- c(stack, rev(open))
    } else {
      stack[[length(stack)]] <- NULL
      if (position_of(node, ordered) == 0) ordered <- c(ordered, list(node))
    }
  }
  ordered
}

#' Position of an environment in a list of environments, 0 when it is not there
#' @noRd
position_of <- function(environment, environments) {
  same <- vapply(environments, identical, NA, environment)
  if (any(same)) which(same)[1] else 0L
}

check_inputs_known <- function(nodes, tensors, name) {
  own <- lapply(tensors, function(tensor) tensor$node)
  for (node in nodes) {
    if (is.null(node$layer) && position_of(node, own) == 0) {
      refuse("deep model '", name, "' uses a tensor that is not one of its ",
        "inputs: make tensors inside the function"
      )
    }
  }
}

#' One id per node: an input's name, or the layer's name, numbered when the
#' layer is applied more than once
#' @noRd
node_ids <- function(nodes, name, scope) {
  ids <- character(length(nodes))
  inputs <- unlist(lapply(nodes, function(node) node$name))
  for (i in seq_along(nodes)) {
    layer <- nodes[[i]]$layer
    if (is.null(layer)) {
      ids[i] <- nodes[[i]]$name
      next
    }
    check_name_once(layer, name, nodes[seq_len(i - 1)])
    ids[i] <- free_name(
      name_layer(layer, scope), c(scope$ids, inputs), "_call_"
    )
    scope$ids <- c(scope$ids, ids[i])
  }
  ids
}

check_name_once <- function(layer, name, before) {
  if (is.null(layer$name)) {
    return(invisible())
  }
  for (node in before) {
    other <- node$layer
    if (!is.null(other) && identical(other$name, layer$name) &&
      !identical(other, layer)) {
      refuse("deep model '", name, "' has two layers named '", layer$name, "'")
    }
  }
}

#' The name of a layer in a model, given at its first use
#' @noRd
name_layer <- function(layer, scope) {
  seen <- position_of(layer, scope$layers)
  if (seen > 0) {
    return(scope$names[seen])
  }
  wanted <- if (is.null(layer$name)) layer$type else layer$name
  start <- if (is.null(layer$name)) paste0(wanted, "_1") else wanted
  name <- free_name(start, c(scope$names, scope$ids), "_", wanted)
  scope$layers <- c(scope$layers, list(layer))
  scope$names <- c(scope$names, name)
  name
}

free_name <- function(name, taken, separator, stem = name) {
  number <- 2
  while (name %in% taken) {
    name <- paste0(stem, separator, number)
    number <- number + 1
  }
  name
}

layer_entry <- function(node, i, nodes, ids, scope) {
  layer <- node$layer
  inputs <- lapply(node$inputs, function(tensor) {
    ids[position_of(tensor$node, nodes)]
  })
  weights <- if (layer_rules[[layer$type]]$weights) name_layer(layer, scope)
  c(
    list(id = ids[i], type = layer$type, inputs = inputs),
    drop_null(list(weights = weights)), layer$options
  )
}

#' The networks of a model's deep terms
#'
#' The first term that uses a model gets a network of the model's name, further
#' terms one with a number: their weights are separate.
#'
#' @param terms per parameter a named list of terms; deep terms have `widths`,
#'   the columns of each input.
#' @param networks what [deep_models()] returned, or NETWORK lists, which stay
#'   as they are.
#' @param output_width columns that a network must return.
#' @return A list: `terms`, whose deep terms name their network, and `networks`,
#'   the NETWORK entries.
#' @noRd
networks_of_terms <- function(terms, networks, output_width = 1) {
  scope <- layer_scope()
  built <- Filter(function(network) is.null(network$build), networks)
  name_term <- function(term) {
    head <- term$spec$network
    if (term$type != "deep" || is.null(networks[[head]]$build)) {
      return(term)
    }
    taken <- c(names(built), setdiff(names(networks), head))
    name <- free_name(head, taken, "_")
    built[[name]] <<- build_network(
      networks[[head]]$build, name, networks[[head]]$inputs, term$widths,
      output_width, scope
    )
    term$spec$network <- name
    term
  }
  terms <- lapply(terms, function(predictor) lapply(predictor, name_term))
  list(terms = terms, networks = built)
}
