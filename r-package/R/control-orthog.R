#' How deep terms are orthogonalised
#'
#' A network that sees the variables of structured terms can explain what they
#' explain, and their coefficients lose their meaning. After each fit the output
#' of such a network is projected on the designs of these terms (and a constant,
#' which stays with the network), over all training rows; what the projection
#' explains is added to the terms' coefficients and taken from the network
#' (post-hoc orthogonalisation, Rügamer 2023). Predictions do not change.
#'
#' @param split_fun Accepted for compatibility: a network is split before its
#'   last layer whatever way it was composed, so no function is needed.
#' @param orthog_type `"tf"` or `"manual"`; both name the same projection.
#' @param orthogonalize `TRUE` moves from deep terms to the structured terms of
#'   the same predictor and the same variables what these can explain.
#' @param identify_intercept Also project out the intercept.
#' @param deep_top Layer that replaces the last layer of the network, or
#'   `NULL`.
#' @param orthog_fun Function that replaces the projection, or `NULL`.
#' @param deactivate_oz_at_test Project in training only.
#' @return A list of class `orthog_control`.
#' @examples
#' orthog_control(orthogonalize = FALSE)
#' @export
orthog_control <- function(
    split_fun = NULL, orthog_type = c("tf", "manual"),
    orthogonalize = getOption("orthogonalize", TRUE),
    identify_intercept = getOption("identify_intercept", FALSE),
    deep_top = NULL, orthog_fun = NULL, deactivate_oz_at_test = TRUE) {
  control <- list(
    split_fun = check_function(split_fun, "split_fun", optional = TRUE),
    orthog_type = match.arg(orthog_type),
    orthogonalize = check_flag(orthogonalize, "orthogonalize"),
    identify_intercept = check_flag(identify_intercept, "identify_intercept"),
    deep_top = deep_top,
    orthog_fun = check_function(orthog_fun, "orthog_fun", optional = TRUE),
    deactivate_oz_at_test = check_flag(deactivate_oz_at_test,
                                       "deactivate_oz_at_test")
  )
  structure(control, class = c("orthog_control", "list"))
}
