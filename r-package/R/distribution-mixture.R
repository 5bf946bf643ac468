#' Mixtures of distributions
#'
#' @param cat the weights of K components: a vector of K numbers for all rows, a
#'   matrix (n, K), or a distribution over classes, such as [tfd_categorical()].
#'   Positive or zero; they are divided by their sum.
#' @param components list of K univariate distributions with the same number of
#'   rows (or one) and of response columns, all continuous or all counts.
#' @param logits,probs (n, K), or a vector of length K for one row: log-odds up
#'   to a constant, or positive numbers with sum one.
#' @return An object of class `response_distribution`, see [get_distribution()].
#'   That of `tfd_categorical()` takes the values 1, ..., K.
#' @section Errors: weights that are negative, or not one per component;
#'   components that do not fit each other.
#' @examples
#' \donttest{
#' two <- tfd_mixture(
#'   c(0.3, 0.7), list(tfd_normal(0, 1), tfd_normal(c(2, 5), 0.5))
#' )
#' tfd_mean(two)
#' tfd_quantile(two, 0.5)
#' tfd_prob(tfd_categorical(probs = c(0.2, 0.5, 0.3)), 1:3)
#' }
#' @export
tfd_mixture <- function(cat, components) {
  if (is_traced_mixture(cat, components)) {
    return(symbolic_mixture(cat, components))
  }
  check_components(components)
  weights <- mixture_weights(cat, length(components))
  n <- common_rows(c(list(weights), lapply(components, `[[`, "eta")))
  # Finite log-odds, also where a weight is zero.
  logs <- log(pmax(weights, .Machine$double.xmin))
  columns <- components[[1]]$family$predictor_columns
  odds <- (logs - logs[, 1])[, rep(seq_along(components)[-1], each = columns),
    drop = FALSE
  ]
  specs <- lapply(components, function(d) d$family$spec)
  family <- describe_family(
    list(name = "mixture", components = unname(specs)),
    components[[1]]$output_dim
  )
  eta <- lapply(c(list(odds), lapply(components, `[[`, "eta")), recycle_rows, n)
  new_distribution(family, do.call(cbind, eta))
}

#' Is a mixture made while create_family() traces?
#' @noRd
is_traced_mixture <- function(cat, components) {
  traced <- vapply(as.list(components), inherits, NA, "symbolic_distribution")
  any(traced) || any_symbolic(as.list(cat))
}

check_components <- function(components) {
  if (!is.list(components) || length(components) < 2 ||
    inherits(components, "response_distribution")) {
    refuse("components: expected a list of two distributions or more, got ",
      describe_value(components)
    )
  }
  for (component in components) {
    check_distribution(component, "components: tfd_mixture()")
  }
  columns <- vapply(components, function(d) as.double(d$output_dim), 0)
  if (any(columns != columns[1])) {
    refuse("components: expected the same number of response columns, got ",
      paste(columns, collapse = ", ")
    )
  }
}

#' Weights of K components, (n, K) or (1, K), with sum one
#' @noRd
mixture_weights <- function(cat, k) {
  weights <- if (inherits(cat, "response_distribution")) {
    class_probabilities(cat)
  } else {
    number_values(cat, "cat")
  }
  if (!is.matrix(weights)) weights <- matrix(weights, 1)
  if (ncol(weights) != k) {
    refuse("cat: expected a weight for each of ", k, " components, got ",
      ncol(weights)
    )
  }
  sums <- rowSums(weights)
  bad <- which(!is.na(sums) & !(sums > 0 & is.finite(sums)))
  if (any(weights < 0, na.rm = TRUE) || length(bad) > 0) {
    refuse("cat: weights must be zero or positive, with a positive sum, got ",
      paste(format(weights[c(which(weights < 0), bad)[1]]), collapse = " ")
    )
  }
  weights / sums
}

#' Probabilities of the classes of a categorical or one-hot distribution, (n, K)
#' @noRd
class_probabilities <- function(distribution) {
  family <- distribution$family
  if (identical(family$support, "one_hot")) {
    return(tfd_mean(distribution))
  }
  if (!identical(family$spec$name, "categorical")) {
    refuse("cat: expected weights or a distribution over classes, got family '",
      family$name, "'"
    )
  }
  classes <- seq_len(length(family$parameters) + 1)
  tfd_prob(distribution, matrix(classes, 1))
}

#' The number of rows of matrices that have n rows or one
#' @noRd
common_rows <- function(matrices) {
  rows <- vapply(matrices, nrow, 1L)
  n <- if (any(rows != 1)) rows[rows != 1][1] else 1L
  if (!all(rows %in% c(1L, n))) {
    refuse("tfd_mixture(): expected weights and components of 1 or ", n,
      " rows, got ", paste(rows, collapse = ", ")
    )
  }
  n
}

recycle_rows <- function(x, n) {
  x[rep_len(seq_len(nrow(x)), n), , drop = FALSE]
}

#' @rdname tfd_mixture
#' @export
tfd_categorical <- function(logits = NULL, probs = NULL) {
  if (is.null(logits) == is.null(probs)) {
    refuse("tfd_categorical(): expected 'logits' or 'probs', got ",
      if (is.null(logits)) "neither" else "both"
    )
  }
  values <- if (is.null(probs)) {
    parameter_matrix(logits, "logits", "identity", TRUE)
  } else {
    log(parameter_matrix(probs, "probs", "softmax", TRUE))
  }
  k <- ncol(values)
  if (k < 2) refuse("tfd_categorical(): expected two classes or more, got ", k)
  family <- describe_family(list(name = "categorical", categories = k), 1L)
  new_distribution(family, (values - values[, 1])[, -1, drop = FALSE])
}
