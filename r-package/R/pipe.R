#' The pipe
#'
#' @name %>%
#' @rdname pipe
#' @param lhs a tensor, a sequential model or anything else.
#' @param rhs a call that takes it as its first argument.
#' @return The result of the call.
#' @importFrom magrittr %>%
#' @export
#' @examples
#' keras_model_sequential() %>% layer_dense(units = 1)
NULL
