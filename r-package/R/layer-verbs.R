#' Layers of a deep network
#'
#' Verbs that compose a network from symbolic tensors. Each can be used in a
#' pipe (`x %>% layer_dense(8)`), made first and applied later
#' (`hidden <- layer_dense(units = 8); hidden(x)`), or added to a
#' [keras_model_sequential()]. A layer that is applied twice shares its weights;
#' two calls of a verb make two layers.
#'
#' Shapes: a tensor is (n, width). `layer_dense` gives (n, units);
#' `layer_concatenate` puts tensors side by side; all others keep the width.
#'
#' An argument that is not given is left to the engine, which holds the
#' defaults: those of Keras.
#'
#' @param object a tensor, a sequential model, or missing to get the layer
#'   itself; for `layer_concatenate` and `layer_add` a list of tensors (or
#'   several tensors).
#' @param units number of columns of the output, at least 1.
#' @param activation name of an activation (`"linear"`, `"relu"`, `"tanh"`,
#'   `"sigmoid"`, `"softplus"`, `"elu"`, `"selu"`, `"leaky_relu"`, `"swish"`,
#'   `"gelu"`, `"softmax"`, `"exponential"`), or a function that has one of
#'   these meanings (`activation_relu`, `tanh`, `exp`).
#' @param use_bias `FALSE` leaves the bias out.
#' @param kernel_initializer,bias_initializer name of an initializer or an
#'   [initializer_constant()] and its like.
#' @param kernel_regularizer,bias_regularizer a [regularizer_l2()] or its like.
#' @param name name of the layer, unique in a network.
#' @param input_shape width of the input; checked where it is known.
#' @param rate share of values set to zero in training, `0 <= rate < 1`.
#' @param momentum momentum of the moving moments, `0 <= momentum < 1`.
#' @param epsilon added to the variance, > 0.
#' @param center,scale `FALSE` leaves the shift, the factor out.
#' @param ... further tensors.
#' @return A tensor, the sequential model, or a layer; as `object` is.
#' @section Errors: an unknown activation or initializer, a width that does not
#'   fit, something that is not a tensor: each names the layer.
#' @source Keras, <https://keras.io/api/layers/>.
#' @examples
#' net <- function(x) {
#'   x %>%
#'     layer_dense(units = 8, activation = "relu") %>%
#'     layer_dropout(rate = 0.1) %>%
#'     layer_dense(units = 1)
#' }
#' branches <- function(x) {
#'   shared <- layer_dense(units = 4)
#'   left <- x %>% shared() %>% layer_activation_relu()
#'   right <- x %>% shared() %>% layer_activation("tanh")
#'   layer_concatenate(list(left, right)) %>% layer_dense(1)
#' }
#' @name layers
NULL

#' @rdname layers
#' @export
layer_dense <- function(object, units, activation = NULL, use_bias = NULL,
                        kernel_initializer = NULL, bias_initializer = NULL,
                        kernel_regularizer = NULL, bias_regularizer = NULL,
                        name = NULL, input_shape = NULL) {
  if (missing(units)) {
    refuse("layer_dense() needs `units`, the number of columns it returns")
  }
  layer <- new_layer("dense", list(
    units = check_units(units),
    activation = as_activation(activation),
    use_bias = check_switch(use_bias, "layer_dense(use_bias)"),
    kernel_initializer = as_initializer(kernel_initializer),
    bias_initializer = as_initializer(bias_initializer),
    kernel_regularizer = as_regularizer(kernel_regularizer),
    bias_regularizer = as_regularizer(bias_regularizer),
    input_shape = input_shape
  ), name)
  if (missing(object)) layer else compose(object, layer)
}

