# Symbolic tensors and layers: what a network function composes. A tensor is
# immutable; its node and its layer are environments only because an
# environment has an identity, which is how two uses of one layer are known to
# share weights. Nothing is numbered until a network is built.

#' A symbolic tensor
#'
#' What a network function receives and returns: (n, width) values that do not
#' exist yet, known by the layer that makes them and by that layer's inputs.
#'
#' @param layer identity of the layer, `NULL` for an input.
#' @param inputs list of symbolic tensors.
#' @param width number of columns, `NA` where it is not known.
#' @param name name of an input.
#' @return An object of class `symbolic_tensor`.
#' @noRd
new_tensor <- function(layer = NULL, inputs = list(), width = NA, name = NULL) {
  node <- list2env(
    list(layer = layer, inputs = inputs, width = width, name = name),
    parent = emptyenv()
  )
  lockEnvironment(node, bindings = TRUE)
  structure(list(node = node), class = "symbolic_tensor")
}

is_tensor <- function(object) inherits(object, "symbolic_tensor")

tensor_width <- function(tensor) tensor$node$width

#' @export
print.symbolic_tensor <- function(x, ...) {
  width <- tensor_width(x)
  made_by <- if (is.null(x$node$layer)) "input" else x$node$layer$type
  cat("<symbolic tensor (n, ", if (is.na(width)) "?" else width, ") from ",
    made_by, ">\n",
    sep = ""
  )
  invisible(x)
}

#' @export
Ops.symbolic_tensor <- function(e1, e2) {
  if (.Generic == "+" && !missing(e2) && is_tensor(e1) && is_tensor(e2)) {
    return(layer_add(list(e1, e2)))
  }
  refuse(
    "`", .Generic, "` is not defined for these tensors: two tensors can be ",
    "added; use layers for everything else"
  )
}

#' A layer: a function of tensors with an identity of its own
#' @noRd
new_layer <- function(type, options, name = NULL) {
  check_layer_name(name)
  identity <- list2env(
    list(
      type = type, name = name, input_shape = options$input_shape,
      options = drop_null(options[setdiff(names(options), "input_shape")])
    ),
    parent = emptyenv()
  )
  lockEnvironment(identity, bindings = TRUE)
  structure(function(object) apply_layer(identity, object),
    class = c("network_layer", "function"), identity = identity
  )
}

is_layer <- function(object) inherits(object, "network_layer")

layer_identity <- function(layer) attr(layer, "identity")

#' @export
print.network_layer <- function(x, ...) {
  identity <- layer_identity(x)
  cat("<layer ", identity$type, if (!is.null(identity$name)) " ",
    identity$name, ">\n",
    sep = ""
  )
  invisible(x)
}

check_layer_name <- function(name) {
  if (is.null(name)) {
    return(invisible())
  }
  if (!is.character(name) || length(name) != 1 || is.na(name) || name == "") {
    refuse("the name of a layer must be one non-empty string, got ",
      describe_value(name)
    )
  }
}

#' Apply a layer to a tensor or a list of tensors
#' @noRd
apply_layer <- function(identity, object) {
  inputs <- as_tensors(object, identity$type)
  rule <- layer_rules[[identity$type]]
  if (!rule$several && length(inputs) != 1) {
    refuse("layer ", identity$type, " takes one tensor, got ", length(inputs),
      ": join them with layer_concatenate() or layer_add()"
    )
  }
  widths <- vapply(inputs, function(t) as.numeric(tensor_width(t)), 0)
  check_input_shape(identity, widths)
  new_tensor(identity, inputs, rule$width(widths, identity$options))
}

as_tensors <- function(object, type) {
  tensors <- if (is_tensor(object)) list(object) else object
  is_list <- is.list(tensors) && length(tensors) > 0
  if (!is_list || !all(vapply(tensors, is_tensor, NA))) {
    refuse("layer ", type, " must be applied to a tensor or a list of ",
      "tensors, got ", describe_value(object),
      if (is.numeric(object)) "; name the arguments of a layer object, as in ",
      if (is.numeric(object)) "layer_dense(units = 8)"
    )
  }
  unname(tensors)
}

check_input_shape <- function(identity, widths) {
  shape <- unlist(identity$input_shape)
  known <- is.numeric(shape) && length(shape) == 1 && length(widths) == 1 &&
    !is.na(shape) && !is.na(widths)
  if (known && shape != widths) {
    refuse("layer ", identity$type, ": input_shape says ", shape,
      " columns, but its input has ", widths
    )
  }
}

#' One row per type of layer: does it have weights, does it take several
#' tensors, and how wide is its output (NA: not known)
#' @noRd
layer_rules <- list(
  dense = list(
    weights = TRUE, several = FALSE,
    width = function(widths, options) options$units
  ),
  activation = list(
    weights = FALSE, several = FALSE, width = function(widths, options) widths
  ),
  dropout = list(
    weights = FALSE, several = FALSE, width = function(widths, options) widths
  ),
  batch_normalization = list(
    weights = TRUE, several = FALSE, width = function(widths, options) widths
  ),
  concatenate = list(
    weights = FALSE, several = TRUE,
    width = function(widths, options) sum(widths)
  ),
  add = list(
    weights = FALSE, several = TRUE,
    width = function(widths, options) equal_width(widths)
  )
)

equal_width <- function(widths) {
  known <- unique(widths[!is.na(widths)])
  if (length(known) > 1) {
    refuse("layer add: all tensors must have the same width, got ",
      paste(widths, collapse = ", ")
    )
  }
  if (length(known) == 1) known else NA
}

drop_null <- function(x) x[!vapply(x, is.null, NA)]

#' Raise the error that the package raises for what a user wrote
#' @noRd
refuse <- function(..., class = "input_error") abort_spec(class, ...)

#' A value in a few words, for error messages
#' @noRd
describe_value <- function(x) {
  if (is.null(x)) {
    return("NULL")
  }
  if (is.atomic(x) && length(x) == 1 && is.null(dim(x))) {
    return(if (is.character(x)) paste0("\"", x, "\"") else format(x))
  }
  size <- if (is.null(dim(x))) length(x) else paste(dim(x), collapse = " x ")
  paste0(class(x)[1], " (", size, ")")
}
