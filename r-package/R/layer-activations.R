#' The activations that the engine knows
#' @noRd
activation_names <- c(
  "linear", "relu", "tanh", "sigmoid", "softplus", "elu", "selu",
  "leaky_relu", "swish", "gelu", "softmax", "exponential"
)

#' Functions of R that mean an activation
#' @noRd
activation_functions <- list(
  tanh = base::tanh, exponential = base::exp, linear = base::identity
)

#' The name of an activation given as a string or as a function
#' @noRd
as_activation <- function(activation) {
  if (is.null(activation)) {
    return(NULL)
  }
  name <- if (is.function(activation)) function_activation(activation)
  if (is.null(name)) name <- activation
  known <- is.character(name) && length(name) == 1
  if (!known || !(name %in% activation_names)) {
    refuse("unknown activation ", describe_value(activation),
      ": expected one of ", paste(activation_names, collapse = ", ")
    )
  }
  name
}

function_activation <- function(activation) {
  if (!is.null(attr(activation, "activation"))) {
    return(attr(activation, "activation"))
  }
  same <- vapply(activation_functions, identical, NA, activation)
  if (any(same)) names(activation_functions)[same]
}

#' @rdname layers
#' @export
layer_activation <- function(object, activation, name = NULL,
                             input_shape = NULL) {
  if (missing(activation)) {
    refuse("layer_activation() needs `activation`, the name of an activation")
  }
  layer <- new_layer("activation", list(
    activation = as_activation(activation), input_shape = input_shape
  ), name)
  if (missing(object)) layer else compose(object, layer)
}

#' @noRd
activation_verb <- function(activation) {
  force(activation)
  function(object, name = NULL, input_shape = NULL) {
    layer_activation(object, activation, name, input_shape)
  }
}

#' @noRd
activation_function <- function(activation) {
  force(activation)
  structure(function(x) layer_activation(x, activation),
    activation = activation
  )
}

#' @rdname layers
#' @export
layer_activation_linear <- activation_verb("linear")

#' @rdname layers
#' @export
layer_activation_relu <- activation_verb("relu")

#' @rdname layers
#' @export
layer_activation_tanh <- activation_verb("tanh")

#' @rdname layers
#' @export
layer_activation_sigmoid <- activation_verb("sigmoid")

#' @rdname layers
#' @export
layer_activation_softplus <- activation_verb("softplus")

#' @rdname layers
#' @export
layer_activation_elu <- activation_verb("elu")

#' @rdname layers
#' @export
layer_activation_selu <- activation_verb("selu")

#' @rdname layers
#' @export
layer_activation_leaky_relu <- activation_verb("leaky_relu")

#' @rdname layers
#' @export
layer_activation_swish <- activation_verb("swish")

#' @rdname layers
#' @export
layer_activation_gelu <- activation_verb("gelu")

#' @rdname layers
#' @export
layer_activation_softmax <- activation_verb("softmax")

#' @rdname layers
#' @export
layer_activation_exponential <- activation_verb("exponential")

#' Activations as functions
#'
#' Each can be given as the `activation` of a layer or applied to a tensor.
#'
#' @param x a tensor of shape (n, width).
#' @return A tensor of the same shape.
#' @examples
#' layer_dense(units = 8, activation = activation_relu)
#' @name activations
NULL

#' @rdname activations
#' @export
activation_linear <- activation_function("linear")

#' @rdname activations
#' @export
activation_relu <- activation_function("relu")

#' @rdname activations
#' @export
activation_tanh <- activation_function("tanh")

#' @rdname activations
#' @export
activation_sigmoid <- activation_function("sigmoid")

#' @rdname activations
#' @export
activation_softplus <- activation_function("softplus")

#' @rdname activations
#' @export
activation_elu <- activation_function("elu")

#' @rdname activations
#' @export
activation_selu <- activation_function("selu")

#' @rdname activations
#' @export
activation_leaky_relu <- activation_function("leaky_relu")

#' @rdname activations
#' @export
activation_swish <- activation_function("swish")

#' @rdname activations
#' @export
activation_gelu <- activation_function("gelu")

#' @rdname activations
#' @export
activation_softmax <- activation_function("softmax")

#' @rdname activations
#' @export
activation_exponential <- activation_function("exponential")
