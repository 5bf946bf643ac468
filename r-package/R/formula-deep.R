# name(a, b): the inputs of a deep network. Numeric and logical columns enter
# as they are, matrices with all their columns, a factor as one dummy column
# per level (an embedding is a layer's business). A network with one input gets
# everything side by side; with several, the i-th argument is the i-th input.
deep_term <- function(parsed, context) {
  network <- context$networks[[parsed$head]]
  args <- as.list(parsed$call)[-1L]
  if (!length(args)) {
    abort_spec("term_error", "term '", parsed$name, "': a network needs at ",
               "least one variable")
  }
  components <- lapply(args, build_deep_component, context = context,
                       term = parsed$name)
  inputs <- split_inputs(components, network, parsed$name)
  spec <- list(
    kind = "deep", name = parsed$name, network = parsed$head,
    inputs = lapply(inputs, function(i) unname(lapply(i, `[[`, "spec"))),
    orthogonalize = context$orthogonalize
  )
  all <- unlist(unname(inputs), recursive = FALSE)
  new_term(
    "deep", parsed$name, spec, inputs = inputs,
    widths = vapply(inputs, function(i) length(component_labels(i)), 1L),
    variables = unique(unlist(lapply(all, `[[`, "variables"))),
    externals = unlist(unname(lapply(all, `[[`, "externals")),
                       recursive = FALSE)
  )
}

component_labels <- function(components) {
  unlist(lapply(unname(components), `[[`, "labels"), use.names = FALSE)
}

# One argument may put several variables side by side: cbind(a, b).
build_deep_component <- function(arg, context, term) {
  parts <- if (call_head(arg) == "cbind") as.list(arg)[-1L] else list(arg)
  lapply(unname(parts), function(part) {
    value <- evaluate_variable(part, context, term)
    coding <- if (is.logical(value)) "number" else "dummies"
    build_component(part, coding, context, term)
  })
}

split_inputs <- function(components, network, term) {
  wanted <- max(1L, length(network$inputs))
  if (wanted == 1L) return(list(unlist(unname(components), recursive = FALSE)))
  if (length(components) != wanted) {
    abort_spec("term_error", "term '", term, "': the network has ", wanted,
               " inputs, the term has ", length(components), " arguments; put ",
               "the columns of one input together with cbind(a, b)")
  }
  unname(components)
}

# The inputs of the network on new data: a list of (n, width) matrices.
deep_design <- function(term, data) {
  lapply(term$inputs, function(input) {
    matrix <- do.call(cbind, lapply(input, component_matrix, data = data))
    dimnames(matrix) <- list(NULL, component_labels(input))
    matrix
  })
}
