#' How deep terms are orthogonalised
#'
#' The settings are kept with the model; specifications written so far contain
#' no projection, so they have no effect on a fit yet.
#'
#' @param split_fun Accepted for compatibility: a network is split before its
#'   last layer whatever way it was composed, so no function is needed.
#' @param orthog_type `"tf"` or `"manual"`; both name the same projection.
#' @param orthogonalize Project the structured terms out of deep terms that
#'   share variables with them.
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
