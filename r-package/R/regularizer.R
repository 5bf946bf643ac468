#' Penalties on the weights of a layer
#'
#' The loss grows by `l1 * sum(abs(w)) + l2 * sum(w^2)`.
#'
#' @param l,l1,l2 factors of the penalties, at least 0.
#' @return An object of class `regularizer`.
#' @source Keras, <https://keras.io/api/layers/regularizers/>.
#' @examples
#' layer_dense(units = 8, kernel_regularizer = regularizer_l2(0.001))
#' @name regularizers
NULL

#' @rdname regularizers
#' @export
regularizer_l1 <- function(l = 0.01) {
  new_regularizer(l1 = check_number(l, "regularizer_l1(l)", 0))
}

#' @rdname regularizers
#' @export
regularizer_l2 <- function(l = 0.01) {
  new_regularizer(l2 = check_number(l, "regularizer_l2(l)", 0))
}

#' @rdname regularizers
#' @export
regularizer_l1_l2 <- function(l1 = 0.01, l2 = 0.01) {
  new_regularizer(
    l1 = check_number(l1, "regularizer_l1_l2(l1)", 0),
    l2 = check_number(l2, "regularizer_l1_l2(l2)", 0)
  )
}

new_regularizer <- function(...) structure(list(...), class = "regularizer")

as_regularizer <- function(regularizer) {
  if (is.null(regularizer)) {
    return(NULL)
  }
  if (!inherits(regularizer, "regularizer")) {
    refuse("a regularizer must be a regularizer_l1(), regularizer_l2() or ",
      "regularizer_l1_l2(), got ", describe_value(regularizer)
    )
  }
  unclass(regularizer)
}
