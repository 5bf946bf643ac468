# "weights" of a TERM from weight_control(); NULL when nothing differs from the
# engine's defaults.
term_weights <- function(term, index, control) {
  keys <- unique(c(if (term$type == "intercept") "1", term$name, term$label))
  options <- utils::modifyList(
    as.list(control$general_weight_options),
    as.list(option_of(control$specific_weight_options, index, keys))
  )
  weights <- list(
    initializer = initializer_of(options$kernel_initializer),
    trainable = if (identical(options$trainable, FALSE)) FALSE,
    regularizer = options$kernel_regularizer,
    warmstart = warmstart_of(control$warmstart_weights, index, keys, term),
    shared = shared_of(control$shared_layers, index, keys),
    activation = options$activation
  )
  weights <- Filter(Negate(is.null), weights)
  if (length(weights)) weights
}

# What the mean squared error does with the parameters it does not use.
weights_at_zero <- function() {
  list(initializer = list(type = "zeros"), trainable = FALSE)
}

# The entry of one parameter of a list over parameters.
parameter_entry <- function(x, index) {
  if (!length(x)) return(NULL)
  if (length(x) == 1L) return(x[[1L]])
  if (index <= length(x)) x[[index]]
}

option_of <- function(x, index, keys) {
  entry <- parameter_entry(x, index)
  key <- intersect(keys, names(entry))
  if (length(key)) entry[[key[1L]]]
}

initializer_of <- function(x) {
  if (is.null(x) || identical(x, "glorot_uniform")) return(NULL)
  if (is.character(x)) list(type = x) else x
}

warmstart_of <- function(x, index, keys, term) {
  start <- option_of(x, index, keys)
  if (is.null(start)) return(NULL)
  if (!is.numeric(start) || length(start) != term$ncol) {
    abort_spec("argument_error", "warmstart_weights: term '", term$name,
               "' has ", term$ncol, " coefficients, got ", length(start))
  }
  column(start)
}

shared_of <- function(x, index, keys) {
  for (group in parameter_entry(x, index)) {
    if (any(keys %in% group)) {
      return(paste0("shared:", index, ":", paste(group, collapse = "|")))
    }
  }
  NULL
}