#' @rdname layers
#' @export
layer_dropout <- function(object, rate, name = NULL, input_shape = NULL) {
  if (missing(rate)) {
    refuse("layer_dropout() needs `rate`, the share of values set to zero")
  }
  rate <- check_number(rate, "layer_dropout(rate)", 0, 1)
  if (rate == 1) {
    refuse("layer_dropout(rate) must be less than 1: nothing would be left")
  }
  layer <- new_layer(
    "dropout", list(rate = rate, input_shape = input_shape), name
  )
  if (missing(object)) layer else compose(object, layer)
}

#' @rdname layers
#' @export
layer_batch_normalization <- function(object, momentum = NULL, epsilon = NULL,
                                      center = NULL, scale = NULL, name = NULL,
                                      input_shape = NULL) {
  layer <- new_layer("batch_normalization", list(
    momentum = check_number(momentum, "layer_batch_normalization(momentum)",
      0, 1
    ),
    epsilon = check_number(epsilon, "layer_batch_normalization(epsilon)", 0),
    center = check_switch(center, "layer_batch_normalization(center)"),
    scale = check_switch(scale, "layer_batch_normalization(scale)"),
    input_shape = input_shape
  ), name)
  if (missing(object)) layer else compose(object, layer)
}

#' @rdname layers
#' @export
layer_concatenate <- function(object, ..., name = NULL) {
  layer <- new_layer("concatenate", list(), name)
  if (missing(object)) layer else layer(all_tensors(object, ...))
}

#' @rdname layers
#' @export
layer_add <- function(object, ..., name = NULL) {
  layer <- new_layer("add", list(), name)
  if (missing(object)) layer else layer(all_tensors(object, ...))
}

all_tensors <- function(object, ...) {
  c(if (is_tensor(object)) list(object) else object, list(...))
}

#' Apply a new layer to a tensor, or add it to a sequential model
#' @noRd
compose <- function(object, layer) {
  if (is_sequential(object)) add_to_sequential(object, layer) else layer(object)
}

#' A sequential model
#'
#' Collects layers and applies them one after the other. It is itself a layer:
#' it can be piped into, applied to a tensor, and given as a deep model. Layers
#' are added in place, as in Keras, so that an unassigned pipe counts.
#'
#' @param layers list of layers to begin with.
#' @param name label for printing.
#' @param input_shape width of the input; checked where it is known.
#' @return A function of one tensor, of class `sequential_model`.
#' @examples
#' net <- keras_model_sequential() %>%
#'   layer_dense(units = 8, activation = "relu") %>%
#'   layer_dense(units = 1)
#' net
#' @export
keras_model_sequential <- function(layers = list(), name = NULL,
                                   input_shape = NULL) {
  state <- new.env(parent = emptyenv())
  state$layers <- list()
  model <- structure(function(object) apply_sequential(state, object),
    class = c("sequential_model", "function"), state = state, name = name
  )
  if (!is.null(input_shape)) {
    # The linear activation changes nothing: it carries the check.
    add_to_sequential(model, new_layer("activation", list(
      activation = "linear", input_shape = input_shape
    )))
  }
  for (layer in if (is_layer(layers)) list(layers) else layers) {
    add_to_sequential(model, layer)
  }
  model
}

is_sequential <- function(object) inherits(object, "sequential_model")

add_to_sequential <- function(model, layer) {
  if (!is_layer(layer) && !is_sequential(layer)) {
    refuse("a sequential model takes layers, got ", describe_value(layer))
  }
  state <- attr(model, "state")
  state$layers <- c(state$layers, list(layer))
  model
}

apply_sequential <- function(state, object) {
  if (length(state$layers) == 0) {
    refuse("a sequential model without layers cannot be applied")
  }
  for (layer in state$layers) object <- layer(object)
  object
}

#' @export
print.sequential_model <- function(x, ...) {
  layers <- attr(x, "state")$layers
  cat("<sequential model", if (!is.null(attr(x, "name"))) " ",
    attr(x, "name"), ": ", length(layers), " layers>\n",
    sep = ""
  )
  for (layer in layers) {
    cat("  ")
    print(layer)
  }
  invisible(x)
}
