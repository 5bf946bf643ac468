#' From linear predictors to a distribution
#'
#' The function that a model has inside: given linear predictors it returns the
#' distribution of the response. `family =` takes it too.
#'
#' @param family a name or a [response_family()].
#' @param add_const number that is added to the parameters whose link is `"exp"`
#'   or `"softplus"`, of at least 0. Not needed to keep them from 0: densities
#'   are written on the log scale.
#' @param output_dim columns m of the response.
#' @param trafo_list other links than the family's, see [response_family()].
#' @return A function of one argument, a matrix (n, q*r) of linear predictors,
#'   all r columns of the first parameter, then of the next; or a list of q
#'   vectors or matrices. It returns a [distribution][get_distribution()]. Its
#'   attribute `nrparams_dist` is q.
#' @examples
#' \donttest{
#' normal <- make_tfd_dist("normal", trafo_list = list("identity", "softplus"))
#' attr(normal, "nrparams_dist")
#' tfd_mean(normal(cbind(c(0, 1), c(0, 0))))
#' }
#' @export
make_tfd_dist <- function(family, add_const = 0, output_dim = 1L,
                          trafo_list = NULL) {
  family <- find_family(family)
  if (!is.null(trafo_list)) family$trafo_list <- trafo_list
  family$output_dim <- check_whole(output_dim, "output_dim")
  family <- resolve_family(family, list(dimension = output_dim), output_dim)
  add_const <- check_number(add_const, "add_const", 0)
  if (add_const > 0) {
    links <- as.list(family$spec)$links %||% as.list(family$links)
    family$trafo_list <- lapply(links, add_to_link, add_const)
    family <- resolve_family(family, m = output_dim)
  }
  width <- length(family$parameters) * family$predictor_columns
  structure(function(eta) {
    eta <- do.call(cbind, if (is.list(eta)) unname(eta) else list(eta))
    if (!is.numeric(eta) || ncol(eta) != width) {
      refuse("linear predictors: expected ", width, " columns for ",
        quote_names(family$parameters), ", got ", describe_value(eta)
      )
    }
    new_distribution(family, eta)
  }, nrparams_dist = length(family$parameters), response_family = family)
}

#' A link with a constant added where it gives positive numbers
#' @noRd
add_to_link <- function(link, constant) {
  if (identical(link, "exp")) {
    return(function(eta) constant + exp(eta))
  }
  if (identical(link, "softplus")) {
    return(function(eta) constant + masked_functions$softplus(eta))
  }
  link
}
