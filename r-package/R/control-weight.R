#' How the weights of terms are set up
#'
#' Every list "over parameters" has one entry per distribution parameter (a
#' list with a single entry serves all), each a list named by the text of the
#' term, such as `"s(x)"`; the intercept is named `"1"`.
#'
#' @param specific_weight_options List over parameters of options that replace
#'   `general_weight_options` for single terms.
#' @param general_weight_options Options of the weights of every term.
#'   `trainable`, `kernel_initializer` (a name such as `"zeros"`, or an
#'   initializer) and `kernel_regularizer` (see [regularizer_l2()]) are used;
#'   the other entries must hold their defaults.
#' @param warmstart_weights List over parameters of start values: one number
#'   per coefficient of the term, or a matrix (p, columns of the predictor).
#' @param shared_layers List over parameters of lists of character vectors:
#'   the terms of a vector share their weights.
#' @return A list of class `weight_control`.
#' @examples
#' weight_control(warmstart_weights = list(list("1" = 0.5), NULL))
#' @export
weight_control <- function(
    specific_weight_options = NULL,
    general_weight_options = list(
      activation = NULL, use_bias = FALSE, trainable = TRUE,
      kernel_initializer = "glorot_uniform", bias_initializer = "zeros",
      kernel_regularizer = NULL, bias_regularizer = NULL,
      activity_regularizer = NULL, kernel_constraint = NULL,
      bias_constraint = NULL
    ),
    warmstart_weights = NULL, shared_layers = NULL) {
  control <- list(
    specific_weight_options = check_list(specific_weight_options,
                                         "specific_weight_options"),
    general_weight_options = check_list(general_weight_options,
                                        "general_weight_options"),
    warmstart_weights = check_list(warmstart_weights, "warmstart_weights"),
    shared_layers = check_list(shared_layers, "shared_layers")
  )
  structure(control, class = c("weight_control", "list"))
}
