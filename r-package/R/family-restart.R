#' Fit a mixture from several beginnings
#'
#' The likelihood of a mixture has local maxima. Besides the usual beginning
#' (or where the model stands, if it was fitted), this starts at random ones and
#' leaves the model at the best solution found. For a random start, rows are
#' grouped by which of K of the responses, drawn at random, is nearest, and each
#' component starts at what suits its group.
#'
#' A component that collapses onto a few rows of nearly the same response can
#' have a larger likelihood than every sensible solution: look at
#' [component_stats()] before trusting the best.
#'
#' @param object a [mixdistreg()] model without networks, changed in place.
#' @param nr_starts number of random beginnings.
#' @param seed of the draws; `NULL` continues R's own random numbers.
#' @param ... arguments of [fit()][fit.deepregression].
#' @return A data frame, invisibly, one row per beginning, the usual one first:
#'   `loss` of the solution, the mean negative log-likelihood plus penalties (NA
#'   where it had no bound), `converged`, `best`.
#' @section Errors: a model of another family, a model with networks, none of
#'   the beginnings leads to a solution.
#' @examples
#' \donttest{
#' speed <- MASS::galaxies / 1000
#' model <- mixdistreg(speed, "normal", nr_comps = 3,
#'   list_of_formulas = list(~ 1, ~ 1), data = data.frame(speed)
#' )
#' fit_starts(model, nr_starts = 5, seed = 1)
#' logLik(model)
#' }
#' @export
fit_starts <- function(object, nr_starts = 10, seed = NULL, ...) {
  check_model(object, "fit_starts()")
  nr_starts <- check_whole(nr_starts, "nr_starts")
  parts <- mixture_of(object)
  starts <- with_seed(seed, lapply(seq_len(nr_starts), function(i) {
    random_start(parts, object$y)
  }))
  # At its optimum already, a fit takes no step and has no new loss.
  now <- utils::tail(object$state$history$metrics$loss, 1)
  found <- c(list(quiet_fit(object, now, ...)), lapply(starts, function(eta) {
    start_at(object, eta)
    quiet_fit(object, NULL, ...)
  }))
  loss <- vapply(found, function(f) f$loss, 0)
  best <- which.min(loss)
  if (length(best) == 0) refuse("fit_starts(): no beginning has a solution")
  move_to(object, found[[best]]$weights)
  fit(object, verbose = FALSE, ...)
  invisible(data.frame(
    loss = loss,
    converged = vapply(found, function(f) f$converged, NA),
    best = seq_along(found) == best
  ))
}

#' The parts of a model's mixture, where there are beginnings to choose
#' @noRd
mixture_of <- function(object) {
  parts <- mixture_parts(object$family)
  if (length(parts$points) > 0) {
    refuse("fit_starts() is for mixtures, got family '", object$family$name,
      "'"
    )
  }
  if (length(from_json(object$spec$json)$networks) > 0) {
    refuse("fit_starts() is for models without networks")
  }
  parts
}

#' Constant linear predictors of a mixture from a random grouping of the rows
#' @noRd
random_start <- function(parts, y) {
  k <- length(parts$components)
  values <- unique(y)
  centres <- values[sample.int(length(values), min(k, length(values)))]
  centres <- sort(rep_len(centres, k))
  group <- apply(abs(outer(y, centres, `-`)), 1, which.min)
  size <- tabulate(group, k) + 0.5
  own <- Map(function(component, i) {
    mine <- sort(y[group == i])
    likely_predictors(component, if (length(mine) > 2) mine else sort(y))
  }, parts$components, seq_len(k))
  c(log(size[-1] / size[1]), unlist(own))
}

#' Put a model at constant linear predictors: intercepts there, all else zero
#' @noRd
start_at <- function(object, eta) {
  weights <- object$state$weights
  for (entry in object$layout$parameters) {
    if (!is.null(entry$predictor) && isTRUE(entry$trainable)) {
      at <- entry$offset + seq_len(entry$rows * entry$columns)
      which <- match(entry$predictor, object$family$parameters)
      weights[at] <- if (entry$term == "(Intercept)") eta[which] else 0
    }
  }
  move_to(object, weights)
}

#' Put a model at weights, from which the next fit goes on
#' @noRd
move_to <- function(object, weights) {
  engine_model(object)
  object$state$weights <- weights
  put_weights(object)
}

#' A fit whose warnings wait until the best is known
#' @noRd
quiet_fit <- function(object, now, ...) {
  history <- tryCatch(
    suppressWarnings(fit(object, verbose = FALSE, ...)),
    deepregression4j_error = function(e) NULL
  )
  list(
    loss = if (is.null(history)) NA_real_ else
      utils::tail(c(NA_real_, now, history$metrics$loss), 1),
    converged = isTRUE(history$exact$converged),
    weights = object$state$weights
  )
}
