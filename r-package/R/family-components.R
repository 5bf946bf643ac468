# What a mixture is made of: formed in R from its specification and slices of
# its linear predictors.

#' Families of the engine that are inflated others
#' @noRd
inflated_specs <- list(
  zero_adjusted_gamma = list(
    name = "inflated", components = list("gammar"), values = list(0)
  ),
  zero_one_inflated_beta = list(
    name = "inflated", components = list("betar"), values = list(0, 1)
  )
)

#' The parts of a mixture or inflated family
#'
#' @param family of class `response_family`.
#' @return A list: `components`, families as describe_family() gives them;
#'   `points`, the inflation values (none of a mixture); `labels` of components
#'   and points, which is also the order of their weights.
#' @noRd
mixture_parts <- function(family) {
  spec <- if (is.list(family$spec)) family$spec else list(name = family$spec)
  spec <- inflated_specs[[spec$name]] %||% spec
  if (!spec$name %in% c("mixture", "inflated")) {
    refuse("family '", family$name, "' is no mixture and has no inflation")
  }
  components <- lapply(spec$components, describe_family,
    response_columns = family$response_columns
  )
  names <- vapply(components, function(component) component$name, "")
  points <- as.numeric(spec$values)
  list(
    components = components, points = points,
    labels = if (length(points) > 0) {
      c(names, paste0("at_", points))
    } else {
      paste0(names, ".", seq_along(names))
    }
  )
}

#' Distributions of the components and log-probabilities (n, K) of the parts
#' @noRd
mixture_rows <- function(x, data, what) {
  distribution <- distribution_of(x, data, what)
  if (distribution$output_dim != 1) {
    refuse(what, " is for a response of one column, got ",
      distribution$output_dim
    )
  }
  parts <- mixture_parts(distribution$family)
  free <- length(parts$labels) - 1
  odds <- cbind(0, distribution$eta[, seq_len(free), drop = FALSE])
  counts <- vapply(parts$components, function(f) length(f$parameters), 0L)
  ends <- free + cumsum(counts)
  distributions <- Map(function(family, end, count) {
    columns <- end - rev(seq_len(count)) + 1
    new_distribution(family, distribution$eta[, columns, drop = FALSE])
  }, parts$components, ends, counts)
  c(parts, list(
    distribution = distribution, distributions = distributions,
    log_weights = odds - log_sum_exp(odds)
  ))
}

#' log of the row sums of exp(x), (n), without overflow
#' @noRd
log_sum_exp <- function(x) {
  largest <- do.call(pmax, lapply(seq_len(ncol(x)), function(j) x[, j]))
  safe <- ifelse(is.finite(largest), largest, 0)
  largest <- ifelse(is.na(largest), NA, safe)
  largest + log(rowSums(exp(x - largest)))
}

#' Log-densities of the parts at responses y, (n, K)
#' @noRd
part_densities <- function(rows, y) {
  own <- do.call(cbind, lapply(rows$distributions, tfd_log_prob, y))
  at <- vapply(rows$points, function(point) log(y == point), numeric(length(y)))
  at <- matrix(at, length(y))
  # Beside a density a point has all the probability of its value.
  if (length(rows$points) > 0 && !rows$components[[1]]$is_discrete) {
    own[y %in% rows$points, ] <- -Inf
  }
  cbind(own, at)
}

#' Probabilities of the components of a mixture
#'
#' @param object a model of a mixture or of an inflated family, such as
#'   [mixdistreg()] and [inflareg()] make; or a distribution, see
#'   [get_distribution()].
#' @param data data frame or named list of raw columns; `NULL` for the training
#'   data.
#' @param posterior `FALSE`: the probabilities by the predictors alone. `TRUE`:
#'   given the response too, by Bayes' rule.
#' @param this_y response of the rows, for `posterior = TRUE`; `NULL` for the
#'   training response.
#' @return A matrix (n, K), rows with sum one: a column per component, named
#'   `normal.1`, ...; of an inflated family the family first, then the values,
#'   `at_0`, ... NA where data or response are, NaN where no component can have
#'   the response.
#' @seealso [mixdistreg()]; [component_stats()].
#' @examples
#' \donttest{
#' model <- mixdistreg(faithful$eruptions, "normal", nr_comps = 2,
#'   list_of_formulas = list(~ 1, ~ 1), data = faithful
#' )
#' fit(model, verbose = FALSE)
#' head(get_pis(model), 2)
#' head(get_pis(model, posterior = TRUE), 2)
#' component_stats(model)[1, ]
#' }
#' @export
get_pis <- function(object, data = NULL, posterior = FALSE, this_y = NULL) {
  check_switch(posterior, "posterior")
  rows <- mixture_rows(object, data, "get_pis()")
  logs <- rows$log_weights
  if (posterior) {
    y <- scored_rows(object, data, this_y, "get_pis(posterior = TRUE)")$y
    logs <- logs + part_densities(rows, as.vector(y))
    logs <- logs - log_sum_exp(logs)
  }
  out <- exp(logs)
  colnames(out) <- rows$labels
  out
}

#' Statistics of the components of a mixture
#'
#' @inheritParams get_pis
#' @param fun function of a distribution, such as [tfd_mean()],
#'   [tfd_stddev()] or `function(d) tfd_quantile(d, 0.9)`.
#' @return What `fun` gives for each component, side by side: of [tfd_mean()] a
#'   matrix (n, K), the columns named by component. Of an inflated family that
#'   of the family.
#' @seealso [get_pis()]
#' @examples
#' \donttest{
#' two <- tfd_mixture(c(0.3, 0.7), list(tfd_normal(0, 1), tfd_normal(5, 2)))
#' component_stats(two, tfd_stddev)
#' }
#' @export
component_stats <- function(object, fun = tfd_mean, data = NULL) {
  check_function(fun, "fun")
  rows <- mixture_rows(object, data, "component_stats()")
  parts <- lapply(rows$distributions, function(d) as.matrix(fun(d)))
  out <- do.call(cbind, parts)
  colnames(out) <- rep(rows$labels[seq_along(parts)], vapply(parts, ncol, 0L))
  out
}
