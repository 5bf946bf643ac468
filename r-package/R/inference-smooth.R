# Tests of smooth terms: is the function zero?

#' One row per smooth of a parameter
#' @return A data frame: term, edf, Ref.df, Chi.sq, p-value.
#' @noRd
smooth_tests <- function(object, parameter, found) {
  predictor <- model_predictor(object, parameter)
  columns <- seq_len(predictor_columns(object))
  rows <- lapply(smooth_names(predictor), function(name) {
    pieces <- smooth_pieces(predictor$terms[[name]])
    do.call(rbind, lapply(columns, function(column) {
      index <- term_index(found, parameter, name, column)
      do.call(rbind, lapply(pieces, smooth_test, index = index, found = found))
    }))
  })
  out <- do.call(rbind, rows)
  if (is.null(out)) data.frame(term = character()) else out
}

#' The smooths of a term: name, places among the term's columns, whether the
#' penalty leaves nothing free (a random effect)
#' @noRd
smooth_pieces <- function(term) {
  sizes <- vapply(term$smooths, function(s) as.integer(s$ncol), 0L)
  before <- cumsum(c(0L, sizes))
  lapply(seq_along(sizes), function(i) {
    smooth <- term$smooths[[i]]
    list(
      name = if (length(sizes) > 1) smooth$label else term$name,
      columns = before[i] + seq_len(sizes[i]),
      is_random = isTRUE(smooth$object$null.space.dim == 0)
    )
  })
}

smooth_test <- function(piece, index, found) {
  if (is.null(index)) {
    return(smooth_row(piece$name, NA, NA, list(NA, NA)))
  }
  at <- index[piece$columns]
  edf <- sum(found$edf[at])
  edf1 <- min(sum(found$edf1[at]), length(at))
  ask <- if (piece$is_random) random_effect_test else function_test
  smooth_row(piece$name, edf, edf1, ask(found, at, edf1))
}

smooth_row <- function(name, edf, edf1, result) {
  out <- data.frame(name, edf, edf1, result[[1]], result[[2]])
  names(out) <- c("term", "edf", "Ref.df", "Chi.sq", "p-value")
  out
}

#' Wood (2013), On p-values for smooth components of an extended generalized
#' additive model: the rank of the covariance is cut to the reference df.
#' @noRd
function_test <- function(found, at, edf1) {
  mgcv_smooth_test(
    found$coefficients[at], symmetric_root(found$hessian[at, at, drop = FALSE]),
    found$vcov[at, at, drop = FALSE], edf1
  )
}

#' b'Hb, which for coefficients of zero is a weighted sum of chi-squares
#' @noRd
random_effect_test <- function(found, at, edf1) {
  b <- found$coefficients[at]
  root <- symmetric_root(found$hessian[at, at, drop = FALSE])
  statistic <- sum((root %*% b)^2)
  V <- found$vcov_frequentist[at, at, drop = FALSE]
  weights <- eigen(root %*% V %*% t(root), TRUE, only.values = TRUE)$values
  weights <- weights[weights > max(weights) * 1e-10]
  list(statistic, mgcv_chisq_sum(statistic, weights))
}

#' R with R'R = A, for a symmetric matrix without negative eigenvalues
#' @noRd
symmetric_root <- function(A) {
  e <- eigen((A + t(A)) / 2, symmetric = TRUE)
  sqrt(pmax(e$values, 0)) * t(e$vectors)
}
