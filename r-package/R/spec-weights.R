# "weights" of a TERM from weight_control(); NULL when nothing differs from the
# engine's defaults.
term_weights <- function(term, index, context) {
  control <- context$weight
  keys <- weight_keys(term)
  options <- utils::modifyList(
    as.list(control$general_weight_options),
    as.list(option_of(control$specific_weight_options, index, keys))
  )
  check_weight_options(options, term$name)
  start <- option_of(control$warmstart_weights, index, keys)
  weights <- list(
    initializer = initializer_of(options$kernel_initializer),
    trainable = if (identical(options$trainable, FALSE)) FALSE,
    regularizer = with_ridge(as_regularizer(options$kernel_regularizer), term),
    warmstart = warmstart_of(start, term, context$predictor_columns),
    shared = shared_of(control$shared_layers, index, keys)
  )
  weights <- Filter(Negate(is.null), weights)
  if (length(weights)) weights
}

# The term's own ridge penalty on top of what the user asked for.
with_ridge <- function(regularizer, term) {
  if (is.null(term$ridge)) return(regularizer)
  regularizer$l2 <- (regularizer$l2 %||% 0) + term$ridge
  regularizer
}

# What a term may be called in the lists of weight_control().
weight_keys <- function(term) {
  unique(c(if (term$type == "intercept") "1", term$name, term$label))
}

# What the mean squared error does with the parameters it does not use.
weights_at_zero <- function() {
  list(initializer = list(type = "zeros"), trainable = FALSE)
}

# Options of keras layers that a term has no use for must hold their defaults.
check_weight_options <- function(options, term) {
  used <- c("trainable", "kernel_initializer", "kernel_regularizer")
  fixed <- options[setdiff(names(options), c(used, "bias_initializer"))]
  changed <- names(Filter(function(x) {
    !is.null(x) && !identical(x, FALSE) && !identical(x, "linear")
  }, fixed))
  if (length(changed)) {
    abort_spec("argument_error", "weight options of term '", term, "': ",
               quote_names(changed), " cannot be changed; known are ",
               quote_names(used))
  }
  if (!is.null(options$trainable) && !isTRUE(options$trainable) &&
      !identical(options$trainable, FALSE)) {
    abort_spec("argument_error", "weight options of term '", term,
               "': trainable must be TRUE or FALSE, got ",
               describe_value(options$trainable))
  }
}

# A name that no term has would be an option without effect.
check_weight_names <- function(terms, control) {
  lists <- c("specific_weight_options", "warmstart_weights", "shared_layers")
  for (list in lists) {
    entries <- control[[list]]
    if (length(entries) > length(terms)) {
      abort_spec("argument_error", list, ": expected one entry per parameter, ",
                 length(terms), ", got ", length(entries))
    }
    for (i in seq_along(entries)) {
      served <- if (length(entries) == 1L) terms else terms[i]
      given <- entries[[i]]
      given <- if (list == "shared_layers") unlist(given) else names(given)
      check_known_terms(given, served, list)
    }
  }
}

check_known_terms <- function(given, terms, list) {
  all <- unlist(terms, recursive = FALSE, use.names = FALSE)
  known <- unique(unlist(lapply(all, weight_keys)))
  unknown <- setdiff(given, known)
  if (length(unknown)) {
    abort_spec("argument_error", list, ": there is no term ",
               quote_names(unknown), " in the formula of ",
               quote_names(names(terms)), "; known are ", quote_names(known))
  }
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
  if (!identical(x, "glorot_uniform")) as_initializer(x)
}

# Start values: one per coefficient, (p) or (p, columns of the predictor).
warmstart_of <- function(start, term, columns) {
  if (is.null(start)) return(NULL)
  expected <- term$ncol * columns
  if (!is.numeric(start) || length(start) != expected) {
    abort_spec("argument_error", "warmstart_weights: term '", term$name,
               "' has ", expected, " coefficient", if (expected != 1) "s",
               ", got ", length(start))
  }
  matrix(as.numeric(start), term$ncol, columns)
}

shared_of <- function(x, index, keys) {
  for (group in parameter_entry(x, index)) {
    if (any(keys %in% group)) {
      return(paste0("shared:", index, ":", paste(group, collapse = "|")))
    }
  }
  NULL
}
