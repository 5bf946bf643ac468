#' Initial values of weights
#'
#' Give one of these, or the name of one that needs no number
#' (`"glorot_uniform"`, `"he_normal"`, `"zeros"`, ...), to a layer or to
#' `weight_control()`. The model's seed draws them.
#'
#' @param value the value of every weight.
#' @param mean,stddev mean and standard deviation (> 0) of the draws.
#' @param minval,maxval range of the draws.
#' @param seed seed of these weights alone; not given, the model's seed counts.
#' @return An object of class `initializer`.
#' @source Glorot and Bengio (2010); He et al. (2015).
#' @examples
#' layer_dense(units = 1, kernel_initializer = initializer_constant(0.5))
#' layer_dense(units = 1, kernel_initializer = "he_normal")
#' @name initializers
NULL

initializer_types <- c(
  "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "zeros",
  "ones", "constant", "random_normal", "random_uniform"
)

new_initializer <- function(type, ...) {
  structure(drop_null(list(type = type, ...)), class = "initializer")
}

#' @rdname initializers
#' @export
initializer_glorot_uniform <- function(seed = NULL) {
  new_initializer("glorot_uniform", seed = check_whole(seed, "seed", 0))
}

#' @rdname initializers
#' @export
initializer_glorot_normal <- function(seed = NULL) {
  new_initializer("glorot_normal", seed = check_whole(seed, "seed", 0))
}

#' @rdname initializers
#' @export
initializer_he_uniform <- function(seed = NULL) {
  new_initializer("he_uniform", seed = check_whole(seed, "seed", 0))
}

#' @rdname initializers
#' @export
initializer_he_normal <- function(seed = NULL) {
  new_initializer("he_normal", seed = check_whole(seed, "seed", 0))
}

#' @rdname initializers
#' @export
initializer_zeros <- function() new_initializer("zeros")

#' @rdname initializers
#' @export
initializer_ones <- function() new_initializer("ones")

#' @rdname initializers
#' @export
initializer_constant <- function(value = 0) {
  new_initializer("constant", value = check_number(value, "value"))
}

#' @rdname initializers
#' @export
initializer_random_normal <- function(mean = 0, stddev = 0.05, seed = NULL) {
  new_initializer("random_normal",
    mean = check_number(mean, "mean"),
    stddev = check_number(stddev, "stddev", 0),
    seed = check_whole(seed, "seed", 0)
  )
}

#' @rdname initializers
#' @export
initializer_random_uniform <- function(minval = -0.05, maxval = 0.05,
                                       seed = NULL) {
  minval <- check_number(minval, "minval")
  new_initializer("random_uniform",
    minval = minval, maxval = check_number(maxval, "maxval", minval),
    seed = check_whole(seed, "seed", 0)
  )
}

#' The INITIALIZER entry of the specification, from a name or an object
#' @noRd
as_initializer <- function(initializer) {
  if (is.null(initializer)) {
    return(NULL)
  }
  if (inherits(initializer, "initializer")) {
    return(unclass(initializer))
  }
  named <- is.character(initializer) && length(initializer) == 1
  if (!named || !(initializer %in% initializer_types)) {
    refuse("unknown initializer ", describe_value(initializer),
      ": expected an initializer_*() or one of ",
      paste(initializer_types, collapse = ", ")
    )
  }
  unclass(get(paste0("initializer_", initializer), mode = "function")())
}
